from odoo import api, fields, models

from .shenpi_application import OPEN_STATES
from .shenpi_application_dates import CLOCK_STATES


class ShenpiApplication(models.Model):
    """What supervisors look at beyond the screens of the staff."""

    _inherit = "shenpi.application"

    due_kind = fields.Selection(
        [
            ("correction", "Tell or accept"),
            ("decision", "Decide"),
            ("pause", "Special procedure"),
            ("delivery", "Deliver"),
        ],
        string="What is due",
        compute="_compute_due_kind",
    )

    # The board counts from this index alone: what the record rules ask for, then the dates.
    _board = models.Index(
        "(company_id, state, department_id, window_id, filed_by_id, due_date, warn_date,"
        f" alarm_date, paused, deemed, handler_id) WHERE state IN {CLOCK_STATES}"
    )

    @api.depends("state", "paused", "due_date")
    def _compute_due_kind(self):
        kinds = {"received": "correction", "granted": "delivery", "denied": "delivery"}
        for application in self:
            if not application.due_date:
                application.due_kind = False
            elif application.paused:
                application.due_kind = "pause"
            elif application.state in OPEN_STATES or application.state in kinds:
                application.due_kind = kinds.get(application.state, "decision")
            else:
                application.due_kind = False
