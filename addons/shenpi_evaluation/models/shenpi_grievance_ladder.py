from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.shenpi_base.models.shenpi_ladder_mixin import Track

from .shenpi_grievance import OPEN_STATES


class ShenpiGrievance(models.Model):
    """A grievance that waits too long climbs like any other deadline, and supervision orders may be
    about it; whoever is complained of is told of neither."""

    _name = "shenpi.grievance"
    _inherit = ["shenpi.grievance", "shenpi.ladder.mixin", "shenpi.supervised.mixin"]

    @api.model
    def _get_ladder_tracks(self):
        return super()._get_ladder_tracks() | {
            "limit": Track(
                label=self.env._("Limits of grievances"),
                anchors={"warn": "warn_date", "alarm": "alarm_date", "due": "due_date"},
                live=Domain("state", "in", OPEN_STATES),
            )
        }

    @api.model
    def _get_ladder_epoch(self, key, alias, query):
        """Several states share the due date: each is a round of its own."""
        return SQL(
            "%s || ':' || %s",
            self._field_to_sql(alias, "state", query),
            self._field_to_sql(alias, "due_date", query),
        )

    def _get_ladder_people(self, role):
        people = super()._get_ladder_people(role)
        return people.filtered(lambda person: not self.with_user(person)._is_about_user())

    def _get_ladder_handler(self):
        """Whoever has it now: the unit, the desk, the leaders, or the owner of the plan."""
        if self.state == "dispatched":
            unit = self.department_id
            return self.handler_id or unit.manager_id or unit.user_ids
        if self.state == "hard":
            return self.plan_owner_id
        if self.state == "escalated":
            return self.company_id._get_shenpi_heads()
        return self.company_id._get_evaluation_officers()

    def _get_ladder_department(self):
        return self.department_id if self.state == "dispatched" else self.department_id.browse()

    def _get_ladder_head(self):
        if self.state == "dispatched":
            return super()._get_ladder_head()
        return self.company_id._get_evaluation_managers()

    def _prepare_supervision_vals(self):
        vals = super()._prepare_supervision_vals()
        grievance = self.sudo()
        unit = grievance.department_id or grievance.company_id._get_grievance_unit()
        return vals | {
            "department_id": unit.id,
            "user_id": unit.manager_id.id,
            "application_id": grievance.application_id.id,
            "matter": self.env._("Grievance %s", self.number),
        }

    def _get_supervision_demand(self):
        return self.env._(
            "Say why the grievance has not been answered in time, and by when it will be."
        )

    def action_open_supervision(self):
        self.check_access("read")
        return super().action_open_supervision()
