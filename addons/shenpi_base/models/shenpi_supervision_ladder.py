from odoo import api, models
from odoo.fields import Domain

from .shenpi_ladder_mixin import Track
from .shenpi_supervision_flow import RUNNING_STATES


class ShenpiSupervision(models.Model):
    """An order that is not answered in time climbs like any other deadline."""

    _name = "shenpi.supervision"
    _inherit = ["shenpi.supervision", "shenpi.ladder.mixin"]

    @api.model
    def _get_ladder_tracks(self):
        return super()._get_ladder_tracks() | {
            "answer": Track(
                label=self.env._("Answers to supervision orders"),
                anchors={"warn": "warn_date", "alarm": "alarm_date", "due": "due_date"},
                live=Domain("state", "in", RUNNING_STATES),
            )
        }

    def _get_ladder_handler(self):
        return self._get_addressees()
