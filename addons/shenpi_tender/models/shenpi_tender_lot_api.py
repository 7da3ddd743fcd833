from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.shenpi_base.models.shenpi_api_mixin import REQUIRED, in_callers_language
from odoo.addons.shenpi_base.tools.localtime import format_moment, parse_moment

from ..tools.money import from_float, to_fen, to_yuan
from .shenpi_tender_lot_flow import CASHIER, CHECKER, SUPERVISOR, TRADE

FORMS = ("cash", "guarantee", "commitment")
TENDER = {
    "code": (str, REQUIRED),
    "name": (str, REQUIRED),
    "regime": (frozenset({"bidding", "procurement", "other"}), REQUIRED),
    "owner": (str, REQUIRED),
    "agency": str,
    "region": str,
}
LOT = {
    "client_ref": (str, REQUIRED),
    "tender": (TENDER, REQUIRED),
    "code": (str, REQUIRED),
    "name": (str, REQUIRED),
    "kind": (frozenset({"works", "goods", "services", "survey_design"}), REQUIRED),
    "estimate": (str, REQUIRED),
    "amount": (str, REQUIRED),
    "deadline": (str, REQUIRED),
    "opening": (str, REQUIRED),
    "forms": [frozenset(FORMS)],
    "account": str,
    "at": str,
}
EVENTS = (
    "change_deadline",
    "open",
    "candidates",
    "award",
    "contract",
    "fail",
    "terminate",
    "complaint",
    "objection",
    "release",
)
EVENT = {
    "event": (frozenset(EVENTS), REQUIRED),
    "deadline": str,
    "opening": str,
    "winners": [str],
    "amount": str,
    "reason": str,
    "document": str,
    "content": str,
    "filename": str,
    "bidder": str,
    "from": str,
    "until": str,
    "at": str,
}


class ShenpiTenderLot(models.Model):
    """The contract with the trading platform (DESIGN section 8)."""

    _name = "shenpi.tender.lot"
    _inherit = ["shenpi.tender.lot", "shenpi.api.mixin"]

    @api.model
    @in_callers_language
    def api_publish(self, payload):
        """Publish a lot, together with its tender if that is new.

        :param dict payload: client_ref, tender {code, name, regime: bidding, procurement or other,
            owner, agency?, region?}, code, name, kind: works, goods, services or survey_design,
            estimate and amount (yuan as text, two places), deadline and opening (ISO 8601 with
            offset), forms? [cash, guarantee, commitment] (the first two when left out), account?
            (number of the bank account that the security is paid into; the bureau's only one when
            left out), at?
        :return: as :meth:`api_status`, with ``duplicate``
        :raise ValidationError: naming the field that is wrong: an amount above the cap of the rule
            in force, a deadline that has passed, an opening before the deadline
        :raise AccessError: the caller belongs neither to the trade desk nor to the platform
        """
        self._api_check_groups(*TRADE)
        values = self._api_read(payload, LOT)
        calls = self.env["shenpi.api.call"]
        reference, digest = values["client_ref"], calls._get_digest(payload)
        known = calls._find(self._name, [reference])
        if reference in known:
            return calls._repeat(known[reference], digest)
        at = self._api_read_moment(values)
        lot = self.sudo().create(self._prepare_api_vals(values)).with_env(self.env)
        lot._do_publish(at=at)
        answer = dict(lot._get_status(), duplicate=False)
        calls._keep(self._name, {reference: (digest, answer)})
        return answer

    @api.model
    @in_callers_language
    def api_event(self, code, values):
        """Tell what happened to a lot.

        :param str code: of the lot
        :param dict values: event: change_deadline {deadline, opening, reason}, open, candidates,
            award {winners: [number of a bid security], amount?: yuan as text}, contract,
            fail {reason}, terminate {reason}, complaint and objection {document: title and number,
            content: the stamped document, base64, filename?, bidder?: number of the one bid
            security that is held (when left out all of the lot), from?, until (a complaint: the
            legal maximum when left out)}, release {document: of the hold, reason}; at?
        :return: as :meth:`api_status`
        :raise UserError: the lot is in a state in which this cannot happen
        """
        self._api_check_groups(*TRADE)
        lot = self._api_find(code)
        values = self._api_read(values, EVENT)
        getattr(lot, f"_api_{values['event']}")(values, self._api_read_moment(values))
        return lot._get_status()

    @api.model
    @api.readonly
    @in_callers_language
    def api_status(self, code):
        """Where a lot stands.

        :return: {code, name, state, amount, estimate, deadline, opening, sealed, rule,
            opened_at?, award_date?, award_amount?, contract_date?, bidders?, effective?,
            events}; the last two numbers only once it is open
        """
        self._api_check_groups(*TRADE, CASHIER, CHECKER, SUPERVISOR)
        return self._api_find(code)._get_status()

    # === Events === #

    def _api_change_deadline(self, values, at):
        self._api_need(values, "deadline", "opening", "reason")
        self._do_change_deadline(
            self._api_moment(values, "deadline"),
            self._api_moment(values, "opening"),
            values["reason"],
            at=at,
        )

    def _api_open(self, _values, at):
        self._do_open(at=at)

    def _api_candidates(self, _values, at):
        self._do_name_candidates(at=at)

    def _api_award(self, values, at):
        numbers = values.get("winners", [])
        deposits = self.env["shenpi.deposit"].search(
            [("lot_id", "=", self.id), ("number", "in", numbers)]
        )
        unknown = set(numbers) - set(deposits.mapped("number"))
        if unknown:
            raise ValidationError(
                self.env._("winners: %s is no bid security of this lot.", min(unknown))
            )
        amount = self._api_amount(values, "amount") if "amount" in values else None
        if amount == 0:
            raise ValidationError(self.env._("amount: must be more than nothing."))
        self._do_award(deposits, at=at, amount=amount)

    def _api_contract(self, _values, at):
        self._do_sign_contract(at=at)

    def _api_fail(self, values, at):
        self._api_need(values, "reason")
        self._do_end("fail_lot", values["reason"], at=at)

    def _api_terminate(self, values, at):
        self._api_need(values, "reason")
        self._do_end("terminate_lot", values["reason"], at=at)

    # === Reading === #

    @api.model
    def _api_find(self, code):
        lot = isinstance(code, str) and self.search([("code", "=", code)], limit=1)
        if not lot:
            raise UserError(self.env._("code: there is no lot %s.", code))
        return lot

    @api.model
    def _api_need(self, values, *names):
        for name in names:
            if not values.get(name):
                raise ValidationError(self.env._("%s: is required.", name))

    @api.model
    def _api_moment(self, values, name):
        try:
            return parse_moment(values[name])
        except ValueError as error:
            raise ValidationError(
                self.env._("%s: must be an ISO 8601 date and time with its offset.", name)
            ) from error

    @api.model
    def _api_amount(self, values, name):
        """Yuan of a payload, as the float that Odoo's Monetary takes."""
        try:
            fen = to_fen(values[name])
        except ValueError as error:
            raise ValidationError(
                self.env._("%s: must be yuan with at most two places, as in 800000.00.", name)
            ) from error
        if fen < 0:
            raise ValidationError(self.env._("%s: must not be negative.", name))
        return fen / 100

    @api.model
    def _prepare_api_vals(self, values):
        forms = values.get("forms", FORMS[:2])
        tender = self._find_or_create_tender(values["tender"])
        account = self.env["shenpi.bank.account"]._api_find(values.get("account"), tender)
        deadline, opening = (self._api_moment(values, name) for name in ("deadline", "opening"))
        if opening < deadline:
            raise ValidationError(self.env._("opening: lies before the bid deadline."))
        if self.search_count(
            [("company_id", "=", tender.company_id.id), ("code", "=", values["code"])]
        ):
            raise ValidationError(self.env._("code: a lot with this number exists."))
        estimate = self._api_amount(values, "estimate")
        if not estimate:
            raise ValidationError(self.env._("estimate: must be more than nothing."))
        return {
            "tender_id": tender.id,
            "code": values["code"],
            "name": values["name"],
            "kind": values["kind"],
            "estimate": estimate,
            "amount": self._api_amount(values, "amount"),
            "deadline": deadline,
            "opening_at": opening,
            "account_id": account.id,
            **{f"accepts_{form}": form in forms for form in FORMS},
        }

    @api.model
    def _find_or_create_tender(self, values):
        company = self.env.company
        tenders = self.env["shenpi.tender"].sudo()
        tender = tenders.search(
            [("company_id", "=", company.id), ("code", "=", values["code"])], limit=1
        )
        vals = {
            "code": values["code"],
            "name": values["name"],
            "regime": values["regime"],
            "owner_name": values["owner"],
            "agency_name": values.get("agency"),
            "region": values.get("region"),
            "company_id": company.id,
        }
        if not tender:
            tender = tenders.create(vals)
        elif tender.regime != vals["regime"]:
            raise ValidationError(self.env._("tender.regime: the tender exists with another one."))
        return tender

    # === Answers === #

    def _get_status(self):
        self.ensure_one()
        rule = self.sudo().rule_data or {}
        answer = {
            "code": self.code,
            "name": self.name,
            "state": self.state,
            "amount": to_yuan(from_float(self.amount)),
            "estimate": to_yuan(from_float(self.estimate)),
            "deadline": format_moment(self.deadline),
            "opening": format_moment(self.opening_at),
            "rule": rule.get("name"),
            "opened_at": self.opened_at and format_moment(self.opened_at),
            "award_date": self.award_date and fields.Date.to_string(self.award_date),
            "award_amount": self.award_amount and to_yuan(from_float(self.award_amount)),
            "contract_date": self.contract_date and fields.Date.to_string(self.contract_date),
        }
        answer = self._api_clean(answer) | {
            "sealed": self.sealed,
            "events": [event._get_api_dict() for event in self.event_ids],
        }
        if not self.sealed:
            answer |= {"bidders": self.registered_count, "effective": self.effective_count}
        return answer
