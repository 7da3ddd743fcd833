"""The client of a register that says whether a proof exists, so that nobody has to bring it.

What
====
``{"id", "material", "subject": {"name", "kind", "id_type", "id_number"}, "purpose",
"legal_basis", "asked_by"}`` is posted as ``tools.signed_http`` says. ``id`` is the same for every
attempt of one question. The answer is ``{"id", "status", "evidence"?, "valid_until"?}``:

=============  ==================================================================
``found``      the proof exists; ``evidence`` is its number there, needed
``not_found``  there is no such proof of this person
``mismatch``   there is one, and it says something else than the question
=============  ==================================================================

How it works
============
Whatever else comes back, or nothing, is ``unavailable``: nothing is known, and the question may be
asked again. A found proof whose last day has passed is not found.
"""

from datetime import date
from typing import NamedTuple

from . import signed_http

ANSWERS = ("found", "not_found", "mismatch")
EVIDENCE = 100  # characters


class Answer(NamedTuple):
    """What a register said; ``reason`` why it said nothing."""

    status: str
    evidence: str = ""
    valid_until: date | None = None
    reason: str = ""


def ask(service: signed_http.Service, question: dict, today: date) -> Answer:
    """Put a question to a register."""
    told, reason = signed_http.post(service, question)
    if told is None:
        return Answer("unavailable", reason=reason)
    return read(told, question["id"], today)


def read(told: dict, key: str, today: date) -> Answer:
    """The answer in words of ours.

    >>> told = {"id": "a", "status": "found", "evidence": "E-1", "valid_until": "2026-06-30"}
    >>> read(told, "a", date(2026, 6, 30)).status
    'found'
    >>> read(told, "a", date(2026, 7, 1)).status
    'not_found'
    """
    nothing = Answer("unavailable", reason="not_understood")
    status, evidence = told.get("status"), told.get("evidence") or ""
    if told.get("id") != key or status not in ANSWERS or not isinstance(evidence, str):
        return nothing
    if status != "found":
        return Answer(status)
    try:
        until = date.fromisoformat(told["valid_until"]) if told.get("valid_until") else None
    except (TypeError, ValueError):
        return nothing
    if not evidence or len(evidence) > EVIDENCE:
        return nothing
    if until and until < today:
        return Answer("not_found")
    return Answer("found", evidence, until)
