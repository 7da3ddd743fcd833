from odoo import api, fields, models
from odoo.fields import Domain

from .shenpi_grievance import KINDS


class ShenpiGrievanceTierRule(models.Model):
    """Which tier is proposed: of the rules that fit, one for the source and the kind goes before
    one for the source, this before one for the kind."""

    _name = "shenpi.grievance.tier.rule"
    _description = "Proposed tier of grievances"
    _order = "source_id, kind, id"
    _rec_name = "tier_id"

    source_id = fields.Many2one(
        "shenpi.grievance.source",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: any source.",
    )
    kind = fields.Selection(KINDS, help="Empty: any kind.")
    tier_id = fields.Many2one("shenpi.grievance.tier", required=True, ondelete="restrict")

    _one_each = models.UniqueIndex(
        "(coalesce(source_id, 0), coalesce(kind, ''))",
        "There is a rule for this source and kind already.",
    )

    @api.model
    def _get_tier(self, source, kind):
        """The tier proposed for a grievance of this source and kind; the longest where no rule
        fits."""
        rules = self.search(
            Domain("source_id", "in", [False, source.id]) & Domain("kind", "in", [False, kind])
        )
        best = max(rules, key=lambda rule: (bool(rule.source_id), bool(rule.kind)), default=None)
        if best:
            return best.tier_id
        return self.env["shenpi.grievance.tier"].search([], order="days DESC", limit=1)
