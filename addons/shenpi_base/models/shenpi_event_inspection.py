from odoo import fields, models


class ShenpiEvent(models.Model):
    _inherit = "shenpi.event"

    inspection_id = fields.Many2one(
        "shenpi.inspection", index="btree_not_null", ondelete="restrict"
    )

    _inspection_sequence = models.UniqueIndex(
        "(inspection_id, sequence) WHERE inspection_id IS NOT NULL",
        "This inspection already has an event with that number.",
    )

    def _get_document(self):
        return self.inspection_id or super()._get_document()
