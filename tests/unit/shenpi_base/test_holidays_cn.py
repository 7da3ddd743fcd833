"""Official years equal the library; provisional years promise nothing they do not know."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from calendars import STATUTORY_2027
from shenpi_base.tools import holidays_cn


def days_of(year):
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", holidays_cn.official_years())
def test_official_years(year):
    special = holidays_cn.official_days(year)
    for day in days_of(year):
        worked = special[day][0] == "makeup" if day in special else day.weekday() < 5
        assert worked == chinese_calendar.is_workday(day), day


@pytest.mark.parametrize("year", [*holidays_cn.official_years(), 2027, 2028, 2040])
def test_only_days_that_differ(year):
    for days in (holidays_cn.official_days(year), holidays_cn.provisional_days(year)):
        assert all(holidays_cn.differs(day, kind) for day, (kind, _name) in days.items())
        assert list(days) == sorted(days)


def test_a_year_without_a_notice():
    assert not holidays_cn.official_days(2027)
    days = holidays_cn.provisional_days(2027)
    assert {kind for kind, _name in days.values()} == {"statutory"}
    assert {day for day in STATUTORY_2027 if day.weekday() < 5} <= set(days)


def test_provisional_days_of_a_known_year_have_no_exchange():
    official = holidays_cn.official_days(2026)
    for day in holidays_cn.provisional_days(2026):
        assert official[day][0] == "statutory", day
