from odoo import fields, models


class ShenpiHoldWizard(models.TransientModel):
    """Why a hold is released: the complaint was decided, the order lifted."""

    _name = "shenpi.hold.wizard"
    _inherit = ["shenpi.document.wizard"]
    _description = "Release a hold"

    _document_field = "hold_id"

    hold_id = fields.Many2one("shenpi.hold", required=True, ondelete="cascade")
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Release it."""
        self._get_document()._do_release(self.reason)
        return {"type": "ir.actions.act_window_close"}
