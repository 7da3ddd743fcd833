from odoo import fields, models


class ShenpiSupervisionBulkWizardLine(models.TransientModel):
    _name = "shenpi.supervision.bulk.wizard.line"
    _description = "Supervision order that was refused"

    wizard_id = fields.Many2one("shenpi.supervision.bulk.wizard", required=True, ondelete="cascade")
    name = fields.Char(required=True)
    reason = fields.Text(required=True)
