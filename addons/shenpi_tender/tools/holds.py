"""How long a hold on refunds may last at most.

What
====
A complaint suspends at most as long as its decision may take: 30 days in government procurement
(政府采购法 art. 57), 30 working days elsewhere (招标投标法实施条例 art. 61). An order, a freeze or
a suspicion lasts as long as its document says.

Example
=======
>>> from datetime import date
>>> from shenpi_base.tools.workdays import WorkCalendar
>>> calendar = WorkCalendar({}, date(2026, 1, 1), date(2026, 12, 31))
>>> last_day(calendar, "complaint", "procurement", date(2026, 6, 1))
datetime.date(2026, 7, 1)
>>> last_day(calendar, "complaint", "bidding", date(2026, 6, 1))
datetime.date(2026, 7, 13)
>>> last_day(calendar, "order", "bidding", date(2026, 6, 1)) is None
True

How it works
============
The first day does not count. A maximum in days is not moved to the next working day as a term is:
it limits what may be done to a bidder.
"""

from datetime import date, timedelta

from .dues import Calendar

# By kind and regime: days and their unit.
LONGEST = {
    ("complaint", "procurement"): (30, "calendar"),
    ("complaint", "bidding"): (30, "working"),
    ("complaint", "other"): (30, "working"),
}


def last_day(calendar: Calendar, kind: str, regime: str, first: date) -> date | None:
    """The last day that a hold from ``first`` on may have; None when the law names none."""
    days, unit = LONGEST.get((kind, regime), (None, ""))
    if days is None:
        return None
    return first + timedelta(days) if unit == "calendar" else calendar.add(first, days)
