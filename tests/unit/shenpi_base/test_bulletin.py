"""The arithmetic of the bulletin: nothing is never nought."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shenpi_base.tools.bulletin import (
    add_up,
    compare,
    derive,
    monday_of,
    show,
    show_basis,
    year_before,
)


@pytest.mark.parametrize("day", range(8, 15))
def test_a_week_begins_on_monday(day):
    assert monday_of(date(2026, 6, day)) == date(2026, 6, 8)


def test_sums_of_absent_counts():
    assert add_up([{"a": 1}, {"a": None, "b": 2}, {}]) == {"a": 1, "b": 2}


def test_averages_are_taken_of_what_they_are_about():
    """Early by how much: of the cases decided on time, not of all."""
    figures = {"decided": 4, "on_time": 2, "taken_sum": 10, "early_sum": 5}
    derived = derive(figures)
    assert (derived["on_time_share"], derived["days_taken"], derived["days_early"]) == (
        0.5,
        2.5,
        2.5,
    )
    assert derived["days_early_law"] is None


def test_no_difference_to_nothing():
    assert compare(3, None) is None
    assert compare(None, 3) is None
    assert compare(3, 3) == 0


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (1234, "count", "1,234"),
        (0, "change", "0"),
        (5, "change", "+5"),
        (-0.083, "share_change", "-8.3%"),
        (0.5, "days_change", "+0.5"),
        (None, "share", "—"),
        (382 / 423, "share2", "90.31%"),
        (-0.00125, "share2_change", "-0.12%"),
        ("甲", "text", "甲"),
    ],
)
def test_figures_as_text(value, kind, text):
    assert show(value, kind) == text


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_the_same_day_a_year_before(day):
    """The last day of that year's stretch that is not after it: 365 or 366 days back."""
    before = year_before(day)
    assert before.year == day.year - 1
    assert (before.month, before.day) == (
        day.month,
        28 if (day.month, day.day) == (2, 29) else day.day,
    )
    assert timedelta(days=365) <= day - before <= timedelta(days=366)


def test_shares_of_their_own_list():
    derived = derive({"with": 382, "all": 423}, (("share", "with", "all"), ("none", "with", "x")))
    assert show(derived["share"], "share2") == "90.31%"
    assert derived["none"] is None


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (382, 423, "382 / 423"),
        (None, 5, "0 / 5"),
        (3, 0, ""),
        (3, None, ""),
        (1e4, 1e4, "10,000 / 10,000"),
    ],
)
def test_what_a_share_was_taken_of(part, whole, text):
    assert show_basis(part, whole) == text
