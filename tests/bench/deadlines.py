"""Goal 8: 1,000 deadlines in working days, make-up days included.

Against `resource.calendar.plan_days` of stock Odoo, and against a bare binary search in a sorted
list. All of ours are compared with a count day by day; the peer cannot know make-up days and is
given the public holidays alone.
"""

from bisect import bisect_right
from datetime import date, datetime, time, timedelta

import pytz

from . import Bench, Goal, Row, race

FIRST = date(2026, 1, 1)
TZ = pytz.timezone("Asia/Shanghai")


def run(bench: Bench) -> list[Row]:
    """Measure 1,000 deadlines of 1 to 60 working days from the days of 2026."""
    questions = [(FIRST + timedelta(days=n % 280), 1 + n % 60) for n in range(1000)]
    with bench.transaction() as env:
        calendar = env["shenpi.workday"]._get_calendar()
        days = [
            day for day in _days(date(2026, 1, 1), date(2027, 12, 31)) if calendar.is_workday(day)
        ]
        _check(calendar, questions)

        def ours():
            for day, count in questions:
                calendar.add(day, count)
            return len(questions)

        def bisected():
            for day, count in questions:
                days[bisect_right(days, day) + count - 1]
            return len(questions)

        peer = _make_peer(env)

        def plan_days():
            sample = questions[::50]
            for day, count in sample:
                moment = TZ.localize(datetime.combine(day, time(9)))
                peer.plan_days(count, moment, compute_leaves=True)
            return len(sample)

        sides = {"ours": ours, "plan_days": plan_days, "bisect": bisected}
        times, ratios = race(sides, rounds=7, per="us")
    goals = [Goal("plan_days", "<=", 1 / 1000), Goal("bisect", "<=", 20)]
    return [Row(8, "one deadline in working days", "us", times, ratios, goals)]


def _days(first, last):
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _check(calendar, questions):
    """Every answer against a count day by day."""
    for day, count in questions:
        expected, left = day, count
        while left:
            expected += timedelta(days=1)
            left -= calendar.is_workday(expected)
        assert calendar.add(day, count) == expected, (day, count)


def _make_peer(env):
    """A Monday-to-Friday calendar of stock Odoo that knows the holidays of 2026 and 2027."""
    calendar = env["resource.calendar"].create({"name": "Bench", "tz": "Asia/Shanghai"})
    holidays = env["shenpi.workday"].search(
        [("is_workday", "=", False), ("date", ">=", FIRST), ("date", "<=", date(2027, 12, 31))]
    )
    env["resource.calendar.leaves"].create(
        [
            {
                "name": holiday.name,
                "calendar_id": calendar.id,
                "date_from": datetime.combine(holiday.date, time.min) - timedelta(hours=8),
                "date_to": datetime.combine(holiday.date, time.max) - timedelta(hours=8),
            }
            for holiday in holidays
        ]
    )
    return calendar
