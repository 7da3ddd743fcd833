"""Documents of holders, told by their number."""

from datetime import date

import pytest
from shenpi_base.tools import licence_columns as columns

TODAY = date(2026, 6, 10)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("91350100M000100Y43", ("organisation", "uscc")),
        ("91350100M000100Y44", ("organisation", "uscc")),  # wrong, and to be found so
        ("11010519491231002X", ("person", "ric")),
        ("G12345678", ("organisation", "other")),
        ("", ("organisation", "other")),
    ],
)
def test_guess(number, expected):
    assert columns.guess_document(number, TODAY) == expected


def test_headings_are_told_apart():
    words = [word for headings in columns.HEADINGS.values() for word in headings]
    assert len(words) == len(set(words))
    used = {*columns.EXAMPLE, *columns.REQUIRED, *columns.TEXTS}
    assert used <= set(columns.HEADINGS)
