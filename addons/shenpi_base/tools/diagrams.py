"""Pictures of plans: bars along a scale of days, arrows between them, as SVG text.

>>> bars = [Bar("a", "Register", 0, 1, True), Bar("b", "Food", 1, 6, True)]
>>> timeline(bars, [("a", "b", False)], "working days")[:4]
'<svg'
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

ROW = 34
BAR = 18
BASELINE = 4
TOP = 26
LABEL = 260
CHART = 560
ARROW = 8
LETTERS_A_LABEL = 18
MARGIN = 40
MOST_TICKS = 10
NAMESPACE = "http://www.w3.org/2000/svg"
ARROW_HEAD = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7"'
    ' orient="auto"><path d="M0 0L8 4L0 8z" fill="#667085"/></marker></defs>'
)

COLORS = {
    "critical": "#0b5394",
    "plain": "#8fb4d9",
    "green": "#2e7d32",
    "yellow": "#f0ad4e",
    "red": "#c62828",
    "grey": "#c5cbd3",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of the picture: from the end of day ``start`` to the end of day ``end``; ``baseline``,
    where it was planned before, is a thin line below."""

    key: str
    label: str
    start: int
    end: int
    critical: bool = False
    color: str = ""
    note: str = ""
    baseline: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """Days along the picture; facts may lie before day 0."""

    first: int
    last: int

    @property
    def step(self) -> float:
        return CHART / max(self.last - self.first, 1)

    def x(self, day: int) -> float:
        return LABEL + (day - self.first) * self.step


def timeline(
    bars: Sequence[Bar],
    ties: Iterable[tuple[str, str, bool]],
    unit: str,
    today: int | None = None,
) -> str:
    """The bars in their order, each below the one before.

    ``ties``: (key before, key after, whether it is one of several ways); ``unit``: what the scale
    counts, for people; ``today``: a day marked by a line. A tie to a bar that is not there is left
    out.
    """
    days = [day for bar in bars for day in (bar.start, bar.end, *(bar.baseline or ()))]
    scale = Scale(min([0, *days]), max([0, *days]))
    rows = {bar.key: place for place, bar in enumerate(bars)}
    by_key = {bar.key: bar for bar in bars}
    height = TOP + ROW * len(bars) + 6
    width = LABEL + CHART + MARGIN
    style = f"width:100%;max-width:{width}px;height:auto;font-size:13px"
    parts = [
        f'<svg xmlns="{NAMESPACE}" viewBox="0 0 {width} {height}" style="{style}" role="img">',
        ARROW_HEAD,
        *_draw_scale(scale, height, unit),
        *_draw_today(scale, height, today),
        *(_draw_bar(bar, place, scale) for place, bar in enumerate(bars)),
        *(
            _draw_tie(by_key[before], by_key[after], rows, scale, dashed)
            for before, after, dashed in ties
            if before in rows and after in rows
        ),
        "</svg>",
    ]
    return "".join(parts)


def _draw_scale(scale: Scale, height: int, unit: str) -> list[str]:
    every = max(1, -(-(scale.last - scale.first) // MOST_TICKS))
    ticks = []
    for day in range(scale.first + -scale.first % every, scale.last + 1, every):
        x = f"{scale.x(day):.1f}"
        ticks += [
            f'<line x1="{x}" x2="{x}" y1="{TOP - 4}" y2="{height - 4}" stroke="#e4e7ec"/>',
            f'<text x="{x}" y="14" text-anchor="middle" fill="#667085">{day}</text>',
        ]
    return [f'<text x="0" y="14" fill="#667085">{escape(unit)}</text>', *ticks]


def _draw_today(scale: Scale, height: int, today: int | None) -> list[str]:
    if today is None or not scale.first <= today <= scale.last:
        return []
    x = f"{scale.x(today):.1f}"
    ends = f'x1="{x}" x2="{x}" y1="{TOP - 4}" y2="{height - 4}"'
    return [f'<line {ends} stroke="#c62828" stroke-dasharray="2 3"/>']


def _draw_bar(bar: Bar, place: int, scale: Scale) -> str:
    top = TOP + place * ROW + (ROW - BAR) // 2
    left = scale.x(bar.start)
    width = max(scale.x(bar.end) - left, 4)
    color = COLORS[bar.color or ("critical" if bar.critical else "plain")]
    label = bar.label
    if len(label) > LETTERS_A_LABEL:
        label = label[: LETTERS_A_LABEL - 1] + "…"
    title = escape(f"{bar.label} {bar.note}".strip())
    return (
        f'<g><title>{title}</title><text x="0" y="{top + BAR - 5}" fill="#1d2433">{escape(label)}'
        f'</text><rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{BAR}" rx="3"'
        f' fill="{color}"/>{_draw_baseline(bar, top + BAR, scale)}</g>'
    )


def _draw_baseline(bar: Bar, top: int, scale: Scale) -> str:
    if bar.baseline is None:
        return ""
    left, right = (scale.x(day) for day in bar.baseline)
    return (
        f'<rect x="{left:.1f}" y="{top + 1}" width="{max(right - left, 4):.1f}"'
        f' height="{BASELINE}" fill="#98a2b3"/>'
    )


def _draw_tie(before: Bar, after: Bar, rows: dict[str, int], scale: Scale, dashed: bool) -> str:
    x1, y1 = scale.x(before.end), TOP + rows[before.key] * ROW + ROW // 2
    x2, y2 = scale.x(after.start), TOP + rows[after.key] * ROW + ROW // 2
    turn = max(x1 + ARROW, x2 - ARROW)
    points = f"{x1:.1f},{y1} {turn:.1f},{y1} {turn:.1f},{y2} {x2:.1f},{y2}"
    if x2 <= x1 + ARROW:
        edge = y2 - BAR // 2 if y2 > y1 else y2 + BAR // 2
        points = f"{x1:.1f},{y1} {x1 + ARROW:.1f},{y1} {x1 + ARROW:.1f},{edge}"
    dashes = ' stroke-dasharray="4 3"' if dashed else ""
    return (
        f'<polyline points="{points}" fill="none" stroke="#667085"{dashes} marker-end="url(#tip)"/>'
    )
