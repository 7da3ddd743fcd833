import re

from odoo import api, fields, models
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
    """Personal data on an application: who sees it in clear, how it is found, how it is checked.

    The numbers lie in fields that only sudo code reads. What screens, exports and RPC get is a
    computed view of them: in clear for those who have a part in the case, masked for all others.
    They are found by the whole number or the last four digits of a phone, never by probing.
    """

    _inherit = "shenpi.application"

    @api.depends_context("uid")
    @api.depends("handler_id", "filed_by_id", "step_id")
    def _compute_personal(self):
        own = self._filter_own()
        for application in self:
            raw = application.sudo()
            clear = application in own
            for name, mask in PERSONAL.items():
                value = raw[f"{name}_raw"]
                application[name] = value if clear or not value else mask(value)

    def _filter_own(self):
        """The applications in which the user has a part: he took it in, handles it, has acted on
        it, or the step in hand is his (or that of a colleague he stands in for)."""
        if self.env.su:
            return self
        user = self.env.user
        acted = (
            self.env["shenpi.event"]
            .sudo()
            ._read_group(
                [
                    ("application_id", "in", self._origin.ids),
                    "|",
                    ("user_id", "=", user.id),
                    ("for_user_id", "=", user.id),
                ],
                ["application_id"],
            )
        )
        acted_ids = {application.id for (application,) in acted}
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

    # === Search: whole numbers only === #

    def _search_applicant_id_number(self, operator, value):
        return self._search_personal(operator, value, lambda v: ("applicant_id_number_raw", v))

    def _search_applicant_phone(self, operator, value):
        return self._search_personal(
            operator,
            value,
            lambda v: ("applicant_phone_end" if len(v) == 4 else "applicant_phone_raw", v),
        )

    def _search_personal(self, operator, value, key):
        if operator not in ("in", "ilike", "like"):
            return NotImplemented
        values = [value] if isinstance(value, str) else value
        leaves = [key(identifiers.normalise(str(v))) for v in values if v]
        domain = fields.Domain.OR([(name, "=", v)] for name, v in leaves)
        return [("id", "in", self.sudo()._search(domain))]

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
