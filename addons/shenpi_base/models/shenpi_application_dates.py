from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from ..tools import clock
from ..tools.localtime import local_date, start_of_day, to_local
from ..tools.workdays import CalendarRangeError
from .shenpi_application import OPEN_STATES

CLOCK_STATES = (*OPEN_STATES, "granted", "denied")


class ShenpiApplication(models.Model):
    """The dates of an application: all of them follow from its clock entries, the limits of its
    item version and the working-day calendar, are stored for lists and searches, and move only with
    an entry or a corrected calendar."""

    _inherit = "shenpi.application"

    # === Compute methods === #

    @api.depends("due_date", "warn_date", "alarm_date")
    def _compute_light(self):
        today = self._get_today()
        for application in self:
            application.light = clock.light_of(
                today, application.due_date, application.warn_date, application.alarm_date
            )

    def _search_light(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self._get_today()
        domains = {
            "none": [("due_date", "=", False)],
            "green": [("due_date", "!=", False), ("warn_date", ">", today)],
            "yellow": [("warn_date", "<=", today), ("alarm_date", ">", today)],
            "red": [("alarm_date", "<=", today)],
        }
        return fields.Domain.OR(domains[light] for light in value if light in domains)

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
        """The limits of an item version, which is never edited once it has cases, and the light's
        thresholds of its bureau, which empties the cache when they change."""
        company = item.company_id
        return clock.Limits(
            unit=item.limit_unit,
            statutory=item.statutory_limit,
            promised=item.promised_limit,
            correction=item.correction_days,
            delivery=item.delivery_days,
            warn_percent=company.shenpi_warn_percent,
            alarm_percent=company.shenpi_alarm_percent,
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
        return {
            "paused": state.paused,
            "correction_due_date": state.correction_due,
            "statutory_due_date": state.statutory_due,
            "promised_due_date": state.promised_due,
            "delivery_due_date": state.delivery_due,
            "due_date": due,
            "warn_date": warn,
            "alarm_date": alarm,
        }

    @api.model
    def _recompute_due_dates(self, first_day, last_day):
        """Recompute the open applications whose dates a changed stretch of calendar touches.

        :param date first_day: first changed day; :param date last_day: last changed day
        :return: list of {application_id, field, old, new}, one entry for every date that moved
        """
        running = ("correction_due_date", "statutory_due_date", "delivery_due_date")
        applications = self.sudo().search(
            fields.Domain("state", "in", CLOCK_STATES)
            & fields.Domain("received_at", "<", start_of_day(last_day + timedelta(days=1)))
            & fields.Domain.OR([(name, ">=", first_day)] for name in running)
        )
        moved = []
        for application in applications:
            vals = self._prepare_clock_vals(application._evaluate_clock())
            changed = [
                {
                    "application_id": application.id,
                    "field": name,
                    "old": application[name] or None,
                    "new": new,
                }
                for name, new in vals.items()
                if (application[name] or None) != (new or None)
            ]
            if changed:
                application._record_recomputation(vals, changed)
                moved += changed
        return moved

    def _record_recomputation(self, vals, changed):
        """Write moved dates; the event keeps the old and the new ones."""
        last = self._lock_document()
        self.write(vals)
        self.env["shenpi.event"]._append(
            self,
            {
                "action": "recompute",
                "state_from": self.state,
                "state_to": self.state,
                "user_id": self.env.uid,
                "happened_at": fields.Datetime.now(),
                "data": {
                    change["field"]: [str(change["old"] or ""), str(change["new"] or "")]
                    for change in changed
                },
            },
            last,
        )
