"""Goal 2: 1,000 applications in one call, plain ones and such as are granted at once.

Against as many tasks of `project` in one create, with the mail settings they have by default, and
against `execute_values` on tables like ours that takes the same number of rows into each of them.
"""

import itertools

from support.bureau import make_bureau

from . import Bench, Goal, Row, race
from .peers import Tasks, Twin

_ROUNDS = 3
_LINES = ("material_ids", "clock_ids", "event_ids", "requirement_ids", "licence_id")


def run(bench: Bench) -> list[Row]:
    """Measure both kinds of filings."""
    with bench.transaction() as env:
        bureau = make_bureau(env)
        instant = make_bureau(env, is_instant=True)
        tasks = Tasks(env)
    return [
        _measure(bench, "plain", bureau, tasks),
        _measure(bench, "granted at once", instant, tasks),
    ]


def _measure(bench, what, bureau, tasks):
    count = bench.scaled(1000)

    def ours(number=count):
        with bench.transaction() as env:
            applications = env(user=bureau.users["integrator"])["shenpi.application"]
            answers = applications.api_submit_batch([bureau.payload() for _ in range(number)])
            assert not any("error" in answer for answer in answers)
            return answers

    def task():
        with bench.transaction() as env:
            tasks.create_many(env, count)
        return count

    limit = _Limit(bench, bureau, ours(1)[0]["number"], count)
    sides = {"ours": lambda: len(ours()), "project.task": task, "execute_values": limit.insert}
    times, ratios = race(sides, rounds=_ROUNDS, per="ms")
    goals = [Goal("project.task", "<=", 1 / 10), Goal("execute_values", "<=", 12)]
    note = f"{limit.rows} rows each"
    return Row(2, f"take in {count} applications: {what}", "ms", times, ratios, goals, note)


class _Limit:
    """The rows of one filing, inserted by plain SQL as often as we file."""

    def __init__(self, bench, bureau, number, count):
        self._bench, self._count = bench, count
        self._serial = itertools.count(1)
        with bench.transaction() as env:
            sample = env(su=True)["shenpi.application"].search([("number", "=", number)])
            lines = [sample[name] for name in _LINES if sample[name]]
            self._application = Twin(env, "shenpi.application", sample)
            self._lines = {line._name: Twin(env, line._name, line) for line in lines}
            self.rows = 1 + sum(map(len, lines))

    def insert(self):
        with self._bench.sql() as cursor:
            numbers = [f"raw-{n}" for n in itertools.islice(self._serial, self._count)]
            ids = self._application.insert_many(
                cursor, [{"number": number, "progress_token": number} for number in numbers]
            )
            for model, twin in self._lines.items():
                changes = [{"application_id": application_id} for application_id in ids]
                if model == "shenpi.licence":
                    for change, number in zip(changes, numbers, strict=True):
                        change |= {"number": number, "verify_token": number}
                twin.insert_many(cursor, changes)
            cursor.connection.commit()
        return self._count
