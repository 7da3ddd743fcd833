from odoo import fields, models


class ShenpiLicenceBulkWizardLine(models.TransientModel):
    _name = "shenpi.licence.bulk.wizard.line"
    _description = "Licence that was not cancelled"

    wizard_id = fields.Many2one("shenpi.licence.bulk.wizard", required=True, ondelete="cascade")
    name = fields.Char(required=True)
    reason = fields.Text(required=True)
