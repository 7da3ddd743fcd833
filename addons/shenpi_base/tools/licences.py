"""The dates and numbers of a licence 证照: how long it runs, when its renewal is due, what it is
worth on a day, and the number under which electronic licences are known.

Legal sources: who wants to renew asks thirty days before the end, unless another law says
otherwise, and what was not decided by then counts as renewed (行政许可法 §50); the days of the
holder are calendar days where the law does not say working days (§82 speaks of the agency's).
"""

from dataclasses import dataclass
from datetime import date, timedelta

from . import identifiers
from .workdays import WorkCalendar, add_months

# 行政许可法 §50, where no type says otherwise.
DEFAULT_LEAD = 30
DEFAULT_LEAD_UNIT = "calendar_days"

ROOT = "1.2.156.3005.2"
IN_FORCE = frozenset({"valid", "expiring", "renewing"})

_FRIDAY = 4
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the worth of a licence follows from.

    ``state``: what its flow says; ``in_force_from``: since when its holder is entitled, over all
    renewals without a gap; ``renewal_in_time``: whether the renewal under way was asked in time.
    """

    state: str
    in_force_from: date
    valid_to: date | None = None
    expiring_from: date | None = None
    renewal_in_time: bool = False


def electronic_id(type_code: str, issuer: str, serial: str, version: int) -> str | None:
    """The 电子证照标识 of GB/T 36904-2018, or None where its parts cannot make one.

    >>> electronic_id("11100000000013338W011", "11430000006122244L", "20230000403", 1)
    '1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U'
    >>> electronic_id("11100000000013338W011", "11430000006122244L", "鲁-1", 1) is None
    True
    """
    parts = (type_code, issuer, serial.upper(), f"{version:03d}")
    if not all(part.isascii() and part.isalnum() for part in parts):
        return None
    value = ".".join((ROOT, *parts, identifiers.licence_check_digit(parts)))
    return None if identifiers.check_licence_id(value) else value


def last_day(first: date, count: int, unit: str) -> date | None:
    """The last day of a validity that begins on ``first``; None for a count of 0: without limit.

    ``unit``: "years", "months" or "days".

    >>> last_day(date(2026, 6, 10), 5, "years"), last_day(date(2026, 1, 31), 1, "months")
    (datetime.date(2031, 6, 9), datetime.date(2026, 2, 27))
    >>> last_day(date(2026, 6, 10), 1, "days")
    datetime.date(2026, 6, 10)
    """
    if not count:
        return None
    if unit == "days":
        return first + timedelta(days=count - 1)
    return add_months(first, count * 12 if unit == "years" else count) - _DAY


def renewal_due(valid_to: date, lead: int, unit: str, calendar: WorkCalendar) -> date:
    """The last day to ask for a renewal: so long before the last day of the validity.

    ``unit``: "calendar_days", "working_days" or "months". Days of rest do not move it: the holder
    loses nothing by asking earlier. Where the calendar is not known yet, Monday to Friday are taken
    for worked.

    >>> calendar = WorkCalendar({}, date(2026, 1, 1), date(2026, 12, 31))
    >>> renewal_due(date(2026, 6, 30), 30, "calendar_days", calendar)
    datetime.date(2026, 5, 31)
    >>> renewal_due(date(2026, 8, 31), 6, "months", calendar)
    datetime.date(2026, 2, 28)
    >>> renewal_due(date(2027, 1, 4), 2, "working_days", calendar)
    datetime.date(2026, 12, 31)
    """
    if unit == "months":
        return add_months(valid_to, -lead)
    if unit == "calendar_days":
        return valid_to - timedelta(days=lead)
    day = valid_to
    while lead:
        day -= _DAY
        lead -= _is_workday(day, calendar)
    return day


def status_on(day: date, facts: Facts) -> str:
    """What a licence is worth on a day: its state, or what the dates make of it.

    A renewal asked in time keeps a licence in force until it is decided, over the last day of its
    validity too; one that was asked late does not.

    >>> facts = Facts("valid", date(2026, 1, 1), date(2026, 12, 31), date(2026, 11, 1))
    >>> [status_on(date(2026, month, 15), facts) for month in (6, 11)]
    ['valid', 'expiring']
    """
    if facts.state not in ("valid", "renewing"):
        return facts.state
    if day < facts.in_force_from:
        return "future"
    over = facts.valid_to is not None and day > facts.valid_to
    if facts.state == "renewing":
        return "expired" if over and not facts.renewal_in_time else "renewing"
    if over:
        return "expired"
    expiring = facts.expiring_from is not None and day >= facts.expiring_from
    return "expiring" if expiring else "valid"


def _is_workday(day: date, calendar: WorkCalendar) -> bool:
    if calendar.first <= day <= calendar.last:
        return calendar.is_workday(day)
    return day.weekday() <= _FRIDAY
