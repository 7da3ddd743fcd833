from odoo import api, fields, models


class ShenpiApplicationRequirement(models.Model):
    """The result of one requirement for one application, as found when it was received.

    Append-only: what was checked, against what, with which result stays as it was.
    """

    _name = "shenpi.application.requirement"
    _inherit = ["shenpi.append.only"]
    _description = "Requirement checked"
    _order = "application_id, id"
    _rec_name = "name"
    _log_access = False

    application_id = fields.Many2one(
        "shenpi.application", required=True, index=True, ondelete="restrict"
    )
    requirement_id = fields.Many2one(
        "shenpi.item.requirement",
        string="Requirement of the item",
        required=True,
        index=True,
        ondelete="restrict",
    )
    name = fields.Char(string="Requirement", required=True)
    fulfilled = fields.Boolean()
    reason = fields.Selection(
        [
            ("absent", "Not filled in on the form"),
            ("type", "Filled in with something of another kind"),
            ("unmet", "Not fulfilled"),
            ("not_handed_in", "Not handed in"),
            ("no_record", "No record found"),
            ("unknown", "Could not be checked"),
        ],
    )
    found = fields.Char(help="What was found; personal data are masked.")
    sentence = fields.Char(
        related="requirement_id.sentence", string="How it is checked", related_sudo=True
    )
    recorded_at = fields.Datetime(
        string="Checked on", required=True, default=lambda self: fields.Datetime.now()
    )

    _once = models.UniqueIndex("(application_id, requirement_id)")

    @api.model
    def _get_reasons(self, unmet):
        """Requirements that are not fulfilled, pairs of name and reason, as the API shows them."""
        labels = dict(self._fields["reason"]._description_selection(self.env))
        return [
            {"requirement": name, "reason": reason, "text": labels[reason]}
            for name, reason in unmet
        ]
