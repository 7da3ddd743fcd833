import functools
import logging

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.shenpi_base.models.shenpi_outbox_mixin import OUTBOX_STATES
from odoo.addons.shenpi_base.tools import signed_http
from odoo.addons.shenpi_base.tools.localtime import parse_moment

from ..tools import bank_gateway
from ..tools.money import from_float, to_yuan
from ..tools.refunds import Word
from .shenpi_refund import AT_BANK

_logger = logging.getLogger(__name__)


class ShenpiRefundOrder(models.Model):
    """A refund on its way to a bank that takes signed calls.

    Every attempt asks the bank first and gives only what it has never heard of, under the number of
    the refund (``tools.bank_gateway``): an answer that was lost, or a server that was killed in the
    middle, never makes a second payment. What may have arrived and was not answered for is unknown
    until the bank has been asked.

    Written by the flow of refunds; read by cashier, checker and trade manager.
    """

    _name = "shenpi.refund.order"
    _inherit = ["shenpi.sealed.mixin", "shenpi.outbox.mixin"]
    _description = "Refund order"
    _rec_name = "origin"

    _seals = ("refund_id.lot_id.sealed",)

    refund_id = fields.Many2one(
        "shenpi.refund", required=True, readonly=True, index=True, ondelete="restrict"
    )
    state = fields.Selection(OUTBOX_STATES)

    def _outbox_send(self):
        for account, rows in self.grouped(lambda row: row.refund_id.account_id).items():
            gateway = account._get_gateway()
            if not gateway:
                rows._mark_retry(self.env._("The account has no connection to its bank."))
                continue
            instructions = [row.refund_id._prepare_instruction() for row in rows]
            answers, reason = bank_gateway.deliver(_bind(gateway), instructions)
            for row in rows:
                row._take_answer(answers.get(row.refund_id.number), reason)

    @api.model
    def _outbox_following_domain(self, company_id):
        """A job that waits would tell of a sealed order: the scheduled action sends it."""
        domain = super()._outbox_following_domain(company_id)
        return domain & Domain("refund_id.lot_id.sealed", "=", False)

    def _take_answer(self, answer, reason):
        """Note what the bank answered for one order; without an answer nothing was given to it."""
        self.ensure_one()
        if not answer:
            self._mark_retry(self.env._("The bank does not answer (%s).", reason or "incomplete"))
            return
        self.refund_id._take_answer(answer)
        if answer.status == "timeout":
            self._mark_retry(self.env._("The bank did not answer; it may have taken it."))
        elif answer.status == "rejected":
            self._mark_failed(answer.reason or self.env._("Rejected."), answered=True)
        else:
            self._mark_sent()

    def _outbox_failed(self):
        """A bank that has not answered after all attempts is for people; nothing more goes out on
        its account until they have spoken to it."""
        for account, rows in self.grouped(lambda row: row.refund_id.account_id).items():
            silent = rows.filtered(lambda row: not row.answered)
            shown = silent.filtered(lambda row: not row.refund_id.lot_sealed)
            if silent:
                # Sealed ones are not counted.
                account._block(
                    "bank",
                    self.env._("The bank does not answer for %s refunds.", len(shown))
                    if shown
                    else self.env._("Ask the bank what has become of its orders."),
                )


class ShenpiRefund(models.Model):
    _inherit = "shenpi.refund"

    def _prepare_instruction(self):
        """The instruction as the bank reads it."""
        self.ensure_one()
        return {
            "id": self.number,
            "from_account": self.account_id.number,
            "amount": to_yuan(from_float(self.amount)),
            "payee_account": self.payee_account,
            "payee_name": self.payee_name,
            "payee_bank": self.payee_bank or "",
            "text": self.deposit_id.lot_id.code,
        }

    def _take_answer(self, answer):
        """Take an answer of the bank (``tools.bank_gateway.Answer``); see :meth:`_hear`."""
        self.ensure_one()
        return self._take_answers([(self, answer)])[0]

    @api.model
    def _take_answers(self, answers):
        """Take answers of banks, pairs of refund and answer, in their order; see :meth:`_hear`."""
        outcomes, told = {}, {}
        for place, (refund, answer) in enumerate(answers):
            if answer.status == "not_found":
                outcomes[place] = "known"
            elif answer.amount and answer.amount != to_yuan(from_float(refund.amount)):
                refund.sudo()._block_account(
                    self.env._("The bank tells another amount of refund %s.", refund.number)
                )
                outcomes[place] = "conflict"
            else:
                word = Word(answer.status, self._read_moment(answer.at), answer.reason)
                told[place] = (refund, word)
        outcomes |= zip(told, self._hear_in_order(list(told.values())), strict=True)
        return [outcomes[place] for place in range(len(answers))]

    @api.model
    def _read_moment(self, text):
        """The bank's moment; None when it is missing, malformed or yet to come: clocks differ."""
        try:
            moment = parse_moment(text)
        except ValueError:
            return None
        return min(moment, fields.Datetime.now())

    @api.model
    def _cron_ask(self, batch=200):
        """Ask the banks about what they have accepted, or not answered for; also on accounts that
        were archived meanwhile."""
        crons = self.env["ir.cron"]
        accounts = self.env["shenpi.bank.account"].with_context(active_test=False)
        for account in accounts.search([("connector", "=", "http")]):
            gateway = account._get_gateway()
            domain = [("account_id", "=", account.id), ("state", "in", AT_BANK)]
            last = 0
            while gateway and (
                refunds := self.search([*domain, ("id", ">", last)], order="id", limit=batch)
            ):
                last = refunds[-1].id
                answers, reason = bank_gateway.query(_bind(gateway), refunds.mapped("number"))
                if reason:
                    _logger.info("%s: the bank does not answer (%s)", account, reason)
                    break
                self._take_answers([(r, answers[r.number]) for r in refunds if r.number in answers])
                if not crons._commit_progress(len(refunds)):
                    return


def _bind(gateway):
    """The function by which ``tools.bank_gateway`` posts to one bank."""
    url = gateway.url.rstrip("/")
    return functools.partial(_post, gateway, url)


def _post(gateway, url, path, payload):
    return signed_http.post(gateway._replace(url=f"{url}/{path}"), payload)
