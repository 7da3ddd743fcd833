"""Working-day arithmetic on a Chinese calendar with make-up days.

What
====
Most limits of the administrative licensing law are counted in working days. In China a working
day is not simply Monday to Friday: the yearly notice of the State Council turns weekdays into
days off and some Saturdays and Sundays into working days (调休). ``WorkCalendar`` knows the
days that differ from Monday to Friday, and answers "what day is n working days later", "how
many working days lie between" and "what is the first working day from here on", forwards and
backwards.

Example
=======
>>> from datetime import date
>>> calendar = WorkCalendar(
...     {
...         date(2026, 9, 20): True,  # a Sunday worked for the Mid-Autumn Festival
...         date(2026, 9, 25): False,
...     },
...     first=date(2026, 9, 1),
...     last=date(2026, 9, 30),
... )
>>> calendar.is_workday(date(2026, 9, 20))
True
>>> calendar.add(date(2026, 9, 18), 5)
datetime.date(2026, 9, 24)
>>> calendar.count(date(2026, 9, 18), date(2026, 9, 24))
5
>>> calendar.add(date(2026, 9, 24), -5)
datetime.date(2026, 9, 18)

How it works
============
The ordinals of all working days of the known range are kept in one sorted list. A binary search
says how many working days lie before a date; adding is then an index, counting a difference of
two indexes. Both cost the same for three days and for three years.

Nothing is guessed outside the known range: the calendar of a year is published in the autumn
before, and a date counted into an unknown year would look right and be wrong.
``CalendarRangeError`` says which date was asked for. Whether a known year is official or
provisional is the business of the caller.

Legal sources: the day something happens does not count (民法典 §201), a last day that is no
working day moves to the next one (§203), limits of the agency are working days (行政许可法
§82).
"""

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta

_MONDAY_TO_FRIDAY = range(5)


class CalendarRangeError(ValueError):
    """A date lies outside the days that the calendar knows.

    ``date`` is the date asked for (the nearest unknown day when a sum ran over the edge),
    ``first`` and ``last`` are the bounds of the known range.
    """

    def __init__(self, day: date, first: date, last: date) -> None:
        super().__init__(f"{day} is outside the known working days ({first} to {last})")
        self.date = day
        self.first = first
        self.last = last


class WorkCalendar:
    """The working days between ``first`` and ``last``, both included.

    ``exceptions`` holds the days that differ from Monday to Friday: True for a day that is
    worked, False for a day off. Days outside the range are left aside. Every argument and
    result is a plain ``date``.
    """

    __slots__ = ("_ordinals", "first", "last")

    def __init__(self, exceptions: Mapping[date, bool], first: date, last: date) -> None:
        if last < first:
            raise ValueError(f"the calendar ends on {last}, before it begins on {first}")
        self.first = first
        self.last = last
        worked = {day.toordinal(): works for day, works in exceptions.items()}
        self._ordinals = [
            ordinal
            for ordinal in range(first.toordinal(), last.toordinal() + 1)
            if worked.get(ordinal, _weekday(ordinal) in _MONDAY_TO_FRIDAY)
        ]

    def is_workday(self, day: date) -> bool:
        """Whether ``day`` is worked."""
        ordinal = self._known(day)
        index = bisect_left(self._ordinals, ordinal)
        return index < len(self._ordinals) and self._ordinals[index] == ordinal

    def add(self, day: date, n: int) -> date:
        """The n-th working day after ``day``, or before it when ``n`` is negative; ``day`` for 0.

        ``day`` does not count, whether it is worked or not.
        """
        ordinal = self._known(day)
        if n == 0:
            return day
        if n > 0:
            return self._workday_at(bisect_right(self._ordinals, ordinal) + n - 1)
        return self._workday_at(bisect_left(self._ordinals, ordinal) + n)

    def count(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and with ``end``; negative when ``end`` is earlier."""
        begin, stop = self._known(start), self._known(end)
        return bisect_right(self._ordinals, stop) - bisect_right(self._ordinals, begin)

    def roll_forward(self, day: date) -> date:
        """``day`` if it is worked, else the next working day."""
        return self._workday_at(bisect_left(self._ordinals, self._known(day)))

    def calendar_days(self, day: date, n: int) -> date:
        """The last day of a limit of ``n`` calendar days, moved off a day of rest."""
        return self.roll_forward(day + timedelta(days=n))

    def months(self, day: date, n: int) -> date:
        """The last day of a limit of ``n`` months, moved off a day of rest."""
        return self.roll_forward(add_months(day, n))

    def _known(self, day: date) -> int:
        if not self.first <= day <= self.last:
            raise CalendarRangeError(day, self.first, self.last)
        return day.toordinal()

    def _workday_at(self, index: int) -> date:
        if index < 0:
            raise CalendarRangeError(self.first - timedelta(days=1), self.first, self.last)
        if index >= len(self._ordinals):
            raise CalendarRangeError(self.last + timedelta(days=1), self.first, self.last)
        return date.fromordinal(self._ordinals[index])


def add_months(day: date, n: int) -> date:
    """The same day ``n`` months later, or the last day of that month where it has no such day.

    >>> add_months(date(2026, 8, 31), 1)
    datetime.date(2026, 9, 30)
    >>> add_months(date(2026, 1, 15), -2)
    datetime.date(2025, 11, 15)
    """
    years, month = divmod(day.month - 1 + n, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _weekday(ordinal: int) -> int:
    """Monday is 0; ordinal 1 is a Monday, as in ``datetime``."""
    return (ordinal - 1) % 7
