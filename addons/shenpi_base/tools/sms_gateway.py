"""The client of an SMS gateway that takes signed JSON over HTTP.

What
====
``POST <url>`` with ``{"messages": [{"id", "to", "text"}], "receipts_url"}`` and the headers

=====================  =====================================================
``X-Shenpi-Account``   who sends, as the gateway knows him
``X-Shenpi-Timestamp`` Unix seconds
``X-Shenpi-Nonce``     a word that is used once
``X-Shenpi-Signature`` see ``tools.signing``
=====================  =====================================================

``id`` is the idempotency key: the gateway takes a message with an id it has seen as the same one.
The answer is ``{"results": [{"id", "status", "provider_id"?, "reason"?}]}``; the status
``accepted`` and ``duplicate`` mean that the gateway has it, ``refused`` that it never will.

How it works
============
Every message gets an ``Answer``. What was not answered, or not in words that are understood, is
``unknown``: the gateway may have taken it, and the same id is sent again later. Nothing that is
raised, answered or logged here holds a number, a text or the key.
"""

import json
import secrets
import time
from typing import NamedTuple

import requests

from .signing import sign

TIMEOUT = (5, 20)  # s: to connect, to answer
_TAKEN = ("accepted", "duplicate")


class Gateway(NamedTuple):
    """Where to send, as whom; the key is what both sides share."""

    url: str
    account: str
    key: str


class Answer(NamedTuple):
    """What became of one message: ``taken``, ``refused`` or ``unknown``, and why."""

    status: str
    reason: str = ""
    provider_id: str = ""


def send(gateway: Gateway, messages: list[dict], receipts_url: str) -> dict[str, Answer]:
    """Post messages (``id``, ``to``, ``text``); the answer to each, by id."""
    told, reason = _post(gateway, {"messages": messages, "receipts_url": receipts_url})
    answers = {}
    for result in told:
        if isinstance(result, dict) and isinstance(result.get("id"), str):
            answers[result["id"]] = _read(result)
    missing = Answer("unknown", reason or "incomplete")
    return {message["id"]: answers.get(message["id"], missing) for message in messages}


def _post(gateway, payload):
    """``(results, reason)``; without results the reason says why there are none."""
    body = json.dumps(payload, ensure_ascii=False).encode()
    timestamp, nonce = int(time.time()), secrets.token_urlsafe(16)
    headers = {
        "Content-Type": "application/json",
        "X-Shenpi-Account": gateway.account,
        "X-Shenpi-Timestamp": str(timestamp),
        "X-Shenpi-Nonce": nonce,
        "X-Shenpi-Signature": sign(gateway.key, timestamp, nonce, body),
    }
    try:
        response = requests.post(
            gateway.url, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False
        )
    except requests.Timeout:
        return [], "timeout"
    except requests.RequestException:
        return [], "unreachable"
    if response.status_code != requests.codes.ok:
        return [], f"http_{response.status_code}"
    try:
        results = response.json()["results"]
    except (ValueError, KeyError, TypeError):
        return [], "not_understood"
    return (results, "") if isinstance(results, list) else ([], "not_understood")


def _read(result):
    status = result.get("status")
    if status in _TAKEN:
        return Answer("taken", provider_id=str(result.get("provider_id") or ""))
    if status == "refused":
        return Answer("refused", reason=str(result.get("reason") or ""))
    return Answer("unknown", reason="not_understood")
