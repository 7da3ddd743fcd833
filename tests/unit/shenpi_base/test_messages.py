"""Texts, quiet hours, signatures, and the client of the SMS gateway."""

import json
from datetime import datetime, timedelta

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from shenpi_base.tools import messages, signed_http, signing, sms_gateway
from support.sms_gateway import sign

GATEWAY = signed_http.Service("https://sms.example.org/send", "city", "a shared key")
BATCH = [{"id": "a", "to": "+8613812345678", "text": "x"}, {"id": "b", "to": "+86", "text": "y"}]
hours = st.integers(0, 24 * 60 - 1).map(lambda minutes: minutes / 60)
moments = st.datetimes(datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2026-12-31"))


# === Texts === #


@given(st.text())
def test_only_names_in_braces_are_replaced(text):
    assert messages.render(text, {}.get) == messages.render(messages.render(text, {}.get), {}.get)
    if not messages.find_names(text):
        assert messages.render(text, {"x": "y"}.get) == text


@pytest.mark.parametrize(
    "text", ["{0}", "{a.b}", "{a!r}", "{a[0]}", "%(a)s", "$a", "{ a }", "{A}", "{{"]
)
def test_nothing_is_evaluated(text):
    assert messages.render(text, {"a": "seen"}.get) == text


def test_a_value_with_braces_is_not_filled_in_again():
    assert messages.render("{a}", {"a": "{b}", "b": "no"}.get) == "{b}"


# === Quiet hours === #


@given(moments, hours, hours)
def test_quiet_hours_end_outside_of_themselves(moment, start, end):
    until = messages.quiet_until(moment, start, end)
    if until is None:
        return
    assert moment < until <= moment + timedelta(days=1)
    assert messages.quiet_until(until + timedelta(seconds=1), start, end) is None


@given(moments, hours)
def test_no_quiet_hours_when_they_begin_as_they_end(moment, hour):
    assert messages.quiet_until(moment, hour, hour) is None


def test_quiet_hours_within_a_day():
    noon = datetime.fromisoformat("2026-06-10T12:30")
    assert messages.quiet_until(noon, 12.0, 14.5) == datetime.fromisoformat("2026-06-10T14:30")
    assert messages.quiet_until(noon, 13.0, 14.5) is None


# === Numbers === #


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("13812345678", "+8613812345678"),
        ("19212345678", "+8619212345678"),
        ("+85261234567", "+85261234567"),
        ("12345", None),
        ("", None),
        ("abc", None),
        ("010-88012345", None),
    ],
)
def test_numbers_that_take_an_sms(number, expected):
    assert messages.to_mobile(number) == expected


# === Signatures === #


def test_the_signature_is_what_others_compute():
    assert signing.sign("k", 1781056800, "n", b"{}") == sign("k", 1781056800, "n", b"{}")


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "another key"},
        {"key": ""},
        {"timestamp": "1000301"},
        {"timestamp": "-1"},
        {"timestamp": ""},
        {"nonce": "m"},
        {"nonce": "n\n"},
        {"nonce": "n" * 65},
        {"body": b"{} "},
        {"signature": ""},
        {"signature": "ü"},
        {"now": 1_000_301},
        {"now": 999_699},
    ],
)
def test_a_changed_call_is_not_signed(changes):
    call = {"key": "k", "timestamp": "1000000", "nonce": "n", "body": b"{}", "now": 1_000_000}
    call["signature"] = signing.sign("k", 1_000_000, "n", b"{}")
    assert signing.verify(**call)
    assert not signing.verify(**call | changes)


# === The client === #


class _Response:
    def __init__(self, content, status=200):
        self._content, self.status_code = content, status

    def json(self):
        return json.loads(self._content)


@pytest.fixture
def answer_with(monkeypatch):
    """A function that makes the gateway answer, or fail; gives the posts it has seen."""
    seen = []

    def prepare(outcome):
        def post(url, **keywords):
            seen.append((url, keywords))
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        monkeypatch.setattr(requests, "post", post)
        return seen

    return prepare


def test_what_is_posted(answer_with):
    seen = answer_with(_Response('{"results": []}'))
    sms_gateway.send(GATEWAY, BATCH, "https://x/receipts")
    ((url, keywords),) = seen
    headers = keywords["headers"]
    assert url == GATEWAY.url and headers["X-Shenpi-Account"] == "city"
    assert keywords["allow_redirects"] is False and keywords["timeout"] == signed_http.TIMEOUT
    expected = {"messages": BATCH, "receipts_url": "https://x/receipts"}
    assert json.loads(keywords["data"]) == expected
    timestamp, nonce = int(headers["X-Shenpi-Timestamp"]), headers["X-Shenpi-Nonce"]
    assert headers["X-Shenpi-Signature"] == sign(GATEWAY.key, timestamp, nonce, keywords["data"])
    assert GATEWAY.key not in str(keywords)


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (requests.ReadTimeout("13812345678"), "timeout"),
        (requests.ConnectTimeout(), "timeout"),
        (requests.ConnectionError("refused"), "unreachable"),
        (_Response("{}", 500), "http_500"),
        (_Response("{}", 302), "http_302"),
        (_Response("<html>"), "not_understood"),
        (_Response("[]"), "not_understood"),
        (_Response('{"results": 5}'), "not_understood"),
        (_Response('{"results": [5, {}, {"id": 7}]}'), "incomplete"),
    ],
)
def test_what_is_not_answered_is_unknown(answer_with, outcome, reason):
    answer_with(outcome)
    answers = sms_gateway.send(GATEWAY, BATCH, "")
    assert answers == {key: sms_gateway.Answer("unknown", reason) for key in "ab"}


def test_each_message_has_its_answer(answer_with):
    results = [
        {"id": "b", "status": "refused", "reason": "unknown number"},
        {"id": "a", "status": "duplicate", "provider_id": 7},
        {"id": "c", "status": "accepted"},
    ]
    answer_with(_Response(json.dumps({"results": results})))
    assert sms_gateway.send(GATEWAY, BATCH, "") == {
        "a": sms_gateway.Answer("taken", provider_id="7"),
        "b": sms_gateway.Answer("refused", reason="unknown number"),
    }
