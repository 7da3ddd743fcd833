"""The client of an SMS gateway that takes signed JSON over HTTP.

What
====
``{"messages": [{"id", "to", "text"}], "receipts_url"}`` is posted as ``tools.signed_http`` says.

``id`` is the idempotency key: the gateway takes a message with an id it has seen as the same one.
The answer is ``{"results": [{"id", "status", "provider_id"?, "reason"?}]}``; the status
``accepted`` and ``duplicate`` mean that the gateway has it, ``refused`` that it never will.

How it works
============
Every message gets an ``Answer``. What was not answered, or not in words that are understood, is
``unknown``: the gateway may have taken it, and the same id is sent again later. Nothing that is
raised, answered or logged here holds a number, a text or the key.
"""

from typing import NamedTuple

from . import signed_http

_TAKEN = ("accepted", "duplicate")


class Answer(NamedTuple):
    """What became of one message: ``taken``, ``refused`` or ``unknown``, and why."""

    status: str
    reason: str = ""
    provider_id: str = ""


def send(
    gateway: signed_http.Service, messages: list[dict], receipts_url: str
) -> dict[str, Answer]:
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
    told, reason = signed_http.post(gateway, payload)
    if told is None:
        return [], reason
    results = told.get("results")
    return (results, "") if isinstance(results, list) else ([], "not_understood")


def _read(result):
    status = result.get("status")
    if status in _TAKEN:
        return Answer("taken", provider_id=str(result.get("provider_id") or ""))
    if status == "refused":
        return Answer("refused", reason=str(result.get("reason") or ""))
    return Answer("unknown", reason="not_understood")
