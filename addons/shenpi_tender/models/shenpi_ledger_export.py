from datetime import timedelta
from decimal import Decimal
from itertools import islice

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.shenpi_base.tools import sheets
from odoo.addons.shenpi_base.tools.localtime import start_of_day, to_local

# A sheet of Excel ends at 1,048,576 rows.
SHEET_ROWS = 1_000_000
FETCHED = 5000


class ShenpiLedgerEntry(models.Model):
    """The ledger as a workbook of any length: rows go from a cursor in the server to the file, so
    that memory does not grow with them."""

    _inherit = "shenpi.ledger.entry"

    @api.model
    def _export(self, target, account, date_from, date_to):
        """Write what the user reads of the ledger, in the order of posting, as XLSX.

        :param target: a binary file; :param account: a ``shenpi.bank.account``, or none for all
        :param date date_from: first day of value; :param date date_to: last day, inclusive
        :raise AccessError: the user reads no ledger
        """
        self.check_access("read")
        rows = self._iterate_rows(account, date_from, date_to)
        sheets.stream_workbook(target, self._split_sheets(rows))

    @api.model
    def _split_sheets(self, rows):
        """One sheet, and more for what it does not hold."""
        headings = [
            self.env._("No."),
            self.env._("Account no."),
            self.env._("Value"),
            self.env._("Posted on"),
            self.env._("Kind"),
            self.env._("Debit"),
            self.env._("Credit"),
            self.env._("Amount in yuan"),
            self.env._("Lot no."),
            self.env._("Bidder"),
            self.env._("Bid security no."),
            self.env._("Bank's no."),
            self.env._("Refund no."),
            self.env._("By"),
            self.env._("Note"),
        ]
        title, number = self.env._("Ledger"), 1
        yield title, headings, islice(rows, SHEET_ROWS)
        while (row := next(rows, None)) is not None:
            number += 1
            yield f"{title} {number}", headings, _prepend(row, islice(rows, SHEET_ROWS - 1))

    @api.model
    def _iterate_rows(self, account, date_from, date_to):
        labels = {
            name: dict(self._fields[name]._description_selection(self.env))
            for name in ("kind", "debit", "credit")
        }
        # A running number: from ids those that are sealed could be counted.
        rows = self._fetch(self._get_export_query(account, date_from, date_to))
        for place, (number, *moments, kind, debit, credit, fen, rest) in enumerate(rows, start=1):
            yield [
                place,
                number,
                *(to_local(moment).isoformat(" ", "seconds") for moment in moments),
                labels["kind"][kind],
                labels["debit"][debit],
                labels["credit"][credit],
                Decimal(fen) / 100,
                *rest,
            ]

    @api.model
    def _get_export_query(self, account, date_from, date_to):
        """The rows that the rules of the user let through."""
        domain = Domain("booked_at", ">=", start_of_day(date_from)) & Domain(
            "booked_at", "<", start_of_day(date_to + timedelta(days=1))
        )
        if account:
            domain &= Domain("account_id", "=", account.id)
        self.env.flush_all()
        return SQL(
            """SELECT account.number, entry.booked_at, entry.recorded_at,
                      entry.kind, entry.debit, entry.credit, entry.fen,
                      ARRAY[lot.code, deposit.bidder_name, deposit.number, line.txn_no,
                            refund.number, partner.name, entry.note]
                 FROM shenpi_ledger_entry entry
                 JOIN shenpi_bank_account account ON account.id = entry.account_id
                 JOIN res_users person ON person.id = entry.user_id
                 JOIN res_partner partner ON partner.id = person.partner_id
                 LEFT JOIN shenpi_deposit deposit ON deposit.id = entry.deposit_id
                 LEFT JOIN shenpi_tender_lot lot ON lot.id = deposit.lot_id
                 LEFT JOIN shenpi_bank_line line ON line.id = entry.line_id
                 LEFT JOIN shenpi_refund refund ON refund.id = entry.refund_id
                WHERE entry.id IN %s
             ORDER BY entry.id""",
            self._search(domain).subselect(),
        )

    @api.model
    def _fetch(self, query):
        """The rows of a query, some thousand at a time, from a cursor in the server."""
        cursor = SQL.identifier("shenpi_ledger_export")
        self.env.cr.execute(SQL("DECLARE %s NO SCROLL CURSOR FOR %s", cursor, query))
        try:
            while True:
                self.env.cr.execute(SQL("FETCH %s FROM %s", FETCHED, cursor))
                rows = self.env.cr.fetchall()
                if not rows:
                    return
                yield from rows
        finally:
            self.env.cr.execute(SQL("CLOSE %s", cursor))


def _prepend(first, others):
    yield first
    yield from others
