"""What ``clock`` says of a decided case, whatever the unit of its limit."""

from datetime import datetime

import pytest
from calendars import provisional_calendar
from shenpi_base.tools.clock import Entry, Limits, evaluate

CALENDAR = provisional_calendar()
WORKING = Limits("working_days", statutory=20, promised=5)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}T10:00")


def decide(rows, limits=WORKING):
    """The decision of a case from rows (kind, month-day, further fields)."""
    entries = [Entry(kind, moment(day), n, **more) for n, (kind, day, more) in enumerate(rows)]
    return evaluate(entries, limits, CALENDAR, moment("12-01")).decision


def test_open_and_refused_cases_have_none():
    received = ("received", "09-01", {})
    assert decide([received]) is None
    assert decide([received, ("accepted", "09-01", {})]) is None
    assert decide([received, ("ended", "09-02", {})]) is None


@pytest.mark.parametrize("unit", ["working_days", "calendar_days", "hours", "months"])
def test_days_are_working_days_in_every_unit(unit):
    """Thursday 17 to Tuesday 22 September; Sunday the 20th is worked."""
    decision = decide(
        [("received", "09-17", {}), ("accepted", "09-17", {}), ("decided", "09-22", {})],
        Limits(unit, statutory=3, promised=2),
    )
    assert decision.working_days == 4


def test_an_extension_does_not_move_the_plain_limits():
    rows = [("received", "09-01", {}), ("accepted", "09-01", {}), ("decided", "09-11", {})]
    extended = [*rows[:2], ("extend", "09-03", {"days": 10}), rows[2]]
    assert decide(extended) == decide(rows)
    assert decide(rows).promised_due == moment("09-08").date()


def test_without_a_promise():
    decision = decide(
        [("received", "09-01", {}), ("accepted", "09-01", {}), ("decided", "09-02", {})],
        Limits("working_days", statutory=20, promised=None),
    )
    assert decision.promised_due is None
