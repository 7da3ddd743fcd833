from odoo import api, fields, models


class ShenpiDeferralWizardLine(models.TransientModel):
    _name = "shenpi.deferral.wizard.line"
    _description = "Material that may follow"

    wizard_id = fields.Many2one("shenpi.deferral.wizard", required=True, ondelete="cascade")
    material_id = fields.Many2one("shenpi.application.material", readonly=True, ondelete="cascade")
    required = fields.Boolean(related="material_id.required")
    follows = fields.Boolean(default=True)
    promised_date = fields.Date(string="To follow by")

    @api.constrains("material_id")
    def _check_material_id(self):
        self.sudo(False).material_id.check_access("read")
