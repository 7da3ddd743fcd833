"""Goal 9: the ledger as a workbook, 100,000 rows with the rules of the user and labels.

Against the XLSX export of Odoo's list of the same rows and columns, and against the least sheet XML
from a cursor in the server. Memory is what the process grows by at its peak.
"""

import gc
import tempfile
import zipfile
from datetime import date
from types import SimpleNamespace
from xml.sax.saxutils import escape

from support.trading import Floor, fill_ledger, make_floor

from . import Bench, Goal, Row, race

_ROWS = 100_000
_TIMES = 8
_ROUNDS = 2
_DAYS = (date(2025, 1, 1), date(2027, 1, 1))
_NAMES = (
    ".id",
    "account_id/number",
    "booked_at",
    "recorded_at",
    "kind",
    "debit",
    "credit",
    "amount",
    "deposit_id/lot_id/code",
    "deposit_id/bidder_name",
    "deposit_id/number",
    "line_id/txn_no",
    "refund_id/number",
    "user_id/name",
    "note",
)
_QUERY = """
SELECT entry.id, account.number, entry.booked_at::text, entry.recorded_at::text, entry.kind,
       entry.debit, entry.credit, entry.fen::numeric / 100, lot.code, deposit.bidder_name,
       deposit.number, line.txn_no, refund.number, partner.name, entry.note
  FROM shenpi_ledger_entry entry
  JOIN shenpi_bank_account account ON account.id = entry.account_id
  JOIN res_users person ON person.id = entry.user_id
  JOIN res_partner partner ON partner.id = person.partner_id
  LEFT JOIN shenpi_deposit deposit ON deposit.id = entry.deposit_id
  LEFT JOIN shenpi_tender_lot lot ON lot.id = deposit.lot_id
  LEFT JOIN shenpi_bank_line line ON line.id = entry.line_id
  LEFT JOIN shenpi_refund refund ON refund.id = entry.refund_id
 WHERE entry.account_id = %s ORDER BY entry.id
"""


def run(bench: Bench) -> list[Row]:
    """Measure memory first: what has been taken once is not given back."""
    count = bench.scaled(_ROWS)
    few, many = _Books(bench, count), _Books(bench, count * _TIMES)
    ours, more = _measure_growth(few.ours), _measure_growth(many.ours)
    theirs = _measure_growth(few.odoo)
    what = f"ledger of {count:,} rows as a workbook"
    sides = {"ours": few.ours, "Odoo's export": few.odoo, "streamed XML": few.xml}
    times, ratios = race(sides, rounds=_ROUNDS)
    goals = [Goal("Odoo's export", "<=", 1 / 8), Goal("streamed XML", "<=", 3)]
    big = f"{count * _TIMES:,} rows"
    memory = {"ours": ours, "Odoo's export": theirs, big: more}
    shares = {"Odoo's export": ours / theirs, big: ours / more}
    limits = [Goal("Odoo's export", "<=", 1 / 8), Goal(big, ">=", 1 / 1.2)]
    return [
        Row(9, what, "s", times, ratios, goals, f"{len(_NAMES)} columns"),
        Row(9, f"{what}: further memory", "MiB", memory, shares, limits),
    ]


class _Books:
    """The ledger of an account, and those who write it to a file."""

    def __init__(self, bench, count):
        self._bench, self._count = bench, count
        with bench.transaction() as env:
            self._floor: Floor = make_floor(env, 1000)
            lot_ids = fill_ledger(env, self._floor, count)
            self._floor.of(env, "integrator", "shenpi.tender.lot").browse(lot_ids)._do_open()
            cashier = env["res.users"].browse(self._floor.users["cashier"])
            cashier.group_ids += env.ref("base.group_allow_export")

    def _ledger(self, env):
        return self._floor.of(env, "cashier", "shenpi.ledger.entry")

    def ours(self):
        with self._bench.transaction() as env, tempfile.TemporaryFile() as target:
            account = env["shenpi.bank.account"].browse(self._floor.account_id)
            self._ledger(env)._export(target, account, *_DAYS)

    def odoo(self):
        from odoo.http import _request_stack

        from odoo.addons.web.controllers.export import ExcelExport

        with self._bench.transaction() as env:
            ledger = self._ledger(env)
            _request_stack.push(SimpleNamespace(env=ledger.env))  # asked for the currency's places
            entries = ledger.search([("account_id", "=", self._floor.account_id)])
            rows = entries.export_data(list(_NAMES))["datas"]
            assert len(rows) == self._count
            columns = [{"name": name, "type": "char"} for name in _NAMES]
            content = ExcelExport().from_data(columns, list(_NAMES), rows)
            _request_stack.pop()
            assert content

    def xml(self):
        with self._bench.sql() as cursor, tempfile.TemporaryFile() as target:
            named = cursor.connection.cursor("bench_export")
            named.itersize = 5000
            named.execute(_QUERY, [self._floor.account_id])
            with (
                zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
                archive.open("sheet1.xml", "w", force_zip64=True) as sheet,
            ):
                for row in named:
                    cells = "".join(
                        f'<c t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'
                        for value in row
                    )
                    sheet.write(f"<row>{cells}</row>".encode())
            named.close()


def _measure_growth(work) -> float:
    """MiB by which the process grows at its peak while it works (Linux tells its peak)."""
    gc.collect()
    with open("/proc/self/clear_refs", "w", encoding="ascii") as refs:
        refs.write("5")
    before = _read_status("VmRSS")
    work()
    return max(_read_status("VmHWM") - before, 1)


def _read_status(key) -> float:
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith(f"{key}:"))
