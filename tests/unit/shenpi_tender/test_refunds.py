"""What the bank says, shuffled, repeated and cut: the end is that of the life it tells of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shenpi_tender.tools.refunds import STATES, WORDS, ContradictionError, hear

PAID, REFUSED = ("accepted", "settled", "returned"), ("accepted", "rejected")


@given(st.sampled_from([PAID, REFUSED]), st.data())
def test_order_and_repetition_do_not_matter(life, data):
    heard = data.draw(st.lists(st.sampled_from([*life, "timeout"]), max_size=8))
    state = "sent"
    for word in heard:
        state = hear(state, word)
    told = [word for word in life if word in heard]
    waiting = "unknown" if heard else "sent"
    assert state == (told[-1] if told else waiting)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("word", WORDS)
def test_hearing_twice_changes_nothing(state, word):
    try:
        after = hear(state, word)
    except ContradictionError:
        assert "rejected" in (state, word)
        return
    assert hear(after, word) == after


@pytest.mark.parametrize(
    ("state", "word"),
    [
        ("settled", "rejected"),
        ("returned", "rejected"),
        ("rejected", "settled"),
        ("rejected", "returned"),
    ],
)
def test_paid_and_not_paid_exclude_each_other(state, word):
    with pytest.raises(ContradictionError):
        hear(state, word)
