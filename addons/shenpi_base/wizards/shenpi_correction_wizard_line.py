from odoo import fields, models


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
