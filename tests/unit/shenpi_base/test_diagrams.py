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


def test_a_baseline_is_a_thin_line_below():
    bars = [Bar("a", "Register", 2, 5, baseline=(0, 3))]
    drawing = ET.fromstring(timeline(bars, [], "days"))
    rects = drawing.findall(f".//{SVG}rect")
    assert [float(rect.get("height")) for rect in rects] == [18, 4]
    bar, line = ((float(r.get("x")), float(r.get("width"))) for r in rects)
    assert abs(bar[0] - line[0] - line[1] * 2 / 3) < 0.2


def test_facts_before_the_first_day_stay_in_the_picture():
    bars = [Bar("a", "Register", -4, 1), Bar("b", "Food", 1, 6)]
    drawing = ET.fromstring(timeline(bars, [("a", "b", False)], "days", today=3))
    lefts = [float(rect.get("x")) for rect in drawing.findall(f".//{SVG}rect")]
    assert lefts == sorted(lefts)
    assert lefts[0] >= LABEL
    assert len(drawing.findall(f".//{SVG}line[@stroke='#c62828']")) == 1
    assert not timeline(bars, [], "days", today=99).count("#c62828")
