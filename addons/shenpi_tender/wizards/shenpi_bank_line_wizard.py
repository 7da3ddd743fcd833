from odoo import fields, models
from odoo.exceptions import AccessError, ValidationError

from ..models.fields import Fen
from ..models.shenpi_tender_lot_flow import CASHIER


class ShenpiBankLineWizard(models.TransientModel):
    """Whose money is it: the cashier gives a line in suspense to the bidder it turned out to be of,
    or shows that it has gone back to whoever paid it.

    Only bidders of lots that are open can be named; money for a sealed lot waits for its opening.
    """

    _name = "shenpi.bank.line.wizard"
    _inherit = ["shenpi.document.wizard"]
    _description = "Clear a bank line"

    _document_field = "line_id"

    line_id = fields.Many2one("shenpi.bank.line", required=True, ondelete="cascade")
    account_id = fields.Many2one(related="line_id.account_id")
    currency_id = fields.Many2one(related="line_id.currency_id")
    amount = fields.Monetary(related="line_id.amount")
    payer_name = fields.Char(related="line_id.payer_name")
    text = fields.Char(related="line_id.text")
    fen = Fen(related="line_id.fen")
    way = fields.Selection(
        [("bidder", "It is bid security"), ("sent_back", "It has gone back to whoever paid it")],
        string="What it is",
        required=True,
        default="bidder",
    )
    deposit_id = fields.Many2one(
        "shenpi.deposit",
        string="Bid security",
        ondelete="cascade",
        domain="[('account_id', '=', account_id)]",
    )
    paid_id = fields.Many2one(
        "shenpi.bank.line",
        string="Line that shows it leaving",
        ondelete="cascade",
        domain="[('account_id', '=', account_id), ('direction', '=', 'out'), ('fen', '=', fen),"
        " ('deposit_id', '=', False), ('purpose', '=', False), ('entry_ids', '=', False)]",
    )
    reason = fields.Text(required=True, help="What shows it: stays with the posting.")

    def action_confirm(self):
        """Post it."""
        line = self._get_document()
        if not self.env.user.has_group(CASHIER):
            raise AccessError(self.env._("Bank lines are cleared by the cashier."))
        found = self.deposit_id if self.way == "bidder" else self.paid_id
        if not found:
            field = "deposit_id" if self.way == "bidder" else "paid_id"
            label = self._fields[field]._description_string(self.env)
            raise ValidationError(self.env._("%s: is required.", label))
        found.check_access("read")
        if self.way == "bidder":
            found.sudo()._do_assign(line.sudo(), self.reason)
        else:
            line.sudo()._do_send_back(found.sudo(), self.reason)
        return {"type": "ir.actions.act_window_close"}
