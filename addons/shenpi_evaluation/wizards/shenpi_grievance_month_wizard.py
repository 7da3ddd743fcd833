from datetime import date, datetime, time

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from odoo.addons.shenpi_base.tools.localtime import to_utc


class ShenpiGrievanceMonthWizard(models.TransientModel):
    """The grievances of a month as a workbook: the list, the windows with most failures, the
    figures, and the suggestions still open by age."""

    _name = "shenpi.grievance.month.wizard"
    _description = "Grievances of a month"

    month = fields.Date(required=True, default=lambda self: self._get_last_month())
    company_id = fields.Many2one(
        "res.company", string="Bureau", required=True, default=lambda self: self.env.company
    )

    @api.model
    def _get_last_month(self):
        today = self.env["shenpi.grievance"]._get_today()
        return today.replace(day=1) - relativedelta(months=1)

    def _get_first_day(self):
        return self.month.replace(day=1)

    def _get_bounds(self):
        """The naive UTC moments at which the month begins and ends in Shanghai."""
        first = self._get_first_day()
        days: tuple[date, date] = (first, first + relativedelta(months=1))
        return [to_utc(datetime.combine(day, time.min)) for day in days]

    def _get_domain(self):
        begin, end = self._get_bounds()
        return [
            ("company_id", "=", self.company_id.id),
            ("received_at", ">=", begin),
            ("received_at", "<", end),
        ]

    def action_print(self):
        """The workbook."""
        self.ensure_one()
        return self.env.ref("shenpi_evaluation.action_report_grievance_month").report_action(
            self, config=False
        )
