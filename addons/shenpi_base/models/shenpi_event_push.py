from odoo import fields, models


class ShenpiEvent(models.Model):
    _inherit = "shenpi.event"

    push_id = fields.Many2one("shenpi.push", index="btree_not_null", ondelete="restrict")
    push_feedback_id = fields.Many2one(
        "shenpi.push.feedback", index="btree_not_null", ondelete="restrict"
    )

    _push_sequence = models.UniqueIndex(
        "(push_id, sequence) WHERE push_id IS NOT NULL",
        "This push already has an event with that number.",
    )
    _push_feedback_sequence = models.UniqueIndex(
        "(push_feedback_id, sequence) WHERE push_feedback_id IS NOT NULL",
        "This feedback already has an event with that number.",
    )

    def _get_document(self):
        return self.push_id or self.push_feedback_id or super()._get_document()
