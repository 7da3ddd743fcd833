from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.shenpi_base.models.shenpi_ladder_mixin import Track

from .shenpi_rating_case_flow import RUNNING_STATES


class ShenpiRatingCase(models.Model):
    """A bad rating that nobody works on in time climbs like any other deadline, and may become the
    matter of a supervision order."""

    _name = "shenpi.rating.case"
    _inherit = ["shenpi.rating.case", "shenpi.ladder.mixin", "shenpi.supervised.mixin"]

    @api.model
    def _get_ladder_tracks(self):
        return super()._get_ladder_tracks() | {
            "handling": Track(
                label=self.env._("Bad ratings"),
                anchors={"warn": "warn_date", "alarm": "alarm_date", "due": "due_date"},
                live=Domain("state", "in", RUNNING_STATES),
            )
        }

    @api.model
    def _get_ladder_epoch(self, key, alias, query):
        """Contacting and putting right are rounds of their own."""
        return SQL(
            "CASE WHEN %s = 'open' THEN 'contact' ELSE 'rectify' END || ':' || %s",
            self._field_to_sql(alias, "state", query),
            self._field_to_sql(alias, "due_date", query),
        )

    def _get_ladder_handler(self):
        """The office while it has to put something right, the handling officer otherwise; while
        nobody has begun, all officers of the bureau."""
        if self.state == "rectifying":
            return self.department_id._get_head()
        return self.handler_id or self._get_officers()

    def _get_officers(self):
        """The officers of evaluation of this bureau who have no part in what was rated."""
        company = self.company_id
        officers = company._get_evaluation_officers() | company._get_evaluation_managers()
        return officers.filtered(lambda user: not self.rating_id._concerns(user))

    def _get_supervision_demand(self):
        return self.env._(
            "Say why the bad rating has not been dealt with in time, and by when it is."
        )
