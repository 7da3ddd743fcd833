"""When the holder of a licence is reminded, and of what: pure arithmetic of the reminder ladder.

What
====
A rung stands a number of calendar days before a deadline (0: on the day, negative: after it). A
deadline is reminded of while there is something to save: up to a month after the licence has ended,
or after the day of the rung itself. When several rungs are due at once, as after a long downtime or
for a licence that was imported late, the latest one acts and the earlier ones are passed over.

Example
=======
>>> from datetime import date
>>> due_from(date(2026, 6, 10), 30)
datetime.date(2026, 5, 11)
>>> sort_out(date(2026, 6, 1), date(2026, 6, 10), date(2026, 7, 10), [180, 90, 30, 7, 0])
(30, [90, 180])
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

# So long after a licence has ended, or a rung after the end was due, it still acts.
GRACE_DAYS = 30
# A message names so many licences; of the others it says how many they are.
NAMED = 3


def due_from(deadline: date, days_before: int) -> date:
    """The day from which a rung is due."""
    return deadline - timedelta(days=days_before)


def is_due(today: date, deadline: date, ends: date, days_before: int) -> bool:
    """Whether a rung is due: its day has come, and it is not over for good."""
    begins = due_from(deadline, days_before)
    return begins <= today <= max(ends, begins) + timedelta(days=GRACE_DAYS)


def sort_out(
    today: date, deadline: date, ends: date, ladder: Iterable[int]
) -> tuple[int | None, list[int]]:
    """The days of the rung that acts and of those it passes over, the nearest first."""
    due = sorted(days for days in ladder if is_due(today, deadline, ends, days))
    return (due[0], due[1:]) if due else (None, [])


def yearly_days(began: date, month: int, day: int, first: date, last: date) -> list[date]:
    """The days from ``first`` to ``last`` by which a duty of every year is to be done, for a holder
    entitled since ``began``: from the next year on (企业信息公示暂行条例 §8). The last day of the
    month stands for one that the month does not have.

    >>> yearly_days(date(2026, 3, 1), 6, 30, date(2026, 1, 1), date(2028, 6, 29))
    [datetime.date(2027, 6, 30)]
    >>> yearly_days(date(2026, 3, 1), 2, 29, date(2027, 1, 1), date(2028, 12, 31))
    [datetime.date(2027, 2, 28), datetime.date(2028, 2, 29)]
    """
    years = range(max(began.year + 1, first.year), last.year + 1)
    days = [date(year, month, min(day, monthrange(year, month)[1])) for year in years]
    return [day for day in days if first <= day <= last]


def list_licences(names: Sequence[str], join: str, more: str) -> str:
    """The licences of one holder in a sentence, the first few by name.

    ``more``: the words for the others, with ``{count}`` for the number of all.

    >>> list_licences(["A", "B"], ", ", " and others, {count} in all")
    'A, B'
    >>> list_licences(["A", "B", "C", "D"], ", ", " and others, {count} in all")
    'A, B, C and others, 4 in all'
    """
    text = join.join(names[:NAMED])
    return text + more.format(count=len(names)) if len(names) > NAMED else text


def pack(groups: Iterable[Sequence[int]], size: int) -> Iterable[list[int]]:
    """Batches of at least ``size`` ids (the last one aside) that never cut a group in two.

    >>> list(pack([[1], [2, 3], [4], [5, 6, 7]], 3))
    [[1, 2, 3], [4, 5, 6, 7]]
    """
    batch: list[int] = []
    for group in groups:
        batch += group
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch
