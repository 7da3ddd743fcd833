from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.shenpi_base.tools import barcodes
from odoo.addons.shenpi_base.tools.localtime import local_date, to_local

from ..tools.money import from_float

# As wide as a character; HTML makes one of several blanks.
WIDE = "\u3000"


class ShenpiDepositDocument(models.AbstractModel):
    """The words of the papers of bid security: the receipt 收款凭证, the refund voucher 退款凭证,
    the bidder's statement 对账单.

    They are printed with the rights of whoever prints them: what is sealed is refused as everywhere
    else. Amounts stand in figures and in capitals, so that no stroke can be added.
    """

    _name = "shenpi.deposit.document"
    _description = "Printed paper of bid security"

    @api.model
    def _prepare(self, kind, record):
        """Everything a page shows.

        :param str kind: receipt (of a ``shenpi.deposit``), voucher (of a ``shenpi.refund``) or
            statement (of a ``shenpi.bidder.statement``)
        :return: dict with title, date, rows, code (SVG) and number, or lines and total of a
            statement, and signatures
        :raise UserError: there is no such paper yet
        :raise AccessError: the user does not read the record, its lot is sealed maybe
        """
        record.check_access("read")
        record = record.with_context(lang=self.env["shenpi.application.document"]._get_lang())
        return getattr(self.with_env(record.env), f"_prepare_{kind}")(record)

    # === Kinds === #

    def _prepare_receipt(self, deposit):
        received = deposit.entry_ids.filtered(lambda entry: entry.kind in ("receipt", "assign"))
        if not received:
            raise UserError(self.env._("%s: nothing has been received.", deposit.number))
        # The trade desk sees the security, not the bank lines: that is asked here.
        lines = received.line_id.sorted("arrived_at")
        codes = dict(deposit._get_codes())
        return {
            "title": self.env._("Receipt of Bid Security"),
            "number": deposit.number,
            "code": barcodes.code128(deposit.number),
            "date": self._show_day(lines[-1:].arrived_at),
            "rows": [
                (self.env._("Received from"), f"{deposit.bidder_name}\n{deposit.bidder_uscc}"),
                *self._get_lot_rows(deposit.lot_id),
                (self.env._("Into"), f"{deposit.account_id.bank_name}{WIDE}{deposit.subaccount}"),
                *self._get_amount_rows(deposit.received),
                (
                    self.env._("Payments"),
                    "\n".join(
                        f"{self._show_moment(line.arrived_at)}{WIDE}¥{self._show_yuan(line.fen)}\n"
                        f"{line.payer_name or ''}{WIDE}{line.payer_account or ''}"
                        for line in lines
                    ),
                ),
                (self.env._("Owed"), f"¥{self._show_yuan(from_float(deposit.amount))}"),
                (self.env._("Verdict"), codes.get(deposit.code, "")),
            ],
            "signatures": [self.env._("Cashier:"), self.env._("Received by (bidder):")],
        }

    def _prepare_voucher(self, refund):
        rule = refund.automation_id
        if not (refund.approved_by_id or rule):
            raise UserError(self.env._("%s has not been approved: no voucher.", refund.number))
        labels = {
            name: dict(refund._fields[name]._description_selection(self.env))
            for name in ("reason", "state")
        }
        paid = self._show_moment(refund.settled_at) if refund.settled_at else ""
        rows = [
            (self.env._("Paid to"), refund.payee_name),
            (
                self.env._("Payee account"),
                "\n".join(filter(None, (refund.payee_account, refund.payee_bank))),
            ),
            *self._get_amount_rows(refund.amount),
            (self.env._("What for"), self.env._("Refund of bid security %s", self._get_of(refund))),
            (self.env._("After"), labels["reason"][refund.reason]),
            *self._get_lot_rows(refund.lot_id),
            (
                self.env._("Paid from"),
                f"{refund.account_id.bank_name}{WIDE}{refund.account_id.number}",
            ),
            *([(self.env._("Sent by rule"), rule.display_name)] if rule else []),
            (self.env._("Back by"), self._show(refund.due_date)),
            (self.env._("State"), f"{labels['state'][refund.state]}{WIDE}{paid}".strip()),
        ]
        return {
            "title": self.env._("Refund Voucher"),
            "number": refund.number,
            "code": barcodes.code128(refund.number),
            "date": self._show_day(refund.settled_at or refund.sent_at or refund.write_date),
            "rows": rows,
            "signatures": self._get_voucher_signatures(refund),
        }

    def _get_voucher_signatures(self, refund):
        """Of the two who let it go, or of those who answer for the rule that did."""
        rule = refund.automation_id
        approver = refund.approved_by_id or rule.proposed_by_id
        checker = refund.checked_by_id or rule.confirmed_by_id
        return [
            self.env._("Approved by: %s", approver.name),
            self.env._("Checked by: %s", checker.name or ""),
            self.env._("Booked by:"),
        ]

    def _prepare_statement(self, statement):
        lines, total = statement._get_lines()
        return {
            "title": self.env._("Statement of Bid Security"),
            "number": False,
            "code": False,
            "date": self._show_day(statement.create_date),
            "rows": [
                (self.env._("Bidder"), f"{statement.bidder_name}\n{statement.bidder_uscc}"),
                (
                    self.env._("Period"),
                    self.env._(
                        "%(first)s to %(last)s",
                        first=self._show(statement.date_from),
                        last=self._show(statement.date_to),
                    ),
                ),
                (
                    self.env._("Held at the end (in words)"),
                    self._get_words(total.closing / 100),
                ),
            ],
            "headings": statement._get_headings(),
            "lines": [
                [lot, *(self._show_yuan(fen) if fen else "—" for fen in amounts)]
                for lot, amounts in statement._get_cells(lines, total)
            ],
            "signatures": [self.env._("Cashier:"), self.env._("Confirmed by (bidder):")],
        }

    # === Helpers === #

    def _get_of(self, refund):
        return f"{refund.bidder_name} {refund.deposit_id.number}"

    def _get_lot_rows(self, lot):
        return [
            (self.env._("Project"), lot.tender_id.name),
            (self.env._("Lot"), f"{lot.code}{WIDE}{lot.name}"),
        ]

    def _get_amount_rows(self, amount):
        return [
            (self.env._("Amount"), f"¥{self._show_yuan(from_float(amount))}"),
            (self.env._("Amount in words"), self._get_words(amount)),
        ]

    def _get_words(self, amount):
        return self.env.ref("base.CNY").with_env(self.env).amount_to_text(amount)

    def _show_yuan(self, fen):
        return f"{fen / 100:,.2f}"

    def _show_moment(self, moment):
        """To the second, in Shanghai: it decides whether money was in time."""
        return f"{to_local(moment):%Y-%m-%d %H:%M:%S}"

    def _show_day(self, moment):
        return self._show(local_date(moment)) if moment else ""

    def _show(self, day):
        """A date as documents write it: 2026年1月5日."""
        return format_date(self.env, day, lang_code=self.env.lang, date_format="long")
