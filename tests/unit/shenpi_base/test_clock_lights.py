"""The lights of every limit that runs, by share and by days left, against counting the days."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from calendars import provisional_calendar
from hypothesis import given
from hypothesis import strategies as st
from shenpi_base.tools.clock import Limits, Marks, evaluate, light_of
from shenpi_base.tools.clock_entries import Entry

CALENDAR = provisional_calendar()
DAY = timedelta(days=1)
START = datetime.combine(date(2026, 3, 2), time(9))
LIMITS = Limits("working_days", statutory=20, promised=5)
RECEIVED = [Entry("received", START, 1)]
ACCEPTED = [*RECEIVED, Entry("accepted", START, 2)]


def lights_of(entries, limits=LIMITS):
    return evaluate(entries, limits, CALENDAR, entries[-1].at).lights


def test_which_limits_run():
    pause = Entry("pause", START + DAY, 3, planned_days=3)
    decided = Entry("decided", START + 2 * DAY, 3)
    assert list(lights_of(RECEIVED)) == ["correction"]
    assert list(lights_of([*RECEIVED, Entry("correction_sent", START, 2)])) == []
    assert list(lights_of(ACCEPTED)) == ["promised", "statutory"]
    assert list(lights_of(ACCEPTED, replace(LIMITS, promised=None))) == ["statutory"]
    assert list(lights_of([*ACCEPTED, pause])) == []
    assert list(lights_of([*ACCEPTED, decided])) == ["delivery"]
    assert list(lights_of([*ACCEPTED, decided, Entry("delivered", START + 3 * DAY, 4)])) == []
    assert list(lights_of([*ACCEPTED, Entry("ended", START + DAY, 3)])) == []


def test_the_light_that_counts_is_that_of_the_limit_that_counts():
    state = evaluate(ACCEPTED, LIMITS, CALENDAR, START)
    assert (state.warn, state.alarm) == state.lights["promised"]
    # Five days promised until 03-09, twenty by law until 03-30; 50 and 90 percent.
    assert state.lights["promised"] == (date(2026, 3, 5), date(2026, 3, 9))
    assert state.lights["statutory"] == (date(2026, 3, 17), date(2026, 3, 27))


def test_each_limit_has_its_own_marks():
    marks = {"promised": Marks(2, 0, by_days=True), "statutory": Marks(80, 100)}
    lights = lights_of(ACCEPTED, replace(LIMITS, marks=marks))
    assert lights["promised"] == (date(2026, 3, 5), date(2026, 3, 9))
    assert lights["statutory"] == (date(2026, 3, 25), date(2026, 3, 31))
    assert lights_of(RECEIVED, replace(LIMITS, marks=marks)) == lights_of(RECEIVED)


def test_more_days_than_the_limit_are_yellow_from_the_start():
    marks = {"promised": Marks(99, 1, by_days=True)}
    assert lights_of(ACCEPTED, replace(LIMITS, marks=marks))["promised"][0] == START.date()


@given(
    st.dates(date(2026, 1, 5), date(2026, 10, 30)),
    st.integers(0, 30),
    st.integers(0, 12),
    st.integers(0, 12),
    st.lists(st.integers(1, 9), max_size=4),
)
def test_days_left_are_counted_by_hand(start, limit, more, alarm, gaps):
    """Yellow and red on the first day on which so few working days are left to the due date."""
    entries = [Entry("received", datetime.combine(start, START.time()), 1)]
    entries.append(replace(entries[0], kind="accepted", seq=2))
    for number, gap in enumerate(gaps[: len(gaps) // 2 * 2]):
        kind = ("pause", "resume")[number % 2]
        entries.append(Entry(kind, entries[-1].at + gap * DAY, number + 3))
    marks = {"statutory": Marks(alarm + more, alarm, by_days=True)}
    limits = Limits("working_days", limit, None, marks=marks)
    state = evaluate(entries, limits, CALENDAR, entries[-1].at)
    warn_date, alarm_date = state.lights["statutory"]
    today = start
    while today <= state.due + 3 * DAY:
        left = sum(
            CALENDAR.is_workday(today + n * DAY) for n in range(1, (state.due - today).days + 1)
        )
        expected = (
            "red"
            if today > state.due or left <= alarm
            else "yellow"
            if left <= alarm + more
            else "green"
        )
        assert light_of(today, state.due, warn_date, alarm_date) == expected, today
        today += DAY
