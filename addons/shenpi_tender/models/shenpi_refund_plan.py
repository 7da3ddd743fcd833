import secrets
from collections import Counter, defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.shenpi_base.tools.localtime import local_date
from odoo.addons.shenpi_base.tools.workdays import CalendarRangeError

from ..tools.dues import Term, due_date
from ..tools.matching import split_back
from ..tools.money import from_float

# What is planned first when several things have happened, and the events of a lot among them.
ORDER = {
    trigger: place
    for place, trigger in enumerate(
        ("invalid", "withdraw", "award", "contract", "fail", "terminate")
    )
}
SENDS_BACK = ("award", "sign_contract", "fail_lot", "terminate_lot")


class ShenpiRefund(models.Model):
    """What becomes due, when, and to whom."""

    _inherit = "shenpi.refund"

    @api.model
    def _create_begun(self, vals_list):
        """All that becomes due in few statements; the proof of another account is a file."""
        if any(vals.get("proof") for vals in vals_list):
            return super()._create_begun(vals_list)
        return (
            self.sudo()
            ._insert_all(
                [{name: vals[name] for name in vals if name != "proof"} for vals in vals_list]
            )
            .with_env(self.env)
        )

    @api.model
    def _draw_number(self):
        return f"TK{fields.Datetime.now():%Y%m%d}{secrets.randbelow(10**12):012d}"

    @api.model
    def _plan(self, deposits, trigger, day):
        """Plan the refunds that an event of ``day`` sets off for bid securities, by the rule that
        is frozen on their lots: each payment goes back to the account that it came from.

        Whatever is planned or under way already is left out, so that the same event told twice, or
        two events that set off the same refund, plan it once.

        :param str trigger: of ``tools.dues.TRIGGERS``; ``invalid`` sends back what secures nothing
        :return: the new refunds
        """
        deposits = deposits.sudo()
        calendar = self.env["shenpi.workday"]._get_calendar()
        payments, live = deposits._get_payments(), self._get_live(deposits)
        verdicts = deposits._get_verdicts(payments) if trigger == "invalid" else {}
        # Once for each lot: reading a JSON field copies it.
        terms = {lot: lot._get_terms() for lot in deposits.lot_id}
        vals_list = []
        for deposit in deposits:
            due = deposit._get_due(calendar, terms[deposit.lot_id], trigger, day)
            own = payments.get(deposit.id, [])
            if not due or not own:
                continue
            back = {payment.key: payment.amount for payment in own}
            if trigger == "invalid":
                back = split_back(verdicts[deposit], own)
            planned = live[deposit.id]
            for paid, fen in self._split(own, back, planned, deposit._get_free(planned)):
                vals_list.append(deposit._prepare_refund(paid, fen, trigger, due))
        return self._begin_planned(vals_list)

    @api.model
    def _plan_part(self, deposit, fen, decision, day):
        """Plan the refund of ``fen`` of one bid security by a decision, due at once."""
        own = deposit._get_payments().get(deposit.id, [])
        planned = self._get_live(deposit)[deposit.id]
        back = {payment.key: payment.amount for payment in own}
        most = min(fen, deposit._get_free(planned))
        return self._begin_planned(
            [
                deposit._prepare_refund(paid, part, "decision", day) | {"decision_id": decision.id}
                for paid, part in self._split(own, back, planned, most)
            ]
        )

    @api.model
    def _split(self, own, back, planned, left):
        """How much goes back to each account that paid, in the order of their payments: what is to
        go back, without what is planned already, and no more than ``left`` in all.

        :return: iterator of (first payment of the account, fen)
        """
        by_account = defaultdict(list)
        for payment in sorted(own, key=lambda payment: (payment.arrived, payment.key)):
            by_account[payment.account].append(payment)
        for account, paid in by_account.items():
            fen = sum(back[payment.key] for payment in paid) - planned[account]
            fen = min(fen, left)
            if fen > 0:
                left -= fen
                yield paid[0], fen

    @api.model
    def _begin_planned(self, vals_list):
        if not vals_list:
            return self.browse()
        lines = self.env["shenpi.bank.line"].sudo().browse(vals["payee_bank"] for vals in vals_list)
        for vals, line in zip(vals_list, lines, strict=True):
            vals["payee_bank"] = line.payer_bank
        return self._begin_all("plan_refund", vals_list, [None] * len(vals_list))

    @api.model
    def _get_live(self, deposits):
        """{deposit id: {payee account: fen}} of what is planned, under way or paid. A refund made
        anew stands for the account that the first one went to."""
        live = defaultdict(Counter)
        refunds = self.sudo().search([("deposit_id", "in", deposits.ids)])
        replaced = refunds.previous_id
        for refund in refunds:
            # What was rejected or came back waits for people to make it anew: it counts until then.
            ended = refund in replaced or refund.state == "dropped" or refund.given_up
            if not ended:
                account = refund._get_first().payee_account
                live[refund.deposit_id.id][account] += from_float(refund.amount)
        return live

    def _get_first(self):
        """The refund that this one, made anew as often as may be, stands for."""
        self.ensure_one()
        first = self
        while first.previous_id:
            first = first.previous_id
        return first


class ShenpiDeposit(models.Model):
    _inherit = "shenpi.deposit"

    refund_ids = fields.One2many("shenpi.refund", "deposit_id", string="Refunds")

    def _get_due(self, calendar, terms, trigger, day):
        """The day by which an event sends this security back; None when it does not."""
        self.ensure_one()
        party = "winner" if self.is_winner else "loser"
        try:
            return due_date(calendar, terms, trigger, party, day)
        except CalendarRangeError as error:
            workdays = self.env["shenpi.workday"]
            raise ValidationError(workdays._range_message("due_date", error)) from error

    def _get_free(self, planned):
        """The fen of what was received that no decision keeps and no refund stands for."""
        self.ensure_one()
        kept = from_float(self.forfeited) + from_float(self.transferred)
        return from_float(self.received) - kept - planned.total()

    def _prepare_refund(self, payment, fen, trigger, due):
        self.ensure_one()
        return {
            "number": self.env["shenpi.refund"]._draw_number(),
            "deposit_id": self.id,
            "lot_id": self.lot_id.id,
            "company_id": self.company_id.id,
            "account_id": self.account_id.id,
            "reason": trigger,
            "amount": fen / 100,
            "payee_account": payment.account,
            "payee_name": payment.name,
            "payee_bank": payment.key,
            "due_date": due,
        }

    def _judge(self):
        verdicts = super()._judge()
        self.sudo().filtered(lambda deposit: not deposit.lot_id.sealed)._plan_refunds()
        return verdicts

    @api.model
    def _judge_lines(self, lines):
        """Money that arrives for a bidder who has withdrawn goes back as what he had paid before,
        also while the lot is sealed."""
        codes = super()._judge_lines(lines)
        self.sudo().filtered(lambda d: d.lot_id.sealed and d.withdrawn_at)._plan_refunds()
        return codes

    def _do_withdraw(self, reason, at=None):  # pylint: disable=missing-return
        super()._do_withdraw(reason, at=at)
        self._plan_refunds()

    def _plan_refunds(self):
        """Plan what has become due by all that has happened so far: also for money that we learn
        of when its lot has gone on."""
        refunds = self.env["shenpi.refund"]
        happened = defaultdict(list)
        for deposit in self.sudo():
            for trigger, day in deposit._get_happened().items():
                happened[trigger, day].append(deposit.id)
        for (trigger, day), ids in sorted(happened.items(), key=lambda item: ORDER[item[0][0]]):
            refunds._plan(self.browse(ids), trigger, day)

    def _get_happened(self):
        """{trigger: day} of what sends this security back, or a part of it."""
        self.ensure_one()
        lot = self.lot_id
        today = local_date(fields.Datetime.now())
        happened = {
            "invalid": today if self.surplus and not lot.sealed else None,
            "withdraw": self.withdrawn_at and local_date(self.withdrawn_at),
            "award": lot.award_date,
            "contract": lot.contract_date,
            "fail": lot.state == "failed" and local_date(lot.ended_at),
            "terminate": lot.state == "terminated" and local_date(lot.ended_at),
        }
        return {trigger: day for trigger, day in happened.items() if day}


class ShenpiTenderLot(models.Model):
    _inherit = "shenpi.tender.lot"

    def _get_terms(self):
        """The refund terms of the frozen rule."""
        self.ensure_one()
        return [Term(*term) for term in self.rule_data["terms"]]

    def _after_transitions(self, events):  # pylint: disable=missing-return
        """Plan what an event of the lot sends back, in its transaction."""
        super()._after_transitions(events)
        ended = [
            lot.id for lot, event in zip(self, events, strict=True) if event.action in SENDS_BACK
        ]
        if ended:
            self.env["shenpi.deposit"].sudo().search([("lot_id", "in", ended)])._plan_refunds()
