"""Ranking by a share: exact comparison, ties share a place, small volumes stand apart.

>>> rank([("a", 99, 100), ("b", 198, 200), ("c", 3, 3), ("d", 9, 10)], least=5)
[Place(rank=1, key='b', part=198, whole=200), Place(rank=1, key='a', part=99, whole=100), \
Place(rank=3, key='d', part=9, whole=10), Place(rank=None, key='c', part=3, whole=3)]
"""

from collections.abc import Hashable, Iterable
from fractions import Fraction
from typing import NamedTuple


class Place(NamedTuple):
    """One row of a ranking; without a rank where there is too little to compare."""

    rank: int | None
    key: Hashable
    part: int
    whole: int


def rank(rows: Iterable[tuple[Hashable, int, int]], least: int = 1) -> list[Place]:
    """Rank ``(key, part, whole)`` by part / whole, the highest share first.

    Rows with the same share have the same rank, and the next one counts them (1, 1, 3). Of them,
    the one with the larger whole comes first. Rows with a whole below ``least`` (or of nought)
    follow unranked, the largest first.
    """
    least = max(least, 1)
    rows = list(rows)
    entries = [(row, Fraction(row[1], row[2])) for row in rows if row[2] >= least]
    small = [row for row in rows if row[2] < least]
    entries.sort(key=lambda entry: (-entry[1], -entry[0][2]))
    places: list[Place] = []
    above = None
    for number, (row, share) in enumerate(entries, start=1):
        same = above is not None and share == above
        places.append(Place(places[-1].rank if same else number, *row))
        above = share
    small.sort(key=lambda row: -row[2])
    return places + [Place(None, *row) for row in small]
