"""Bar charts: well-formed pictures of the right lengths."""

from lxml import etree
from shenpi_base.tools.bars import Series, draw_bars

SVG = "{http://www.w3.org/2000/svg}"


def lengths(picture: str) -> list[float]:
    """The lengths of the bars, without the squares of the legend."""
    root = etree.fromstring(picture)
    return [float(bar.get("width")) for bar in root.iter(f"{SVG}rect")][1:]


def test_the_greatest_value_has_the_full_length():
    full, half, none = lengths(draw_bars(["a", "b", "c"], [Series("x", "#000", [4, 2, None])]))
    assert full == 2 * half
    assert none == 0


def test_a_share_is_drawn_against_the_whole():
    (bar,) = lengths(draw_bars(["a"], [Series("x", "#000", [0.5])], top=1))
    (whole,) = lengths(draw_bars(["a"], [Series("x", "#000", [1])], top=1))
    assert bar == whole / 2


def test_nothing_but_noughts():
    assert lengths(draw_bars(["a"], [Series("x", "#000", [0])])) == [0]


def test_text_is_text():
    picture = draw_bars(["<b>&"], [Series("<i>", "#000", [1])], title="a < b", show="{:.0%}".format)
    texts = [node.text for node in etree.fromstring(picture).iter(f"{SVG}text")]
    assert texts == ["<i>", "<b>&", "100%"]


def test_long_names_are_cut():
    picture = draw_bars(["交通与农业审批处第二办公室综合科"], [Series("x", "#000", [1])])
    assert "交通与农业审批处第二…" in picture
