from odoo import models

GRANTED = ("grant", "grant_at_once")


class ShenpiApplication(models.Model):
    """Some days after a permit of a key project has been granted somebody visits the investor."""

    _inherit = "shenpi.application"

    def _after_transitions(self, events):
        result = super()._after_transitions(events)
        granted = self.browse(
            application.id
            for application, event in zip(self, events, strict=True)
            if event.action in GRANTED
        )
        if granted:
            granted.sudo().permit_id._plan_follow_ups()
        return result
