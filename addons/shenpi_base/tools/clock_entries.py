"""The entries of a statutory clock, and which of them count.

What
====
A clock is a ledger: entries are added to it and never changed. An entry that was wrong is corrected
by a further one that ``supersedes`` it and takes its place; one that is ``struck`` only takes it
away. ``in_force`` leaves what counts.

Example
=======
>>> moment = datetime(2025, 3, 3, 9)
>>> wrong = Entry("pause", moment, 7, planned_days=5)
>>> right = Entry("pause", moment, 9, planned_days=8, supersedes=7)
>>> [(entry.seq, entry.planned_days) for entry in in_force([right, wrong])]
[(7, 8)]
>>> in_force([wrong, right, Entry("pause", moment, 12, supersedes=9, struck=True)])
[]

How it works
============
Entries are read in the order of their moments, those of one moment in the order of recording
(``seq``). A correction has the place of the first version: what is put right later does not move
behind entries of the same moment. An entry is superseded once at most; the database sees to that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger, at a local moment; ``seq`` orders entries of the same moment.

    ``kind``: received, correction_sent, supplement_received, accepted, pause, resume, extend,
    decided, delivered or ended. ``planned_days`` belongs to a pause, ``days`` to an extension.
    ``supersedes`` is the ``seq`` of the entry that this one corrects, ``struck`` says that the
    other one should not have been there at all.
    """

    kind: str
    at: datetime
    seq: int
    planned_days: int = 0
    days: int = 0
    supersedes: int = 0
    struck: bool = False


def in_force(entries: Iterable[Entry]) -> list[Entry]:
    """The entries that count: corrected ones replaced by their last version, struck ones gone."""
    entries = list(entries)
    by_seq = {entry.seq: entry for entry in entries}
    superseded = {entry.supersedes for entry in entries if entry.supersedes}
    if not superseded:
        return entries
    return [
        replace(entry, seq=_get_place(entry, by_seq), supersedes=0) if entry.supersedes else entry
        for entry in entries
        if entry.seq not in superseded and not entry.struck
    ]


def _get_place(entry: Entry, by_seq: Mapping[int, Entry]) -> int:
    """The place of a correction among entries of the same moment: that of the first version."""
    while entry.supersedes:
        entry = by_seq[entry.supersedes]
    return entry.seq


def in_order(entry: Entry) -> tuple[datetime, int]:
    """Key that sorts entries by their moment, those of one moment as they were recorded."""
    return entry.at, entry.seq
