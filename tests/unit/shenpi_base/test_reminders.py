"""The reminder ladder against a calendar walked day by day."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from shenpi_base.tools import reminders

DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
LADDERS = st.lists(st.integers(-60, 400), min_size=1, max_size=8, unique=True)


@given(DAYS, st.integers(0, 200), LADDERS)
def test_run_every_day_each_rung_acts_on_its_own_day(deadline, lead, ladder):
    """Walk the days one by one: what a run meets for the first time acts, on its own day."""
    ends = deadline + timedelta(days=lead)
    met, acted = set(), {}
    day = deadline - timedelta(days=max(ladder) + 2)
    while day <= ends + timedelta(days=200):
        acts, passed = reminders.sort_out(day, deadline, ends, ladder)
        if acts is not None and acts not in met:
            acted[acts] = day
        met |= {acts, *passed} - {None}
        day += timedelta(days=1)
    assert acted == {days: deadline - timedelta(days=days) for days in ladder}


@given(DAYS, DAYS, st.integers(0, 200), LADDERS)
def test_the_nearest_acts_and_the_others_are_passed_over(today, deadline, lead, ladder):
    ends = deadline + timedelta(days=lead)
    acts, passed = reminders.sort_out(today, deadline, ends, ladder)
    expected = []
    for days in ladder:
        begins = deadline - timedelta(days=days)
        over = (today - max(ends, begins)).days > reminders.GRACE_DAYS
        if today >= begins and not over:
            expected.append(days)
    assert sorted([acts, *passed] if acts is not None else []) == sorted(expected)
    assert all(acts < days for days in passed)


@given(DAYS, st.dates(date(2000, 1, 1), date(2000, 12, 31)), DAYS, st.integers(0, 1500))
def test_a_duty_of_every_year_against_the_calendar_walked(began, duty, first, length):
    """Each year after that of the beginning has one day: the duty's, or the last of its month."""
    last = first + timedelta(days=length)
    expected = []
    for offset in range(length + 1):
        day = first + timedelta(days=offset)
        is_last = (day + timedelta(days=1)).month != day.month
        falls = day.month == duty.month and (
            day.day == duty.day or (is_last and day.day < duty.day)
        )
        if falls and day.year > began.year:
            expected.append(day)
    assert reminders.yearly_days(began, duty.month, duty.day, first, last) == expected


@given(st.lists(st.lists(st.integers(), min_size=1, max_size=5), max_size=30), st.integers(1, 12))
def test_batches_keep_everything_and_cut_nothing(groups, size):
    batches = list(reminders.pack(groups, size))
    assert [id_ for batch in batches for id_ in batch] == [id_ for group in groups for id_ in group]
    assert all(len(batch) >= size for batch in batches[:-1])
    ends, total = set(), 0
    for group in groups:
        total += len(group)
        ends.add(total)
    total = 0
    for batch in batches:
        total += len(batch)
        assert total in ends


@given(st.lists(st.text(min_size=1, max_size=5), max_size=9))
def test_all_licences_are_named_or_counted(names):
    text = reminders.list_licences(names, "|", " of {count}")
    assert text.split("|")[: len(names)] or not names
    assert text.endswith(f" of {len(names)}") == (len(names) > reminders.NAMED) or not names
