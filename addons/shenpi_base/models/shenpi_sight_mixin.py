from odoo import api, fields, models
from odoo.fields import Domain


class ShenpiSightMixin(models.AbstractModel):
    """Who sees a record: one sentence, :meth:`_get_sight_domain`, which the record rules ask by
    ``in_sight``, of the record and of what hangs on it."""

    _name = "shenpi.sight.mixin"
    _description = "Record seen by some"

    # The fields of the record that decide who sees it.
    _sight_fields = ()

    in_sight = fields.Boolean(
        string="In my sight", compute="_compute_in_sight", search="_search_in_sight"
    )

    @api.depends(lambda self: self._sight_fields)
    @api.depends_context("uid")
    def _compute_in_sight(self):
        seen = self.sudo().search(Domain("id", "in", self.ids) & self._get_sight_domain())
        for record in self:
            record.in_sight = record in seen

    @api.model
    def _search_in_sight(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._get_sight_domain()
        return Domain.OR(domain if wanted else ~domain for wanted in value)

    @api.model
    def _get_sight_domain(self):
        """Hook: the records that the current user sees."""
        raise NotImplementedError
