from odoo import api, models
from odoo.fields import Domain

from .shenpi_application import OPEN_STATES
from .shenpi_ladder_mixin import Track


class ShenpiApplication(models.Model):
    """Promised materials have a ladder of their own: it reminds the applicant before the day on
    which his application counts as withdrawn."""

    _inherit = "shenpi.application"

    @api.model
    def _get_ladder_tracks(self):
        return super()._get_ladder_tracks() | {
            "deferral": Track(
                label=self.env._("Materials to follow"),
                anchors={"due": "deferral_due_date"},
                live=Domain("state", "in", OPEN_STATES) & Domain("deferral_due_date", "!=", False),
            )
        }
