"""Where the days that differ from Monday to Friday come from.

What
====
Each autumn the State Council's notice fixes the next year's days off and make-up days. The library
``chinesecalendar`` carries these notices: :func:`official_days`. For a year without a notice only
the statutory holidays are known (from the calendar, the lunar calendar and the rule that a holiday
on a weekend is made up): :func:`provisional_days`, from the library ``holidays``. A provisional
year has no make-up days and no bridge days; dates counted into it may move when the notice comes.

Both answer only the days that differ: a holiday on a Sunday is a day of rest anyway, and left out.

Example
=======
>>> from datetime import date
>>> official_days(2026)[date(2026, 2, 14)]
('makeup', '春节')
>>> official_days(2026)[date(2026, 2, 20)]
('rest', '春节')
>>> date(2026, 1, 3) in official_days(2026)
False
"""

from datetime import date

import chinese_calendar
import holidays

STATUTORY = "statutory"
REST = "rest"
MAKEUP = "makeup"

_SATURDAY = 5

Days = dict[date, tuple[str, str]]


def differs(day: date, kind: str) -> bool:
    """Whether a day of this kind is no plain weekday or weekend: a make-up day falls on a weekend,
    every other kind on a weekday."""
    return (day.weekday() >= _SATURDAY) == (kind == MAKEUP)


def official_years() -> range:
    """The years whose notices the installed ``chinesecalendar`` knows."""
    years = {day.year for day in chinese_calendar.holidays}
    return range(min(years), max(years) + 1)


def official_days(year: int) -> Days:
    """``{date: (kind, name)}`` of a year whose notice is known; empty for any other year."""
    names = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}
    days = {}
    for day, name in chinese_calendar.holidays.items():
        if day.year == year and differs(day, STATUTORY):
            in_lieu = day in chinese_calendar.in_lieu_days
            days[day] = (REST if in_lieu else STATUTORY, names[name])
    for day, name in chinese_calendar.workdays.items():
        if day.year == year:
            days[day] = (MAKEUP, names[name])
    return dict(sorted(days.items()))


def provisional_days(year: int) -> Days:
    """``{date: (kind, name)}`` of the statutory holidays of any year, no make-up or bridge days."""
    statutory = holidays.country_holidays(
        "CN", years=year, language="zh_CN", categories=(holidays.PUBLIC,)
    )
    # Days off in exchange for a worked weekend are known from a notice only.
    made_up = getattr(statutory, "weekend_workdays", set())
    return {
        day: (STATUTORY, name)
        for day, name in sorted(statutory.items())
        if day.year == year and differs(day, STATUTORY) and not _is_exchanged(name, made_up)
    }


def _is_exchanged(name: str, made_up: set[date]) -> bool:
    return any(day.isoformat() in name for day in made_up)
