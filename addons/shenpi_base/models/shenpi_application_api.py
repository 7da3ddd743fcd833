from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.localtime import format_moment
from .shenpi_api_mixin import REQUIRED, in_callers_language

STAFF = "shenpi_base.group_shenpi_user"
MATERIAL = {
    "code": (str, REQUIRED),
    "name": str,
    "content": str,
    "filename": str,
    "digital_ref": str,
}


class ShenpiApplication(models.Model):
    """The contract with integrators (DESIGN section 8): plain dicts in and out, one transaction a
    call. Every write answers with the same dict as :meth:`api_status`."""

    _name = "shenpi.application"
    _inherit = ["shenpi.application", "shenpi.api.mixin"]

    # === Desk === #

    @api.model
    @in_callers_language
    def api_request_correction(self, number, values):
        """Tell the applicant once what is missing. values: {items: [{code?, text}], at?}"""
        application, values, at = self._api_open(
            number, values, {"items": ([{"code": str, "text": (str, REQUIRED)}], REQUIRED)}
        )
        by_code = {m.code: m for m in application.material_ids}
        items = []
        for place, item in enumerate(values["items"]):
            code = item.get("code")
            if code and code not in by_code:
                raise ValidationError(
                    self.env._(
                        "items[%(place)s].code: %(code)s is not on the material list.",
                        place=place,
                        code=code,
                    )
                )
            items.append({"text": item["text"], "material": by_code.get(code)})
        application._do_request_correction(items, at=at)
        return application._get_status()

    @api.model
    @in_callers_language
    def api_supplement(self, number, values):
        """Take in what the applicant supplied after a correction notice, or what he promised to
        hand in later. values: {materials: as in api_submit, at?}"""
        application, values, at = self._api_open(
            number, values, {"materials": ([MATERIAL], REQUIRED)}
        )
        by_code = {m.code: m for m in application.material_ids}
        given = self._index_materials(values["materials"], set(by_code))
        moment = at or fields.Datetime.now()
        prepare = self.env["shenpi.application.material"]._prepare_provided_vals
        application._do_supplement(
            {by_code[code]: prepare(entry, moment) for code, entry in given.items()}, at=at
        )
        return application._get_status()

    @api.model
    @in_callers_language
    def api_accept(self, number, values=None):
        """Accept a complete application. values: {at?}"""
        application, _values, at = self._api_open(number, values, {})
        application._do_accept(at=at)
        return application._get_status()

    @api.model
    @in_callers_language
    def api_not_accept(self, number, values):
        """Refuse to take an application up. values: {reason_code: not_needed, not_ours or
        incomplete, reason, redirect? (required with not_ours), at?}"""
        codes = frozenset({"not_needed", "not_ours", "incomplete"})
        spec = {"reason_code": (codes, REQUIRED), "reason": (str, REQUIRED), "redirect": str}
        application, values, at = self._api_open(number, values, spec)
        application._do_not_accept(
            values["reason_code"], values["reason"], values.get("redirect"), at=at
        )
        return application._get_status()

    @api.model
    @in_callers_language
    def api_withdraw(self, number, values):
        """End a case at the applicant's request. values: {reason, at?}"""
        application, values, at = self._api_open(number, values, {"reason": (str, REQUIRED)})
        application._do_withdraw(values["reason"], at=at)
        return application._get_status()

    # === Clock === #

    @api.model
    @in_callers_language
    def api_pause(self, number, values):
        """Stop the clock for a special procedure (art. 45). values: {kind: hearing, bidding,
        auction, examination, testing, quarantine, appraisal, expert_review, or (where the bureau
        has a legal basis for it) inspection, publicity; planned_days: int, working days; notice:
        what the applicant is told; at?}"""
        kinds = frozenset(
            dict(self.env["shenpi.application.clock"]._fields["pause_kind"].selection)
        )
        spec = {
            "kind": (kinds, REQUIRED),
            "planned_days": (int, REQUIRED),
            "notice": (str, REQUIRED),
        }
        application, values, at = self._api_open(number, values, spec)
        application._do_pause(values["kind"], values["planned_days"], values["notice"], at=at)
        return application._get_status()

    @api.model
    @in_callers_language
    def api_resume(self, number, values=None):
        """Let the clock go on. values: {at?}"""
        application, _values, at = self._api_open(number, values, {})
        application._do_resume(at=at)
        return application._get_status()

    @api.model
    @in_callers_language
    def api_extend(self, number, values):
        """Extend the limit once (art. 42; bureau heads). values: {days: int, in the unit of the
        item's limit; reason, told to the applicant; at?; for an item handled jointly: approver,
        the head of the local government, and approval_reference}"""
        spec = {
            "days": (int, REQUIRED),
            "reason": (str, REQUIRED),
            "approver": str,
            "approval_reference": str,
        }
        application, values, at = self._api_open(number, values, spec)
        application._do_extend(
            values["days"],
            values["reason"],
            at=at,
            approver=values.get("approver"),
            approval_reference=values.get("approval_reference"),
        )
        return application._get_status()

    # === Review and decision === #

    @api.model
    @in_callers_language
    def api_review(self, number, values):
        """Give an opinion on the step in hand. values: {decision: pass, return or reject, opinion
        (may be absent with pass), at?}"""
        decisions = frozenset({"pass", "return", "reject"})
        spec = {"decision": (decisions, REQUIRED), "opinion": str}
        application, values, at = self._api_open(number, values, spec)
        application._do_review(values["decision"], values.get("opinion", ""), at=at)
        return application._get_status()

    @api.model
    @in_callers_language
    def api_decide(self, number, values):
        """Decide. values: {outcome: grant or deny, reason? (required with deny), at?, scope?,
        conditions? (of the licence that a grant makes; as asked for and as its type says when
        absent)}"""
        spec = {
            "outcome": (frozenset({"grant", "deny"}), REQUIRED),
            "reason": str,
            "scope": str,
            "conditions": str,
        }
        application, values, at = self._api_open(number, values, spec)
        terms = {f"licence_{key}": values[key] for key in ("scope", "conditions") if key in values}
        application._do_decide(values["outcome"], values.get("reason", ""), at=at, terms=terms)
        return application._get_status()

    @api.model
    @in_callers_language
    def api_deliver(self, number, values):
        """Hand the result over and close the case. values: {method: window, post, electronic or
        cabinet, tracking?, at?}"""
        spec = {"method": (str, REQUIRED), "tracking": str}
        application, values, at = self._api_open(number, values, spec)
        application._do_deliver(values["method"], values.get("tracking", ""), at=at)
        return application._get_status()

    # === Status === #

    @api.model
    @in_callers_language
    def api_status(self, number):
        """Where a case stands.

        :return: {number, state, light, item (its code), item_name, received_at, accepted_date,
            correction_due_date, statutory_due_date, promised_due_date, delivery_due_date,
            days_used, days_left, step?, missing, events: [{sequence, action, from, to, at,
            recorded_at, user, for?, opinion?, legal_basis?, hash}], licence?: {number, name,
            version, electronic_id?, valid_from, valid_to?, status (as of ``api_verify``),
            revoked_on?, cancelled_on?}, deferred?: [{code, promised, status:
            waiting, provided or overdue}], commitment?: {state: promised, verifying, rectifying,
            reported, fulfilled, false or exempt; method?, due?, verify_by?, rectify_by?,
            verified?}, about?: {purpose: change, renew or cancel, licence, late}}; what does not
            exist yet is left out
        """
        self._api_check_groups(STAFF)
        return self._api_find(number)._get_status()

    def _api_open(self, number, values, spec):
        """The application, its payload read by ``spec``, and the moment of the fact."""
        self._api_check_groups(STAFF)
        values = self._api_read(values or {}, dict(spec, at=str))
        return self._api_find(number), values, self._api_read_moment(values)

    def _api_find(self, number):
        """The application with this number; one that the caller may not see does not exist."""
        found = isinstance(number, str) and number and self.search([("number", "=", number)])
        if not found:
            raise UserError(self.env._("number: there is no application %s.", number))
        return found

    def _index_materials(self, entries, codes):
        given = {}
        for place, entry in enumerate(entries):
            code = entry["code"]
            if code not in codes:
                raise ValidationError(
                    self.env._(
                        "materials[%(place)s].code: %(code)s is not on the material list.",
                        place=place,
                        code=code,
                    )
                )
            if code in given:
                raise ValidationError(
                    self.env._(
                        "materials[%(place)s].code: %(code)s appears twice.", place=place, code=code
                    )
                )
            given[code] = entry
        return given

    def _get_api_dates(self):
        names = ("correction", "statutory", "promised", "delivery")
        dates = {f"{name}_due_date": self[f"{name}_due_date"] for name in names}
        return {key: value and value.isoformat() for key, value in dates.items()}

    def _get_status(self):
        self.ensure_one()
        status = self._api_clean(
            {
                "number": self.number,
                "state": self.state,
                "light": self.light,
                "item": self.item_id.code,
                "item_name": self.item_id.name,
                "received_at": self.received_at and format_moment(self.received_at),
                "accepted_date": self.accepted_date and self.accepted_date.isoformat(),
                **self._get_api_dates(),
                "step": self.step_id.name,
            }
        )
        status["days_used"] = self.days_used
        status["days_left"] = self.days_left
        status["missing"] = self._get_missing().mapped("code")
        status["events"] = [event._get_api_dict() for event in self.event_ids]
        if self.licence_id:
            status["licence"] = self.licence_id._get_api_dict()
        return status
