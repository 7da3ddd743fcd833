from odoo import api, fields, models

from ..tools import identifiers

PERSONAL = {"holder_id_number": identifiers.mask_id, "holder_phone": identifiers.mask_phone}


class ShenpiLicence(models.Model):
    """Personal data of a holder, and who reads a licence."""

    _name = "shenpi.licence"
    _inherit = ["shenpi.licence", "shenpi.personal.mixin"]

    _personal = PERSONAL

    in_sight = fields.Boolean(
        string="In my sight", compute="_compute_in_sight", search="_search_in_sight"
    )

    @api.depends_context("uid")
    @api.depends("application_id", "type_id")
    def _compute_holder_personal(self):
        self._show_personal()

    def _filter_clear(self):
        """The licences in which the user has a part: in the application, in an event of it, or as
        the specialist who tells the holders of this type."""
        if self.env.su:
            return self
        user = self.env.user
        acted_ids = self._get_acted_ids()
        raw = self.sudo()
        cases = raw.application_id.with_env(self.env)._filter_clear()
        return self.filtered(
            lambda licence: (
                licence._origin.id in acted_ids
                or licence.sudo().application_id.id in cases.ids
                or licence.sudo().type_id.specialist_id == user
            )
        )

    def _search_holder_id_number(self, operator, value):
        return self._search_personal(operator, value, lambda _number: "holder_id_number_raw")

    def _search_holder_phone(self, operator, value):
        return self._search_personal(operator, value, lambda _number: "holder_phone_raw")

    # === Who reads a licence === #

    @api.depends("department_id", "application_id", "case_ids")
    @api.depends_context("uid")
    def _compute_in_sight(self):
        seen = set(self.search([("id", "in", self._origin.ids), ("in_sight", "=", True)]).ids)
        for licence in self:
            licence.in_sight = licence._origin.id in seen

    @api.model
    def _search_in_sight(self, operator, value):
        """The licences of one's departments and those below, and those of the cases one sees: that
        made them, or that are about them."""
        if operator != "in":
            return NotImplemented
        visible_ids = self.env["shenpi.department"]._get_visible_ids()
        seen = fields.Domain("in_sight", "=", True)
        domain = (
            fields.Domain("department_id", "in", visible_ids)
            | fields.Domain("application_id", "any!", seen)
            | fields.Domain("case_ids", "any!", seen)
        )
        return fields.Domain.OR(domain if wanted else ~domain for wanted in value)
