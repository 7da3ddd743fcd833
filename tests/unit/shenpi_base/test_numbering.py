"""``numbering``: 43 characters, a 44th on a very busy day."""

from datetime import date

import pytest
from shenpi_base.tools.numbering import application_number

ITEM = "12441500196720244T3442199806003"
DAY = date(2022, 6, 23)


@pytest.mark.parametrize(
    ("serial", "tail"),
    [(1, "0001"), (68, "0068"), (9999, "9999"), (10_000, "10000"), (99_999, "99999")],
)
def test_the_number_ends_in_day_and_serial(serial, tail):
    assert application_number(ITEM, DAY, serial) == f"{ITEM}20220623{tail}"


def test_the_usual_number_has_43_characters():
    assert len(application_number(ITEM, DAY, 1)) == 43


@pytest.mark.parametrize("serial", [-1, 0, 100_000])
def test_a_serial_out_of_range_is_refused(serial):
    with pytest.raises(ValueError, match="between 1 and 99999"):
        application_number(ITEM, DAY, serial)


@pytest.mark.parametrize("code", ["", ITEM[:-1], ITEM + "0"])
def test_an_item_code_of_another_length_is_refused(code):
    with pytest.raises(ValueError, match="31 characters"):
        application_number(code, DAY, 1)
