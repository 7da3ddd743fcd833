from odoo import fields, models

ACTIONS = [
    ("open", "Opened"),
    ("contact", "Contacted"),
    ("settle", "Explained"),
    ("verify", "Verified"),
    ("appeal", "Appeal"),
    ("uphold", "Appeal upheld"),
    ("overrule", "Appeal refused"),
    ("visit", "Visited afterwards"),
    ("ask_again", "Asked to rate again"),
    ("draft_reply", "Reply written"),
    ("release_reply", "Reply published"),
]


class ShenpiEvent(models.Model):
    _inherit = "shenpi.event"

    rating_case_id = fields.Many2one(
        "shenpi.rating.case", index="btree_not_null", ondelete="restrict"
    )
    # Events outlive the addon that wrote them: nothing is done about their words.
    action = fields.Selection(
        selection_add=ACTIONS, ondelete={key: lambda events: None for key, _label in ACTIONS}
    )

    _rating_case_sequence = models.UniqueIndex(
        "(rating_case_id, sequence) WHERE rating_case_id IS NOT NULL",
        "This bad-rating case already has an event with that number.",
    )

    def _get_document(self):
        return self.rating_case_id or super()._get_document()
