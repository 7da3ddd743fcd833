"""Goal 12: records in the background, a thousand a job: licences of before that are taken over.

Against the same work with a job for every record, both as queue_job runs a job (claimed, performed,
marked, each in its own transaction; its call over HTTP is spared), and against plain SQL that
claims a hundred at a time by SKIP LOCKED and writes the same rows.
"""

import itertools
import time

from . import Bench, Goal, Row, race
from .licence_import import prepare, start
from .peers import Twin

_ROWS, _SINGLE, _CLAIMED, _ROUNDS = 5000, 200, 100, 3
_STEP = "%-_job_create-%"


def run(bench: Bench) -> list[Row]:
    """Measure the creation; the files are read and checked beforehand."""
    with bench.transaction() as env:
        prepare(env)
    stock = _Stock(bench)
    count, single = bench.scaled(_ROWS), bench.scaled(_SINGLE)
    whole = iter([stock.check([count]) for _ in range(_ROUNDS + 1)])
    apart = iter([stock.check([1] * single) for _ in range(_ROUNDS + 1)])
    limit = _Limit(bench, stock.check([1]), stock, count)

    def ours():
        stock.create(next(whole))
        return count

    def one_each():
        stock.create(next(apart))
        return single

    sides = {"ours": ours, "one job per record": one_each, "SKIP LOCKED": limit.work}
    times, ratios = race(sides, rounds=_ROUNDS, per="ms")
    goals = [Goal("one job per record", "<=", 1 / 20), Goal("SKIP LOCKED", "<=", 40)]
    note = f"{1000 / times['ours']:,.0f} records a second, {count:,} in all"
    return [Row(12, "licences in the background", "ms", times, ratios, goals, note)]


class _Stock:
    """Imports, started and worked off by the jobs they left in the queue."""

    def __init__(self, bench):
        self._bench = bench
        self._serial = itertools.count(time.time_ns() // 10**9 % 10**6 * 1000)

    def check(self, sizes) -> list[int]:
        """Start imports of so many rows each, and have them checked; return their ids."""
        with self._bench.transaction() as env:
            ids = [start(env, list(itertools.islice(self._serial, size))) for size in sizes]
        self._work(ids, "%-_job_check-%")
        return ids

    def create(self, ids) -> None:
        """Do the jobs that create the rows of these imports."""
        while self._work(ids, _STEP):
            pass
        with self._bench.transaction() as env:
            states = env["shenpi.licence.import"].browse(ids).mapped("state")
            assert set(states) == {"done"}, states

    def _work(self, ids, step) -> int:
        """Do the jobs of a step that wait now; return how many there were."""
        with self._bench.transaction() as env:
            env.cr.execute(
                "UPDATE queue_job SET state = 'enqueued' WHERE state = 'pending'"
                " AND identity_key LIKE %s AND identity_key LIKE ANY(%s) RETURNING uuid",
                [step, [f"shenpi.licence.import-{import_id}-%" for import_id in ids]],
            )
            uuids = [uuid for (uuid,) in env.cr.fetchall()]
        for uuid in uuids:
            self._perform(uuid)
        return len(uuids)

    def _perform(self, uuid):
        from odoo.addons.queue_job.controllers.main import RunJobController

        with self._bench.transaction() as env:
            job = RunJobController._acquire_job(env, uuid)
            RunJobController._try_perform_job(env, job)


class _Limit:
    """A queue in SQL: a hundred rows claimed, a licence and its event for each, commit."""

    def __init__(self, bench, import_ids, stock, count):
        self._bench, self._count = bench, count
        self._serial = itertools.count(1)
        stock.create(import_ids)
        with bench.transaction() as env:
            licence = env(su=True)["shenpi.licence"].search([], order="id desc", limit=1)
            self._licence = Twin(env, "shenpi.licence", licence)
            self._event = Twin(env, "shenpi.event", licence.event_ids)
            env.cr.execute("DROP TABLE IF EXISTS bench_queue")
            env.cr.execute(
                "CREATE TABLE bench_queue (id serial PRIMARY KEY, done boolean DEFAULT FALSE)"
            )

    def work(self):
        with self._bench.sql() as cursor:
            cursor.execute(
                "INSERT INTO bench_queue SELECT FROM generate_series(1, %s)", [self._count]
            )
            cursor.connection.commit()
            while self._work_some(cursor):
                cursor.connection.commit()
        return self._count

    def _work_some(self, cursor) -> int:
        cursor.execute(
            "UPDATE bench_queue SET done = TRUE WHERE id IN (SELECT id FROM bench_queue"
            " WHERE NOT done ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING id",
            [_CLAIMED],
        )
        claimed = cursor.fetchall()
        if claimed:
            numbers = [f"raw-{n}" for n in itertools.islice(self._serial, len(claimed))]
            changes = [{"number": number, "verify_token": number} for number in numbers]
            ids = self._licence.insert_many(cursor, changes)
            self._event.insert_many(cursor, [{"licence_id": licence_id} for licence_id in ids])
        return len(claimed)
