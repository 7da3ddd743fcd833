from odoo import api, fields, models

from ..tools import clock
from ..tools.localtime import local_date
from .shenpi_application_screen import LIGHT_COLORS

# A model of another addon names them again: Odoo translates a selection where it is written down.
DEADLINE_LIGHTS = [
    ("green", "In time"),
    ("yellow", "Near due"),
    ("red", "Late"),
    ("none", "No clock"),
]


class ShenpiDeadlineMixin(models.AbstractModel):
    """A document that waits for somebody until a day, with its lights: yellow a working day before
    it, red when it is late, none while nobody has to act (``warn_date`` is empty then).

    The dates are written by the document's flow; put their names into its ``_flow_fields``.
    """

    _name = "shenpi.deadline.mixin"
    _description = "Document with a day to act by"

    due_date = fields.Date(readonly=True, copy=False)
    warn_date = fields.Date(readonly=True, copy=False)
    alarm_date = fields.Date(readonly=True, copy=False)
    light = fields.Selection(DEADLINE_LIGHTS, compute="_compute_light", search="_search_light")
    color = fields.Integer(compute="_compute_color")

    @api.depends("due_date", "warn_date", "alarm_date")
    def _compute_light(self):
        today = self._get_today()
        for document in self:
            due = document.warn_date and document.due_date
            document.light = clock.light_of(today, due, document.warn_date, document.alarm_date)

    def _search_light(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self._get_today()
        domains = {
            "none": [("warn_date", "=", False)],
            "green": [("warn_date", ">", today)],
            "yellow": [("warn_date", "<=", today), ("alarm_date", ">", today)],
            "red": [("alarm_date", "<=", today)],
        }
        return fields.Domain.OR(domains[light] for light in value if light in domains)

    @api.depends("light")
    def _compute_color(self):
        for document in self:
            document.color = LIGHT_COLORS[document.light]

    @api.model
    def _get_today(self):
        return local_date(fields.Datetime.now())

    @api.model
    def _prepare_deadline(self, moment, days):
        """The day to act by, so many working days after a moment, and its lights."""
        calendar = self.env["shenpi.workday"]._get_calendar()
        due = self.env["shenpi.workday"]._get_due("due_date", local_date(moment), days)
        return {
            "due_date": due,
            "warn_date": calendar.add(due, -1),
            "alarm_date": calendar.add(due, 1),
        }
