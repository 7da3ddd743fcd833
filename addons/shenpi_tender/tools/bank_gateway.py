"""The client of a bank that takes payment instructions as signed JSON over HTTP.

What
====
``POST <url>/query`` with ``{"ids": [...]}`` asks where instructions stand, ``POST
<url>/instructions`` with ``{"instructions": [{"id", "from_account", "amount", "payee_account",
"payee_name", "payee_bank", "text"}]}`` gives new ones; both are signed as in
``shenpi_base.tools.signed_http``. Either is answered by ``{"instructions": [{"id", "status",
"reason"?, "at"?, "amount"?}]}``, the status being ``accepted``, ``settled``, ``rejected``,
``returned`` or, to a question, ``not_found``.

How it works
============
``deliver`` asks first, always, and gives what the bank says it has never heard of. So an
instruction whose answer was lost, or whose sender was killed, is found out about and never given
twice. What the bank has not answered for is left out of the answer when nothing was given, and is
``timeout`` when it may have arrived.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

# Posts a payload to a path below the bank's address: ``(answer, "")`` or ``(None, reason)``.
Post = Callable[[str, Any], tuple[Any, str]]

STATUSES = ("accepted", "settled", "rejected", "returned", "not_found")


class Answer(NamedTuple):
    """Where an instruction stands: one of ``STATUSES``, or ``timeout``; ``at`` is ISO 8601."""

    status: str
    reason: str = ""
    at: str = ""
    amount: str = ""


def query(post: Post, ids: Iterable[str]) -> tuple[dict[str, Answer], str]:
    """Where instructions stand, by id; the reason when the bank does not answer."""
    return _post(post, "query", {"ids": list(ids)})


def deliver(post: Post, instructions: list[dict]) -> tuple[dict[str, Answer], str]:
    """Ask about instructions, give those that the bank does not know; the answers by id."""
    ids = [instruction["id"] for instruction in instructions]
    answers, reason = query(post, ids)
    new = [row for row in instructions if answers.get(row["id"], Answer("")).status == "not_found"]
    known = {key: answers[key] for key in ids if key in answers}
    if not new:
        return known, reason
    told, reason = _post(post, "instructions", {"instructions": new})
    lost = Answer("timeout", reason or "incomplete")
    return known | {row["id"]: told.get(row["id"], lost) for row in new}, reason


def _post(post, path, payload):
    answer, reason = post(path, payload)
    if reason:
        return {}, reason
    rows = answer.get("instructions") if isinstance(answer, dict) else None
    if not isinstance(rows, list):
        return {}, "not_understood"
    return {row["id"]: _read(row) for row in rows if _is_answer(row)}, ""


def _is_answer(row):
    return (
        isinstance(row, dict) and isinstance(row.get("id"), str) and row.get("status") in STATUSES
    )


def _read(row):
    return Answer(row["status"], *(str(row.get(name) or "") for name in ("reason", "at", "amount")))
