"""Goal 1: take in one application (number, deadlines, event, commit).

Against `project.task` with the mail settings it has by default, and against one INSERT and its
commit into a table with the same columns and indexes. Every side works as in a request: a
transaction of its own, a cold record cache, an ordinary user.
"""

import itertools

from support.bureau import make_bureau

from . import Bench, Goal, Row, race
from .peers import Tasks, Twin


def run(bench: Bench) -> list[Row]:
    """Measure one application at a time."""
    with bench.transaction() as env:
        bureau = make_bureau(env)
        tasks = Tasks(env)
    with bench.transaction() as env:
        number = _submit(env, bureau)["number"]
        applications = env(user=bureau.users["integrator"])["shenpi.application"]
        sample = applications.search([("number", "=", number)])
        twin = Twin(env, "shenpi.application", sample)
    count = bench.scaled(20)
    serial = itertools.count(1)

    def ours():
        for _ in range(count):
            with bench.transaction() as env:
                _submit(env, bureau)
        return count

    def task():
        for _ in range(count):
            with bench.transaction() as env:
                tasks.create(env)
        return count

    def insert():
        with bench.sql() as cursor:
            for _ in range(count):
                n = next(serial)
                twin.insert(cursor, number=f"raw-{n}", progress_token=f"raw-{n}")
                cursor.connection.commit()
        return count

    sides = {"ours": ours, "project.task": task, "INSERT": insert}
    times, ratios = race(sides, rounds=9, per="ms")
    goals = [Goal("project.task", "<=", 1 / 3), Goal("INSERT", "<=", 15)]
    return [Row(1, "take in one application", "ms", times, ratios, goals)]


def _submit(env, bureau):
    applications = env(user=bureau.users["integrator"])["shenpi.application"]
    return applications.api_submit(bureau.payload())
