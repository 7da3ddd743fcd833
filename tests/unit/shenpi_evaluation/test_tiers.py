"""Deadlines of tiers against days counted by hand and against counting one day at a time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shenpi_base.tools.workdays import WorkCalendar
from shenpi_evaluation.tools import tiers

# 国办发明电〔2025〕: the days of 2026 that differ from Monday to Friday, around two festivals.
EXCEPTIONS = {
    date(2026, 2, 14): True,
    **{date(2026, 2, day): False for day in (16, 17, 18, 19, 20, 23)},
    date(2026, 2, 28): True,
    date(2026, 6, 19): False,
    date(2026, 9, 20): True,
    date(2026, 9, 25): False,
    **{date(2026, 10, day): False for day in (1, 2, 5, 6, 7)},
    date(2026, 10, 10): True,
}
CALENDAR = WorkCalendar(EXCEPTIONS, date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("day", "days", "due", "warn", "alarm"),
    [
        ("2026-02-13", 0, "2026-02-13", "2026-02-12", "2026-02-14"),
        ("2026-02-15", 0, "2026-02-24", "2026-02-14", "2026-02-25"),
        ("2026-02-13", 1, "2026-02-14", "2026-02-13", "2026-02-24"),
        ("2026-02-14", 3, "2026-02-26", "2026-02-25", "2026-02-27"),
        ("2026-02-14", 5, "2026-02-28", "2026-02-27", "2026-03-02"),
        ("2026-09-18", 10, "2026-10-09", "2026-10-08", "2026-10-10"),
        ("2026-09-18", 15, "2026-10-15", "2026-10-14", "2026-10-16"),
    ],
)
def test_by_hand(day, days, due, warn, alarm):
    found = tiers.deadline(CALENDAR, date.fromisoformat(day), days)
    assert [each.isoformat() for each in found] == [due, warn, alarm]


@given(st.dates(date(2026, 1, 10), date(2026, 10, 31)), st.sampled_from((0, 1, 3, 5, 10, 15)))
def test_one_day_at_a_time(day, days):
    due, left = day, days
    while left or not CALENDAR.is_workday(due):
        due += timedelta(days=1)
        left -= left > 0 and CALENDAR.is_workday(due)
    found = tiers.deadline(CALENDAR, day, days)
    assert found.due == due
    assert CALENDAR.count(found.warn, found.due) == 1
    assert CALENDAR.count(found.due, found.alarm) == 1


@given(st.integers(0, 200_000), st.integers(1, 48))
def test_hours_are_hours(seconds, hours):
    dispatched = datetime(2026, 2, 13, 9, tzinfo=UTC)
    moment = dispatched + timedelta(seconds=seconds)
    assert tiers.may_return(dispatched, moment, hours) == (seconds <= hours * 3600)
