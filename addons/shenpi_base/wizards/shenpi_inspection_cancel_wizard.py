from odoo import fields, models


class ShenpiInspectionCancelWizard(models.TransientModel):
    """Call an inspection off."""

    _name = "shenpi.inspection.cancel.wizard"
    _inherit = ["shenpi.document.wizard"]
    _description = "Cancel an inspection"

    _document_field = "inspection_id"

    inspection_id = fields.Many2one("shenpi.inspection", required=True, ondelete="cascade")
    applicant_name = fields.Char(related="inspection_id.applicant_name")
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Cancel it."""
        self._get_document()._do_cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}
