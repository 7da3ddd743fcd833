import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.shenpi_base.tools import identifiers

from ..tools.roles import DESK
from .shenpi_masked_export import MASKED

PHONE = re.compile(r"\+?[\d-]{5,20}")
NAME_LENGTH = 50
ADDRESS_LENGTH = 200


def mask_address(value):
    """An address reduced to its first six characters: the city and the district."""
    return f"{value[:6]}***"


PERSONAL = {
    "complainant_name": identifiers.mask_name,
    "complainant_phone": identifiers.mask_phone,
    "complainant_address": mask_address,
}


class ShenpiGrievance(models.Model):
    """The complainant's name, phone and address: who sees them in clear, how they are checked.

    They lie in fields that only sudo code reads. What screens, exports and RPC get is a computed
    view: in clear for the person who took the grievance in, the evaluation desk and the people of
    the unit that leads now, masked for all others; who is complained of does not see the grievance
    at all (济南市 12345 条例 §32). A phone is found whole, never by probing.
    """

    _name = "shenpi.grievance"
    _inherit = ["shenpi.grievance", "shenpi.personal.mixin"]

    _personal = PERSONAL

    is_anonymous = fields.Boolean(
        string="Anonymous", help="Nobody is called back; the reply is read with the query code."
    )
    complainant_name_raw = fields.Char(groups=fields.NO_ACCESS, copy=False)
    complainant_phone_raw = fields.Char(groups=fields.NO_ACCESS, copy=False)
    complainant_address_raw = fields.Char(groups=fields.NO_ACCESS, copy=False)
    complainant_name = fields.Char(
        string="Complainant", compute="_compute_personal", inverse="_inverse_complainant_name"
    )
    complainant_phone = fields.Char(
        string="Phone",
        compute="_compute_personal",
        inverse="_inverse_complainant_phone",
        search="_search_complainant_phone",
    )
    complainant_address = fields.Char(
        string="Address", compute="_compute_personal", inverse="_inverse_complainant_address"
    )

    _anonymous_without_data = models.Constraint(
        "CHECK (is_anonymous IS NOT TRUE OR coalesce(complainant_name_raw, complainant_phone_raw,"
        " complainant_address_raw) IS NULL)",
        "Anonymous: leave out name, phone and address.",
    )

    # === Compute methods === #

    @api.depends_context("uid", MASKED)
    @api.depends(
        "filed_by_id",
        "department_id",
        "complainant_name_raw",
        "complainant_phone_raw",
        "complainant_address_raw",
    )
    def _compute_personal(self):
        self._show_personal()

    def _filter_clear(self):
        """The grievances whose complainant the user may know."""
        if self.env.context.get(MASKED):
            return self.browse()
        if self.env.su:
            return self
        user, at_desk = self.env.user, self._has_one_of(DESK)
        unit_ids = set(self.env["shenpi.department"]._get_unit_ids())
        recused_ids = set(self.env["shenpi.department"]._get_recused_ids())
        return self.filtered(
            lambda g: (
                user != g.sudo().accused_user_id
                and g.sudo().accused_department_id.id not in recused_ids
                and (
                    at_desk
                    or g.filed_by_id == user
                    or (g.state == "dispatched" and g.sudo().department_id.id in unit_ids)
                )
            )
        )

    def _inverse_personal(self, name):
        self._check_draft()
        for grievance in self:
            value = (grievance[name] or "").strip()
            if name == "complainant_phone":
                value = identifiers.normalise(value)
            grievance.sudo().write({f"{name}_raw": value or False})

    def _inverse_complainant_name(self):
        self._inverse_personal("complainant_name")

    def _inverse_complainant_phone(self):
        self._inverse_personal("complainant_phone")

    def _inverse_complainant_address(self):
        self._inverse_personal("complainant_address")

    def _search_complainant_phone(self, operator, value):
        """Whole numbers only, among the grievances whose complainant the user may know."""
        if operator not in ("in", "ilike", "like"):
            return NotImplemented
        values = [value] if isinstance(value, str) else value
        numbers = [identifiers.normalise(str(number)) for number in values if number]
        found = self.sudo().search([("complainant_phone_raw", "in", numbers)])
        return [("id", "in", found.with_env(self.env)._filter_clear().ids)]

    # === Onchange === #

    @api.onchange("is_anonymous")
    def _onchange_is_anonymous(self):
        if self.is_anonymous:
            self.update(dict.fromkeys(PERSONAL, False))

    # === Constraint methods === #

    @api.constrains("complainant_name_raw", "complainant_phone_raw", "complainant_address_raw")
    def _check_personal(self):
        for grievance in self.sudo():
            if len(grievance.complainant_name_raw or "") > NAME_LENGTH:
                raise ValidationError(
                    self.env._("complainant.name: at most %s characters.", NAME_LENGTH)
                )
            if len(grievance.complainant_address_raw or "") > ADDRESS_LENGTH:
                raise ValidationError(
                    self.env._("complainant.address: at most %s characters.", ADDRESS_LENGTH)
                )
            phone = grievance.complainant_phone_raw
            if phone and not PHONE.fullmatch(phone):
                raise ValidationError(
                    self.env._(
                        "complainant.phone: a number has 5 to 20 digits, hyphens between them."
                    )
                )
