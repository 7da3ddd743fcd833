from odoo import fields, models


class ShenpiWorkdayWizardResult(models.TransientModel):
    """A date of an open case that moved when a year was entered."""

    _name = "shenpi.workday.wizard.result"
    _description = "Date moved by a calendar year"
    _order = "id"

    wizard_id = fields.Many2one(
        "shenpi.workday.wizard", required=True, index=True, ondelete="cascade"
    )
    application_id = fields.Many2one("shenpi.application", required=True, ondelete="cascade")
    field_label = fields.Char(string="Date of the case")
    old_date = fields.Date()
    new_date = fields.Date()
