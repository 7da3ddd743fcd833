from odoo import api, fields, models
from odoo.tools import consteq

from ..tools import identifiers
from .shenpi_api_mixin import in_callers_language
from .shenpi_application_api import STAFF

MAX_TOKEN_LENGTH = 64
ENDING_LENGTH = 4


class ShenpiLicence(models.Model):
    """Whether a licence is in force: for integrators, and for everybody who holds one in his hand
    (its code, or its number and the end of the holder's document number)."""

    _name = "shenpi.licence"
    _inherit = ["shenpi.licence", "shenpi.api.mixin"]

    status = fields.Selection(
        [
            ("valid", "Valid"),
            ("future", "Not in force yet"),
            ("expired", "Expired"),
            ("revoked", "Revoked"),
        ],
        compute="_compute_status",
        string="Today",
    )

    @api.depends("state", "valid_from", "valid_to")
    def _compute_status(self):
        today = self.env["shenpi.application"]._get_today()
        for licence in self:
            licence.status = licence._get_status_on(today)

    def _get_status_on(self, day):
        """What the licence is worth on a legal date."""
        if self.state != "valid":
            return self.state
        if self.valid_from and day < self.valid_from:
            return "future"
        return "expired" if self.valid_to and day > self.valid_to else "valid"

    # === Integrators === #

    @api.model
    @api.readonly
    @in_callers_language
    def api_verify(self, code):
        """Whether a licence is in force today.

        :param str code: the number of the licence, or the token behind its printed code
        :return: {valid, number, name, holder (masked), item, valid_from, valid_to?, status: valid,
            future, expired or revoked}; for a code that leads nowhere {valid: False, status:
            "unknown"}, whatever the code
        :raise AccessError: the caller is not on the approval staff
        """
        self._api_check_groups(STAFF)
        text = code.strip() if isinstance(code, str) else ""
        licence = self._find_by_verify_token(text)
        if not licence and text:
            licence = self.sudo().search([("number", "=", text)], limit=1)
        if not licence:
            return {"valid": False, "status": "unknown"}
        facts = licence._get_verification()
        answer = {key: facts[key] for key in ("valid", "number", "name", "holder", "item")}
        for key in ("valid_from", "valid_to"):
            if licence[key]:
                answer[key] = licence[key].isoformat()
        return dict(answer, status=licence.status)

    # === Holders and those they show it to === #

    @api.model
    def _find_by_verify_token(self, token):
        """The licence of a printed code, as sudo; empty when there is none."""
        if not token or len(token) > MAX_TOKEN_LENGTH:
            return self.browse()
        return self.sudo().search([("verify_token", "=", token)], limit=1)

    @api.model
    def _find_by_number(self, number, ending):
        """The licence with this number whose holder's document number ends so, as sudo."""
        number, ending = (number or "").strip(), identifiers.normalise(ending or "")
        if not number or len(number) > MAX_TOKEN_LENGTH or len(ending) != ENDING_LENGTH:
            return self.browse()
        licence = self.sudo().search([("number", "=", number)], limit=1)
        document = licence.application_id.applicant_id_number_raw or ""
        same = consteq(document[-ENDING_LENGTH:], ending)
        return licence if licence and same else self.browse()

    def _get_verification(self):
        """What anybody may know of a licence that he can name."""
        self.ensure_one()
        labels = dict(self._fields["status"]._description_selection(self.env))
        show = self.application_id._show_long
        return {
            "valid": self.status == "valid",
            "status": labels[self.status],
            "number": self.number,
            "name": self.name,
            "holder": self._get_masked_holder(),
            "item": self.item_id.name,
            "bureau": self.company_id.name,
            "valid_from": show(self.valid_from),
            "valid_to": show(self.valid_to) or self.env._("Without limit"),
            "revoked_on": show(self.revoked_on),
        }

    def _get_masked_holder(self):
        if self.application_id.applicant_kind == "person":
            return identifiers.mask_name(self.holder_name)
        return identifiers.mask_organisation(self.holder_name)

    def _get_verify_url(self):
        """Address of the public page of this licence."""
        self.ensure_one()
        return f"{self.get_base_url()}/shenpi/licence/{self.sudo().verify_token}"

    # === Printing === #

    def action_print(self):
        """The licences on paper, with the codes that verify them."""
        self.check_access("read")
        return self.env.ref("shenpi_base.action_report_licence").report_action(self, config=False)
