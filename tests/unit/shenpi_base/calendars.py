"""Calendars for the tests: the official years of a public library, and a made-up 2027."""

from datetime import date, timedelta

from chinese_calendar import constants
from shenpi_base.tools.workdays import WorkCalendar

OFFICIAL_FIRST = date(2004, 1, 1)
OFFICIAL_LAST = date(2026, 12, 31)
PROVISIONAL_LAST = date(2027, 12, 31)

# 全国年节及纪念日放假办法 (2024): the thirteen statutory days, without any make-up day.
STATUTORY_2027 = (
    date(2027, 1, 1),
    *(date(2027, 2, day) for day in (5, 6, 7, 8)),
    date(2027, 4, 5),
    *(date(2027, 5, day) for day in (1, 2)),
    date(2027, 6, 9),
    date(2027, 9, 15),
    *(date(2027, 10, day) for day in (1, 2, 3)),
)


def official_exceptions() -> dict[date, bool]:
    return dict.fromkeys(constants.holidays, False) | dict.fromkeys(constants.workdays, True)


def provisional_exceptions() -> dict[date, bool]:
    return official_exceptions() | dict.fromkeys(STATUTORY_2027, False)


def official_calendar() -> WorkCalendar:
    return WorkCalendar(official_exceptions(), OFFICIAL_FIRST, OFFICIAL_LAST)


def provisional_calendar() -> WorkCalendar:
    return WorkCalendar(provisional_exceptions(), OFFICIAL_FIRST, PROVISIONAL_LAST)


def each_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=i) for i in range((last - first).days + 1)]
