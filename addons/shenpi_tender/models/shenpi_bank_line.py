from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .fields import Fen


class ShenpiBankLine(models.Model):
    """What the bank said, line by line, unchanged.

    A line is written by the import and changed by nobody. What we made of it stands in the ledger.
    ``identity`` is the bank's transaction number or, where it gives none, the fingerprint of the
    content with its occurrence in the file: a line that is told again is known by it.

    Cashiers, checkers, trade supervisor and trade manager read lines; those that name a lot which
    is still sealed are read by nobody.
    """

    _name = "shenpi.bank.line"
    _inherit = ["shenpi.sealed.mixin", "shenpi.append.only"]
    _description = "Bank statement line"
    _order = "arrived_at desc, id desc"
    _rec_names_search = ["txn_no", "payer_name", "payer_account"]

    _seals = ("deposit_id.lot_id.sealed",)

    account_id = fields.Many2one(
        "shenpi.bank.account", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", string="Bureau", required=True, ondelete="restrict")
    identity = fields.Char(required=True)
    digest = fields.Char(required=True)
    txn_no = fields.Char(string="Bank's no.")
    direction = fields.Selection([("in", "Money in"), ("out", "Money out")], required=True)
    fen = Fen(string="Amount in fen", required=True, aggregator=None)
    currency_id = fields.Many2one("res.currency", compute="_compute_amount")
    amount = fields.Monetary(compute="_compute_amount")
    payer_account = fields.Char(string="Account of the other side", index=True)
    payer_name = fields.Char(string="Other side")
    payer_bank = fields.Char(string="Bank of the other side")
    subaccount = fields.Char(string="Sub-account")
    arrived_at = fields.Datetime(string="Arrived on", required=True)
    purpose = fields.Selection([("interest", "Interest")], help="Empty: bid security itself.")
    text = fields.Char()
    instruction = fields.Char(help="Our number of the refund that the bank quotes.")
    deposit_id = fields.Many2one(
        "shenpi.deposit",
        string="Bid security",
        index="btree_not_null",
        ondelete="restrict",
        help="Whose sub-account the line names.",
    )
    recorded_at = fields.Datetime(string="Imported on", required=True)
    entry_ids = fields.One2many("shenpi.ledger.entry", "line_id", string="Postings")
    is_suspense = fields.Boolean(
        string="Unclear", compute="_compute_is_suspense", search="_search_is_suspense"
    )
    age = fields.Integer(string="Days", compute="_compute_age", help="Since it arrived.")

    _identity_unique = models.UniqueIndex("(account_id, identity)", "This line is known.")
    _fen_positive = models.Constraint("CHECK (fen > 0)", "amount: must be more than nothing.")
    _by_day = models.Index("(account_id, arrived_at) INCLUDE (direction, fen)")

    @api.depends("txn_no", "payer_name", "deposit_id.lot_id.sealed")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for line in self:
            line.display_name = (
                self.env._("Sealed")
                if line.deposit_id.lot_id.sealed
                else " · ".join(filter(None, (line.payer_name, line.txn_no)))
            )

    @api.depends("fen")
    def _compute_amount(self):
        self.currency_id = self.env.ref("base.CNY")
        for line in self:
            line.amount = line.fen / 100

    @api.depends("entry_ids")
    def _compute_is_suspense(self):
        unclear = self.search([("id", "in", self.ids), ("is_suspense", "=", True)])
        for line in self:
            line.is_suspense = line in unclear

    @api.model
    def _search_is_suspense(self, operator, value):
        """Lines whose money lies in suspense: put there, and not taken out again."""
        if operator != "in":
            return NotImplemented
        placed = Domain("entry_ids", "any!", [("kind", "=", "suspend")])
        cleared = Domain("entry_ids", "any!", [("kind", "in", ("assign", "send_back"))])
        domain = placed & ~cleared
        return Domain.OR(domain if wanted else ~domain for wanted in value)

    @api.depends("arrived_at")
    def _compute_age(self):
        now = fields.Datetime.now()
        for line in self:
            line.age = (now - line.arrived_at).days

    def action_assign(self):
        """Ask whose money it is."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Whose money is it?"),
            "res_model": "shenpi.bank.line.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_line_id": self.id},
        }

    def _do_send_back(self, paid, reason):
        """Clear a line in suspense whose money has left the account again: it went back to whoever
        paid it, or the bank put back what it had taken. Neither counts as a difference any more.

        :param paid: the line that shows the same amount leaving, and is posted as nothing else
        :raise UserError: the line is not in suspense; :raise ValidationError: the other one is not
            what it should be
        """
        self.ensure_one()
        if not self.is_suspense:
            raise UserError(self.env._("line: is not in suspense."))
        fits = (
            paid.account_id == self.account_id
            and (paid.direction, paid.fen) == ("out", self.fen)
            and not (paid.entry_ids or paid.deposit_id or paid.purpose)
        )
        if not fits:
            raise ValidationError(
                self.env._(
                    "Line that shows it leaving: must be one of this account and amount that is not"
                    " posted yet."
                )
            )
        self.env["shenpi.ledger.entry"]._post_all(
            [
                line._prepare_entry(*sides) | {"note": reason}
                for line, *sides in (
                    (self, "send_back", "suspense", "refunded"),
                    (paid, "book_out", "refunded", "bank"),
                )
            ]
        )
