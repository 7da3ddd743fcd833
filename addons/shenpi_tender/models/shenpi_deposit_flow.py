import secrets
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.shenpi_base.models.shenpi_document_mixin import Move
from odoo.addons.shenpi_base.tools import flow
from odoo.addons.shenpi_base.tools.localtime import format_moment, local_date

from ..tools.matching import Claim, Payment, judge, plain
from ..tools.money import from_float, to_yuan
from .shenpi_tender_lot_flow import CASHIER, INTEGRATOR, TRADE

JUDGES = (*TRADE, CASHIER)
TRANSITIONS = flow.table(
    flow.Transition(action, frozenset(sources), target, frozenset(groups))
    for action, sources, target, groups in (
        ("register", ("",), "registered", (INTEGRATOR,)),
        ("withdraw_bid", ("registered",), "withdrawn", (INTEGRATOR,)),
        ("find_effective", ("registered", "ineffective"), "effective", JUDGES),
        ("find_ineffective", ("registered", "effective"), "ineffective", JUDGES),
    )
)


class ShenpiDeposit(models.Model):
    """The life of a bid security, and the judgement of what was paid."""

    _inherit = "shenpi.deposit"

    _transitions = TRANSITIONS

    # === Registration === #

    @api.model
    def _do_register(self, lot, values, at=None):
        """Register a bidder and give him a sub-account.

        :param dict values: bidder_name, bidder_uscc, basic_account, is_small, has_good_credit
        :raise UserError: the lot takes no bids any more, or no security by transfer
        """
        moment = at or fields.Datetime.now()
        lot_sudo = lot.sudo()
        if lot_sudo.state != "published" or lot_sudo.deadline < moment:
            raise UserError(
                self.env._("lot: takes no bids; its deadline was %s.", format_moment(lot.deadline))
            )
        if not lot_sudo.amount:
            raise UserError(self.env._("lot: asks for no security."))
        if not lot_sudo.accepts_cash or not lot_sudo.account_id:
            raise UserError(self.env._("lot: security is not paid by transfer."))
        if lot_sudo.rule_data["payer_check"] == "basic" and not values.get("basic_account"):
            raise ValidationError(
                self.env._("basic_account: is required, security must come from it (art. 26).")
            )
        classes = {"small": values.get("is_small"), "credit": values.get("has_good_credit")}
        owed = lot._get_payable({name for name, holds in classes.items() if holds})
        subaccount = self.env["shenpi.bank.subaccount"].sudo()._take(lot_sudo.account_id)
        deposit = self._begin(
            "register",
            dict(
                values,
                number=self._draw_number(moment),
                lot_id=lot.id,
                company_id=lot_sudo.company_id.id,
                account_id=lot_sudo.account_id.id,
                amount=owed / 100,
                subaccount=subaccount.number,
                registered_at=moment,
            ),
            at=at,
        )
        subaccount.deposit_id = deposit
        return deposit

    @api.model
    def _create_begun(self, vals_list):
        return self.sudo()._insert_all(vals_list).with_env(self.env)

    @api.model
    def _draw_number(self, moment):
        """Day and twelve random digits: a serial would tell how many have registered."""
        return f"BZJ{local_date(moment):%Y%m%d}{secrets.randbelow(10**12):012d}"

    def _do_withdraw(self, reason, at=None):
        """The bidder withdraws before the deadline (招标投标法实施条例 art. 35): his money goes
        back, and what arrives from now on too. The security is sealed: it comes with sudo from a
        caller who may know of it."""
        self.ensure_one()
        moment = at or fields.Datetime.now()
        if self.lot_id.deadline < moment:
            raise UserError(
                self.env._("withdrawal: the deadline has passed; this would be a revocation.")
            )
        self._transition_all(
            "withdraw_bid",
            [Move(at=at, values={"withdrawn_at": moment}, event={"opinion": reason})],
        )

    # === Judgement === #

    def _judge(self):
        """Decide on the securities of lots that are not sealed, by all that is known of them. What
        is known may have come in any order: the end is the same.

        :return: {deposit: verdict}
        """
        open_sudo = self.sudo().filtered(lambda d: not d.lot_id.sealed)
        verdicts = open_sudo._get_verdicts(open_sudo._get_payments())
        moved, found = defaultdict(list), defaultdict(list)
        for deposit, verdict in verdicts.items():
            found[verdict.code, verdict.surplus].append(deposit.id)
            state = "effective" if verdict.effective else "ineffective"
            if deposit.state not in (state, "withdrawn"):
                moved[state].append(deposit.id)
        for (code, surplus), ids in found.items():
            open_sudo.browse(ids).write({"code": code, "surplus": surplus / 100})
        for state, action in (("effective", "find_effective"), ("ineffective", "find_ineffective")):
            deposits = open_sudo.browse(moved[state])
            if deposits:
                deposits._transition_all(
                    action,
                    [
                        Move(event={"data": self._describe_verdict(verdicts[deposit])})
                        for deposit in deposits
                    ],
                )
        return verdicts

    @api.model
    def _judge_lines(self, lines):
        """Judge the securities that new lines belong to; answers the code of each line, ``sealed``
        for those of lots that have not been opened."""
        codes = {}
        for verdict in self._judge().values():
            codes |= verdict.codes
        return [codes.get(line.id, "sealed") for line in lines]

    def _get_verdicts(self, payments):
        """{deposit: verdict} over all payments that the ledger holds for each.

        :param payments: of :meth:`_get_payments`
        """
        # Once for each lot: reading a JSON field copies it.
        checks = {lot: lot.rule_data["payer_check"] for lot in self.lot_id}
        return {
            deposit: judge(deposit._get_claim(checks[deposit.lot_id]), payments.get(deposit.id, []))
            for deposit in self
        }

    def _get_claim(self, payer_check):
        self.ensure_one()
        lot = self.lot_id
        return Claim(
            amount=from_float(self.amount),
            deadline=lot.deadline,
            bidder=self.bidder_name,
            basic_account=self.basic_account or "",
            payer_check=payer_check,
            cancelled_at=lot.ended_at or None,
            withdrawn_at=self.withdrawn_at or None,
        )

    def _get_payments(self):
        """{deposit id: payments}: what reached the sub-account, and what was found to belong."""
        self.env["shenpi.ledger.entry"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT entry.deposit_id, line.id, line.fen, line.arrived_at,
                          COALESCE(line.payer_account, ''), COALESCE(line.payer_name, '')
                     FROM shenpi_ledger_entry entry
                     JOIN shenpi_bank_line line ON line.id = entry.line_id
                    WHERE entry.deposit_id = ANY(%s) AND entry.kind IN ('receipt', 'assign')""",
                list(self.ids),
            )
        )
        payments = defaultdict(list)
        for deposit_id, *payment in rows:
            payments[deposit_id].append(Payment(*payment))
        return payments

    def _mark_same_payers(self):
        """Mark securities whose money came from an account that paid for another bidder of the
        same lot too."""
        payers = defaultdict(set)
        by_id = {deposit.id: deposit for deposit in self}
        for deposit_id, payments in self._get_payments().items():
            for payment in payments:
                if payment.account:
                    lot = by_id[deposit_id].lot_id
                    payers[lot, plain(payment.account)].add(deposit_id)
        shared = set().union(*(ids for ids in payers.values() if len(ids) > 1))
        self.sudo().browse(shared).write({"same_payer": True})

    # === Suspense === #

    def _do_assign(self, line, reason):
        """Give a line that lies in suspense to the bidder it turned out to be of.

        :raise UserError: the line is not in suspense, or of another account
        """
        self.ensure_one()
        if not line.is_suspense or line.account_id != self.account_id:
            raise UserError(self.env._("line: is not in suspense on the account of this lot."))
        entry = line._prepare_entry("assign", "suspense", "held")
        self.env["shenpi.ledger.entry"]._post_all([entry | {"deposit_id": self.id, "note": reason}])
        self._judge()
        lot = self.lot_id.sudo()
        known = lot.same_payer_count
        self.sudo().search([("lot_id", "=", lot.id)])._mark_same_payers()
        lot._count_revealed()
        if lot.same_payer_count > known:
            lot._signal_same_payers()

    @api.model
    def _describe_verdict(self, verdict):
        return {"code": verdict.code, "kept": to_yuan(verdict.kept)}
