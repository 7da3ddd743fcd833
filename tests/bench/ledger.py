"""Goal 10 and the limits of bid security: receipts, statements, openings, refunds, proofs.

A receipt is what a statement tells: the raw line, its posting, the totals of its bid security. It
is held against `account.bank.statement.line` and `account.payment` of stock Odoo, both in one
create, and against plain SQL on tables like ours. The rest are the times that a trading floor
allows, and a replay of receipts and refunds, every file told twice, which must leave no fen
unaccounted for.
"""

import itertools
import time
from datetime import UTC, date, datetime, timedelta

from support.trading import fill_ledger, make_floor, publish_lots, register_bidders

from . import Bench, Goal, Row, race
from .peers import Twin

_LIMIT = "the limit"
_ROUNDS = 3
_serial = itertools.count(1)


def run(bench: Bench) -> list[Row]:
    """Measure goal 10, then what a floor does in a day, then replay."""
    with bench.transaction() as env:
        floor = make_floor(env, 70_000)
    return [
        *_measure_receipts(bench, floor),
        *_measure_day(bench, floor),
        _replay(bench, floor),
        _measure_proof(bench),
    ]


def _opening() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0) - timedelta(days=30)


# === Goal 10 === #


def _measure_receipts(bench, floor):
    count = bench.scaled(1000)
    with bench.transaction() as env:
        lot_ids = publish_lots(env, floor, 1, _opening())
        stock = iter(register_bidders(env, floor, lot_ids, count * (_ROUNDS + 2)))
        books = _Books(env)

    def ours():
        lines = list(itertools.islice(stock, count))
        with bench.transaction() as env:
            answer = floor.of(env, "integrator", "shenpi.bank.line").api_import(
                floor.account, lines
            )
            assert answer["new"] == count, answer
        return count

    def statement_lines():
        with bench.transaction() as env:
            books.create_lines(env, count)
        return count

    def payments():
        with bench.transaction() as env:
            books.create_payments(env, count)
        return count

    ours()
    limit = _Limit(bench, floor, count)
    sides = {
        "ours": ours,
        "statement line": statement_lines,
        "payment": payments,
        "execute_values": limit.insert,
    }
    times, ratios = race(sides, rounds=_ROUNDS, per="ms")
    goals = [
        Goal("statement line", "<=", 1 / 20),
        Goal("payment", "<=", 1 / 15),
        Goal("execute_values", "<=", 25),
    ]
    return [Row(10, f"a receipt, {count} in one statement", "ms", times, ratios, goals)]


class _Books:
    """Accounting of stock Odoo, with its generic chart; its rules of access are spared."""

    def __init__(self, env):
        company = env.ref("base.main_company")
        if not company.chart_template:
            env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
        self._journal_id = (
            env(su=True)["account.journal"]
            .search([("type", "=", "bank"), ("company_id", "=", company.id)], limit=1)
            .id
        )
        self._partner_id = env["res.partner"].create({"name": "投标人"}).id

    def create_lines(self, env, count):
        """Lines of a statement in one create."""
        env(su=True)["account.bank.statement.line"].create(
            [
                {
                    "journal_id": self._journal_id,
                    "date": datetime.now(UTC).date(),
                    "payment_ref": "投标保证金",
                    "partner_id": self._partner_id,
                    "amount": 20_000,
                }
                for _ in range(count)
            ]
        )

    def create_payments(self, env, count):
        """Payments received, in one create, then posted."""
        env(su=True)["account.payment"].create(
            [
                {
                    "journal_id": self._journal_id,
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": self._partner_id,
                    "amount": 20_000,
                }
                for _ in range(count)
            ]
        ).action_post()


class _Limit:
    """The rows of one receipt, line and posting, by plain SQL."""

    def __init__(self, bench, floor, count):
        self._bench, self._count = bench, count
        with bench.transaction() as env:
            lines = env(su=True)["shenpi.bank.line"]
            sample = lines.search([("account_id", "=", floor.account_id)], limit=1)
            self._line = Twin(env, "shenpi.bank.line", sample)
            self._entry = Twin(env, "shenpi.ledger.entry", sample.entry_ids)

    def insert(self):
        with self._bench.sql() as cursor:
            changes = [{"identity": f"raw-{next(_serial)}"} for _ in range(self._count)]
            ids = self._line.insert_many(cursor, changes)
            self._entry.insert_many(cursor, [{"line_id": line_id} for line_id in ids])
            cursor.connection.commit()
        return self._count


# === A day on the floor === #


def _measure_day(bench, floor):
    """A statement for 500 lots, their opening, and the refunds of all that they took in."""
    lots, each = bench.scaled(500), 20
    with bench.transaction() as env:
        lot_ids = publish_lots(env, floor, lots, _opening())
        lines = register_bidders(env, floor, lot_ids, each)
    rows = [
        _time(
            bench,
            f"statement of {len(lines):,} lines matched",
            10,
            lambda env: floor.of(env, "integrator", "shenpi.bank.line").api_import(
                floor.account, lines
            ),
        ),
        _time(
            bench,
            f"the same statement again: {len(lines):,} known lines",
            10,
            lambda env: floor.of(env, "integrator", "shenpi.bank.line").api_import(
                floor.account, lines
            ),
        ),
    ]
    rows.append(_measure_opening(bench, floor))
    _work(bench, floor, "integrator", "shenpi.tender.lot", lot_ids, lambda own: own._do_open())
    rows.append(_measure_late(bench, floor, lot_ids))
    return [*rows, *_measure_refunds(bench, floor, lot_ids)]


def _measure_opening(bench, floor):
    """Lots of five bidders each, all paid."""
    lots = bench.scaled(500)
    with bench.transaction() as env:
        lot_ids = publish_lots(env, floor, lots, _opening())
        lines = register_bidders(env, floor, lot_ids, 5)
        floor.of(env, "integrator", "shenpi.bank.line").api_import(floor.account, lines)
    return _time(
        bench,
        f"opening of {lots} lots, {len(lines):,} bidders",
        3,
        lambda env: floor.of(env, "integrator", "shenpi.tender.lot").browse(lot_ids)._do_open(),
    )


def _measure_late(bench, floor, lot_ids):
    """Lines for lots that are open: each is judged and sent back at once."""
    count = bench.scaled(10_000)
    with bench.transaction() as env:
        deposits = env["shenpi.deposit"].search([("lot_id", "in", lot_ids)], limit=count)
        lines = [
            {
                "txn_no": f"LATE{deposit.id}",
                "amount": "1.00",
                "payer_account": deposit.basic_account,
                "payer_name": deposit.bidder_name,
                "sub_account": deposit.subaccount,
                "at": "2026-11-20T10:00:00+08:00",
            }
            for deposit in deposits
        ]

    def take_in(env):
        answer = floor.of(env, "integrator", "shenpi.bank.line").api_import(floor.account, lines)
        assert answer["matched"] == {"late": len(lines)}, answer

    return _time(bench, f"statement of {len(lines):,} late lines judged, to go back", 10, take_in)


def _measure_refunds(bench, floor, lot_ids):
    count = bench.scaled(5000)
    with bench.transaction() as env:
        refunds = env["shenpi.refund"].search(
            [("lot_id", "in", lot_ids), ("state", "=", "due")], limit=count, order="id"
        )
        numbers = refunds.mapped("number")
    rows = []
    for what, role, limit in (
        ("approve", "cashier", 0),
        ("check", "checker", 0),
        ("send", "cashier", 5),
    ):

        def step(env, what=what, role=role):
            answer = getattr(floor.of(env, role, "shenpi.refund"), f"api_{what}")(numbers)
            assert len(answer) == count

        name = {"send": "batched"}.get(what, f"{what}ed".replace("ee", "e"))
        rows.append(_time(bench, f"{len(numbers):,} refunds {name}", limit, step))
    return rows


def _time(bench, what, limit, work):
    """Do it once, the commit included; ``limit`` in seconds, 0 for none."""
    began, began_work = time.perf_counter(), time.process_time()
    with bench.transaction() as env:
        work(env)
    seconds = time.perf_counter() - began
    note = f"{time.process_time() - began_work:.2f} s of it at work in Odoo"
    if not limit:
        return Row(10, what, "s", {"ours": seconds}, {}, note=note)
    sides, ratios = {"ours": seconds, _LIMIT: limit}, {_LIMIT: seconds / limit}
    return Row(10, what, "s", sides, ratios, [Goal(_LIMIT, "<=", 1)], note)


def _work(bench, floor, role, model, ids, work, chunk=1000):
    """Work on many records, some at a time, each chunk in a transaction of its own."""
    for start in range(0, len(ids), chunk):
        with bench.transaction() as env:
            work(floor.of(env, role, model).browse(ids[start : start + chunk]))


# === Replay === #


def _replay(bench, floor):
    """Receipts, opening, end of the lots, refunds, the word of the bank, the statement that shows
    them: the ledger ends at nothing, and so does the bank."""
    count = bench.scaled(50_000)
    lots = max(count // 500, 1)
    began = time.perf_counter()
    with bench.transaction() as env:
        account_floor = make_floor(env, count)
        lot_ids = publish_lots(env, account_floor, lots, _opening())
        lines = register_bidders(env, account_floor, lot_ids, count // lots)
    replay = _Replay(bench, account_floor)
    replay.tell_twice(lines)
    _work(
        bench,
        account_floor,
        "integrator",
        "shenpi.tender.lot",
        lot_ids,
        lambda own: [(own._do_open(), [lot._do_end("fail_lot", "流标") for lot in own])],
        chunk=10,
    )
    replay.refund(lot_ids)
    seconds = time.perf_counter() - began
    difference = replay.count_difference(lot_ids, count)
    times = {"ours": seconds, "allowed difference": 1}
    ratios = {"allowed difference": float(difference)}
    goals = [Goal("allowed difference", "<=", 0)]
    note = f"{count / seconds:,.0f} bid securities a second, from registration to the last fen"
    what = f"{count:,} receipts and refunds replayed, each file twice: fen of difference"
    return [Row(10, what, "s", times, ratios, goals, note)][0]


class _Replay:
    def __init__(self, bench, floor):
        self._bench, self._floor = bench, floor

    def tell_twice(self, lines, chunk=5000):
        """Take in lines in files that overlap by half."""
        for start in range(0, len(lines), chunk // 2):
            part = lines[start : start + chunk]
            with self._bench.transaction() as env:
                answer = self._floor.of(env, "integrator", "shenpi.bank.line").api_import(
                    self._floor.account, part
                )
                assert not answer["conflict"], answer

    def refund(self, lot_ids, chunk=5000):
        """Approve, check, hand over; the bank settles them, and its statement shows it."""
        with self._bench.transaction() as env:
            refunds = env["shenpi.refund"].search([("lot_id", "in", lot_ids)], order="id")
            told = [(refund.number, f"{refund.amount:.2f}") for refund in refunds]
        for start in range(0, len(told), chunk):
            part = told[start : start + chunk]
            self._send([number for number, _amount in part])
            results = [{"number": number, "status": "settled"} for number, _amount in part]
            for _ in range(2):
                with self._bench.transaction() as env:
                    self._floor.of(env, "integrator", "shenpi.refund").api_result(results)
        lines = [
            {
                "txn_no": f"O{number}",
                "direction": "out",
                "amount": amount,
                "at": "2026-11-20T10:00:00+08:00",
                "instruction": number,
            }
            for number, amount in told
        ]
        self.tell_twice(lines)

    def _send(self, numbers):
        for step, role in (("approve", "cashier"), ("check", "checker"), ("send", "cashier")):
            with self._bench.transaction() as env:
                getattr(self._floor.of(env, role, "shenpi.refund"), f"api_{step}")(numbers)

    def count_difference(self, lot_ids, count):
        """Fen by which ledger, bank and the bid securities differ from what they should be."""
        owed = count * 2_000_000
        with self._bench.transaction() as env:
            env.cr.execute(
                """SELECT (sum(received) * 100)::bigint, (sum(refunded) * 100)::bigint,
                          (sum(held + in_refund) * 100)::bigint
                     FROM shenpi_deposit WHERE lot_id = ANY(%s)""",
                [lot_ids],
            )
            received, refunded, left = env.cr.fetchone()
            deposits = env["shenpi.deposit"]
            account = env["shenpi.bank.account"].browse(self._floor.account_id)
            ((ledger, bank),) = deposits._prove(account, date(2026, 11, 25)).values()
        parts = (received - owed, refunded - owed, left, ledger, bank)
        return sum(map(abs, parts))


# === Balance proof === #


def _measure_proof(bench):
    count = bench.scaled(1_000_000)
    with bench.transaction() as env:
        floor = make_floor(env, 1000)
        fill_ledger(env, floor, count)
    with bench.sql() as cursor:
        cursor.connection.rollback()
        cursor.connection.autocommit = True
        cursor.execute("VACUUM ANALYZE shenpi_bank_line")
        cursor.execute("VACUUM ANALYZE shenpi_ledger_entry")
        cursor.connection.autocommit = False

    def prove():
        with bench.transaction() as env:
            account = env["shenpi.bank.account"].browse(floor.account_id)
            ((ledger, bank),) = (
                env["shenpi.deposit"]._prove(account, datetime.now(UTC).date()).values()
            )
            assert ledger == bank

    times, _ratios = race({"ours": prove}, rounds=_ROUNDS)
    ratios = {_LIMIT: times["ours"] / 2}
    times[_LIMIT] = 2
    name = f"balance proof over {count:,} entries"
    return Row(10, name, "s", times, ratios, [Goal(_LIMIT, "<=", 1)])
