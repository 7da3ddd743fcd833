"""Pictures of what waits for what: boxes in columns, arrows from left to right, as SVG.

A box stands in the column after the last box that it waits for. Boxes that wait for each other in
a loop are drawn too, so that the loop can be seen while it is being mended.

>>> nodes = [Node("a", "Register"), Node("b", "Food")]
>>> place(nodes, [("a", "b", False)])
{'a': (0, 0), 'b': (1, 0)}
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from .diagrams import ARROW_HEAD, COLORS, NAMESPACE

BOX_WIDTH = 190
BOX_HEIGHT = 46
GAP_X = 60
GAP_Y = 16
MARGIN = 6
LETTERS_A_LINE = 13
LINES = 2
LINE = 17

Tie = tuple[str, str, bool]


@dataclass(frozen=True, slots=True)
class Node:
    """A box: ``strong`` ones stand out, ``broken`` ones are drawn with a broken frame."""

    key: str
    label: str
    strong: bool = False
    broken: bool = False
    note: str = ""


def place(nodes: Sequence[Node], ties: Iterable[Tie]) -> dict[str, tuple[int, int]]:
    """Column and row of every box.

    ``ties``: (key before, key after, whether it is one of several ways); those to a box that is
    not there do not count. Within a column boxes keep near to what they wait for.
    """
    order = {node.key: number for number, node in enumerate(nodes)}
    before: dict[str, list[str]] = {node.key: [] for node in nodes}
    for first, second, _one_of_several in ties:
        if first in order and second in order:
            before[second].append(first)
    columns = _rank(before)
    places: dict[str, tuple[int, int]] = {}
    for column in range(max(columns.values(), default=-1) + 1):
        keys = [key for key in order if columns[key] == column]
        keys.sort(key=lambda key: (_height(places, before[key]), order[key]))
        places.update({key: (column, row) for row, key in enumerate(keys)})
    return places


def _rank(before: dict[str, list[str]]) -> dict[str, int]:
    """The column of each key; a tie that closes a loop does not count."""
    columns: dict[str, int] = {}
    open_keys: set[str] = set()

    def visit(key: str) -> int:
        if key not in columns:
            open_keys.add(key)
            columns[key] = max(
                (visit(first) + 1 for first in before[key] if first not in open_keys), default=0
            )
            open_keys.discard(key)
        return columns[key]

    for key in before:
        visit(key)
    return columns


def _height(places: dict[str, tuple[int, int]], keys: list[str]) -> float:
    rows = [places[key][1] for key in keys if key in places]
    return sum(rows) / len(rows) if rows else 0.0


def graph(nodes: Sequence[Node], ties: Iterable[Tie]) -> str:
    """The picture; a broken arrow is one of several ways."""
    ties = list(ties)
    places = place(nodes, ties)
    columns = max((column for column, _row in places.values()), default=0) + 1
    rows = max((row for _column, row in places.values()), default=0) + 1
    width = 2 * MARGIN + columns * (BOX_WIDTH + GAP_X) - GAP_X
    height = 2 * MARGIN + rows * (BOX_HEIGHT + GAP_Y) - GAP_Y
    style = f"width:100%;max-width:{width}px;height:auto;font-size:13px"
    parts = [
        f'<svg xmlns="{NAMESPACE}" viewBox="0 0 {width} {height}" style="{style}" role="img">',
        ARROW_HEAD,
        *(
            _draw_tie(places[first], places[second], dashed)
            for first, second, dashed in ties
            if first in places and second in places
        ),
        *(_draw_box(node, *_corner(places[node.key])) for node in nodes),
        "</svg>",
    ]
    return "".join(parts)


def _corner(spot: tuple[int, int]) -> tuple[int, int]:
    column, row = spot
    return MARGIN + column * (BOX_WIDTH + GAP_X), MARGIN + row * (BOX_HEIGHT + GAP_Y)


def _draw_box(node: Node, x: int, y: int) -> str:
    fill, ink = (COLORS["critical"], "#ffffff") if node.strong else ("#eef4fb", "#1d2433")
    dashes = ' stroke-dasharray="5 3"' if node.broken else ""
    lines = _break(node.label)
    top = y + BOX_HEIGHT / 2 - (len(lines) - 1) * LINE / 2 + 5
    texts = "".join(
        f'<text x="{x + BOX_WIDTH / 2:.0f}" y="{top + place * LINE:.1f}" text-anchor="middle"'
        f' fill="{ink}">{escape(line)}</text>'
        for place, line in enumerate(lines)
    )
    title = escape(f"{node.label} {node.note}".strip())
    return (
        f'<g><title>{title}</title><rect x="{x}" y="{y}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}"'
        f' rx="4" fill="{fill}" stroke="#667085"{dashes}/>{texts}</g>'
    )


def _break(label: str) -> list[str]:
    """At most two lines; what is longer is in the title that shows when one points at the box."""
    lines = [label[i : i + LETTERS_A_LINE] for i in range(0, len(label), LETTERS_A_LINE)] or [""]
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], lines[LINES - 1][:-1] + "…"]
    return lines


def _draw_tie(first: tuple[int, int], second: tuple[int, int], dashed: bool) -> str:
    x1, y1 = _corner(first)
    x2, y2 = _corner(second)
    x1, y1, y2 = x1 + BOX_WIDTH, y1 + BOX_HEIGHT // 2, y2 + BOX_HEIGHT // 2
    bend = max(GAP_X // 2, abs(x2 - x1) // 3)
    dashes = ' stroke-dasharray="4 3"' if dashed else ""
    return (
        f'<path d="M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}" fill="none"'
        f' stroke="#667085"{dashes} marker-end="url(#tip)"/>'
    )
