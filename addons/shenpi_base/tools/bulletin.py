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

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from .workbooks import DASH

# Averages and shares: name, numerator, denominator.
APPROVALS = (
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


def derive(
    figures: Mapping[str, float], quotients: Sequence[tuple[str, str, str]] = APPROVALS
) -> dict[str, float | None]:
    """The counts with the averages and shares that follow from them; None where there is no case
    to take the average of.

    :param quotients: (name, numerator, denominator) of each
    """
    derived = dict(figures)
    for name, part, whole in quotients:
        count = figures.get(whole)
        derived[name] = figures.get(part, 0) / count if count else None
    return derived


def year_before(day: date) -> date:
    """The same day a year earlier; 28 February for the 29th.

    >>> year_before(date(2028, 2, 29))
    datetime.date(2027, 2, 28)
    """
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def show_basis(part: float | None, whole: float | None) -> str:
    """What a share or average was taken of: "382 / 423", nothing where there is nothing."""
    return f"{part or 0:,.0f} / {whole:,.0f}" if whole else ""


def compare(week: float | None, last: float | None) -> float | None:
    """This week less the last; None where one of them has no figure."""
    return None if week is None or last is None else week - last


def show(value: float | None, kind: str) -> str:
    """A figure as text: ``kind`` is count, share (share2: with two places) or days, or one of these
    with ``_change``."""
    if value is None:
        return DASH
    match kind:
        case "share":
            return f"{value:.1%}"
        case "share_change":
            return f"{value:+.1%}"
        case "share2":
            return f"{value:.2%}"
        case "share2_change":
            return f"{value:+.2%}"
        case "days":
            return f"{value:.1f}"
        case "days_change":
            return f"{value:+.1f}"
        case "change":
            return f"{value:+,.0f}" if value else "0"
        case "count":
            return f"{value:,.0f}"
    return str(value)
