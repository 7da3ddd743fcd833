from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .shenpi_tender_lot_flow import MONEY_READERS

KINDS = [
    ("forfeit", "Forfeiture"),
    ("transfer", "Conversion to performance security"),
    ("refund", "Refund of a part"),
    ("reverse", "Reversal"),
]
GROUNDS = [
    ("revoked", "Bid revoked after the deadline"),
    ("refused_contract", "Winner refuses the contract"),
    ("added_conditions", "Winner asks for other conditions"),
    ("no_performance_security", "Winner gives no performance security"),
    ("other", "Other ground of the tender documents"),
]
PAYEES = [("owner", "Tenderer or purchaser"), ("treasury", "Treasury")]
OPEN = ("proposed", "approved")


class ShenpiDepositDecision(models.Model):
    """A decision on bid security that no rule makes by itself, with its document: forfeiture,
    conversion to performance security, the refund of a part, or the reversal of one of these.

    Who may do what, when (the table in ``shenpi_deposit_decision_flow.py`` is the rule):

    * the trade desk proposes it with the stamped document; the platform tells of a revocation,
      which is such a proposal: the tenderer may keep the security, and need not
      (招标投标法实施条例 art. 35). His own document is put to the proposal before it is approved;
    * the trade manager, never who has proposed it, approves it; a checker, neither of the two,
      confirms it. Only then the ledger is posted. Until then either drops it, with the reason;
    * while a forfeiture or conversion is open, no refund of this security goes on;
    * forfeited money goes to whom the rule of the lot names (government procurement: the treasury,
      财库〔2011〕15号; else the tenderer); the statement that quotes the number shows it leaving;
    * what is in force is never changed: a reversal is a decision, and a posting, of its own.

    Read by all trading staff; of a lot that is sealed there is none.
    """

    _name = "shenpi.deposit.decision"
    _inherit = ["shenpi.document.mixin"]
    _description = "Decision on bid security"
    _order = "id desc"
    _rec_name = "number"
    _rec_names_search = ["number", "deposit_id.bidder_name"]

    _event_field = "decision_id"
    # What may still be put right while it is proposed; all else is written by the flow.
    _open_fields = frozenset(
        {
            "owner_document",
            "owner_filename",
            "payee_name",
            "payee_account",
            "payee_bank",
            "legal_basis",
        }
    )

    number = fields.Char(required=True, readonly=True, help="By which statements quote it.")
    kind = fields.Selection(KINDS, required=True, readonly=True)
    ground = fields.Selection(GROUNDS, readonly=True)
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("approved", "Approved"),
            ("in_force", "In force"),
            ("paid", "Paid out"),
            ("reversed", "Reversed"),
            ("dropped", "Dropped"),
        ],
        required=True,
        readonly=True,
        index=True,
    )
    deposit_id = fields.Many2one(
        "shenpi.deposit",
        string="Bid security",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    bidder_name = fields.Char(related="deposit_id.bidder_name", string="Bidder")
    lot_id = fields.Many2one(
        "shenpi.tender.lot", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", string="Bureau", required=True, readonly=True)
    account_id = fields.Many2one(
        "shenpi.bank.account", string="Kept on", required=True, readonly=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.ref("base.CNY")
    )
    amount = fields.Monetary(required=True, readonly=True)
    held = fields.Monetary(related="deposit_id.held", string="Held now")
    reason = fields.Text(required=True, readonly=True)
    legal_basis = fields.Char()
    document = fields.Binary(string="Stamped document", readonly=True, attachment=True)
    filename = fields.Char(readonly=True)
    owner_document = fields.Binary(
        string="Decision of the tenderer",
        attachment=True,
        help="Whether the security of a revoked bid is kept is for the tenderer to say (art. 35).",
    )
    owner_filename = fields.Char()
    payee_kind = fields.Selection(PAYEES, string="Goes to", readonly=True)
    payee_name = fields.Char(string="Payee")
    payee_account = fields.Char()
    payee_bank = fields.Char()
    previous_id = fields.Many2one(
        "shenpi.deposit.decision",
        string="Reverses",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    reversal_ids = fields.One2many(
        "shenpi.deposit.decision", "previous_id", string="Reversals", readonly=True
    )
    proposed_by_id = fields.Many2one(
        "res.users", string="Proposed by", required=True, readonly=True, ondelete="restrict"
    )
    approved_by_id = fields.Many2one(
        "res.users", string="Approved by", readonly=True, ondelete="restrict"
    )
    confirmed_by_id = fields.Many2one(
        "res.users", string="Confirmed by", readonly=True, ondelete="restrict"
    )
    in_force_at = fields.Datetime(string="In force since", readonly=True)
    paid_at = fields.Datetime(string="Paid out on", readonly=True)
    entry_ids = fields.One2many(
        "shenpi.ledger.entry", "decision_id", string="Postings", groups=MONEY_READERS
    )
    refund_ids = fields.One2many("shenpi.refund", "decision_id", string="Refunds", readonly=True)
    event_ids = fields.One2many("shenpi.event", "decision_id", readonly=True)

    _number_unique = models.UniqueIndex("(number)", "A decision with this number exists.")
    _amount_positive = models.Constraint("CHECK (amount > 0)", "amount: more than nothing.")
    _reversed_once = models.UniqueIndex(
        "(previous_id) WHERE previous_id IS NOT NULL AND state <> 'dropped'",
        "This decision is being reversed already.",
    )
    _three_people = models.Constraint(
        "CHECK (approved_by_id <> proposed_by_id AND confirmed_by_id <> approved_by_id"
        " AND confirmed_by_id <> proposed_by_id)",
        "Who has proposed a decision does not approve it, and neither of the two confirms it.",
    )
    _answered_for = models.Constraint(
        "CHECK (state NOT IN ('in_force', 'paid', 'reversed')"
        " OR (approved_by_id IS NOT NULL AND confirmed_by_id IS NOT NULL))",
        "A decision is in force when two people have answered for it.",
    )
    _work_list = models.Index("(deposit_id) WHERE state IN ('proposed', 'approved')")

    @api.depends("number", "kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for decision in self:
            decision.display_name = f"{labels.get(decision.kind, '')} · {decision.number}"

    def _has_field_access(self, field, operation):
        allowed = operation != "write" or self.env.su or field.name in self._open_fields
        return allowed and super()._has_field_access(field, operation)

    def write(self, vals):
        """What has been approved stays as it is."""
        if not self.env.su and any(decision.state != "proposed" for decision in self):
            raise ValidationError(self.env._("A decision that was approved is not changed."))
        return super().write(vals)

    @api.model
    def _get_pending(self, deposits):
        """Which of these bid securities may be kept: none of their money goes back until it has
        been decided."""
        domain = [
            ("deposit_id", "in", deposits.ids),
            ("state", "in", OPEN),
            ("kind", "in", ("forfeit", "transfer")),
        ]
        return self.sudo().search(domain).deposit_id


class ShenpiDeposit(models.Model):
    _inherit = "shenpi.deposit"

    decision_ids = fields.One2many("shenpi.deposit.decision", "deposit_id", string="Decisions")


class ShenpiHold(models.Model):
    _inherit = "shenpi.hold"

    @api.model
    def _get_held(self, deposits):
        pending = self.env["shenpi.deposit.decision"]._get_pending(deposits)
        return super()._get_held(deposits) | (deposits & pending.with_env(deposits.env))
