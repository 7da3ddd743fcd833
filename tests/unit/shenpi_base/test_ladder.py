"""The reach of a rung, against asking every day by itself."""

from datetime import date, timedelta

import pytest
from shenpi_base.tools.ladder import due_from, reach
from shenpi_base.tools.workdays import WorkCalendar

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
# The make-up days and days off around the Mid-Autumn Festival and National Day of 2026.
CALENDAR = WorkCalendar(
    {
        date(2026, 9, 20): True,
        date(2026, 9, 25): False,
        date(2026, 10, 10): True,
        **{date(2026, 10, day): False for day in (1, 2, 5, 6, 7)},
    },
    FIRST,
    LAST,
)
DAYS = [date(2026, 9, 1) + timedelta(days=n) for n in range(50)]


@pytest.mark.parametrize("offset", range(-6, 7))
def test_reach_is_the_latest_anchor_that_is_due(offset):
    anchors = [date(2026, 7, 1) + timedelta(days=n) for n in range(150)]
    for today in DAYS:
        due = [anchor for anchor in anchors if due_from(CALENDAR, anchor, offset) <= today]
        assert reach(CALENDAR, today, offset) == due[-1], today
        assert due == anchors[: len(due)], "an anchor that comes later is never due earlier"


def test_a_rung_after_a_holiday():
    """One working day late: what ended on 30 September is escalated on 8 October, not before."""
    ended = date(2026, 9, 30)
    assert due_from(CALENDAR, ended, 1) == date(2026, 10, 8)
    assert reach(CALENDAR, date(2026, 10, 7), 1) < ended
    assert reach(CALENDAR, date(2026, 10, 8), 1) >= ended
