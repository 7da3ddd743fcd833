"""The arithmetic of the bulletin: nothing is never nought."""

from datetime import date

import pytest
from shenpi_base.tools.bulletin import add_up, compare, derive, monday_of, show


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
        ("甲", "text", "甲"),
    ],
)
def test_figures_as_text(value, kind, text):
    assert show(value, kind) == text
