from odoo import api, fields, models
from odoo.exceptions import UserError


class ShenpiBundleCase(models.Model):
    """A bundle case whose papers are asked of the sources of shared data, for all items at once."""

    _inherit = "shenpi.bundle.case"

    can_look_up = fields.Boolean(compute="_compute_can_look_up")

    @api.depends_context("uid")
    @api.depends("line_ids.application_id.state", "line_ids.application_id.material_ids.status")
    def _compute_can_look_up(self):
        for case in self:
            case.can_look_up = bool(case._get_askable_children())

    def _get_askable_children(self):
        """The children that the user may ask for, and for which a source can be asked."""
        if self.state != "running":
            return self.env["shenpi.application"]
        children = self.sudo().line_ids.application_id.with_env(self.env)
        return children._filtered_access("read").filtered("can_look_up")

    def _look_up(self, names, at=None):
        """Ask the sources for the materials of these names that are missing in any item."""
        for child in self._get_askable_children():
            codes = {m.code for m in child._get_askable() if m.name in names}
            if codes:
                child._do_look_up(at=at, codes=codes)

    def action_look_up(self):
        """Ask the sources of shared data for what is missing in any item."""
        self._open()
        children = self._get_askable_children()
        if not children:
            raise UserError(self.env._("No source can be asked for what is missing."))
        asked = self.env["shenpi.lookup"].union(*(child._do_look_up() for child in children))
        return asked._notify_asked()
