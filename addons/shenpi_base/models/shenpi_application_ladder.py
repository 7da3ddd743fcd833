from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .shenpi_application_dates import CLOCK_STATES
from .shenpi_application_flow import CLERK
from .shenpi_application_step import ROLE_GROUPS
from .shenpi_ladder_mixin import Track


class ShenpiApplication(models.Model):
    """An application's limits climb: whichever of them runs now (to tell what is missing, to end a
    special procedure, to decide, to deliver) is the deadline its ladder watches."""

    _name = "shenpi.application"
    _inherit = ["shenpi.application", "shenpi.ladder.mixin", "shenpi.supervised.mixin"]

    # Also those about its inspections and about what was passed on of it.
    _supervision_field = "application_id"

    _ladder_dates = models.Index(
        "(warn_date, id) WHERE state IN"
        " ('received', 'correcting', 'accepted', 'reviewing', 'deciding', 'granted', 'denied')"
    )

    @api.model
    def _get_ladder_tracks(self):
        return super()._get_ladder_tracks() | {
            "limit": Track(
                label=self.env._("Limits of applications"),
                anchors={"warn": "warn_date", "alarm": "alarm_date", "due": "due_date"},
                live=Domain("state", "in", CLOCK_STATES),
            )
        }

    @api.model
    def _get_ladder_epoch(self, key, alias, query):
        """The limit that runs and the day it ends: accepting, stopping the clock or deciding begins
        a new round, an entry that moves nothing does not."""
        if key != "limit":
            return super()._get_ladder_epoch(key, alias, query)
        return SQL(
            """CASE WHEN %(decided)s IS NOT NULL THEN 'delivery' WHEN %(paused)s THEN 'pause'
                    WHEN %(accepted)s IS NOT NULL THEN 'decision' ELSE 'filing' END
               || ':' || %(due)s""",
            decided=self._field_to_sql(alias, "decided_at", query),
            paused=self._field_to_sql(alias, "paused", query),
            accepted=self._field_to_sql(alias, "accepted_date", query),
            due=self._field_to_sql(alias, "due_date", query),
        )

    def _get_ladder_handler(self):
        """Whoever has the step in hand; a step nobody has taken is everybody's who may in its
        department; at the window, whoever took the case in, else the window."""
        if self.handler_id:
            return self.handler_id
        step = self.step_id
        if step:
            group = ROLE_GROUPS[step.role]
            members = step.department_id.user_ids
            return members.filtered(lambda user: user.active and user.has_group(group))
        window = self.window_id.user_ids.filtered(
            lambda user: user.active and user.has_group(CLERK)
        )
        return (window & self.filed_by_id) or window

    def _get_ladder_department(self):
        if not self.step_id and self.state in ("received", "granted", "denied"):
            return self.window_id or self.department_id
        return self.step_id.department_id or self.department_id

    # === Orders about it === #

    def _prepare_supervision_vals(self):
        """An order goes to where the case lies, in the words of its documents."""
        case = self.sudo()
        department = case._get_ladder_department()
        return super()._prepare_supervision_vals() | {
            "application_id": self.id,
            "department_id": department.id,
            "user_id": department.manager_id.id,
            "matter": f"{case.item_id.name} · {case.applicant_name}",
        }

    def _get_supervision_demand(self):
        writing = self._in_writing()
        return writing.env._(
            "The limit of %(number)s ended on %(day)s. Say why it was not kept, what is being done,"
            " and by when the case will be settled.",
            number=self.number,
            day=writing._show_date(self.due_date),
        )
