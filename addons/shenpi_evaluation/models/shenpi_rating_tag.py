from odoo import api, fields, models, tools

from ..tools.levels import LEVELS

LEVEL_LABELS = {
    "very_satisfied": "Very satisfied",
    "satisfied": "Satisfied",
    "basically_satisfied": "Basically satisfied",
    "unsatisfied": "Unsatisfied",
    "very_unsatisfied": "Very unsatisfied",
}
LEVEL_SELECTION = [(level, LEVEL_LABELS[level]) for level in LEVELS]


class ShenpiRatingTag(models.Model):
    """What somebody may tick beside a level: the 40 national counter tags, each for one level.

    They are indicators of the national platform: nobody edits them here.
    """

    _name = "shenpi.rating.tag"
    _inherit = ["shenpi.cached.mixin"]
    _description = "Rating tag"
    _order = "code"
    _rec_names_search = ["code", "name"]

    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    level = fields.Selection(LEVEL_SELECTION, required=True)
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex("(code)", "There is a tag with this code already.")

    # === Business methods === #

    @api.model
    @tools.ormcache()
    def _get_in_use(self):
        """The tags that may be ticked: {code: (id, level)}. Every rating asks, they hardly ever
        change."""
        return {tag.code: (tag.id, tag.level) for tag in self.sudo().search([])}
