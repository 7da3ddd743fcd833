"""Interest and penalty against fractions added up day by day."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shenpi_tender.tools.interest import Rate, UnknownRateError, interest, penalty

DAYS = st.dates(date(2025, 1, 1), date(2026, 12, 31))
PRINCIPAL = st.integers(0, 10**11)
TABLES = st.lists(
    st.builds(Rate, DAYS, st.integers(0, 100_000)), max_size=5, unique_by=lambda rate: rate.start
).map(lambda rates: [Rate(date(2024, 1, 1), 3_500), *rates])


def rate_on(table, day):
    return max(rate for rate in table if rate.start <= day).ppm


def by_days(principal, days, table, basis=360):
    return sum(
        (Fraction(principal * rate_on(table, day), basis * 10**6) for day in days), Fraction()
    )


def stretch(start, end):
    return [start + timedelta(days=place) for place in range((end - start).days)]


@given(PRINCIPAL, DAYS, DAYS, TABLES, st.sampled_from([360, 365]))
def test_interest(principal, arrived, settled, table, basis):
    exact = by_days(principal, stretch(arrived, settled), table, basis)
    assert abs(interest(principal, arrived, settled, table, basis) - exact) <= Fraction(1, 2)


PAUSES = st.lists(st.tuples(DAYS, st.integers(0, 60)), max_size=4).map(
    lambda pauses: [(first, first + timedelta(days=days)) for first, days in pauses]
)


@given(PRINCIPAL, DAYS, DAYS, TABLES, PAUSES)
def test_penalty(principal, due, settled, table, pauses):
    days = [
        day
        for day in stretch(due + timedelta(days=1), settled + timedelta(days=1))
        if not any(first <= day <= last for first, last in pauses)
    ]
    exact = by_days(principal, days, table) * Fraction(6, 5)
    assert abs(penalty(principal, due, settled, table, pauses) - exact) <= Fraction(1, 2)


def test_in_time_costs_nothing():
    day = date(2026, 6, 10)
    assert penalty(10**10, day, day, [Rate(date(2024, 1, 1), 43_500)]) == 0


def test_half_a_fen_is_rounded_up_once():
    table = [Rate(date(2024, 1, 1), 500_000)]
    assert interest(360, date(2026, 6, 1), date(2026, 6, 2), table) == 1


def test_no_rate_is_guessed():
    with pytest.raises(UnknownRateError, match="2026-06-01"):
        interest(1, date(2026, 6, 1), date(2026, 6, 3), [Rate(date(2026, 6, 2), 1)])
