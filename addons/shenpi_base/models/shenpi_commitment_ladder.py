from odoo import api, models
from odoo.fields import Domain

from .shenpi_commitment import INSPECTOR, OPEN
from .shenpi_ladder_mixin import Track


class ShenpiCommitment(models.Model):
    """A verification that is not made in time climbs like any other deadline."""

    _name = "shenpi.commitment"
    _inherit = ["shenpi.commitment", "shenpi.ladder.mixin"]

    @api.model
    def _get_ladder_tracks(self):
        return super()._get_ladder_tracks() | {
            "verification": Track(
                label=self.env._("Verification of commitments"),
                anchors={"due": "due_date"},
                live=Domain("state", "in", OPEN) & Domain("due_date", "!=", False),
            )
        }

    def _get_ladder_handler(self):
        """Whoever it is assigned to, else the inspectors of the department."""
        members = self.department_id.user_ids
        return self.handler_id or members.filtered(
            lambda user: user.active and user.has_group(INSPECTOR)
        )
