"""The cap against fractions, and hand-counted amounts of the law."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shenpi_tender.tools.security import AmountRule, ceiling, payable

WORKS = AmountRule(percent_bp=200, cap=80_000_000)
DESIGN = AmountRule(percent_bp=200, cap=10_000_000)
MONEY = st.integers(0, 10**13)


@pytest.mark.parametrize(
    ("rule", "base", "most"),
    [
        (WORKS, 3_999_999_999, 79_999_999),  # a fen below 40 million: rounded down
        (WORKS, 4_000_000_000, 80_000_000),
        (WORKS, 4_000_000_001, 80_000_000),
        (DESIGN, 500_000_000, 10_000_000),
        (DESIGN, 499_999_950, 9_999_999),
        (AmountRule(200), 4_000_000_001, 80_000_000),
        (AmountRule(200), 10_000_000_000, 200_000_000),
        (AmountRule(200, exempt=True), 10_000_000_000, 0),
        (AmountRule(150), 33, 0),
    ],
)
def test_amounts_by_hand(rule, base, most):
    assert ceiling(rule, base) == most


@given(MONEY, st.integers(0, 1000), st.none() | MONEY)
def test_never_above_the_share_and_the_cap(base, percent, cap):
    most = ceiling(AmountRule(percent, cap), base)
    share = Fraction(base * percent, 10_000)
    assert most <= share
    assert cap is None or most <= cap
    assert most + 1 > share or most == cap


REDUCTIONS = st.dictionaries(st.sampled_from(["small", "credit", "local"]), st.integers(0, 100))


@given(MONEY, REDUCTIONS, st.frozensets(st.sampled_from(["small", "credit", "other"])))
def test_the_largest_reduction_counts(amount, reductions, classes):
    off = max([reductions[name] for name in classes if name in reductions], default=0)
    owed = payable(AmountRule(200, reductions=reductions), amount, classes)
    assert owed <= Fraction(amount * (100 - off), 100) < owed + 1


def test_who_is_exempt_owes_nothing():
    assert payable(AmountRule(200, exempt=True), 100, set()) == 0
