from odoo import api, fields, models

from ..models.shenpi_item_inspection import INSPECTION_MODES


class ShenpiInspectionOrderWizard(models.TransientModel):
    """Have a case inspected."""

    _name = "shenpi.inspection.order.wizard"
    _inherit = ["shenpi.application.wizard"]
    _description = "Order an inspection"

    mode = fields.Selection(
        INSPECTION_MODES,
        required=True,
        compute="_compute_mode",
        store=True,
        readonly=False,
        precompute=True,
    )
    note = fields.Text(string="What to look at")

    @api.depends("application_id")
    def _compute_mode(self):
        for wizard in self:
            wizard.mode = wizard.application_id.sudo().item_id.inspection_mode or "on_site"

    def action_confirm(self):
        """Order the inspection."""
        self._get_application()._do_order_inspection(self.mode, self.note or "")
        return {"type": "ir.actions.act_window_close"}
