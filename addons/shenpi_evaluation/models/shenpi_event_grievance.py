from odoo import fields, models


class ShenpiEvent(models.Model):
    _inherit = "shenpi.event"

    grievance_id = fields.Many2one("shenpi.grievance", index="btree_not_null", ondelete="restrict")
    action = fields.Selection(
        selection_add=[
            ("take", "Taken in hand"),
            ("contribute", "Helper's part handed in"),
            ("ask_extension", "Extension asked for"),
            ("refuse_extension", "Extension refused"),
            ("approve_reply", "Reply gone out"),
            ("miss", "Not reached"),
            ("reopen", "Opened again"),
            ("escalate", "Put before the leaders"),
            ("plan", "On the list of hard cases"),
            ("merge", "Merged"),
        ],
        ondelete=dict.fromkeys(
            (
                "take",
                "contribute",
                "ask_extension",
                "refuse_extension",
                "approve_reply",
                "miss",
                "reopen",
                "escalate",
                "plan",
                "merge",
            ),
            "cascade",
        ),
    )

    _grievance_sequence = models.UniqueIndex(
        "(grievance_id, sequence) WHERE grievance_id IS NOT NULL",
        "This grievance already has an event with that number.",
    )

    def _get_document(self):
        return self.grievance_id or super()._get_document()
