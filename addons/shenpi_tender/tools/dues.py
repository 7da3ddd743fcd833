"""When bid security must go back: the terms of a rule, and the last day of each.

What
====
A rule holds terms: after this event, to these bidders, within so many days. Regimes and regions
differ in all of it (招标投标法实施条例 art. 31, 35, 57; 政府采购法实施条例 art. 33; local law), so
terms are data, and a lot keeps those that were in force when it was published.

Example
=======
>>> from datetime import date
>>> from shenpi_base.tools.workdays import WorkCalendar
>>> calendar = WorkCalendar({}, date(2026, 1, 1), date(2026, 12, 31))
>>> terms = [Term("award", "loser", 5, "working"), Term("contract", "winner", 5, "working")]
>>> due_date(calendar, terms, "award", "loser", date(2026, 6, 5))      # a Friday
datetime.date(2026, 6, 12)
>>> due_date(calendar, terms, "award", "winner", date(2026, 6, 5)) is None
True

How it works
============
The day of the event does not count; a limit in calendar days that ends on a day of rest ends on the
next working day (民法典 art. 201, 203). A limit of no days means at once: that very day, whatever
day it is. A term for one party comes before a term for all.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple, Protocol

TRIGGERS = ("award", "contract", "withdraw", "terminate", "fail", "invalid", "refuse_extension")
PARTIES = ("winner", "loser", "all")
UNITS = ("working", "calendar")


class Calendar(Protocol):
    """What is needed of ``shenpi_base.tools.workdays.WorkCalendar``."""

    def add(self, day: date, n: int) -> date:
        """The n-th working day after a day."""

    def calendar_days(self, day: date, n: int) -> date:
        """The last day of a limit of n calendar days."""


class Term(NamedTuple):
    """Within ``days`` of ``unit`` after ``trigger`` the security of ``party`` goes back."""

    trigger: str
    party: str
    days: int
    unit: str
    interest: bool = False


def find_term(terms: Iterable[Term], trigger: str, party: str) -> Term | None:
    """The term that an event sets off for a party; None when it sets off nothing."""
    fitting = [term for term in terms if term.trigger == trigger and term.party in (party, "all")]
    return min(fitting, key=lambda term: term.party == "all", default=None)


def last_day(calendar: Calendar, term: Term, day: date) -> date:
    """The last day of a term whose event happened on ``day``."""
    if not term.days:
        return day
    count = calendar.add if term.unit == "working" else calendar.calendar_days
    return count(day, term.days)


def due_date(
    calendar: Calendar, terms: Iterable[Term], trigger: str, party: str, day: date
) -> date | None:
    """The last day on which the security of a party may go back after an event on ``day``."""
    term = find_term(terms, trigger, party)
    return last_day(calendar, term, day) if term else None
