"""Due dates against a calendar walked day by day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shenpi_base.tools.workdays import WorkCalendar
from shenpi_tender.tools.dues import PARTIES, TRIGGERS, UNITS, Term, due_date, find_term

FIRST, LAST = date(2025, 12, 1), date(2027, 3, 31)
# National Day 2026, as announced in autumn: seven days off, two Sundays worked.
EXCEPTIONS = {date(2026, 10, day): False for day in (1, 2, 5, 6, 7)} | {
    date(2026, 9, 20): True,
    date(2026, 10, 10): True,
}
CALENDAR = WorkCalendar(EXCEPTIONS, FIRST, LAST)


def works(day):
    return EXCEPTIONS.get(day, day.weekday() < 5)


def walk(unit, day, days):
    """The last day of a limit, counted on the fingers."""
    if days == 0:
        return day
    counted = 0
    while counted < days:
        day += timedelta(days=1)
        counted += unit == "calendar" or works(day)
    while not works(day):
        day += timedelta(days=1)
    return day


@given(
    st.sampled_from(UNITS),
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.integers(0, 40),
)
def test_last_day(unit, day, days):
    term = Term("contract", "all", days, unit)
    assert due_date(CALENDAR, [term], "contract", "loser", day) == walk(unit, day, days)


@pytest.mark.parametrize(
    ("unit", "day", "due"),
    [
        ("calendar", date(2026, 9, 25), date(2026, 9, 30)),
        ("calendar", date(2026, 9, 28), date(2026, 10, 8)),  # ends on 3 October: a holiday
        ("working", date(2026, 9, 28), date(2026, 10, 10)),  # a Saturday that is worked
        ("working", date(2026, 9, 18), date(2026, 9, 24)),  # over the Sunday that is worked
    ],
)
def test_by_hand(unit, day, due):
    assert due_date(CALENDAR, [Term("contract", "all", 5, unit)], "contract", "winner", day) == due


TERMS = st.lists(
    st.builds(
        Term,
        st.sampled_from(TRIGGERS),
        st.sampled_from(PARTIES),
        st.integers(0, 9),
        st.sampled_from(UNITS),
    )
)


@given(TERMS, st.sampled_from(TRIGGERS), st.sampled_from(["winner", "loser"]))
def test_the_term_of_a_party_comes_first(terms, trigger, party):
    own = [term for term in terms if (term.trigger, term.party) == (trigger, party)]
    shared = [term for term in terms if (term.trigger, term.party) == (trigger, "all")]
    assert find_term(terms, trigger, party) == next(iter(own + shared), None)
