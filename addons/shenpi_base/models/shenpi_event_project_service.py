from odoo import fields, models


class ShenpiEvent(models.Model):
    """Events of what goes with a key project: blockers, letters of authority, visits,
    bulletins."""

    _inherit = "shenpi.event"

    blocker_id = fields.Many2one("shenpi.blocker", index="btree_not_null", ondelete="restrict")
    mandate_id = fields.Many2one("shenpi.mandate", index="btree_not_null", ondelete="restrict")
    home_service_id = fields.Many2one(
        "shenpi.home.service", index="btree_not_null", ondelete="restrict"
    )
    project_bulletin_id = fields.Many2one(
        "shenpi.project.bulletin", index="btree_not_null", ondelete="restrict"
    )
    action = fields.Selection(
        selection_add=[
            ("raise", "Put on the ledger"),
            ("reassign", "Handed to another owner"),
            ("postpone", "More time granted"),
            ("strike_off", "Struck off"),
            ("reopen", "Opened again"),
            ("drop", "Dropped"),
            ("come_into_force", "In force"),
            ("end", "Ended"),
            ("plan_visit", "Visit planned"),
            ("finish_visit", "Visit made"),
        ],
        ondelete=dict.fromkeys(
            (
                "raise",
                "reassign",
                "postpone",
                "strike_off",
                "reopen",
                "drop",
                "come_into_force",
                "end",
                "plan_visit",
                "finish_visit",
            ),
            "cascade",
        ),
    )

    _blocker_sequence = models.UniqueIndex(
        "(blocker_id, sequence) WHERE blocker_id IS NOT NULL",
        "This blocker already has an event with that number.",
    )
    _mandate_sequence = models.UniqueIndex(
        "(mandate_id, sequence) WHERE mandate_id IS NOT NULL",
        "This letter of authority already has an event with that number.",
    )
    _home_service_sequence = models.UniqueIndex(
        "(home_service_id, sequence) WHERE home_service_id IS NOT NULL",
        "This visit already has an event with that number.",
    )

    _project_bulletin_sequence = models.UniqueIndex(
        "(project_bulletin_id, sequence) WHERE project_bulletin_id IS NOT NULL",
        "This bulletin already has an event with that number.",
    )

    def _get_document(self):
        own = self.blocker_id or self.mandate_id or self.home_service_id
        return own or self.project_bulletin_id or super()._get_document()
