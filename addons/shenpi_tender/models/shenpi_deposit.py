from odoo import api, fields, models

from ..tools.matching import CODES
from .shenpi_tender_lot_flow import MONEY_READERS


class ShenpiDeposit(models.Model):
    """The bid security 投标保证金 of one bidder for one lot.

    Who may do what, when (the table in ``shenpi_deposit_flow.py`` is the rule):

    * the trading platform registers a bidder and is told the sub-account to be paid into; it tells
      of his withdrawal before the deadline;
    * the opening of the lot, and payments that become known later, decide whether it is effective;
    * what comes in and goes out is posted to the ledger; the totals here are kept by the database
      (``shenpi.ledger.entry``) and written by nobody.

    Until its lot is opened nobody reads it, not the trade manager either: that it exists is the
    secret. Its number is drawn at random, so that numbers cannot be counted; it has no chatter.
    """

    _name = "shenpi.deposit"
    _inherit = ["shenpi.sealed.mixin", "shenpi.document.mixin", "shenpi.bulk.insert"]
    _description = "Bid security"
    _order = "id desc"
    _rec_name = "number"
    _rec_names_search = ["number", "bidder_name", "subaccount"]

    _event_field = "deposit_id"
    _flow_fields = frozenset(
        {
            "number",
            "state",
            "lot_id",
            "company_id",
            "account_id",
            "bidder_name",
            "bidder_uscc",
            "basic_account",
            "is_small",
            "has_good_credit",
            "amount",
            "subaccount",
            "registered_at",
            "withdrawn_at",
            "notice",
            "notice_filename",
            "code",
            "surplus",
            "is_winner",
            "same_payer",
            "received",
            "held",
            "in_refund",
            "refunded",
            "forfeited",
            "transferred",
        }
    )

    number = fields.Char(required=True, readonly=True)
    state = fields.Selection(
        [
            ("registered", "Registered"),
            ("withdrawn", "Withdrawn"),
            ("effective", "Effective"),
            ("ineffective", "Not effective"),
        ],
        required=True,
        readonly=True,
    )
    lot_id = fields.Many2one(
        "shenpi.tender.lot", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", string="Bureau", required=True, readonly=True)
    account_id = fields.Many2one(
        "shenpi.bank.account", string="Paid into", required=True, readonly=True, ondelete="restrict"
    )
    lot_state = fields.Selection(related="lot_id.state", string="State of the lot")
    bidder_name = fields.Char(string="Bidder", required=True, readonly=True, index="trigram")
    bidder_uscc = fields.Char(string="Credit code", readonly=True)
    basic_account = fields.Char(readonly=True, help="The bidder's basic account, as registered.")
    is_small = fields.Boolean(string="Small firm", readonly=True)
    has_good_credit = fields.Boolean(string="Good credit", readonly=True)
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.ref("base.CNY")
    )
    amount = fields.Monetary(string="Owed", required=True, readonly=True)
    subaccount = fields.Char(string="Sub-account", required=True, readonly=True)
    registered_at = fields.Datetime(string="Registered on", required=True, readonly=True)
    withdrawn_at = fields.Datetime(string="Withdrawn on", readonly=True)
    # In the row and not an attachment: attachments are counted by administrators.
    notice = fields.Binary(string="Notice of withdrawal", readonly=True, attachment=False)
    notice_filename = fields.Char(readonly=True)

    # === Verdict: written by the opening and by what becomes known later === #
    code = fields.Selection("_get_codes", string="Verdict", readonly=True, index=True)
    surplus = fields.Monetary(
        string="To go back at once", readonly=True, help="Received without effect, or too much."
    )
    is_winner = fields.Boolean(string="Winner", readonly=True)
    same_payer = fields.Boolean(
        readonly=True,
        help="The money came from an account that paid for another bidder of the lot too.",
    )

    # === Totals, kept by the database === #
    received = fields.Monetary(readonly=True, required=True, default=0)
    held = fields.Monetary(readonly=True, required=True, default=0)
    in_refund = fields.Monetary(readonly=True, required=True, default=0)
    refunded = fields.Monetary(readonly=True, required=True, default=0)
    forfeited = fields.Monetary(readonly=True, required=True, default=0)
    transferred = fields.Monetary(readonly=True, required=True, default=0)

    entry_ids = fields.One2many(
        "shenpi.ledger.entry", "deposit_id", string="Postings", groups=MONEY_READERS
    )
    line_ids = fields.One2many(
        "shenpi.bank.line", "deposit_id", string="Bank lines", groups=MONEY_READERS
    )
    event_ids = fields.One2many("shenpi.event", "deposit_id", readonly=True)

    _number_unique = models.UniqueIndex("(number)", "A bid security with this number exists.")
    _bidder_once = models.UniqueIndex(
        "(lot_id, bidder_uscc)", "This bidder is registered for this lot already."
    )
    _held_range = models.Constraint(
        "CHECK (held >= 0 AND in_refund >= 0 AND forfeited >= 0 AND transferred >= 0)",
        "amount: more than is held.",
    )
    _in_balance = models.Constraint(
        "CHECK (received = held + in_refund + refunded + forfeited + transferred)",
        "The totals of a bid security do not add up.",
    )

    @api.model
    def _get_codes(self):
        labels = {
            "ok": self.env._("In order"),
            "amount_short": self.env._("Not enough"),
            "amount_over": self.env._("In order, too much"),
            "late": self.env._("Too late"),
            "payer_not_basic": self.env._("Not from the basic account"),
            "payer_other_party": self.env._("Paid by another party"),
            "lot_cancelled": self.env._("Lot had ended"),
            "after_withdrawal": self.env._("After the withdrawal"),
        }
        known = [(code, labels[code]) for code in CODES if code in labels]
        return [*known, ("unpaid", self.env._("Nothing paid"))]

    @api.depends("bidder_name", "number", "lot_id.sealed")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """Odoo shows a name to whoever has an id, in a form's default for one."""
        for deposit in self:
            deposit.display_name = (
                self.env._("Sealed")
                if deposit.lot_id.sealed
                else f"{deposit.bidder_name} · {deposit.number}"
            )

    def _get_classes(self):
        """The classes of bidder that rules know reductions for."""
        self.ensure_one()
        classes = {"small": self.is_small, "credit": self.has_good_credit}
        return {name for name, holds in classes.items() if holds}
