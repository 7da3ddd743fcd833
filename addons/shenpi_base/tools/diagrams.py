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
    """A row of the picture: from the end of day ``start`` to the end of day ``end``."""

    key: str
    label: str
    start: int
    end: int
    critical: bool = False
    color: str = ""
    note: str = ""


def timeline(bars: Sequence[Bar], ties: Iterable[tuple[str, str, bool]], unit: str) -> str:
    """The bars in their order, each below the one before.

    ``ties``: (key before, key after, whether it is one of several ways); ``unit``: what the scale
    counts, for people. A tie to a bar that is not there is left out.
    """
    last = max((bar.end for bar in bars), default=0)
    step = CHART / max(last, 1)
    rows = {bar.key: place for place, bar in enumerate(bars)}
    by_key = {bar.key: bar for bar in bars}
    height = TOP + ROW * len(bars) + 6
    width = LABEL + CHART + MARGIN
    style = f"width:100%;max-width:{width}px;height:auto;font-size:13px"
    parts = [
        f'<svg xmlns="{NAMESPACE}" viewBox="0 0 {width} {height}" style="{style}" role="img">',
        ARROW_HEAD,
        *_draw_scale(last, step, height, unit),
        *(_draw_bar(bar, place, step) for place, bar in enumerate(bars)),
        *(
            _draw_tie(by_key[before], by_key[after], rows, step, dashed)
            for before, after, dashed in ties
            if before in rows and after in rows
        ),
        "</svg>",
    ]
    return "".join(parts)


def _draw_scale(last: int, step: float, height: int, unit: str) -> list[str]:
    every = max(1, -(-last // MOST_TICKS))
    ticks = []
    for day in range(0, last + 1, every):
        x = f"{LABEL + day * step:.1f}"
        ticks += [
            f'<line x1="{x}" x2="{x}" y1="{TOP - 4}" y2="{height - 4}" stroke="#e4e7ec"/>',
            f'<text x="{x}" y="14" text-anchor="middle" fill="#667085">{day}</text>',
        ]
    return [f'<text x="0" y="14" fill="#667085">{escape(unit)}</text>', *ticks]


def _draw_bar(bar: Bar, place: int, step: float) -> str:
    top = TOP + place * ROW + (ROW - BAR) // 2
    left = LABEL + bar.start * step
    width = max((bar.end - bar.start) * step, 4)
    color = COLORS[bar.color or ("critical" if bar.critical else "plain")]
    label = bar.label
    if len(label) > LETTERS_A_LABEL:
        label = label[: LETTERS_A_LABEL - 1] + "…"
    title = escape(f"{bar.label} {bar.note}".strip())
    return (
        f'<g><title>{title}</title><text x="0" y="{top + BAR - 5}" fill="#1d2433">{escape(label)}'
        f'</text><rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{BAR}" rx="3"'
        f' fill="{color}"/></g>'
    )


def _draw_tie(before: Bar, after: Bar, rows: dict[str, int], step: float, dashed: bool) -> str:
    x1, y1 = LABEL + before.end * step, TOP + rows[before.key] * ROW + ROW // 2
    x2, y2 = LABEL + after.start * step, TOP + rows[after.key] * ROW + ROW // 2
    turn = max(x1 + ARROW, x2 - ARROW)
    points = f"{x1:.1f},{y1} {turn:.1f},{y1} {turn:.1f},{y2} {x2:.1f},{y2}"
    if x2 <= x1 + ARROW:
        edge = y2 - BAR // 2 if y2 > y1 else y2 + BAR // 2
        points = f"{x1:.1f},{y1} {x1 + ARROW:.1f},{y1} {x1 + ARROW:.1f},{edge}"
    dashes = ' stroke-dasharray="4 3"' if dashed else ""
    return (
        f'<polyline points="{points}" fill="none" stroke="#667085"{dashes} marker-end="url(#tip)"/>'
    )
