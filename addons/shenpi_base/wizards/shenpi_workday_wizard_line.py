from odoo import api, fields, models


class ShenpiWorkdayWizardLine(models.TransientModel):
    """A day of the year being entered."""

    _name = "shenpi.workday.wizard.line"
    _description = "Day of a calendar year being entered"
    _order = "date, id"

    wizard_id = fields.Many2one(
        "shenpi.workday.wizard", required=True, index=True, ondelete="cascade"
    )
    date = fields.Date(required=True)
    weekday = fields.Selection(
        [
            ("0", "Monday"),
            ("1", "Tuesday"),
            ("2", "Wednesday"),
            ("3", "Thursday"),
            ("4", "Friday"),
            ("5", "Saturday"),
            ("6", "Sunday"),
        ],
        compute="_compute_weekday",
    )
    kind = fields.Selection(
        [
            ("statutory", "Statutory holiday"),
            ("rest", "Day off in exchange"),
            ("makeup", "Make-up working day"),
        ],
        required=True,
        default="statutory",
    )
    name = fields.Char(string="Holiday")

    @api.depends("date")
    def _compute_weekday(self):
        for line in self:
            line.weekday = str(line.date.weekday()) if line.date else False
