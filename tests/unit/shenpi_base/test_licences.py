"""``licences``: the published electronic numbers, and the dates against a day-by-day count."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shenpi_base.tools.identifiers import check_licence_id
from shenpi_base.tools.licences import (
    IN_FORCE,
    Facts,
    electronic_id,
    last_day,
    renewal_due,
    status_on,
)
from shenpi_base.tools.workdays import WorkCalendar

FIRST, LAST = date(2024, 1, 1), date(2027, 12, 31)
STATES = ("valid", "renewing", "suspended", "changed", "revoked", "cancelled")

days = st.dates(date(2024, 6, 1), date(2029, 12, 31))
leads = st.integers(0, 200)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (
            ("11100000000013338W011", "11430000006122244L", "20230000403", 1),
            "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
        ),
        (
            ("11100000000013338W087", "11370800MB28559184", "37080001202411010001", 1),
            "1.2.156.3005.2.11100000000013338W087.11370800MB28559184.37080001202411010001.001.3",
        ),
    ],
)
def test_published_numbers(parts, expected):
    assert electronic_id(*parts) == expected


@given(st.integers(1, 999), st.from_regex(r"[0-9A-Za-z]{1,24}", fullmatch=True))
def test_every_number_checks(version, serial):
    value = electronic_id("11100000000013338W011", "11430000006122244L", serial, version)
    assert check_licence_id(value) is None


@pytest.mark.parametrize("serial", ["", "鲁A-1", "1.2", "A 1", "é"])
def test_numbers_that_cannot_be_made(serial):
    assert electronic_id("11100000000013338W011", "11430000006122244L", serial, 1) is None


def test_versions_end_at_three_digits():
    assert electronic_id("11100000000013338W011", "11430000006122244L", "1", 1000) is None


# === Validity === #


@given(days, st.integers(1, 400))
def test_days_of_validity_are_counted_with_the_first(first, count):
    last = last_day(first, count, "days")
    assert len(list(_days(first, last))) == count


@given(days, st.integers(1, 60))
def test_months_end_the_day_before_the_same_day(first, count):
    last = last_day(first, count, "months")
    following = last + timedelta(days=1)
    months = (following.year - first.year) * 12 + following.month - first.month
    assert months == count
    ends_its_month = (following + timedelta(days=1)).month != following.month
    assert following.day == first.day or (following.day < first.day and ends_its_month)


@given(days, st.integers(1, 20))
def test_a_year_is_twelve_months(first, count):
    assert last_day(first, count, "years") == last_day(first, 12 * count, "months")


def test_without_limit():
    assert last_day(FIRST, 0, "years") is None


# === Renewal === #


@given(days, leads)
def test_calendar_days_of_a_lead(valid_to, lead):
    due = renewal_due(valid_to, lead, "calendar_days", _calendar({}))
    assert len(list(_days(due, valid_to))) == lead + 1


@given(days, leads, st.dictionaries(st.dates(FIRST, LAST), st.booleans(), max_size=40))
def test_working_days_of_a_lead(valid_to, lead, exceptions):
    """As many worked days lie from the due day up to before the last day as the lead says; days
    that the calendar does not know are worked from Monday to Friday."""
    due = renewal_due(valid_to, lead, "working_days", _calendar(exceptions))
    span = list(_days(due, valid_to - timedelta(days=1)))
    worked = [day for day in span if _worked(day, exceptions)]
    assert len(worked) == lead
    if lead:
        assert worked[0] == due


@given(days, st.integers(0, 24))
def test_months_of_a_lead(valid_to, lead):
    due = renewal_due(valid_to, lead, "months", _calendar({}))
    assert (valid_to.year - due.year) * 12 + valid_to.month - due.month == lead
    assert due.day == min(valid_to.day, _length_of_month(due))


# === What it is worth === #


@given(
    st.sampled_from(STATES),
    st.integers(0, 30),
    st.one_of(st.none(), st.integers(30, 60)),
    st.integers(0, 60),
    st.booleans(),
    st.integers(-5, 70),
)
def test_status(state, begins, ends, near, in_time, today):
    """Against the sentences of the law, told once more."""
    facts = Facts(
        state=state,
        in_force_from=at(begins),
        valid_to=None if ends is None else at(ends),
        expiring_from=None if ends is None else at(min(near, ends)),
        renewal_in_time=in_time,
    )
    status = status_on(at(today), facts)
    entitled = (
        state in ("valid", "renewing")
        and today >= begins
        and (ends is None or today <= ends or (state == "renewing" and in_time))
    )
    assert (status in IN_FORCE) == entitled
    if state in ("suspended", "changed", "revoked", "cancelled"):
        assert status == state
    elif today < begins:
        assert status == "future"
    elif not entitled:
        assert status == "expired"
    elif state == "renewing":
        assert status == "renewing"
    else:
        assert status == ("expiring" if ends is not None and today >= min(near, ends) else "valid")


# === Oracle === #


def at(count):
    return date(2026, 1, 1) + timedelta(days=count)


def _calendar(exceptions):
    return WorkCalendar(exceptions, FIRST, LAST)


def _worked(day, exceptions):
    known = FIRST <= day <= LAST
    return exceptions.get(day, day.weekday() < 5) if known else day.weekday() < 5


def _days(first, last):
    while first <= last:
        yield first
        first += timedelta(days=1)


def _length_of_month(day):
    return sum((day.replace(day=1) + timedelta(days=n)).month == day.month for n in range(31))
