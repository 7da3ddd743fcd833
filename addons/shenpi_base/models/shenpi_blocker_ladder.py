from odoo import api, models
from odoo.fields import Domain

from .shenpi_ladder_mixin import Track
from .shenpi_project_member import LEVELS


class ShenpiBlocker(models.Model):
    """A blocker that is not cleared in time climbs through the team of its project."""

    _name = "shenpi.blocker"
    _inherit = ["shenpi.blocker", "shenpi.ladder.mixin"]

    @api.model
    def _get_ladder_tracks(self):
        return super()._get_ladder_tracks() | {
            "clearing": Track(
                label=self.env._("Blockers of key projects"),
                anchors={"warn": "warn_date", "alarm": "alarm_date", "due": "due_date"},
                live=Domain("state", "=", "raised"),
            )
        }

    @api.model
    def _get_ladder_roles(self):
        return ("handler", *LEVELS, "head", "bureau")

    def _get_ladder_handler(self):
        return self.user_id

    def _get_ladder_captain(self):
        return self.project_id._get_team("captain")

    def _get_ladder_deputy_commander(self):
        return self.project_id._get_team("deputy_commander")

    def _get_ladder_commander(self):
        return self.project_id._get_team("commander")

    def _prepare_supervision_vals(self):
        return super()._prepare_supervision_vals() | {"user_id": self.sudo().user_id.id}

    def _get_supervision_demand(self):
        return self.env._("Say why the blocker is still there, and by when it will be cleared.")
