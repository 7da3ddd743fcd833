from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from ..tools import clock
from ..tools.localtime import local_date, to_local
from ..tools.workdays import CalendarRangeError
from .shenpi_application import OPEN_STATES
from .shenpi_application_lights import LIMITS

CLOCK_STATES = (*OPEN_STATES, "granted", "denied")


class ShenpiApplication(models.Model):
    """The dates of an application: all of them follow from its clock entries, the limits of its
    item version and the working-day calendar, are stored for lists and searches, and move only with
    an entry, a corrected calendar or another threshold (``shenpi_application_recount.py``)."""

    _inherit = "shenpi.application"

    # === Compute methods === #

    @api.depends("received_at", "clock_ids", "due_date")
    def _compute_days(self):
        for application in self:
            state = application._evaluate_clock() if application.received_at else None
            application.days_used = state.used or 0 if state else 0
            application.days_left = state.left or 0 if state else 0

    # === Clock === #

    @api.model
    def _get_today(self):
        """The legal date now."""
        return local_date(fields.Datetime.now())

    @api.model
    @tools.ormcache("item.id")
    def _get_limits(self, item):
        """The limits of an item version, which is never edited once it has cases, and the lights'
        thresholds of its kind, which empty the cache when they change."""
        company = item.company_id
        return clock.Limits(
            unit=item.limit_unit,
            statutory=item.statutory_limit,
            promised=item.promised_limit,
            correction=item.correction_days,
            delivery=item.delivery_days,
            warn_percent=company.shenpi_warn_percent,
            alarm_percent=company.shenpi_alarm_percent,
            marks=self.env["shenpi.light.rule"]._get_marks(company, item.item_type),
        )

    def _evaluate_clock(self):
        """Everything the clock says about this application now (``clock.ClockState``)."""
        self.ensure_one()
        case = self.sudo()
        return self._evaluate_entries(case.clock_ids._to_entries(), case.item_id)

    @api.model
    def _evaluate_entries(self, entries, item):
        """What the clock says of these ``clock.Entry`` under the limits of this item version."""
        try:
            return clock.evaluate(
                entries,
                self._get_limits(item),
                self.env["shenpi.workday"]._get_calendar(),
                to_local(fields.Datetime.now()),
            )
        except CalendarRangeError as error:
            raise UserError(
                self.env._("The working days of %s have not been entered yet.", error.date.year)
            ) from error

    @api.model
    def _prepare_clock_vals(self, state):
        """The stored dates of an evaluated clock.

        While the clock is stopped the end of the special procedure takes the place of the limit: a
        paused case is never late, a procedure that takes longer than planned is.
        """
        due, warn, alarm = state.due, state.warn, state.alarm
        if state.paused:
            calendar = self.env["shenpi.workday"]._get_calendar()
            due = warn = state.pause_until
            alarm = calendar.add(due, 1)
        vals = {
            "paused": state.paused,
            "correction_due_date": state.correction_due,
            "statutory_due_date": state.statutory_due,
            "promised_due_date": state.promised_due,
            "delivery_due_date": state.delivery_due,
            "due_date": due,
            "warn_date": warn,
            "alarm_date": alarm,
        }
        for limit in LIMITS:
            marks = state.lights.get(limit, (None, None))
            vals[f"{limit}_warn_date"], vals[f"{limit}_alarm_date"] = marks
        return vals
