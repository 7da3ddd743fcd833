from collections import Counter

from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.shenpi_base.models.shenpi_api_mixin import REQUIRED, in_callers_language

from ..tools.bank_gateway import Answer
from ..tools.money import from_float, to_yuan
from .shenpi_tender_lot_flow import CASHIER, CHECKER, INTEGRATOR, MANAGER, SUPERVISOR

STAFF = (CASHIER, CHECKER, SUPERVISOR, MANAGER, INTEGRATOR)
RESULT = {
    "number": (str, REQUIRED),
    "status": (frozenset({"accepted", "settled", "rejected", "returned"}), REQUIRED),
    "at": str,
    "amount": str,
    "reason": str,
}
MOST = 5000


class ShenpiRefund(models.Model):
    """The contract with integrators (DESIGN section 8)."""

    _name = "shenpi.refund"
    _inherit = ["shenpi.refund", "shenpi.api.mixin"]

    @api.model
    @api.readonly
    @in_callers_language
    def api_due(self, date):
        """What is to go back by a day and has not gone to the bank yet.

        :param str date: YYYY-MM-DD
        :return: [{number, deposit, lot, bidder, amount, reason, due_date, state, held}]
        """
        self._api_check_groups(*STAFF)
        day = self._api_read_date(date, "date")
        refunds = self.search(
            [("due_date", "<=", day), ("state", "in", ("due", "approved", "checked"))]
        )
        return [refund._get_status() for refund in refunds]

    @api.model
    @in_callers_language
    def api_approve(self, numbers):
        """Approve refunds, all or none.

        :param list numbers: of up to 5,000 refunds that are due
        :return: [{number, deposit, lot, bidder, amount, reason, due_date, state, held}]
        """
        self._api_check_groups(CASHIER)
        refunds = self._api_find_all(numbers)
        refunds._do_approve()
        return [refund._get_status() for refund in refunds]

    @api.model
    @in_callers_language
    def api_check(self, numbers):
        """Check refunds that somebody else has approved, all or none; as :meth:`api_approve`."""
        self._api_check_groups(CHECKER)
        refunds = self._api_find_all(numbers)
        refunds._do_check()
        return [refund._get_status() for refund in refunds]

    @api.model
    @in_callers_language
    def api_send(self, numbers):
        """Hand checked refunds over to the bank, all or none; as :meth:`api_approve`."""
        self._api_check_groups(CASHIER)
        refunds = self._api_find_all(numbers)
        refunds._do_send()
        return [refund._get_status() for refund in refunds]

    @api.model
    @in_callers_language
    def api_result(self, lines):
        """Take what the bank says about refunds.

        :param list lines: of {number, status: accepted, settled, rejected or returned, at?: ISO
            8601 with offset, amount?: yuan as text, reason?}, in any order, as often as may be
        :return: {applied, known, conflict, unknown}: how many changed something, told nothing new,
            contradict what the bank said before (the account's refunds are blocked then), or are
            about no refund of ours
        """
        self._api_check_groups(CASHIER, INTEGRATOR)
        if not isinstance(lines, list) or len(lines) > MOST:
            raise ValidationError(self.env._("lines: must be a list of at most %s lines.", MOST))
        values = [self._api_read(line, RESULT, f"lines[{n}].") for n, line in enumerate(lines)]
        return self._take_results(values, self.env.companies)

    # === Workers === #

    @api.model
    def _take_results(self, lines, companies, account=None):
        """Take results that have been read; ``account``: the bank that tells them, if one does."""
        domain = [("number", "in", [line["number"] for line in lines])]
        domain.append(("company_id", "in", companies.ids))
        if account:
            domain.append(("account_id", "=", account.id))
        by_number = {refund.number: refund for refund in self.sudo().search(domain, order="id")}
        answers = [
            (
                by_number[line["number"]],
                Answer(line["status"], *(line.get(key, "") for key in ("reason", "at", "amount"))),
            )
            for line in lines
            if line["number"] in by_number
        ]
        counts = Counter(self._take_answers(answers), unknown=len(lines) - len(answers))
        return {name: counts[name] for name in ("applied", "known", "conflict", "unknown")}

    @api.model
    def _api_find_all(self, numbers):
        if not isinstance(numbers, list) or not 1 <= len(numbers) <= MOST:
            raise ValidationError(self.env._("numbers: must be a list of 1 to %s numbers.", MOST))
        refunds = self.search([("number", "in", numbers)], order="id")
        missing = set(map(str, numbers)) - set(refunds.mapped("number"))
        if missing:
            raise UserError(self.env._("numbers: there is no refund %s.", min(missing)))
        return refunds

    def _get_status(self):
        self.ensure_one()
        return {
            "number": self.number,
            "deposit": self.deposit_id.number,
            "lot": self.lot_id.code,
            "bidder": self.bidder_name,
            "amount": to_yuan(from_float(self.amount)),
            "reason": self.reason,
            "due_date": self.due_date.isoformat(),
            "state": self.state,
            "held": self.is_held,
        }
