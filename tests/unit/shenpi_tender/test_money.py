"""Yuan and fen, against decimal arithmetic."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shenpi_tender.tools.money import MOST, from_float, to_fen, to_yuan

FEN = st.integers(-MOST, MOST)


@given(FEN)
def test_there_and_back(fen):
    text = to_yuan(fen)
    assert to_fen(text) == fen
    assert Decimal(text) * 100 == fen
    assert from_float(float(text)) == fen


@pytest.mark.parametrize(
    "text",
    ["", "1.005", "1,000.00", "1e3", " 1", "1 ", "+1", "１", "1.", ".5", "--1", "nan", "∞", None]
    + [1, 1.5, "1" * 12],
)
def test_what_is_no_amount(text):
    with pytest.raises(ValueError, match="not an amount"):
        to_fen(text)


@pytest.mark.parametrize(("text", "fen"), [("0", 0), ("0.1", 10), ("12.34", 1234), ("-0.01", -1)])
def test_short_forms(text, fen):
    assert to_fen(text) == fen
