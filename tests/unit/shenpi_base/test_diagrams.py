"""Pictures are well-formed whatever the labels are, and show every bar where its days lie."""

from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st
from shenpi_base.tools.diagrams import CHART, LABEL, Bar, timeline

SVG = "{http://www.w3.org/2000/svg}"
labels = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)


@st.composite
def bars(draw):
    count = draw(st.integers(0, 6))
    starts = [draw(st.integers(0, 40)) for _n in range(count)]
    return [
        Bar(str(n), draw(labels), start, start + draw(st.integers(0, 20)), draw(st.booleans()))
        for n, start in enumerate(starts)
    ]


@given(bars(), labels)
def test_bars_lie_on_the_scale(rows, unit):
    ties = [(before.key, after.key, True) for before in rows for after in rows]
    root = ET.fromstring(timeline(rows, [*ties, ("0", "nowhere", False)], unit))
    rects = root.findall(f"./{SVG}g/{SVG}rect")
    assert len(rects) == len(rows)
    assert len(root.findall(f"./{SVG}polyline")) == len(ties)
    last = max((bar.end for bar in rows), default=1) or 1
    for bar, rect in zip(rows, rects, strict=True):
        assert abs(float(rect.get("x")) - (LABEL + bar.start * CHART / last)) <= 0.05


def test_labels_are_text():
    root = ET.fromstring(timeline([Bar("a", "<b>&", 0, 1)], [], "days"))
    assert root.find(f"./{SVG}g/{SVG}text").text == "<b>&"
