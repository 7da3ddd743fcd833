from odoo import fields, models

ACTIONS = [
    ("import_licence", "Taken over"),
    ("prepare_renewal", "Renewal prepared"),
    ("ask_renewal", "Renewal asked"),
    ("end_renewal", "Renewal ended"),
    ("deem_renewed", "Deemed renewed"),
    ("supersede", "Replaced by a new version"),
    ("suspend", "Suspended"),
    ("restore", "Restored"),
    ("cancel_licence", "Licence cancelled"),
    ("correct_dates", "Dates corrected"),
]


class ShenpiEvent(models.Model):
    """Events of licences."""

    _inherit = "shenpi.event"

    licence_id = fields.Many2one("shenpi.licence", index="btree_not_null", ondelete="restrict")
    action = fields.Selection(
        selection_add=ACTIONS, ondelete=dict.fromkeys((action for action, _ in ACTIONS), "cascade")
    )

    _licence_sequence = models.UniqueIndex(
        "(licence_id, sequence) WHERE licence_id IS NOT NULL",
        "This licence already has an event with that number.",
    )

    def _get_document(self):
        return self.licence_id or super()._get_document()
