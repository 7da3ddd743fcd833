"""What a bidder's statement says: of each bid security, what came, what went, what is left.

What
====
The ledger is a row of postings, each from the debit of one account to the credit of another. For
the bidder five things count: what was received for him, what was given back, forfeited or
transferred, and the interest that he was given. What is held for him, or on its way back, is left.

Example
=======
>>> from datetime import datetime
>>> postings = [
...     Posting("A", datetime(2026, 6, 8), "bank", "held", 6_000_000),
...     Posting("A", datetime(2026, 7, 2), "held", "in_refund", 6_000_000),
...     Posting("A", datetime(2026, 7, 3), "in_refund", "refunded", 6_000_000),
...     Posting("A", datetime(2026, 7, 3), "refunded", "bank", 6_000_000),
... ]
>>> (line,) = summarize(postings, datetime(2026, 7, 1)).values()
>>> line.opening, line.received, line.refunded, line.closing
(6000000, 0, 6000000, 0)

How it works
============
``closing = opening + received + interest - refunded - forfeited - transferred`` holds for every
line, whatever was posted. Postings between ``refunded`` and ``bank`` only say that the statement of
the bank has shown what the bank had told before: for the bidder nothing moves.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

OWED = ("held", "in_refund")
ENDS = ("refunded", "forfeited", "transferred")
SOURCES = ("bank", "suspense")


class Posting(NamedTuple):
    """So many fen from the debit of one account to the credit of another; ``key`` is the bid
    security."""

    key: Hashable
    moment: datetime
    debit: str
    credit: str
    fen: int


@dataclass(slots=True)
class Line:
    """One bid security over a period, in fen."""

    opening: int = 0
    received: int = 0
    interest: int = 0
    refunded: int = 0
    forfeited: int = 0
    transferred: int = 0
    closing: int = 0

    @property
    def is_empty(self) -> bool:
        """Nothing was there and nothing happened."""
        return not any(getattr(self, name) for name in self.__slots__)


def summarize(postings: Iterable[Posting], start: datetime) -> dict[Hashable, Line]:
    """The lines of a statement that begins at ``start``, by bid security.

    Postings before ``start`` make up what was there; the caller leaves out those after the end.
    """
    lines: dict[Hashable, Line] = {}
    for posting in postings:
        line = lines.setdefault(posting.key, Line())
        owed = (posting.credit in OWED) - (posting.debit in OWED)
        line.closing += owed * posting.fen
        if posting.moment < start:
            line.opening += owed * posting.fen
        else:
            _add(line, posting)
    return lines


def _add(line: Line, posting: Posting) -> None:
    sides = {posting.debit, posting.credit}
    if sides == {"bank", "refunded"}:
        return
    for name in ENDS:
        moved = (posting.credit == name) - (posting.debit == name)
        setattr(line, name, getattr(line, name) + moved * posting.fen)
    line.interest += ((posting.debit == "interest") - (posting.credit == "interest")) * posting.fen
    line.received += ((posting.debit in SOURCES) - (posting.credit in SOURCES)) * posting.fen
