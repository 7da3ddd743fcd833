from odoo import api, models

DUE = "shenpi.deferral.due"


class ShenpiMessageTemplate(models.Model):
    """The occasion on which an applicant is reminded of what he promised to hand in."""

    _inherit = "shenpi.message.template"

    @api.model
    def _get_further_event_keys(self):
        return [
            *super()._get_further_event_keys(),
            (DUE, self.env._("Reminder of promised materials")),
        ]
