from odoo import api, fields, models


class ShenpiCorrectionWizardLine(models.TransientModel):
    _name = "shenpi.correction.wizard.line"
    _description = "Thing to be corrected"
    _order = "sequence, id"

    wizard_id = fields.Many2one("shenpi.correction.wizard", required=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    application_id = fields.Many2one(related="wizard_id.application_id")
    material_id = fields.Many2one(
        "shenpi.application.material",
        domain="[('application_id', '=', application_id)]",
        ondelete="cascade",
    )
    text = fields.Char(string="What is to be done", required=True)

    @api.constrains("material_id")
    def _check_material_id(self):
        self.sudo(False).material_id.check_access("read")
