from odoo import api, fields, models

from .shenpi_tender_lot_flow import MONEY_READERS

AT_BANK = ("batched", "sent", "unknown", "accepted")
WAITING = ("due", "approved", "checked", *AT_BANK)
REASONS = [
    ("award", "Award notice"),
    ("contract", "Contract signed"),
    ("withdraw", "Bid withdrawn"),
    ("terminate", "Tender terminated"),
    ("fail", "Tender failed"),
    ("invalid", "Without effect, or too much"),
    ("decision", "Decision on a part"),
]


class ShenpiRefund(models.Model):
    """An instruction to give back money of one bid security to the account that it came from.

    Who may do what, when (the table in ``shenpi_refund_flow.py`` is the rule):

    * it becomes due by an event of its lot and the frozen rule, or at once for money without
      effect; nobody enters one;
    * a cashier approves it: from here on the amount is reserved; a checker, never the same person,
      checks it or sends it back; above the limit of its account the trade manager checks in his
      place; a cashier hands what is checked to the bank;
    * or a rule of two people answers for it (``shenpi.refund.automation``), and the scheduled
      action does all of this;
    * what is due is dropped when a decision in force keeps its money (``shenpi.deposit.decision``);
    * then the bank has the word: accepted, settled, rejected, returned. What it has not answered
      for is unknown, and is asked for by the number, never sent anew;
    * after a rejection or return, and only then, a cashier makes a new one that names the old one.

    While a hold covers it, or its account is blocked, it goes no further than it is. Of a lot that
    is sealed it is read by nobody.
    """

    _name = "shenpi.refund"
    _inherit = [
        "shenpi.sealed.mixin",
        "shenpi.document.mixin",
        "shenpi.day.light.mixin",
        "shenpi.bulk.insert",
    ]
    _description = "Refund"
    _order = "due_date, id"
    _rec_name = "number"
    _rec_names_search = ["number", "payee_name"]

    _event_field = "refund_id"
    _waiting_states = WAITING
    _flow_fields = frozenset(
        {
            "number",
            "state",
            "deposit_id",
            "lot_id",
            "company_id",
            "account_id",
            "reason",
            "amount",
            "payee_name",
            "payee_account",
            "payee_bank",
            "due_date",
            "previous_id",
            "proof",
            "approved_by_id",
            "checked_by_id",
            "batch_id",
            "sent_at",
            "settled_at",
            "trouble",
            "automation_id",
            "by_hand",
            "decision_id",
            "given_up",
            "penalty",
        }
    )

    number = fields.Char(required=True, readonly=True, help="By which the bank knows it.")
    state = fields.Selection(
        [
            ("due", "Due"),
            ("approved", "Approved"),
            ("checked", "Checked"),
            ("batched", "Handed over"),
            ("sent", "Sent"),
            ("unknown", "Unknown"),
            ("accepted", "Accepted by the bank"),
            ("settled", "Paid"),
            ("rejected", "Rejected"),
            ("returned", "Came back"),
            ("dropped", "Dropped"),
        ],
        required=True,
        readonly=True,
        index=True,
        group_expand="_group_expand_states",
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
    lot_sealed = fields.Boolean(related="lot_id.sealed")
    company_id = fields.Many2one("res.company", string="Bureau", required=True, readonly=True)
    account_id = fields.Many2one(
        "shenpi.bank.account", string="Paid from", required=True, readonly=True, ondelete="restrict"
    )
    reason = fields.Selection(REASONS, string="After", required=True, readonly=True)
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.ref("base.CNY")
    )
    amount = fields.Monetary(required=True, readonly=True)
    payee_name = fields.Char(string="Payee", required=True, readonly=True)
    payee_account = fields.Char(required=True, readonly=True)
    payee_bank = fields.Char(readonly=True)
    due_date = fields.Date(string="Back by", required=True, readonly=True)
    light = fields.Selection(
        [("green", "In time"), ("yellow", "Due today"), ("red", "Overdue"), ("none", "Done")]
    )
    is_held = fields.Boolean(string="On hold", compute="_compute_is_held")
    previous_id = fields.Many2one(
        "shenpi.refund",
        string="Instead of",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The refund that was rejected or came back.",
    )
    renewal_ids = fields.One2many(
        "shenpi.refund", "previous_id", string="Made anew by", readonly=True
    )
    decision_id = fields.Many2one(
        "shenpi.deposit.decision",
        string="By decision",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    given_up = fields.Boolean(
        string="Not made anew",
        readonly=True,
        help="A decision keeps money of it; what was left was planned afresh.",
    )
    proof = fields.Binary(string="Proof of the new account", readonly=True, attachment=True)
    approved_by_id = fields.Many2one(
        "res.users", string="Approved by", readonly=True, ondelete="restrict"
    )
    checked_by_id = fields.Many2one(
        "res.users", string="Checked by", readonly=True, ondelete="restrict"
    )
    batch_id = fields.Many2one(
        "shenpi.refund.batch",
        string="Payment list",
        readonly=True,
        groups=MONEY_READERS,
        index="btree_not_null",
        ondelete="restrict",
    )
    sent_at = fields.Datetime(string="Sent on", readonly=True)
    settled_at = fields.Datetime(string="Paid on", readonly=True)
    trouble = fields.Char(readonly=True)
    entry_ids = fields.One2many(
        "shenpi.ledger.entry", "refund_id", string="Postings", groups=MONEY_READERS
    )
    event_ids = fields.One2many("shenpi.event", "refund_id", readonly=True)

    _number_unique = models.UniqueIndex("(number)", "A refund with this number exists.")
    _amount_positive = models.Constraint("CHECK (amount > 0)", "amount: more than nothing.")
    _renewed_once = models.UniqueIndex(
        "(previous_id) WHERE previous_id IS NOT NULL", "This refund has been made anew already."
    )
    _four_eyes = models.Constraint(
        "CHECK (checked_by_id <> approved_by_id)", "Who has approved a refund does not check it."
    )
    _work_list = models.Index(
        "(due_date, id) WHERE state IN ('due', 'approved', 'checked', 'batched', 'sent',"
        " 'unknown', 'accepted')"
    )

    @api.model
    def _group_expand_states(self, states, domain):
        shown = (*WAITING, "settled")
        order = [key for key, _label in self._fields["state"].selection]
        return [key for key in order if key in shown or key in states]

    @api.depends("number", "payee_name", "lot_sealed")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for refund in self:
            refund.display_name = (
                self.env._("Sealed")
                if refund.lot_sealed
                else f"{refund.payee_name} · {refund.number}"
            )

    @api.depends("deposit_id")
    def _compute_is_held(self):
        held = self.env["shenpi.hold"]._get_held(self.sudo().deposit_id)
        for refund in self:
            refund.is_held = refund.sudo().deposit_id in held
