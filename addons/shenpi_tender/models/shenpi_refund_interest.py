from odoo import api, fields, models

from odoo.addons.shenpi_base.tools.localtime import local_date

from ..tools.dues import Term, find_term
from ..tools.interest import UnknownRateError, interest_of, penalty
from ..tools.money import from_float
from .shenpi_tender_lot_flow import MONEY_READERS


class ShenpiRefund(models.Model):
    """Interest and penalty.

    Interest is reckoned when the bank says that a refund was paid, where the frozen term of the lot
    says so (招标投标法实施条例 art. 31, 57; a withdrawn bid has none, art. 35): from the day on
    which each payment arrived to the day of the settlement, at the rates of current deposits,
    rounded once. It is posted as owed; what the statement shows as interest paid is posted against
    it, and what is left is the difference between the bank's reckoning and ours
    (``shenpi.refund.interest``). A refund that comes back takes its interest with it: the next one
    reckons to its own settlement.

    The penalty for a late refund is the collector's, not the account's: it is reckoned where the
    rule asks for it (87号令 art. 38: the benchmark raised by a fifth), without days on which the
    bidder held things up, shown, and not posted.
    """

    _inherit = "shenpi.refund"

    penalty = fields.Monetary(
        string="Penalty for lateness", readonly=True, help="Owed by who collected the security."
    )
    delay_ids = fields.One2many(
        "shenpi.refund.delay",
        "refund_id",
        string="Delays by the bidder",
        readonly=True,
        groups=MONEY_READERS,
    )
    interest = fields.Monetary(
        string="Interest, reckoned", compute="_compute_interest", groups=MONEY_READERS
    )
    interest_paid = fields.Monetary(
        string="Interest, paid by the bank", compute="_compute_interest", groups=MONEY_READERS
    )

    @api.depends("entry_ids")
    def _compute_interest(self):
        self.env.flush_all()
        reports = self.env["shenpi.refund.interest"].search([("id", "in", self.ids)])
        by_id = {report.id: report for report in reports}
        for refund in self:
            report = by_id.get(refund.id)
            refund.interest = report.owed if report else 0
            refund.interest_paid = report.paid if report else 0

    def _post_words(self, before, target, moments):  # pylint: disable=missing-return
        """Interest goes with what is paid, and is cancelled with what comes back."""
        super()._post_words(before, target, moments)
        for refund, at in zip(self, moments, strict=True):
            if target == "settled":
                refund._accrue_interest(at)
                refund._reckon_penalty()
            elif target == "returned" and before == "settled":
                refund._cancel_interest(at)
                refund.penalty = 0

    def _accrue_interest(self, at):
        fen = self._reckon_interest()
        if fen:
            self._post_fen("accrue_interest", "interest", "interest_owed", fen, at)

    def _cancel_interest(self, at):
        accrued = self.entry_ids.filtered(lambda entry: entry.kind == "accrue_interest")
        if accrued:
            self._post_fen("cancel_interest", "interest_owed", "interest", accrued.fen, at)

    def _reckon_interest(self):
        """The interest on a refund that has been paid, in fen."""
        self.ensure_one()
        deposit, rule = self.deposit_id, self.lot_id.rule_data
        terms = [Term(*term) for term in rule["terms"]]
        # A part that goes back early is no less the bidder's than the rest.
        trigger = "contract" if self.reason == "decision" else self.reason
        term = find_term(terms, trigger, "winner" if deposit.is_winner else "loser")
        if not term or not term.interest:
            return 0
        rates = self.env["shenpi.interest.rate"]._get_table("deposit")
        basis = int(rule.get("day_basis") or 360)
        try:
            return interest_of(self._get_slices(), local_date(self.settled_at), rates, basis)
        except UnknownRateError as error:
            self._note_unknown(error)
            return 0

    def _get_slices(self):
        """[(fen, day of arrival)] of the payments that make up this refund: those of its account
        in the order in which they arrived, behind what earlier refunds took of them."""
        self.ensure_one()
        deposit, account = self.deposit_id, self._get_first().payee_account
        payments = deposit._get_payments().get(deposit.id, [])
        own = sorted(
            (payment for payment in payments if payment.account == account),
            key=lambda payment: (payment.arrived, payment.key),
        )
        skipped, left, slices = self._get_earlier(account), from_float(self.amount), []
        for payment in own:
            taken = min(skipped, payment.amount)
            skipped -= taken
            fen = min(left, payment.amount - taken)
            left -= fen
            if fen:
                slices.append((fen, local_date(payment.arrived)))
        return slices

    def _get_earlier(self, account):
        """The fen of this account that refunds planned before this one stand for."""
        refunds = self.deposit_id.refund_ids
        replaced = refunds.previous_id
        return sum(
            from_float(refund.amount)
            for refund in refunds
            if refund not in replaced
            and refund.state != "dropped"
            and not refund.given_up
            and refund._get_first().payee_account == account
            and refund._get_first().id < self._get_first().id
        )

    def _reckon_penalty(self):
        """Reckon the penalty of refunds that have been paid; see ``tools.interest.penalty``."""
        rates = self.env["shenpi.interest.rate"]._get_table("benchmark")
        for refund in self:
            percent = int((refund.lot_id.rule_data or {}).get("penalty_percent") or 0)
            if not percent or refund.state != "settled":
                continue
            try:
                fen = penalty(
                    from_float(refund.amount),
                    refund.due_date,
                    local_date(refund.settled_at),
                    rates,
                    refund._get_pauses(),
                    percent,
                    int(refund.lot_id.rule_data.get("day_basis") or 360),
                )
            except UnknownRateError as error:
                refund._note_unknown(error)
            else:
                refund.penalty = fen / 100

    def _get_pauses(self):
        """First and last days of the delays of this refund and of those that it stands for."""
        self.ensure_one()
        refund, delays = self, self.delay_ids
        while refund.previous_id:
            refund = refund.previous_id
            delays |= refund.delay_ids
        return [(delay.date_from, delay.date_to) for delay in delays]

    def _note_unknown(self, error):
        self.trouble = self.env._("Interest: no rate is known for %s.", error.day)

    def _post_fen(self, kind, debit, credit, fen, at):
        self.ensure_one()
        self.env["shenpi.ledger.entry"]._post_all(
            [
                {
                    "kind": kind,
                    "account_id": self.account_id.id,
                    "company_id": self.company_id.id,
                    "deposit_id": self.deposit_id.id,
                    "refund_id": self.id,
                    "debit": debit,
                    "credit": credit,
                    "fen": fen,
                    "booked_at": at or fields.Datetime.now(),
                }
            ]
        )
