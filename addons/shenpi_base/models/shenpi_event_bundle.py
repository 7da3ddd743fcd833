from odoo import fields, models


class ShenpiEvent(models.Model):
    """Events of bundle cases."""

    _inherit = "shenpi.event"

    bundle_case_id = fields.Many2one(
        "shenpi.bundle.case", index="btree_not_null", ondelete="restrict"
    )
    action = fields.Selection(
        selection_add=[
            ("submit", "Bundle received"),
            ("start_child", "Item started"),
            ("stop_child", "Item stopped"),
            ("refile", "Item filed again"),
            ("close", "Closed"),
        ],
        ondelete=dict.fromkeys(
            ("submit", "start_child", "stop_child", "refile", "close"), "cascade"
        ),
    )

    _bundle_case_sequence = models.UniqueIndex(
        "(bundle_case_id, sequence) WHERE bundle_case_id IS NOT NULL",
        "This bundle case already has an event with that number.",
    )

    def _get_document(self):
        return self.bundle_case_id or super()._get_document()
