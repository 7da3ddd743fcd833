from odoo import fields, models


class ShenpiBundleWizardField(models.TransientModel):
    _name = "shenpi.bundle.wizard.field"
    _description = "Field of the one form"

    wizard_id = fields.Many2one("shenpi.bundle.wizard", required=True, ondelete="cascade")
    field_id = fields.Many2one("shenpi.bundle.field", required=True, ondelete="cascade")
    name = fields.Char(related="field_id.name")
    hint = fields.Char(related="field_id.hint")
    required = fields.Boolean(related="field_id.required")
    value = fields.Char()
