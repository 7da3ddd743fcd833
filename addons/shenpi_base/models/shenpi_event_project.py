from odoo import fields, models

ACTIONS = [
    ("open_project", "Project entered"),
    ("begin_work", "Work on permits begun"),
    ("amend", "Details changed"),
    ("add_permit", "Permit added"),
    ("remove_permit", "Permit left out"),
    ("replan", "Plan changed"),
    ("baseline", "Plan frozen"),
    ("start_permit", "Permit filed"),
    ("precheck", "Early entry"),
    ("grant_permit", "Permit granted"),
    ("fail_permit", "Permit not granted"),
    ("reopen_permit", "Permit filed again"),
    ("verify_permit", "State elsewhere verified"),
    ("operate", "Opened"),
]


class ShenpiEvent(models.Model):
    """Events of key projects."""

    _inherit = "shenpi.event"

    project_id = fields.Many2one("project.project", index="btree_not_null", ondelete="restrict")
    action = fields.Selection(
        selection_add=ACTIONS, ondelete=dict.fromkeys((key for key, _label in ACTIONS), "cascade")
    )

    _project_sequence = models.UniqueIndex(
        "(project_id, sequence) WHERE project_id IS NOT NULL",
        "This project already has an event with that number.",
    )

    def _get_document(self):
        return self.project_id or super()._get_document()
