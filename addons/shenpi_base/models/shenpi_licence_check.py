from odoo import api, models
from odoo.tools import consteq

from ..tools import identifiers
from .shenpi_api_mixin import in_callers_language
from .shenpi_application_api import STAFF
from .shenpi_licence import IN_FORCE_STATES

MAX_TOKEN_LENGTH = 64
ENDING_LENGTH = 4


def has_ending(document, ending):
    """Whether a holder's document number ends with the four characters that somebody has typed."""
    ending = identifiers.normalise(ending or "")
    same = consteq((document or "")[-ENDING_LENGTH:].encode(), ending.encode())
    return same and len(ending) == ENDING_LENGTH


class ShenpiLicence(models.Model):
    """Whether a licence is in force: for integrators, and for everybody who holds one in his hand
    (its code, or its number and the end of the holder's document number)."""

    _name = "shenpi.licence"
    _inherit = ["shenpi.licence", "shenpi.api.mixin"]

    # === Integrators === #

    @api.model
    @api.readonly
    @in_callers_language
    def api_verify(self, code):
        """Whether a licence is in force today.

        :param str code: the number of the licence, or the token behind its printed code
        :return: {valid, number, name, holder (masked), item, valid_from, valid_to?, status: valid,
            expiring, renewing (these three are in force), future, expired, suspended, changed,
            revoked or cancelled}; for a code that leads nowhere {valid: False, status: "unknown"},
            whatever the code
        :raise AccessError: the caller is not on the approval staff
        """
        self._api_check_groups(STAFF)
        text = code.strip() if isinstance(code, str) else ""
        licence = self._find_by_verify_token(text)
        if not licence and text:
            licence = self._find_by_number_alone(text)
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
        licence = self.sudo().search([("verify_token", "=", token)], limit=1)
        return licence._follow_renewal()

    def _follow_renewal(self):
        """The version that holds now: the paper of the version before does until a renewal, granted
        before the end, begins."""
        if self.state != "changed":
            return self
        living = self._get_living()
        return living if living and living.valid_from > self._get_today() else self

    @api.model
    def _find_by_number_alone(self, number):
        """The version of a licence that is in force or suspended, else its newest, as sudo."""
        if len(number) > MAX_TOKEN_LENGTH:
            return self.browse()
        versions = self.sudo().search([("number", "=", number)], order="version desc")
        return versions.filtered(lambda v: v.state in IN_FORCE_STATES)[:1] or versions[:1]

    @api.model
    def _find_by_number(self, number, ending):
        """The licence with this number whose holder's document number ends so, as sudo."""
        number = (number or "").strip()
        if not number or len(number) > MAX_TOKEN_LENGTH:
            return self.browse()
        licence = self._find_by_number_alone(number)
        return licence if has_ending(licence.holder_id_number_raw, ending) else self.browse()

    def _get_verification(self):
        """What anybody may know of a licence that he can name."""
        self.ensure_one()
        labels = dict(self._fields["status"]._description_selection(self.env))
        show = self.application_id._show_long
        return {
            "valid": self._is_valid(self._get_today()),
            "status": labels[self.status],
            "number": self.number,
            "electronic_id": self.electronic_id,
            "version": self.version,
            "name": self.name,
            "holder": self._get_masked_holder(),
            "item": self.item_id.name or self.type_id.name or self.name,
            "scope": self.scope,
            "bureau": self.company_id.name,
            "valid_from": show(self.valid_from),
            "valid_to": show(self.valid_to) or self.env._("Without limit"),
            "note": self._get_verification_note(),
        }

    def _get_verification_note(self):
        """The sentence that belongs to the status, or nothing."""
        show = self.application_id._show_long
        notes = {
            "suspended": lambda: self.env._("Suspended on %s", show(self.suspended_on)),
            "revoked": lambda: self.env._("Revoked on %s", show(self.revoked_on)),
            "cancelled": lambda: self.env._("Cancelled on %s", show(self.cancelled_on)),
            "changed": lambda: self.env._("A newer version of this licence has replaced it."),
        }
        if self.status in notes:
            return notes[self.status]()
        today = self._get_today()
        if self.status == "renewing" and self.valid_to and self.valid_to < today:
            return self.env._(
                "Its renewal was asked for in time: by law it counts as renewed until that is"
                " decided."
            )
        if self._is_valid(today) and today < self.valid_from:
            return self.env._(
                "Renewed: the version before it holds until %s.", show(self.previous_id.valid_to)
            )
        return ""

    def _get_masked_holder(self):
        if self.holder_kind == "person":
            return identifiers.mask_name(self.holder_name)
        return identifiers.mask_organisation(self.holder_name)

    def _get_verify_url(self):
        """Address of the public page of this licence."""
        self.ensure_one()
        return f"{self.get_base_url()}/shenpi/licence/{self.sudo().verify_token}"
