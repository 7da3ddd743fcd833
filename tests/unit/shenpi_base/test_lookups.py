"""What a register answers, read without trust in it."""

from datetime import date

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from shenpi_base.tools import lookups, signed_http

TODAY = date(2026, 6, 10)
SERVICE = signed_http.Service("https://data.example.org/ask", "bureau", "a shared key")
QUESTION = {"id": "q-1", "material": "营业执照"}
FOUND = {"id": "q-1", "status": "found", "evidence": "E-1"}

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=5,
)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, lookups.Answer("found", "E-1")),
        ({"valid_until": "2026-06-10"}, lookups.Answer("found", "E-1", TODAY)),
        ({"valid_until": "2026-06-09"}, lookups.Answer("not_found")),
        ({"status": "not_found"}, lookups.Answer("not_found")),
        ({"status": "mismatch"}, lookups.Answer("mismatch")),
        ({"id": "q-2"}, lookups.Answer("unavailable", reason="not_understood")),
        ({"evidence": ""}, lookups.Answer("unavailable", reason="not_understood")),
        ({"evidence": "E" * 101}, lookups.Answer("unavailable", reason="not_understood")),
        ({"valid_until": "soon"}, lookups.Answer("unavailable", reason="not_understood")),
        ({"status": "unavailable"}, lookups.Answer("unavailable", reason="not_understood")),
    ],
)
def test_answers(changes, expected):
    assert lookups.read({**FOUND, **changes}, "q-1", TODAY) == expected


@given(anything, anything, anything)
def test_whatever_comes_back_is_an_answer(status, evidence, until):
    told = {"id": "q-1", "status": status, "evidence": evidence, "valid_until": until}
    answer = lookups.read(told, "q-1", TODAY)
    assert answer.status in (*lookups.ANSWERS, "unavailable")
    assert bool(answer.evidence) == (answer.status == "found")


def test_no_answer_is_told_apart(monkeypatch):
    def refuse(url, **keywords):
        raise requests.ConnectionError("91350100M000100Y43")

    monkeypatch.setattr(requests, "post", refuse)
    answer = lookups.ask(SERVICE, QUESTION, TODAY)
    assert answer == lookups.Answer("unavailable", reason="unreachable")
