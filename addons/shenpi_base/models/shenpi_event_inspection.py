from odoo import fields, models


class ShenpiEvent(models.Model):
    _inherit = "shenpi.event"

    inspection_id = fields.Many2one(
        "shenpi.inspection", index="btree_not_null", ondelete="restrict"
    )

    action = fields.Selection(
        selection_add=[
            ("join_inspection", "Joins the inspection"),
            ("leave_inspection", "Leaves the inspection"),
        ],
        ondelete=dict.fromkeys(("join_inspection", "leave_inspection"), "cascade"),
    )

    _inspection_sequence = models.UniqueIndex(
        "(inspection_id, sequence) WHERE inspection_id IS NOT NULL",
        "This inspection already has an event with that number.",
    )

    def _get_document(self):
        return self.inspection_id or super()._get_document()
