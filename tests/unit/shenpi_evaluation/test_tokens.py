"""Tokens and the stamps of forms."""

import re

from hypothesis import given
from hypothesis import strategies as st
from shenpi_evaluation.tools import tokens

TEXT = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=20)
SECRET = "a secret"


@given(TEXT, TEXT)
def test_tokens_tell_nothing_and_differ(purpose, salt):
    token = tokens.derive(SECRET, purpose, salt)
    assert re.fullmatch(r"[\w-]{32}", token)
    assert token == tokens.derive(SECRET, purpose, salt)
    others = {
        tokens.derive("another", purpose, salt),
        tokens.derive(SECRET, purpose + "x", salt),
        tokens.derive(SECRET, purpose, salt + "x"),
    }
    assert token not in others
    assert token not in tokens.digest(token)


@given(st.integers(0, 10**10), st.integers(-10, 200), TEXT)
def test_a_stamp_counts_for_its_form_in_its_time(moment, later, token):
    stamp = tokens.make_stamp(SECRET, token, moment)
    now = moment + later
    assert tokens.is_stamp(stamp, SECRET, token, now, 2, 100) == (2 <= later <= 100)
    assert not tokens.is_stamp(stamp, "another", token, moment + 5, 2, 100)
    assert not tokens.is_stamp(stamp, SECRET, token + "x", moment + 5, 2, 100)


@given(st.text(max_size=60))
def test_no_other_text_is_a_stamp(text):
    assert not tokens.is_stamp(text, SECRET, "t", 1000, 0, 10**6)


def test_salts_differ():
    assert len({tokens.new_salt() for _n in range(100)}) == 100
