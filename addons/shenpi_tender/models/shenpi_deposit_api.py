import base64

from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.shenpi_base.models.shenpi_api_mixin import REQUIRED, in_callers_language
from odoo.addons.shenpi_base.tools import identifiers
from odoo.addons.shenpi_base.tools.localtime import format_moment

from ..tools.money import from_float, to_yuan
from .shenpi_tender_lot_flow import CASHIER, CHECKER, INTEGRATOR, SUPERVISOR, TRADE

BIDDER = {"name": (str, REQUIRED), "uscc": (str, REQUIRED)}
REGISTRATION = {
    "client_ref": (str, REQUIRED),
    "lot": (str, REQUIRED),
    "bidder": (BIDDER, REQUIRED),
    "basic_account": str,
    "classes": [frozenset({"small", "credit"})],
    "at": str,
}
# A written notice: its text and, as base64, the paper.
NOTICE = {"reason": (str, REQUIRED), "content": str, "filename": str, "at": str}


class ShenpiDeposit(models.Model):
    """The contract with the trading platform (DESIGN section 8)."""

    _name = "shenpi.deposit"
    _inherit = ["shenpi.deposit", "shenpi.api.mixin"]

    @api.model
    @in_callers_language
    def api_register(self, payload):
        """Register a bidder for a lot; he gets a sub-account of his own.

        :param dict payload: client_ref, lot (code), bidder {name, uscc}, basic_account? (required
            where the security must come from it), classes? [small, credit], at?
        :return: {number, sub_account, amount, duplicate}
        :raise ValidationError: naming the field that is wrong
        :raise AccessError: the caller is not the trading platform; who has registered is secret
        """
        self._api_check_groups(INTEGRATOR)
        values = self._api_read(payload, REGISTRATION)
        calls = self.env["shenpi.api.call"]
        reference, digest = values["client_ref"], calls._get_digest(payload)
        known = calls._find(self._name, [reference])
        if reference in known:
            return calls._repeat(known[reference], digest)
        lot = self.env["shenpi.tender.lot"]._api_find(values["lot"])
        at = self._api_read_moment(values)
        deposit_sudo = self._do_register(lot, self._prepare_bidder(lot, values), at=at).sudo()
        answer = {
            "number": deposit_sudo.number,
            "sub_account": deposit_sudo.subaccount,
            "amount": to_yuan(from_float(deposit_sudo.amount)),
            "duplicate": False,
        }
        calls._keep(self._name, {reference: (digest, answer)})
        return answer

    @api.model
    @in_callers_language
    def api_withdraw(self, number, values):
        """The bidder withdraws before the deadline; the notice is sealed with his security.

        :param dict values: reason, content? (the written notice, base64), filename?, at?
        :return: as :meth:`api_status`
        """
        self._api_check_groups(INTEGRATOR)
        deposit_sudo = self._api_find(number)
        values = self._api_read(values, NOTICE)
        notice = self._api_read_content(values)
        deposit_sudo._do_withdraw(values["reason"], at=self._api_read_moment(values))
        deposit_sudo.write({"notice": notice, "notice_filename": values.get("filename")})
        return deposit_sudo._get_status()

    @api.model
    @in_callers_language
    def api_revoke(self, number, values):
        """The bidder revokes his bid after the deadline: a forfeiture is proposed, on which the
        tenderer decides (招标投标法实施条例 art. 35).

        :param str number: of the bid security, of a lot that has been opened
        :param dict values: reason, content (the bidder's notice, base64), filename?, at?
        :return: {decision, state, amount}
        :raise UserError: the lot is sealed still, or nothing is held
        """
        self._api_check_groups(INTEGRATOR)
        deposit_sudo = self._api_find(number)
        values = self._api_read(values, NOTICE | {"content": (str, REQUIRED)})
        proposal = {
            "kind": "forfeit",
            "ground": "revoked",
            "amount": deposit_sudo.held,
            "reason": values["reason"],
            "document": self._api_read_content(values),
            "filename": values.get("filename"),
        }
        decisions = self.env["shenpi.deposit.decision"]
        at = self._api_read_moment(values)
        decision = decisions._do_propose(deposit_sudo, proposal, at=at).sudo()
        return {
            "decision": decision.number,
            "state": decision.state,
            "amount": to_yuan(from_float(decision.amount)),
        }

    @api.model
    def _api_read_content(self, values):
        """The paper of a payload; False when there is none."""
        try:
            base64.b64decode(values.get("content", ""), validate=True)
        except ValueError as error:
            raise ValidationError(self.env._("%s: is not base64.", "content")) from error
        return values.get("content") or False

    @api.model
    @api.readonly
    @in_callers_language
    def api_status(self, number):
        """Where a bid security stands.

        :return: {number, lot, state, sub_account, amount}; once the lot is open also {bidder, code,
            received, held, in_refund, refunded, forfeited, transferred, events}. Until then the
            trading platform alone is answered, and ``state`` is ``sealed`` or ``withdrawn``
        """
        self._api_check_groups(*TRADE, CASHIER, CHECKER, SUPERVISOR)
        return self._api_find(number)._get_status()

    @api.model
    def _api_find(self, number):
        """The security with a number, with sudo; for others than the platform a sealed one does
        not exist."""
        self._api_check_groups(*TRADE, CASHIER, CHECKER, SUPERVISOR)
        domain = [("number", "=", number), ("company_id", "in", self.env.companies.ids)]
        deposit_sudo = self.sudo().search(domain if isinstance(number, str) else [(0, "=", 1)])
        platform = self.env.user.has_group(INTEGRATOR)
        if not deposit_sudo or (deposit_sudo.lot_id.sealed and not platform):
            raise UserError(self.env._("number: there is no bid security %s.", number))
        return deposit_sudo

    @api.model
    def _prepare_bidder(self, lot, values):
        bidder = values["bidder"]
        if identifiers.check_uscc(bidder["uscc"]):
            raise ValidationError(self.env._("bidder.uscc: is not a unified social credit code."))
        domain = [("lot_id", "=", lot.id), ("bidder_uscc", "=", bidder["uscc"])]
        if self.sudo().search_count(domain):
            raise ValidationError(
                self.env._("bidder.uscc: this bidder is registered for this lot already.")
            )
        classes = values.get("classes", [])
        return {
            "bidder_name": bidder["name"],
            "bidder_uscc": bidder["uscc"],
            "basic_account": values.get("basic_account", ""),
            "is_small": "small" in classes,
            "has_good_credit": "credit" in classes,
        }

    def _get_status(self):
        """The answer of :meth:`api_status`; the caller has made sure that the user may have it."""
        self.ensure_one()
        sealed = self.lot_id.sealed
        hidden = sealed and self.state != "withdrawn"
        answer = {
            "number": self.number,
            "lot": self.lot_id.code,
            "state": "sealed" if hidden else self.state,
            "sub_account": self.subaccount,
            "amount": to_yuan(from_float(self.amount)),
            "registered_at": format_moment(self.registered_at),
        }
        if sealed:
            return answer
        totals = ("received", "held", "in_refund", "refunded", "forfeited", "transferred")
        return self._api_clean(
            answer
            | {"bidder": self.bidder_name, "code": self.code}
            | {name: to_yuan(from_float(self[name])) for name in totals}
            | {"events": [event._get_api_dict() for event in self.event_ids]}
        )
