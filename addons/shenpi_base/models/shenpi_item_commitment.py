from odoo import api, fields, models


class ShenpiItem(models.Model):
    """What an item says of the written commitment 告知承诺: what is told and promised, and how the
    bureau verifies afterwards that it is true. Frozen with the version."""

    _inherit = "shenpi.item"

    area_ids = fields.Many2many(
        "shenpi.item.option",
        "shenpi_item_area_rel",
        string="Subject areas",
        domain=[("kind", "=", "area")],
        help="Areas that touch security, health or the like; some exclude the commitment.",
    )
    commitment_content = fields.Text(
        string="Content of the commitment",
        help="The conditions the applicant is told of, and states in writing that he meets.",
    )
    commitment_liability = fields.Text(
        string="Liability", help="What follows if the commitment is false, besides revocation."
    )
    commitment_publicity = fields.Char(
        string="Publicity of the commitment", help="Where and how long it is made public, if it is."
    )
    verification_method = fields.Selection(
        [
            ("documents", "By documents"),
            ("online", "Online"),
            ("on_site", "On site"),
            ("publicity", "By publicity"),
            ("exempt", "Exempt from verification"),
        ],
    )
    verification_days = fields.Integer(
        aggregator=None, help="Working days after the decision within which it is verified."
    )
    verification_standard = fields.Text(help="What is looked at, and what counts as true.")

    _verification_days_not_negative = models.Constraint(
        "CHECK (verification_days >= 0)", "Verification days: cannot be negative."
    )

    @api.model
    def _get_excluded_areas(self, items):
        """The subject areas of these items that exclude the commitment."""
        return items.sudo().area_ids.filtered("excludes_commitment")
