"""Bar charts as SVG text: for screens and for paper, where nothing is fetched and nothing runs.

>>> picture = draw_bars(["许可一科", "许可二科"], [Series("收件", "#3B6FB6", [12, 7])])
>>> picture.startswith("<svg") and "许可一科" in picture
True
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH = 640
_LABEL_WIDTH = 150
_VALUE_WIDTH = 60
_BAR = 14
_GAP = 10
_LEGEND = 26
_LABEL_LENGTH = 11
_FONT = "font-family='Noto Sans CJK SC, Microsoft YaHei, sans-serif' font-size='12'"


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of bars: a value for every label, None where there is none."""

    name: str
    color: str
    values: Sequence[float | None]


def draw_bars(
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    title: str = "",
    top: float | None = None,
    show=str,
) -> str:
    """Horizontal bars, one group for each label.

    :param top: the value of a bar of full length; the greatest one when absent
    :param show: how a value is written behind its bar
    """
    scale = top or max((value or 0 for one in series for value in one.values), default=0) or 1
    group = len(series) * _BAR + _GAP
    height = _LEGEND + len(labels) * group
    box = f"width='100%' viewBox='0 0 {_WIDTH} {height}'"
    parts = [
        f"<svg xmlns='http://www.w3.org/2000/svg' {box} role='img' {_FONT}>",
        f"<title>{escape(title)}</title>",
        *_draw_legend(series),
    ]
    for place, label in enumerate(labels):
        y = _LEGEND + place * group
        parts.append(_text(_LABEL_WIDTH - 8, y + group / 2 - 1, _shorten(label), anchor="end"))
        for row, one in enumerate(series):
            parts += _draw_bar(y + row * _BAR, one.values[place], scale, one.color, show)
    return "".join([*parts, "</svg>"])


def _draw_bar(y, value, scale, color, show):
    length = (_WIDTH - _LABEL_WIDTH - _VALUE_WIDTH) * min(max(value or 0, 0) / scale, 1)
    yield (
        f"<rect x='{_LABEL_WIDTH}' y='{y + 1}' width='{length:.1f}' height='{_BAR - 2}'"
        f" fill='{color}'/>"
    )
    yield _text(_LABEL_WIDTH + length + 6, y + _BAR - 3, "—" if value is None else show(value))


def _draw_legend(series):
    x = _LABEL_WIDTH
    for one in series:
        yield f"<rect x='{x}' y='4' width='12' height='12' fill='{one.color}'/>"
        yield _text(x + 18, 14, one.name)
        x += 40 + 13 * len(one.name)


def _text(x, y, text, anchor="start"):
    return f"<text x='{x:.1f}' y='{y:.1f}' text-anchor='{anchor}' fill='#333'>{escape(text)}</text>"


def _shorten(label):
    return label if len(label) <= _LABEL_LENGTH else f"{label[: _LABEL_LENGTH - 1]}…"
