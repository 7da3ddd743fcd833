"""The judgement of payments against one told in sets, whatever the order."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shenpi_tender.tools.matching import CODES, Claim, Payment, judge, plain

DEADLINE = datetime(2026, 6, 10, 1, 0, 0, tzinfo=UTC)
BIDDER, BASIC = "青云建工（集团）有限公司", "6222000011"
CLAIM = Claim(100, DEADLINE, BIDDER, BASIC, "basic")


def pay(key, amount=100, seconds=-3600, account=BASIC, name=BIDDER):
    return Payment(key, amount, DEADLINE + timedelta(seconds=seconds), account, name)


@pytest.mark.parametrize(
    ("payment", "code"),
    [
        (pay(1), "ok"),
        (pay(1, seconds=0), "ok"),  # in the very second of the deadline
        (pay(1, seconds=1), "late"),
        (pay(1, amount=99), "amount_short"),
        (pay(1, amount=101), "amount_over"),
        (pay(1, account="6222000012"), "payer_not_basic"),
        (pay(1, name="青云建工有限公司"), "payer_other_party"),
        (pay(1, name="青云建工(集团) 有限公司"), "ok"),  # brackets in half width, a blank
    ],
)
def test_one_payment(payment, code):
    verdict = judge(CLAIM, [payment])
    assert (verdict.code, verdict.codes) == (code, {1: code})
    assert verdict.kept == (100 if verdict.effective else 0)
    assert verdict.kept + verdict.surplus == payment.amount


def test_several_payments_add_up_before_the_deadline():
    verdict = judge(CLAIM, [pay(2, 40, 0), pay(1, 60), pay(3, 10, 5)])
    assert verdict.codes == {1: "amount_short", 2: "ok", 3: "late"}
    assert (verdict.code, verdict.kept, verdict.surplus) == ("ok", 100, 10)


def test_a_supplement_after_the_deadline_does_not_help():
    verdict = judge(CLAIM, [pay(1, 60), pay(2, 40, 1)])
    assert (verdict.code, verdict.kept, verdict.surplus) == ("amount_short", 0, 100)


def test_nothing_paid():
    verdict = judge(CLAIM, [])
    assert (verdict.code, verdict.surplus, verdict.effective) == ("unpaid", 0, False)


def test_who_owes_nothing_has_paid():
    free = Claim(0, DEADLINE, BIDDER, BASIC, "basic")
    assert judge(free, []).code == "ok"
    verdict = judge(free, [pay(1)])
    assert (verdict.code, verdict.kept, verdict.surplus) == ("amount_over", 0, 100)


def test_withdrawn_and_cancelled():
    earlier = DEADLINE - timedelta(hours=2)
    withdrawn = Claim(100, DEADLINE, BIDDER, BASIC, "basic", withdrawn_at=earlier)
    assert judge(withdrawn, [pay(1)]).code == "after_withdrawal"
    cancelled = Claim(100, DEADLINE, BIDDER, BASIC, "basic", earlier, earlier)
    assert judge(cancelled, [pay(1)]).code == "lot_cancelled"


MOMENTS = st.integers(-5, 5)
PAYMENTS = st.lists(
    st.builds(
        pay,
        key=st.integers(1, 50),
        amount=st.integers(1, 120),
        seconds=MOMENTS,
        account=st.sampled_from([BASIC, "other"]),
        name=st.sampled_from([BIDDER, "another firm"]),
    ),
    unique_by=lambda payment: payment.key,
    max_size=6,
)


def seconds(number):
    return None if number is None else DEADLINE + timedelta(seconds=number)


@given(
    PAYMENTS,
    st.sampled_from(["basic", "name", "none"]),
    st.none() | MOMENTS,
    st.none() | MOMENTS,
    st.randoms(use_true_random=False),
)
def test_against_sets(payments, check, cancelled, withdrawn, shuffler: random.Random):
    claim = Claim(100, DEADLINE, BIDDER, BASIC, check, seconds(cancelled), seconds(withdrawn))
    stops = [stop for stop in (claim.cancelled_at, claim.withdrawn_at) if stop]
    good = [
        payment
        for payment in payments
        if payment.arrived <= DEADLINE
        and all(payment.arrived < stop for stop in stops)
        and (check == "none" or payment.name == BIDDER)
        and (check != "basic" or payment.account == BASIC)
    ]
    total = sum(payment.amount for payment in good)
    shuffled = shuffler.sample(payments, len(payments))
    verdict = judge(claim, shuffled)
    assert verdict == judge(claim, payments)
    assert verdict.effective == (total >= 100)
    assert verdict.kept == (100 if total >= 100 else 0)
    assert verdict.kept + verdict.surplus == sum(payment.amount for payment in payments)
    assert {k for k, c in verdict.codes.items() if c in ("ok", "amount_short", "amount_over")} == {
        payment.key for payment in good
    }
    assert set(verdict.codes.values()) <= set(CODES)


@given(st.text())
def test_plain_once_is_plain_for_good(text):
    assert plain(plain(text)) == plain(text)
