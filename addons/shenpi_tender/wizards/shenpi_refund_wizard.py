from odoo import fields, models
from odoo.exceptions import ValidationError


class ShenpiRefundWizard(models.TransientModel):
    """Send a refund back to the cashier, or make one anew that was rejected or came back."""

    _name = "shenpi.refund.wizard"
    _inherit = ["shenpi.document.wizard"]
    _description = "Question about a refund"

    _document_field = "refund_id"

    refund_id = fields.Many2one("shenpi.refund", required=True, ondelete="cascade")
    action = fields.Selection([("send_back", "Send back"), ("renew", "Make anew")], required=True)
    reason = fields.Text()
    other_payee = fields.Boolean(string="To another account")
    payee_name = fields.Char(string="Payee")
    payee_account = fields.Char()
    payee_bank = fields.Char()
    proof = fields.Binary(string="Proof of the new account")
    filename = fields.Char()

    def action_confirm(self):
        """Do it."""
        refund = self._get_document()
        if self.action == "send_back":
            if not self.reason:
                raise ValidationError(self.env._("reason: is required."))
            refund._do_send_back(self.reason)
            return {"type": "ir.actions.act_window_close"}
        payee = None
        if self.other_payee:
            payee = {name: self[name] for name in ("payee_name", "payee_account", "payee_bank")}
            if not payee["payee_name"] or not payee["payee_account"]:
                raise ValidationError(self.env._("payee_account: is required."))
        new = refund._do_renew(self.reason or "", payee, self.proof)
        return {
            "type": "ir.actions.act_window",
            "res_model": "shenpi.refund",
            "res_id": new.id,
            "views": [(False, "form")],
        }
