"""A hash chain over the events of a document.

What
====
Every event is sealed with a hash of its own content and of the hash before it. Whoever changes,
drops, inserts or reorders an event afterwards, in the database or in a backup, breaks every
seal from there on, and ``first_broken`` names the place.

Example
=======
>>> first = seal(None, {"action": "receive", "user": 7})
>>> second = seal(first, {"action": "accept", "user": 7})
>>> first[:3], len(first)
('$1$', 67)
>>> rows = [(first, {"action": "receive", "user": 7}), (second, {"action": "accept", "user": 8})]
>>> first_broken(rows)
1

How it works
============
A payload is written as canonical JSON (sorted keys, no spaces, UTF-8), put behind the hash
before it, and hashed by SHA-256. The seal begins with the version of this recipe, so that a
later recipe can be told from this one. Payloads hold what JSON holds: text, whole numbers,
booleans, None, lists and dictionaries with text keys. The caller writes dates as ISO text, so
that the seal does not hang on a time zone or a library.

A chain cannot see that its newest events were cut off; the database refuses to delete events
for that.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

VERSION = "1"


def seal(previous_hash: str | None, payload: dict[str, Any]) -> str:
    """The seal of ``payload`` behind ``previous_hash`` (None for the first event of a chain).

    Raises TypeError or ValueError when the payload holds something JSON cannot say.
    """
    sealed = f"{previous_hash or ''}\n{_canonical(payload)}"
    return f"${VERSION}${hashlib.sha256(sealed.encode()).hexdigest()}"


def first_broken(rows: Iterable[tuple[str, dict[str, Any]]]) -> int | None:
    """The index of the first row whose stored seal is not the right one; None if the chain holds.

    ``rows`` are pairs (stored seal, payload), oldest first.
    """
    previous = None
    for index, (stored, payload) in enumerate(rows):
        if stored != seal(previous, payload):
            return index
        previous = stored
    return None


def _canonical(payload: dict[str, Any]) -> str:
    return json.dumps(
        payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
