"""What the bank's words do to an instruction, in whatever order and however often they come.

What
====
The life of an instruction at the bank is ``sent -> accepted -> settled -> returned`` or
``sent -> accepted -> rejected``; ``unknown`` is where it stands after a timeout, until the bank has
been asked. Words get lost, come twice, or overtake each other.

Example
=======
>>> hear("sent", "settled"), hear("settled", "accepted")
('settled', 'settled')
>>> hear("sent", "timeout"), hear("unknown", "settled")
('unknown', 'settled')
>>> hear("rejected", "settled")
Traceback (most recent call last):
    ...
shenpi_tender.tools.refunds.ContradictionError: settled after rejected

How it works
============
A word that lies further on in the life moves the instruction there; one that lies behind is an
echo of what is known already. Paid and not paid exclude each other: a bank that says both
contradicts itself, which is for people to sort out. After ``rejected`` and ``returned``, and only
then, may a new instruction be made.
"""

from datetime import datetime
from typing import NamedTuple

WORDS = ("accepted", "settled", "returned", "rejected", "timeout")
STATES = ("sent", "unknown", "accepted", "settled", "returned", "rejected")
FINAL = ("returned", "rejected")

_PAID = ("settled", "returned")
_PLACE = {"sent": 0, "unknown": 1, "accepted": 2, "settled": 3, "rejected": 3, "returned": 4}


class Word(NamedTuple):
    """What the bank says about one refund, when it happened there (naive UTC), and why."""

    word: str
    at: datetime | None = None
    reason: str = ""


class ContradictionError(ValueError):
    """The bank says that it has paid and that it has not."""

    def __init__(self, state: str, word: str) -> None:
        super().__init__(f"{word} after {state}")
        self.state = state
        self.word = word


def hear(state: str, word: str) -> str:
    """The state after a word of the bank, the same one when the word tells nothing new."""
    told = "unknown" if word == "timeout" else word
    if (state in _PAID and told == "rejected") or (state == "rejected" and told in _PAID):
        raise ContradictionError(state, word)
    return told if _PLACE[told] > _PLACE[state] else state
