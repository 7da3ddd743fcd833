from odoo import fields, models
from odoo.exceptions import AccessError

from ..models.shenpi_tender_lot_flow import CASHIER


class ShenpiBankLineWizard(models.TransientModel):
    """Whose money is it: the cashier gives a line in suspense to the bidder it turned out to be of.

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
    deposit_id = fields.Many2one(
        "shenpi.deposit",
        string="Bid security",
        required=True,
        ondelete="cascade",
        domain="[('account_id', '=', account_id)]",
    )
    reason = fields.Text(required=True, help="What shows that it is his: stays with the posting.")

    def action_confirm(self):
        """Post it."""
        line = self._get_document()
        if not self.env.user.has_group(CASHIER):
            raise AccessError(self.env._("Bank lines are cleared by the cashier."))
        self.deposit_id.check_access("read")
        self.deposit_id.sudo()._do_assign(line.sudo(), self.reason)
        return {"type": "ir.actions.act_window_close"}
