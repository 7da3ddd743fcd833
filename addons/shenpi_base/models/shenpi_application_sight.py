from odoo import api, fields, models
from odoo.fields import Domain


class ShenpiApplication(models.Model):
    """Who reads a case: one sentence, asked by the record rules of the application and of all that
    hangs on it.

    A person reads the cases of his departments and of those below them, those his window took in,
    those he took in himself, those he inspects, and, as a deputy in force today, those of the
    colleague's departments.
    The departments are looked up at every question, so a changed membership counts at once; as a
    list of ids they leave the indexes of the work lists usable, which nested conditions do not.
    """

    _inherit = "shenpi.application"

    in_sight = fields.Boolean(
        string="In my sight", compute="_compute_in_sight", search="_search_in_sight"
    )

    @api.depends(
        "department_id",
        "window_id",
        "filed_by_id",
        "inspection_ids.inspector_ids",
        "inspection_part_ids.inspection_id.inspector_ids",
    )
    @api.depends_context("uid")
    def _compute_in_sight(self):
        visible_ids = set(self.env["shenpi.department"]._get_visible_ids())
        inspected_ids = set(self._get_inspected_ids(visible_ids))
        for application in self:
            application.in_sight = (
                application.filed_by_id.id == self.env.uid
                or application.department_id.id in visible_ids
                or application.window_id.id in visible_ids
                or application._origin.id in inspected_ids
            )

    @api.model
    def _search_in_sight(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain.OR(self._get_sight_domains())
        return Domain.OR(domain if wanted else ~domain for wanted in value)

    @api.model
    def _get_sight_domains(self):
        """Hook: the cases that the current user reads, reason by reason."""
        visible_ids = self.env["shenpi.department"]._get_visible_ids()
        domains = [
            Domain("department_id", "in", visible_ids),
            Domain("window_id", "in", visible_ids),
            Domain("filed_by_id", "=", self.env.uid),
        ]
        inspected_ids = self._get_inspected_ids(visible_ids)
        if inspected_ids:
            domains.append(Domain("id", "in", inspected_ids))
        return domains
