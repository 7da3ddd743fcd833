"""``workdays`` against a walk over every day of all official years and a provisional one."""

from datetime import date, timedelta
from itertools import pairwise

import chinese_calendar
import pytest
from calendars import (
    OFFICIAL_FIRST,
    OFFICIAL_LAST,
    PROVISIONAL_LAST,
    each_day,
    official_calendar,
    provisional_calendar,
    provisional_exceptions,
)
from hypothesis import given
from hypothesis import strategies as st
from shenpi_base.tools.workdays import CalendarRangeError, WorkCalendar, add_months

CALENDAR = provisional_calendar()
EXCEPTIONS = provisional_exceptions()
DAY = timedelta(days=1)

# Leaves room for 60 working days on either side.
inner_days = st.dates(OFFICIAL_FIRST + 120 * DAY, PROVISIONAL_LAST - 120 * DAY)
all_days = st.dates(OFFICIAL_FIRST, PROVISIONAL_LAST)
steps = st.integers(-60, 60)


def works(day: date) -> bool:
    """The oracle's own idea of a working day."""
    return EXCEPTIONS.get(day, day.weekday() not in (5, 6))


def walk(day: date, n: int) -> date:
    """The n-th working day from ``day`` on, one day at a time."""
    step = DAY if n > 0 else -DAY
    while n:
        day += step
        if works(day):
            n -= step.days
    return day


def test_every_official_day_agrees_with_the_library():
    calendar = official_calendar()
    for day in each_day(OFFICIAL_FIRST, OFFICIAL_LAST):
        assert calendar.is_workday(day) == chinese_calendar.is_workday(day), day


def test_the_year_2026_with_its_make_up_days():
    calendar = official_calendar()
    assert calendar.count(date(2025, 12, 31), date(2026, 12, 31)) == 248
    for month, day in ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)):
        assert date(2026, month, day).weekday() >= 5
        assert calendar.is_workday(date(2026, month, day))


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        (date(2026, 12, 4), 20, date(2027, 1, 4)),
        (date(2026, 9, 18), 20, date(2026, 10, 22)),
        (date(2026, 9, 18), 1, date(2026, 9, 19) + DAY),
        (date(2026, 9, 20), 0, date(2026, 9, 20)),
        (date(2026, 10, 22), -20, date(2026, 9, 18)),
        (date(2026, 10, 3), -1, date(2026, 9, 30)),
    ],
)
def test_known_sums(start, n, expected):
    assert CALENDAR.add(start, n) == expected


def test_every_day_one_step_forward_and_back():
    for day in each_day(OFFICIAL_FIRST + 15 * DAY, PROVISIONAL_LAST - 15 * DAY):
        assert CALENDAR.is_workday(day) == works(day)
        assert CALENDAR.add(day, 1) == walk(day, 1)
        assert CALENDAR.add(day, -1) == walk(day, -1)
        assert CALENDAR.roll_forward(day) == (day if works(day) else walk(day, 1))


@pytest.mark.parametrize("n", [5, 10, 20, 45])
def test_every_day_plus_and_minus_a_legal_limit(n):
    """A window of n working days slides over the whole range, so the oracle stays one pass."""
    days = each_day(OFFICIAL_FIRST, PROVISIONAL_LAST)
    ahead: list[date] = []
    for day in reversed(days):
        if len(ahead) >= n:
            assert CALENDAR.add(day, n) == ahead[-n], day
        if works(day):
            ahead.append(day)
    behind: list[date] = []
    for day in days:
        if len(behind) >= n:
            assert CALENDAR.add(day, -n) == behind[-n], day
        if works(day):
            behind.append(day)


def test_every_day_counts_to_one_more_than_the_day_before():
    for before, day in pairwise(each_day(OFFICIAL_FIRST, PROVISIONAL_LAST)):
        assert CALENDAR.count(before, day) == works(day)
        assert CALENDAR.count(day, before) == -works(day)


@given(all_days, all_days)
def test_count_is_the_number_of_working_days_after_start_up_to_end(start, end):
    low, high = sorted((start, end))
    expected = sum(works(day) for day in each_day(low, high)[1:])
    assert CALENDAR.count(start, end) == (expected if start <= end else -expected)


@given(inner_days, steps)
def test_add_walks_day_by_day(day, n):
    assert CALENDAR.add(day, n) == walk(day, n)


@given(inner_days, st.integers(1, 60))
def test_add_then_count_gives_the_same_number(day, n):
    assert CALENDAR.count(day, CALENDAR.add(day, n)) == n


@given(inner_days, steps)
def test_from_a_working_day_the_way_back_ends_where_it_began(day, n):
    start = CALENDAR.roll_forward(day)
    assert CALENDAR.add(CALENDAR.add(start, n), -n) == start


@given(inner_days, st.integers(0, 30), st.integers(0, 30))
def test_two_sums_are_one(day, m, n):
    assert CALENDAR.add(CALENDAR.add(day, m), n) == CALENDAR.add(day, m + n)


@given(inner_days, st.integers(0, 60))
def test_calendar_days_end_on_the_next_working_day(day, n):
    due = CALENDAR.calendar_days(day, n)
    assert works(due)
    assert not any(works(between) for between in each_day(day + n * DAY, due)[:-1])


def test_months_are_clamped_and_rolled():
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert add_months(date(2024, 3, 31), -1) == date(2024, 2, 29)
    # 2026-01-31 is a Saturday, 2026-02-28 a Saturday worked for the Spring Festival.
    assert CALENDAR.months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    # The first of October begins a week off.
    assert CALENDAR.months(date(2026, 9, 1), 1) == date(2026, 10, 8)


def test_unknown_days_are_refused_with_the_range():
    calendar = official_calendar()
    for ask in (
        lambda: calendar.is_workday(date(2027, 1, 1)),
        lambda: calendar.add(date(2026, 12, 4), 20),
        lambda: calendar.roll_forward(date(2027, 1, 1)),
        lambda: calendar.calendar_days(date(2026, 12, 31), 1),
        lambda: calendar.months(date(2026, 12, 1), 1),
    ):
        with pytest.raises(CalendarRangeError) as error:
            ask()
        assert error.value.date == date(2027, 1, 1)
        assert (error.value.first, error.value.last) == (OFFICIAL_FIRST, OFFICIAL_LAST)
    with pytest.raises(CalendarRangeError) as error:
        calendar.add(date(2004, 1, 5), -20)
    assert error.value.date == date(2003, 12, 31)
    with pytest.raises(CalendarRangeError):
        calendar.count(date(2003, 12, 31), date(2026, 1, 1))


def test_the_last_known_working_day_can_still_be_reached():
    calendar = official_calendar()
    assert calendar.add(date(2026, 12, 30), 1) == date(2026, 12, 31)
    assert calendar.add(date(2026, 12, 31), 0) == date(2026, 12, 31)


def test_a_range_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="before it begins"):
        WorkCalendar({}, date(2026, 1, 2), date(2026, 1, 1))
