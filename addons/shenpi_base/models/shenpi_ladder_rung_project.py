from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .shenpi_project_member import LEVELS


class ShenpiLadderRung(models.Model):
    """Rungs that tell the levels of command of a key project."""

    _inherit = "shenpi.ladder.rung"

    action = fields.Selection(
        selection_add=[
            ("captain", "Tell the team captain"),
            ("deputy_commander", "Tell the deputy commander"),
            ("commander", "Tell the commander"),
        ],
        ondelete=dict.fromkeys(LEVELS, "cascade"),
    )

    @api.constrains("action", "ladder_id")
    def _check_levels(self):
        for rung in self:
            documents = rung.ladder_id._get_documents()[0]
            if rung.action in LEVELS and rung.action not in documents._get_ladder_roles():
                raise ValidationError(
                    self.env._("What is done: these documents have no team with commanders.")
                )

    def _do_captain(self, document):
        return self._tell("captain", document)

    def _do_deputy_commander(self, document):
        return self._tell("deputy_commander", document)

    def _do_commander(self, document):
        return self._tell("commander", document)
