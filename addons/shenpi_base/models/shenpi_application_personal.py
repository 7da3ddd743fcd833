import re

from odoo import api, models
from odoo.exceptions import ValidationError

from ..tools import identifiers

PERSONAL = {
    "applicant_id_number": identifiers.mask_id,
    "applicant_phone": identifiers.mask_phone,
    "agent_id_number": identifiers.mask_id,
    "agent_phone": identifiers.mask_phone,
}
PHONE = re.compile(r"\+?[\d-]{5,20}")


class ShenpiApplication(models.Model):
    """Personal data on an application, and how it is checked."""

    _name = "shenpi.application"
    _inherit = ["shenpi.application", "shenpi.personal.mixin"]

    _personal = PERSONAL

    @api.depends_context("uid")
    @api.depends("handler_id", "filed_by_id", "step_id")
    def _compute_personal(self):
        self._show_personal()

    def _filter_clear(self):
        """The applications in which the user has a part: he took it in, handles it, has acted on
        it, or the step in hand is his (or that of a colleague he stands in for)."""
        if self.env.su:
            return self
        user = self.env.user
        acted_ids = self._get_acted_ids()
        return self.filtered(
            lambda a: (
                a._origin.id in acted_ids
                or user in (a.filed_by_id, a.handler_id)
                or (a.step_id and a.sudo().step_id._get_principal(user))
            )
        )

    @api.model
    def _prepare_personal_vals(self, vals):
        """Values of the raw fields for values of the personal ones."""
        raw = {
            f"{name}_raw": identifiers.normalise(vals[name]) or False
            for name in PERSONAL
            if vals.get(name)
        }
        if raw.get("applicant_phone_raw"):
            raw["applicant_phone_end"] = raw["applicant_phone_raw"][-4:]
        return raw

    def _inverse_personal(self, name):
        self._check_draft()
        for application in self:
            vals = self._prepare_personal_vals({name: application[name]})
            application.sudo().write(vals or {f"{name}_raw": False})

    def _inverse_applicant_id_number(self):
        self._inverse_personal("applicant_id_number")

    def _inverse_applicant_phone(self):
        self._inverse_personal("applicant_phone")

    def _inverse_agent_id_number(self):
        self._inverse_personal("agent_id_number")

    def _inverse_agent_phone(self):
        self._inverse_personal("agent_phone")

    # === Search: whole numbers, or the last four digits of a phone === #

    def _search_applicant_id_number(self, operator, value):
        return self._search_personal(operator, value, lambda _number: "applicant_id_number_raw")

    def _search_applicant_phone(self, operator, value):
        return self._search_personal(
            operator,
            value,
            lambda number: "applicant_phone_end" if len(number) == 4 else "applicant_phone_raw",
        )

    # === Checks === #

    @api.constrains("applicant_id_type", "applicant_kind", "applicant_id_number_raw")
    def _check_applicant_id_number(self):
        for application in self:
            kind, number = application.applicant_id_type, application.sudo().applicant_id_number_raw
            if not number:
                continue
            application._check_id_number("applicant.id_number", kind, number)

    @api.constrains("applicant_phone_raw", "agent_phone_raw")
    def _check_phones(self):
        for application in self.sudo():
            self._check_phone("applicant.phone", application.applicant_phone_raw)
            self._check_phone("agent.phone", application.agent_phone_raw)

    def _check_phone(self, field, phone):
        if phone and not PHONE.fullmatch(phone):
            raise ValidationError(self.env._("%s: not a phone number.", field))

    def _check_id_number(self, field, kind, number):
        """Raise when the number is not a possible one of its kind, without telling the number."""
        problem = None
        if kind == "uscc":
            problem = identifiers.check_uscc(number)
        elif kind == "ric":
            problem = identifiers.check_ric(number, self._get_today())
        if not problem:
            return
        texts = {
            "length": self.env._("%s: the number must have 18 characters.", field),
            "charset": self.env._("%s: the number has a character that cannot occur.", field),
            "check_digit": self.env._("%s: the check digit is wrong.", field),
            "birth_date": self.env._("%s: the date of birth is impossible.", field),
        }
        raise ValidationError(texts.get(problem) or self.env._("%s: not valid.", field))
