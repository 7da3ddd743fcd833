"""Deadlines of grievances: tiers of working days, and the hours in which an order may be returned.

What
====
A tier gives its days to whoever has the matter. The day on which he gets it does not count; "at
once" (no days) means the same day, or the next working day for what arrives on a day of rest.

Example
=======
>>> from datetime import datetime
>>> may_return(datetime(2026, 6, 10, 2), datetime(2026, 6, 11, 2), 24)
True
>>> may_return(datetime(2026, 6, 10, 2), datetime(2026, 6, 11, 2, 0, 1), 24)
False

How it works
============
Days are asked of a calendar that knows make-up days (``add`` and ``roll_forward``); the light turns
yellow a working day before the last one and red on the working day after it. Hours are hours: a
weekend does not stop them.
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple


class Deadline(NamedTuple):
    """The last day, and the days on which the light turns yellow and red."""

    due: date
    warn: date
    alarm: date


def deadline(calendar, day: date, days: int) -> Deadline:
    """The deadline of who gets a matter on ``day`` with ``days`` working days."""
    if not days:
        return ending(calendar, day)
    return extended(calendar, day, days)


def extended(calendar, due: date, days: int) -> Deadline:
    """A deadline that ends ``days`` working days after ``due``."""
    return around(calendar, calendar.add(due, days))


def ending(calendar, day: date) -> Deadline:
    """A deadline that ends on ``day``, or on the working day after a day of rest."""
    return around(calendar, calendar.roll_forward(day))


def around(calendar, due: date) -> Deadline:
    """The lights of a deadline that ends on ``due``."""
    return Deadline(due, calendar.add(due, -1), calendar.add(due, 1))


def may_return(dispatched: datetime, moment: datetime, hours: int) -> bool:
    """Whether an order that was dispatched then may still be returned."""
    return moment <= dispatched + timedelta(hours=hours)
