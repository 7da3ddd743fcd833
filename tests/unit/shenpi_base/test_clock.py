"""``clock`` against hand calculations, and against a simulation that lives through every day."""

import math
import random
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from calendars import provisional_calendar, provisional_exceptions
from hypothesis import given, settings
from hypothesis import strategies as st
from shenpi_base.tools.clock import ClockState, Entry, Limits, evaluate, light_of

CALENDAR = provisional_calendar()
EXCEPTIONS = provisional_exceptions()
DAY = timedelta(days=1)
TWENTY = Limits("working_days", statutory=20, promised=None)


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime.combine(date(2026, month, day), time(hour, minute))


def entries(*rows) -> list[Entry]:
    """Entries from rows (kind, moment, further fields), in the order of recording."""
    return [Entry(row[0], row[1], seq, **dict(row[2:])) for seq, row in enumerate(rows, 1)]


def state_of(rows, limits=TWENTY, now=None) -> ClockState:
    return evaluate(entries(*rows), limits, CALENDAR, now or rows[-1][1])


def works(day: date) -> bool:
    return EXCEPTIONS.get(day, day.weekday() not in (5, 6))


# ---------------------------------------------------------------------------
# Hand calculations, with the make-up days of 2026 (Sundays 01-04, 09-20; Saturday 10-10)
# ---------------------------------------------------------------------------


def test_nothing_received():
    state = evaluate([], TWENTY, CALENDAR, at(9, 18))
    assert (state.due, state.running, state.used, state.start) == (None,) * 4
    assert state.light == "none"


def test_correction_limit_from_receipt():
    state = state_of([("received", at(9, 18))])
    assert state.running == "correction"
    assert state.due == state.correction_due == date(2026, 9, 24)
    assert (state.warn, state.alarm) == (date(2026, 9, 22), date(2026, 9, 24))
    assert (state.statutory_due, state.used, state.left) == (None, None, None)


def test_the_item_may_shorten_the_correction_limit():
    state = state_of([("received", at(9, 18))], replace(TWENTY, correction=3))
    assert state.due == date(2026, 9, 22)


def test_nothing_runs_while_the_applicant_corrects():
    state = state_of([("received", at(9, 18)), ("correction_sent", at(9, 21))], now=at(11, 30))
    assert (state.running, state.due, state.warn, state.alarm) == (None,) * 4
    assert state.correction_due == date(2026, 9, 24)
    assert (state.light, state.paused) == ("none", False)


def test_a_fresh_limit_from_the_supplement():
    state = state_of(
        [
            ("received", at(9, 18)),
            ("correction_sent", at(9, 21)),
            ("supplement_received", at(10, 9)),
        ]
    )
    assert state.running == "correction"
    assert state.due == state.correction_due == date(2026, 10, 15)


def test_twenty_days_from_acceptance():
    state = state_of([("received", at(9, 17)), ("accepted", at(9, 18))], now=at(9, 24))
    assert state.running == "statutory"
    assert state.due == state.statutory_due == date(2026, 10, 22)
    assert state.promised_due is None
    assert (state.used, state.left, state.start) == (5, 15, date(2026, 9, 18))
    assert state.warn == CALENDAR.add(date(2026, 9, 18), 11)
    assert state.alarm == CALENDAR.add(date(2026, 9, 18), 19)


def test_deemed_acceptance_counts_from_receipt():
    """The acceptance is recorded a week later, dated back to the receipt."""
    rows = [("received", at(9, 18)), ("accepted", at(9, 18))]
    assert state_of(rows, now=at(9, 25)).due == date(2026, 10, 22)
    early = [("received", at(9, 18)), ("accepted", at(9, 18, 0))]
    assert state_of(early, now=at(9, 25)).due == date(2026, 10, 22)
    assert state_of(early).start == date(2026, 9, 18)


def test_a_pause_moves_both_limits():
    """Five days used on 09-24; fifteen (and three) are left from Monday 10-12 on."""
    rows = [("accepted", at(9, 18)), ("pause", at(9, 24)), ("resume", at(10, 12))]
    state = state_of(rows, replace(TWENTY, promised=8), now=at(10, 13))
    assert state.statutory_due == date(2026, 11, 2)
    assert state.promised_due == state.due == date(2026, 10, 15)
    assert (state.used, state.left, state.running) == (6, 2, "promised")
    assert (state.warn, state.alarm) == (date(2026, 9, 24), date(2026, 10, 15))


def test_a_pause_moves_the_thresholds_that_lie_behind_it():
    rows = [("accepted", at(9, 18)), ("pause", at(9, 24)), ("resume", at(10, 12))]
    state = state_of(rows)
    assert state.warn == date(2026, 10, 20)
    assert state.alarm == date(2026, 10, 30)


def test_an_open_pause_stops_the_clock_and_keeps_the_dates():
    rows = [("accepted", at(9, 18)), ("pause", at(9, 24), ("planned_days", 5))]
    state = state_of(rows, now=at(12, 1))
    assert state.paused
    assert (state.due, state.running, state.light) == (None, None, "green")
    assert state.statutory_due == date(2026, 10, 22)
    assert (state.used, state.left) == (5, 15)
    assert state.pause_until == date(2026, 10, 9)


def test_pause_and_resume_on_one_day_cost_nothing():
    rows = [("accepted", at(9, 18)), ("pause", at(9, 24, 9)), ("resume", at(9, 24, 17))]
    assert state_of(rows) == state_of(rows[:1], now=at(9, 24))


def test_a_case_paused_on_its_last_day_has_until_the_day_of_the_resume():
    limits = Limits("working_days", 5, None)
    rows = [("accepted", at(9, 18)), ("pause", at(9, 24)), ("resume", at(10, 12))]
    assert state_of(rows, limits).due == date(2026, 10, 12)
    # Resumed within the holidays: the first working day after them.
    assert state_of([*rows[:2], ("resume", at(10, 3))], limits).due == date(2026, 10, 8)


def test_a_case_that_was_late_before_its_pause_stays_late():
    limits = Limits("working_days", 3, None)
    rows = [("accepted", at(9, 18)), ("pause", at(9, 24)), ("resume", at(10, 12))]
    state = state_of(rows, limits)
    assert state.due == date(2026, 9, 22)
    assert state.light == "red"
    assert (state.used, state.left) == (5, -2)


def test_an_extension_adds_to_both_limits():
    rows = [("accepted", at(9, 18)), ("extend", at(9, 28), ("days", 10))]
    state = state_of(rows, replace(TWENTY, promised=10))
    assert state.statutory_due == CALENDAR.add(date(2026, 9, 18), 30)
    assert state.promised_due == CALENDAR.add(date(2026, 9, 18), 20)
    assert state.warn == CALENDAR.add(date(2026, 9, 18), 11)
    assert state.used + state.left == 20


def test_a_promise_of_nought_is_the_same_day():
    limits = replace(TWENTY, promised=0)
    state = state_of([("accepted", at(9, 18))], limits)
    assert state.promised_due == state.due == date(2026, 9, 18)
    assert state.light == "green"
    assert state_of([("accepted", at(9, 18))], limits, now=at(9, 19)).light == "red"
    # Accepted on the web on a Saturday: the Sunday after is worked.
    assert state_of([("accepted", at(9, 19))], limits).due == date(2026, 9, 20)


def test_delivery_runs_from_the_decision_to_the_delivery():
    rows = [("accepted", at(9, 18)), ("decided", at(9, 24)), ("delivered", at(10, 9))]
    state = state_of(rows[:2], now=at(10, 9))
    assert state.running == "delivery"
    assert state.due == state.delivery_due == date(2026, 10, 15)
    assert (state.warn, state.alarm) == (date(2026, 10, 10), date(2026, 10, 15))
    assert (state.used, state.left) == (5, 15)
    assert state.statutory_due == date(2026, 10, 22)
    state = state_of(rows, now=at(12, 1))
    assert (state.running, state.due, state.light) == (None, None, "none")
    assert state.delivery_due == date(2026, 10, 15)
    assert state.used == 5


@pytest.mark.parametrize(
    "before",
    [
        [("received", at(9, 18))],
        [("received", at(9, 18)), ("accepted", at(9, 18))],
        [("accepted", at(9, 18)), ("pause", at(9, 19))],
    ],
)
def test_nothing_runs_after_the_end(before):
    state = state_of([*before, ("ended", at(9, 20))], now=at(12, 1))
    assert (state.running, state.due, state.light, state.paused) == (None, None, "none", False)


def test_the_days_used_stand_still_after_the_end():
    state = state_of([("accepted", at(9, 18)), ("ended", at(9, 24))], now=at(12, 1))
    assert (state.used, state.left) == (5, 15)


def test_calendar_days_roll_off_the_holidays():
    limits = Limits("calendar_days", 15, 7)
    state = state_of([("accepted", at(9, 18))], limits, now=at(9, 21))
    assert state.promised_due == date(2026, 9, 28)  # 09-25 to 09-27 is the Mid-Autumn Festival
    assert state.statutory_due == date(2026, 10, 8)  # 10-01 to 10-07 is the National Day
    assert (state.used, state.left) == (3, 4)


def test_months_are_the_same_day_and_stand_still_in_a_pause():
    limits = Limits("months", 1, None)
    rows = [("accepted", at(8, 31)), ("pause", at(9, 10)), ("resume", at(9, 20))]
    state = state_of(rows[:1], limits, now=at(9, 10))
    assert state.due == date(2026, 9, 30)
    assert (state.used, state.left) == (10, 20)
    # Ten days later it is 10-10, a Saturday that is worked.
    assert state_of(rows, limits).due == date(2026, 10, 10)


def test_hours_run_by_day_and_night():
    limits = Limits("hours", 48, 24)
    state = state_of([("accepted", at(9, 17, 16))], limits, now=at(9, 18, 9, 30))
    assert state.promised_due == date(2026, 9, 18)
    assert state.statutory_due == date(2026, 9, 20)  # Saturday 09-19 rests, Sunday is worked
    assert (state.used, state.left) == (17, 7)
    assert (state.warn, state.alarm) == (date(2026, 9, 18), date(2026, 9, 18))


def test_hours_before_and_after_a_pause_add_up():
    limits = Limits("hours", 4, None)
    rows = [
        ("accepted", at(9, 17, 9)),
        ("pause", at(9, 17, 10, 30)),
        ("resume", at(9, 18, 9)),
    ]
    state = state_of(rows, limits, now=at(9, 18, 10, 30))
    assert (state.used, state.left, state.due) == (3, 1, date(2026, 9, 18))


def test_the_provisional_year_is_reached():
    state = state_of([("accepted", at(12, 4))])
    assert state.due == date(2027, 1, 4)


@pytest.mark.parametrize(
    ("days", "percent", "nth"), [(20, 50, 11), (5, 90, 5), (5, 50, 3), (1, 50, 1), (10, 0, 1)]
)
def test_thresholds_are_the_first_day_above_the_share(days, percent, nth):
    limits = Limits("working_days", days, None, warn_percent=percent, alarm_percent=100)
    state = state_of([("accepted", at(9, 18))], limits)
    assert state.warn == CALENDAR.add(date(2026, 9, 18), nth)
    assert state.alarm == state.due + DAY


@pytest.mark.parametrize("kind", ["", "started", "Paused"])
def test_an_unknown_kind_is_refused(kind):
    with pytest.raises(ValueError, match="unknown kind"):
        state_of([(kind, at(9, 18))])


def test_an_unknown_unit_is_refused():
    with pytest.raises(ValueError, match="unknown unit"):
        state_of([("accepted", at(9, 18))], replace(TWENTY, unit="weeks"))


# ---------------------------------------------------------------------------
# The light
# ---------------------------------------------------------------------------

WARN, ALARM, DUE = date(2026, 9, 21), date(2026, 9, 23), date(2026, 9, 24)


@pytest.mark.parametrize(
    ("today", "light"),
    [(20, "green"), (21, "yellow"), (22, "yellow"), (23, "red"), (24, "red"), (25, "red")],
)
def test_the_light_by_day(today, light):
    assert light_of(date(2026, 9, today), DUE, WARN, ALARM) == light


def test_the_light_without_some_of_the_dates():
    late = DUE + DAY
    assert light_of(late, None, None, None) == "none"
    assert light_of(late, False, False, False) == "none"
    assert light_of(late, None, None, None, stopped=True) == "green"
    assert light_of(late, DUE, WARN, ALARM, stopped=True) == "green"
    assert light_of(late, DUE, None, None) == "red"
    assert light_of(DUE, DUE, None, None) == "green"


# ---------------------------------------------------------------------------
# The independent simulation: live through every day and count
# ---------------------------------------------------------------------------

LAST_DAY = date(2027, 6, 30)


class Simulation:
    """What a patient clerk would do: note every evening what is used and whether it goes on.

    A working or calendar day is used up if the clock was going at the end of the day before: the
    rule that the day of an entry does not count, said the other way round. Hours are counted in
    half-hour slots.
    """

    def __init__(self, history, unit):
        self.history = history
        self.unit = unit
        self.start = next(entry.at for entry in history if entry.kind == "accepted")
        self.used_on = {}
        self.going_on = {}
        self._live()

    def _live(self):
        going, used = False, 0.0
        day = self.start.date()
        while day <= LAST_DAY:
            today = [entry for entry in self.history if entry.at.date() == day]
            if self.unit == "hours":
                going, used = self._live_slots(day, today, going, used)
            else:
                if going and (self.unit != "working_days" or works(day)):
                    used += 1
                for entry in today:
                    going = self._after(entry, going)
            self.used_on[day], self.going_on[day] = used, going
            day += DAY

    def _live_slots(self, day, today, going, used):
        for slot in range(48):
            moment = datetime.combine(day, time(slot // 2, 30 * (slot % 2)))
            for entry in today:
                if entry.at == moment:
                    going = self._after(entry, going)
            used += going / 2
        return going, used

    @staticmethod
    def _after(entry, going):
        return {"accepted": True, "resume": True, "pause": False}.get(entry.kind, going)

    def due(self, limit):
        return next(
            day
            for day, used in self.used_on.items()
            if used >= limit and works(day) and self.going_on[day]
        )

    def first_day_above(self, share):
        return next(day for day, used in self.used_on.items() if used > share)


@st.composite
def histories(draw):
    """An accepted case with pauses, resumes and extensions, also pointless ones."""
    moment = datetime.combine(
        draw(st.dates(date(2025, 10, 1), date(2026, 6, 30))), time(draw(st.integers(0, 23)), 30)
    )
    history = [Entry("accepted", moment, 1)]
    kinds = st.sampled_from(["pause", "resume", "pause", "resume", "extend"])
    for seq in range(2, draw(st.integers(2, 10))):
        gap = draw(st.sampled_from([0, 1, 1, 2, 3, 5, 9, 14]))
        hour = draw(st.integers(0, 23))
        moment = max(moment, datetime.combine(moment.date() + gap * DAY, time(hour, 30)))
        kind = draw(kinds)
        days = draw(st.integers(1, 10)) if kind == "extend" else 0
        history.append(Entry(kind, moment, seq, days=days))
    return history


def total_of(history, unit, limit):
    """The limit with all extensions, in the unit of the simulation."""
    extension = sum(entry.days for entry in history)
    if unit == "months":
        start = history[0].at.date()
        first = start.replace(day=1)
        for _month in range(limit):
            first = (first + 31 * DAY).replace(day=1)
        last = (first + 31 * DAY).replace(day=1) - DAY
        return (min(first + (start.day - 1) * DAY, last) - start).days + extension
    return limit + extension * (24 if unit == "hours" else 1)


def without_open_pause(history):
    """The history up to which the clock went: what an open pause leaves where it stood."""
    opened = None
    for index, entry in enumerate(history):
        if entry.kind == "pause" and opened is None:
            opened = index
        elif entry.kind == "resume":
            opened = None
    if opened is None:
        return history, None
    return [e for i, e in enumerate(history) if i < opened or e.kind == "extend"], history[opened]


units = st.sampled_from(["working_days", "calendar_days", "months", "hours"])
LONGEST = {"working_days": 45, "calendar_days": 60, "months": 3, "hours": 200}


@st.composite
def cases(draw):
    unit = draw(units)
    return draw(histories()), Limits(
        unit,
        statutory=draw(st.integers(0, LONGEST[unit])),
        promised=draw(st.none() | st.integers(0, LONGEST[unit])),
        warn_percent=draw(st.integers(0, 100)),
        alarm_percent=draw(st.integers(0, 100)),
    )


@settings(max_examples=300)
@given(cases(), st.integers(0, 40))
def test_the_clock_agrees_with_living_through_every_day(case, days_later):
    history, limits = case
    now = datetime.combine(history[-1].at.date() + days_later * DAY, time(23, 59))
    state = evaluate(history, limits, CALENDAR, now)
    went_on, open_pause = without_open_pause(history)
    simulation = Simulation(went_on, limits.unit)
    statutory = total_of(history, limits.unit, limits.statutory)
    assert state.statutory_due == simulation.due(statutory)
    total = statutory
    if limits.promised is not None:
        total = total_of(history, limits.unit, limits.promised)
        assert state.promised_due == simulation.due(total)
    assert state.paused == (open_pause is not None)

    lived = Simulation(history, limits.unit)
    assert state.used == math.floor(lived.used_on[now.date()])
    assert state.left == total - state.used
    if open_pause:
        assert (state.due, state.light) == (None, "green")
        return
    due = simulation.due(total)
    assert state.due == due
    alarm = min(first_day_above(simulation, total, limits.alarm_percent, due), due + DAY)
    assert state.alarm == alarm
    warn = min(first_day_above(simulation, total, limits.warn_percent, due), alarm)
    assert state.warn == warn
    assert state.light == (
        "red" if now.date() >= alarm else "yellow" if now.date() >= warn else "green"
    )


def first_day_above(simulation, total, percent, due):
    """All of it can only be exceeded after the due date, however late the next count comes."""
    share = total * percent / 100
    return due + DAY if share >= total else simulation.first_day_above(share)


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_in_the_database_does_not_matter(case, chance: random.Random):
    history, limits = case
    shuffled = chance.sample(history, len(history))
    now = history[-1].at
    assert evaluate(shuffled, limits, CALENDAR, now) == evaluate(history, limits, CALENDAR, now)


@given(cases(), st.integers(0, 200))
def test_a_paused_case_is_never_late(case, days_later):
    history, limits = case
    now = history[-1].at + days_later * DAY
    state = evaluate(history, limits, CALENDAR, now)
    assert not state.paused or state.light == "green"


@given(cases(), st.data())
def test_a_pause_and_resume_on_one_day_change_nothing(case, data):
    history, limits = case
    if limits.unit == "hours":
        limits = replace(limits, unit="working_days")
    index = data.draw(st.integers(1, len(history)))
    moment = history[index - 1].at
    stop = [
        Entry("pause", moment, 1000),
        Entry("resume", moment, 1001),
    ]
    now = history[-1].at
    if evaluate(history[:index], limits, CALENDAR, moment).paused:
        return
    # Later entries of the same moment would fall between: give every one its own place.
    before = [replace(entry, seq=i) for i, entry in enumerate(history[:index])]
    after = [replace(entry, seq=2000 + i) for i, entry in enumerate(history[index:])]
    assert evaluate([*before, *stop, *after], limits, CALENDAR, now) == evaluate(
        history, limits, CALENDAR, now
    )


@given(cases())
def test_a_red_light_is_one_comparison(case):
    """The search for red cases reads ``alarm`` alone, the search for yellow ones ``warn`` too."""
    history, limits = case
    state = evaluate(history, limits, CALENDAR, history[-1].at)
    if state.due:
        assert state.warn <= state.alarm <= state.due + DAY
        for i in range(-3, 4):
            today = state.alarm + i * DAY
            light = light_of(today, state.due, state.warn, state.alarm)
            assert (light == "red") == (today >= state.alarm)
            assert (light == "green") == (today < state.warn)
