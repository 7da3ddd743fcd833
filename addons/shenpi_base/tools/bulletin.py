"""The arithmetic of the weekly bulletin: adding up, shares, and last week beside this one.

>>> week = derive(add_up([{"decided": 3, "on_time": 2}, {"decided": 1, "on_time": 1}]))
>>> week["on_time_share"]
0.75
>>> derive({})["on_time_share"] is None     # nothing decided: a dash, not 0 %
True
>>> compare(week["on_time_share"], 0.5), compare(0.75, None)
(0.25, None)
>>> show(0.75, "share"), show(None, "share"), show(-2, "change"), show(1.25, "days")
('75.0%', '—', '-2', '1.2')
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from .workbooks import DASH

# Averages and shares: name, numerator, denominator.
_QUOTIENTS = (
    ("on_time_share", "on_time", "decided"),
    ("days_taken", "taken_sum", "decided"),
    ("days_early", "early_sum", "on_time"),
    ("days_early_law", "early_law_sum", "on_time_law"),
)


def monday_of(day: date) -> date:
    """The Monday of the week in which ``day`` lies."""
    return day - timedelta(days=day.weekday())


def add_up(rows: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """The sums of all counts, by name; an absent count is none."""
    total: dict[str, float] = {}
    for row in rows:
        for name, value in row.items():
            total[name] = total.get(name, 0) + (value or 0)
    return total


def derive(figures: Mapping[str, float]) -> dict[str, float | None]:
    """The counts with the averages and shares that follow from them; None where there is no case
    to take the average of."""
    derived = dict(figures)
    for name, part, whole in _QUOTIENTS:
        count = figures.get(whole)
        derived[name] = figures.get(part, 0) / count if count else None
    return derived


def compare(week: float | None, last: float | None) -> float | None:
    """This week less the last; None where one of them has no figure."""
    return None if week is None or last is None else week - last


def show(value: float | None, kind: str) -> str:
    """A figure as text: ``kind`` is count, share or days, or one of these with ``_change``."""
    if value is None:
        return DASH
    match kind:
        case "share":
            return f"{value:.1%}"
        case "share_change":
            return f"{value:+.1%}"
        case "days":
            return f"{value:.1f}"
        case "days_change":
            return f"{value:+.1f}"
        case "change":
            return f"{value:+,.0f}" if value else "0"
        case "count":
            return f"{value:,.0f}"
    return str(value)
