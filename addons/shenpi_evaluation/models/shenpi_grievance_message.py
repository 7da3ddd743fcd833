from odoo import fields, models

from .shenpi_message_template_evaluation import ANSWERED


class ShenpiGrievance(models.Model):
    """What the person with a grievance was told."""

    _inherit = "shenpi.grievance"

    told_ids = fields.One2many(
        "shenpi.message", "grievance_id", string="Messages to the person", readonly=True
    )

    def _after_transitions(self, events):
        """Those whose grievance was merged into one that is answered now have their answer too."""
        result = super()._after_transitions(events)
        for grievance, event in zip(self, events, strict=True):
            if event.action == "approve_reply" and grievance.sudo().merged_ids:
                occasion = f"event/{event.id}"
                self.env["shenpi.message"]._notify(
                    grievance.sudo().merged_ids, ANSWERED, occasion=occasion
                )
        return result
