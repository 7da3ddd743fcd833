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
    # As text: the calendar is common to all bureaus, their cases are not.
    number = fields.Char()
    case_name = fields.Char(string="Case")
    bureau = fields.Char()
    field_label = fields.Char(string="Date of the case")
    old_date = fields.Date()
    new_date = fields.Date()

    def action_open(self):
        """Open the case, if it is one of the user's bureau."""
        self.ensure_one()
        self.application_id.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "shenpi.application",
            "res_id": self.application_id.id,
            "views": [(False, "form")],
        }
