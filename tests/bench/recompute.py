"""100,000 open cases counted again after a change of the calendar, in under a minute.

The cases are copies of a few that went through the real flow: just received, accepted, resumed
after a special procedure, and within one. Every batch is counted as its job does, in a transaction
of its own; afterwards a sample is compared with each case counted by itself.
"""

import random
import time
from datetime import datetime, timedelta

from support.bureau import make_bureau

from . import Bench, Goal, Row

_CASES = 100_000
_SAMPLE = 200
_MINUTE = 60.0
_COPIED = {
    "shenpi_application": {
        "id": "copy.id",
        "number": "'bench-' || copy.id",
        "progress_token": "'bench-' || copy.id",
    },
    "shenpi_application_clock": {"application_id": "copy.id"},
    "shenpi_event": {"application_id": "copy.id"},
}


def run(bench: Bench) -> list[Row]:
    """Make the cases, turn a working day to come into a day of rest, count them again."""
    count = bench.scaled(_CASES)
    with bench.transaction() as env:
        bureau = make_bureau(env)
        template_ids = _make_templates(env, bureau)
    with bench.sql() as cursor:
        _copy(cursor, template_ids, count // len(template_ids))
    began = time.perf_counter()
    with bench.transaction() as env:
        day = _take_a_day_off(env)
        recount = env["shenpi.recount"]._start_for_calendar("Bench", day, day)
        assert recount.state == "running"
        recount_id = recount.id
    longest = 0.0
    while True:
        batch_began = time.perf_counter()
        with bench.transaction() as env:
            recount = env["shenpi.recount"].browse(recount_id)
            recount._job_count(recount.position)
            is_done = recount.state == "done"
        longest = max(longest, time.perf_counter() - batch_began)
        if is_done:
            break
    seconds = time.perf_counter() - began
    moved = _check(bench, recount_id, count)
    allowed = _MINUTE * count / _CASES
    return [
        Row(
            13,
            f"{count:,} open cases counted again",
            "s",
            {"ours": seconds, "allowed": allowed},
            {"allowed": seconds / allowed},
            [Goal("allowed", "<=", 1)],
            f"{moved:,} dates moved, longest batch {longest:.2f} s",
        )
    ]


def _make_templates(env, bureau) -> list[int]:
    """Four cases of the last days, in the states that a clock knows."""
    applications = env(user=bureau.users["integrator"])["shenpi.application"]
    calendar = env["shenpi.workday"]._get_calendar()
    today = applications._get_today()
    filed, accepted, stopped, resumed = (calendar.add(today, -n) for n in (4, 3, 2, 1))
    ids = []
    for place in range(4):
        number = applications.api_submit(bureau.payload(at=_at(filed)))["number"]
        case = applications.search([("number", "=", number)])
        ids.append(case.id)
        if place:
            case.api_accept(number, {"at": _at(accepted)})
        if place > 1:
            pause = {"kind": "expert_review", "planned_days": 9, "notice": "专家评审。"}
            case.api_pause(number, {**pause, "at": _at(stopped)})
        if place == 2:
            case.api_resume(number, {"at": _at(resumed)})
    return ids


def _at(day) -> str:
    return datetime.combine(day, datetime.min.time()).isoformat() + "+08:00"


def _copy(cursor, template_ids, times) -> None:
    """Copy each case so many times, with its entries and events."""
    cursor.execute(
        """CREATE TEMPORARY TABLE bench_copy AS
           SELECT nextval('shenpi_application_id_seq') AS id, template AS template_id
             FROM generate_series(1, %s), unnest(%s) AS template""",
        [times, template_ids],
    )
    for table, changes in _COPIED.items():
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table]
        )
        names = [name for (name,) in cursor.fetchall() if name != "id" or "id" in changes]
        columns = ", ".join(f'"{name}"' for name in names)
        values = ", ".join(changes.get(name, f'source."{name}"') for name in names)
        key = "application_id" if "application_id" in changes else "id"
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {values}"
            f" FROM {table} source JOIN bench_copy copy ON copy.template_id = source.{key}"
        )
    cursor.connection.commit()
    cursor.connection.autocommit = True
    cursor.execute("VACUUM ANALYZE shenpi_application, shenpi_application_clock, shenpi_event")
    cursor.connection.autocommit = False


def _take_a_day_off(env):
    """A working weekday of this week or the next becomes a day of rest."""
    calendar = env["shenpi.workday"]._get_calendar()
    known = set(env["shenpi.workday"].search([]).mapped("date"))
    day = calendar.add(env["shenpi.application"]._get_today(), 1)
    while day.weekday() > 4 or day in known:
        day += timedelta(days=1)
    year = env["shenpi.workday.year"].search([("year", "=", day.year)])
    env["shenpi.workday"].sudo().create(
        {"date": day, "kind": "rest", "name": "Bench", "year_id": year.id}
    )
    return day


def _check(bench, recount_id, count) -> int:
    """Everything was counted, and a sample as each case by itself; return the dates moved."""
    with bench.transaction() as env:
        recount = env["shenpi.recount"].browse(recount_id)
        assert recount.done_count >= count, (recount.done_count, count)
        applications = env["shenpi.application"].sudo()
        ids = applications.search([("number", "=like", "bench-%")]).ids
        for case in applications.browse(random.Random(count).sample(ids, _SAMPLE)):
            vals = case._prepare_clock_vals(case._evaluate_clock())
            stored = {name: case[name] or None for name in vals}
            assert stored == {name: value or None for name, value in vals.items()}, case
        return recount.moved_count
