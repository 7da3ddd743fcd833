"""Interest on bid security, and the penalty for giving it back late.

What
====
Interest runs from the day of arrival up to, not including, the day of settlement, at the rates of a
table. The penalty runs over the days after the due date (政府采购货物和服务招标投标管理办法: the
benchmark rate, raised by a fifth), without those on which the bidder himself held things up.

Example
=======
>>> from datetime import date
>>> rates = [Rate(date(2025, 1, 1), 500)]                       # 0.05 % a year
>>> interest(80_000_000, date(2026, 6, 1), date(2026, 7, 1), rates)
3333
>>> lending = [Rate(date(2025, 1, 1), 43_500)]                  # 4.35 % a year
>>> penalty(80_000_000, date(2026, 6, 10), date(2026, 6, 20), lending)
116000

How it works
============
Rates are parts per million a year. Principal times rate is summed up day by day as a whole number
and divided once, at the end, half a fen up: parts and whole differ by no more than that rounding.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

MILLION = 1_000_000
PENALTY_PERCENT = 120


class Rate(NamedTuple):
    """From this day on, so many parts per million a year."""

    start: date
    ppm: int


class UnknownRateError(ValueError):
    """The table does not reach back to ``day``."""

    def __init__(self, day: date) -> None:
        super().__init__(f"no rate is known for {day}")
        self.day = day


def interest(
    principal: int, arrived: date, settled: date, rates: Sequence[Rate], basis: int = 360
) -> int:
    """Interest in fen on ``principal`` fen; ``basis``: the days that a year is taken to have."""
    return interest_of([(principal, arrived)], settled, rates, basis)


def interest_of(
    parts: Iterable[tuple[int, date]], settled: date, rates: Sequence[Rate], basis: int = 360
) -> int:
    """Interest in fen on principals that arrived on days of their own, rounded once for all.

    >>> day, rates = date(2026, 6, 2), [Rate(date(2026, 1, 1), 360_000)]
    >>> parts = [(400, date(2026, 6, 1))] * 5
    >>> interest(*parts[0], day, rates), interest_of(parts, day, rates)
    (0, 2)
    """
    total = sum(fen * _accrue(arrived, settled, rates) for fen, arrived in parts)
    return _divide(total, basis * MILLION)


def penalty(
    principal: int,
    due: date,
    settled: date,
    rates: Sequence[Rate],
    pauses: Iterable[tuple[date, date]] = (),
    percent: int = PENALTY_PERCENT,
    basis: int = 360,
) -> int:
    """Penalty in fen for what went back after ``due``; nothing when it went back in time.

    ``pauses``: first and last day of what the bidder delayed; they may overlap.
    """
    first, end = due + timedelta(days=1), settled + timedelta(days=1)
    total = sum(_accrue(start, stop, rates) for start, stop in _without(first, end, pauses))
    return _divide(principal * total * percent, 100 * basis * MILLION)


def _without(start, end, pauses):
    """The stretches of [start, end) that lie in no pause."""
    for first, last in sorted(pauses):
        if first > start:
            yield start, min(first, end)
        start = max(start, last + timedelta(days=1))
    yield start, end


def _accrue(start, end, rates):
    """Days times rate over [start, end); nothing when it is empty."""
    if start >= end:
        return 0
    table = sorted(rates)
    place = bisect_right([rate.start for rate in table], start) - 1
    if place < 0:
        raise UnknownRateError(start)
    total = 0
    for rate, following in zip(table[place:], [*table[place + 1 :], None], strict=True):
        stop = min(end, following.start) if following else end
        total += max(0, (stop - start).days) * rate.ppm
        start = max(start, stop)
    return total


def _divide(numerator, denominator):
    return (2 * numerator + denominator) // (2 * denominator)
