from odoo import fields, models, tools

INSPECTION_MODES = [
    ("on_site", "On site"),
    ("video", "Video"),
    ("remote", "Remote material"),
    ("commitment", "Commitment"),
]


class ShenpiItem(models.Model):
    """How the cases of an item are inspected (勘验)."""

    _inherit = "shenpi.item"

    inspection_mode = fields.Selection(
        INSPECTION_MODES,
        string="Mode of inspection",
        required=True,
        default="on_site",
        help="On site: inspectors go there. Video: the applicant shows it on camera. Remote"
        " material: photos and papers are sent in. Commitment: the applicant answers for it in"
        " writing.",
    )
    inspector_count = fields.Integer(
        string="Inspectors needed",
        default=2,
        aggregator=None,
        help="How many inspect on site or by video (art. 34: at least two). The other modes need"
        " one.",
    )
    inspection_days = fields.Integer(
        string="Days to inspect",
        default=5,
        aggregator=None,
        help="Working days from the order to the result.",
    )
    checkpoint_ids = fields.One2many(
        "shenpi.item.checkpoint", "item_id", string="Checklist of the inspection", copy=True
    )

    _inspectors_needed = models.Constraint(
        "CHECK (inspector_count >= 1)", "At least one inspector is needed."
    )
    _inspection_days = models.Constraint(
        "CHECK (inspection_days >= 1)", "An inspection takes at least one working day."
    )

    @tools.ormcache("self.id")
    def _is_inspected(self):
        """Whether cases of this version, which is never edited once it has any, are inspected."""
        return self.needs_inspection
