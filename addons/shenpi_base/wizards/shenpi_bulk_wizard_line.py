from odoo import fields, models


class ShenpiBulkWizardLine(models.TransientModel):
    _name = "shenpi.bulk.wizard.line"
    _inherit = ["shenpi.application.wizard"]
    _description = "Application that was refused"

    wizard_id = fields.Many2one("shenpi.bulk.wizard", required=True, ondelete="cascade")
    number_short = fields.Char(related="application_id.number_short")
    reason = fields.Text(required=True)
