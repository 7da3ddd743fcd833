from odoo import fields, models


class ShenpiMandateWizard(models.TransientModel):
    """Why a letter of authority is revoked."""

    _name = "shenpi.mandate.wizard"
    _inherit = ["shenpi.document.wizard"]
    _description = "Revocation of a letter of authority"

    _document_field = "mandate_id"

    mandate_id = fields.Many2one("shenpi.mandate", required=True, ondelete="cascade")
    number = fields.Char(related="mandate_id.number")
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Revoke the letter."""
        self._get_document()._do_revoke(self.reason)
        return {"type": "ir.actions.act_window_close"}
