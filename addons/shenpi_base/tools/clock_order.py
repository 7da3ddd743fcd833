"""Which clock entries can follow one another.

What
====
The clock (``tools.clock``) reads any entries and makes the best of them. Before entries are put on
record, ``first_impossible`` says whether they can have happened in this order at all: nothing
before the receipt, an acceptance before a pause, a resume after its pause, no pause within a pause,
no decision while the clock stands still, nothing after the end, nothing in the future.

Example
=======
>>> from datetime import datetime
>>> entries = [
...     Entry("received", datetime(2025, 3, 3, 9), 1),
...     Entry("accepted", datetime(2025, 3, 4, 9), 2),
...     Entry("resume", datetime(2025, 3, 5, 9), 3),
... ]
>>> problem = first_impossible(entries, now=datetime(2025, 3, 6, 9))
>>> problem.entry.kind, problem.previous.kind, problem.reason
('resume', 'accepted', 'order')

How it works
============
``_STAGES`` is the road of an application as its clock sees it: the stage in which it is, the kinds
of entries that can come there, and the stage to which each leads. The entries in force are walked
along it in the order of time; the first that finds no way is the answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from .clock_entries import Entry, in_force, in_order

_STAGES = {
    "nothing": {"received": "filed"},
    "filed": {"correction_sent": "correcting", "accepted": "handled", "ended": "over"},
    "correcting": {"supplement_received": "filed", "ended": "over"},
    "handled": {"pause": "paused", "extend": "handled", "decided": "decided", "ended": "over"},
    "paused": {"resume": "handled", "extend": "paused", "ended": "over"},
    "decided": {"delivered": "over"},
    "over": {},
}


@dataclass(frozen=True, slots=True)
class Impossible:
    """The first entry that cannot stand where it stands.

    ``reason``: "future"; "order", when it cannot come after ``previous`` (None: before everything).
    """

    entry: Entry
    reason: str
    previous: Entry | None = None


def first_impossible(entries: Iterable[Entry], now: datetime) -> Impossible | None:
    """The first entry, in the order of time, that cannot have happened; None if all can have."""
    stage, previous = "nothing", None
    for entry in sorted(in_force(entries), key=in_order):
        if entry.kind not in _STAGES[stage]:
            return Impossible(entry, "order", previous)
        if entry.at > now:
            return Impossible(entry, "future", previous)
        stage, previous = _STAGES[stage][entry.kind], entry
    return None
