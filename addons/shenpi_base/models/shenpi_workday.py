from datetime import date as Date

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..tools.workdays import CalendarRangeError, WorkCalendar
from .shenpi_api_mixin import in_callers_language


class ShenpiWorkday(models.Model):
    """A day that differs from Monday to Friday: a weekday off, or a weekend day that is worked.

    Read by staff; changed through its year's wizard only (see ``shenpi.workday.year``).
    """

    _name = "shenpi.workday"
    _inherit = ["shenpi.cached.mixin", "shenpi.api.mixin"]
    _description = "Special day"
    _order = "date"
    _rec_name = "date"

    date = fields.Date(required=True)
    is_workday = fields.Boolean(string="Worked")
    kind = fields.Selection(
        [
            ("statutory", "Statutory holiday"),
            ("rest", "Day off in exchange"),
            ("makeup", "Make-up working day"),
        ],
        required=True,
    )
    name = fields.Char(string="Holiday")
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
    year_id = fields.Many2one("shenpi.workday.year", required=True, index=True, ondelete="cascade")

    _date_uniq = models.Constraint("UNIQUE (date)", "This day is already in the calendar.")
    _kind_matches = models.Constraint(
        "CHECK (is_workday = (kind = 'makeup'))", "Only a make-up day is worked."
    )
    _differs = models.Constraint(
        "CHECK (is_workday = (EXTRACT(ISODOW FROM date) > 5))",
        "Only days that differ from Monday to Friday are kept: make-up days on a weekend, days off"
        " on a weekday.",
    )

    # === Compute methods === #

    @api.depends("date")
    def _compute_weekday(self):
        for day in self:
            day.weekday = str(day.date.weekday()) if day.date else False

    # === Constraint methods === #

    @api.constrains("date", "year_id")
    def _check_year(self):
        for day in self:
            if day.date.year != day.year_id.year:
                raise ValidationError(
                    self.env._(
                        "Date: %(date)s is not in the year %(year)s.",
                        date=day.date,
                        year=day.year_id.year,
                    )
                )

    # === Business methods === #

    @api.model
    @tools.ormcache()
    def _get_calendar(self):
        """The :class:`WorkCalendar` of all years entered; immutable, so one object serves all."""
        years = self.env["shenpi.workday.year"]._get_known_years()
        if not years:
            raise ValidationError(self.env._("The working-day calendar has no year yet."))
        days_sudo = self.sudo().search([("year_id", "!=", False)])
        exceptions = {day.date: day.is_workday for day in days_sudo}
        return WorkCalendar(exceptions, Date(min(years), 1, 1), Date(max(years), 12, 31))

    @api.model
    def _get_due(self, name, day, days):
        """The last day of a limit of ``days`` working days after ``day``; ``name`` is what an error
        names when the calendar has not been entered so far."""
        try:
            return self._get_calendar().add(day, days)
        except CalendarRangeError as error:
            raise ValidationError(self._range_message(name, error)) from error

    # === Public methods for integrators === #

    @api.model
    @api.readonly
    @in_callers_language
    def api_add(self, date, days):
        """The date that lies ``days`` working days after ``date``.

        :param str date: YYYY-MM-DD; does not count itself
        :param int days: negative counts backwards, 0 answers ``date``
        :return: YYYY-MM-DD
        :raise ValidationError: malformed argument, or a date outside the years entered
        :raise AccessError: the caller is not on the approval staff
        """
        self.check_access("read")
        start = self._api_read_date(date, "date")
        if isinstance(days, bool) or not isinstance(days, int):
            raise ValidationError(self.env._("days: %(value)s is not a whole number.", value=days))
        calendar = self._get_calendar()
        self._check_range("date", start, calendar)
        try:
            return calendar.add(start, days).isoformat()
        except CalendarRangeError as error:
            raise ValidationError(self._range_message("days", error)) from error

    @api.model
    @api.readonly
    @in_callers_language
    def api_count(self, date_from, date_to):
        """Working days after ``date_from`` up to and including ``date_to``.

        :param str date_from: YYYY-MM-DD
        :param str date_to: YYYY-MM-DD; earlier than ``date_from`` gives a negative number
        :return: int
        :raise ValidationError: malformed argument, or a date outside the years entered
        :raise AccessError: the caller is not on the approval staff
        """
        self.check_access("read")
        start = self._api_read_date(date_from, "date_from")
        end = self._api_read_date(date_to, "date_to")
        calendar = self._get_calendar()
        self._check_range("date_from", start, calendar)
        self._check_range("date_to", end, calendar)
        return calendar.count(start, end)

    @api.model
    def _check_range(self, name, day, calendar):
        if not calendar.first <= day <= calendar.last:
            raise ValidationError(
                self._range_message(name, CalendarRangeError(day, calendar.first, calendar.last))
            )

    @api.model
    def _range_message(self, name, error):
        return self.env._(
            "%(field)s: %(date)s lies outside the working-day calendar, which runs from %(first)s"
            " to %(last)s.",
            field=name,
            date=error.date,
            first=error.first,
            last=error.last,
        )
