"""How far a rung of an escalation ladder reaches.

What
====
A rung stands a number of working days after (or, negative, before) a date of a document. Asking
each document "is your rung due today?" costs a calculation per document; asking the calendar once
"up to which date are the documents due today?" gives one date, and the documents are a search.

Example
=======
>>> from datetime import date
>>> calendar = WorkCalendar({}, first=date(2026, 6, 1), last=date(2026, 6, 30))
>>> reach(calendar, date(2026, 6, 10), 0)        # a Wednesday: what ends today and before
datetime.date(2026, 6, 10)
>>> reach(calendar, date(2026, 6, 10), 1)        # one working day late: what ended on Tuesday
datetime.date(2026, 6, 9)
>>> reach(calendar, date(2026, 6, 10), -3)       # three working days ahead: up to Monday
datetime.date(2026, 6, 15)

How it works
============
A rung with offset n is due from ``calendar.add(anchor, n)`` on (for n = 0: from the anchor, or the
first working day after it). That day never moves back when the anchor moves on, so there is a
latest anchor that is due, and it can be read off the calendar.
"""

from datetime import date, timedelta

from .workdays import WorkCalendar


def due_from(calendar: WorkCalendar, anchor: date, offset: int) -> date:
    """The day from which a rung with this offset is due for a document with this anchor."""
    return calendar.add(anchor, offset) if offset else calendar.roll_forward(anchor)


def reach(calendar: WorkCalendar, today: date, offset: int) -> date:
    """The latest anchor date for which a rung with this offset is due on ``today``."""
    if offset < 0:
        return calendar.add(today, -offset)
    last_workday = today if calendar.is_workday(today) else calendar.add(today, -1)
    if not offset:
        return last_workday
    # The working day on which the count of `offset` days begins lies after the anchor.
    first_counted = calendar.add(last_workday, 1 - offset)
    return first_counted - timedelta(days=1)
