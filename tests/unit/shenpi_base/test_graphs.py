"""Pictures of what waits for what: every box in its place, every arrow from left to right."""

from itertools import pairwise
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st
from shenpi_base.tools.graphs import LETTERS_A_LINE, Node, graph, place

SVG = "{http://www.w3.org/2000/svg}"


def _nodes(count):
    return [Node(f"n{number}", f"Item {number}") for number in range(count)]


@st.composite
def plans(draw):
    """Nodes in some order and ties that never close a loop."""
    count = draw(st.integers(1, 9))
    forward = [(a, b) for a in range(count) for b in range(a + 1, count)]
    chosen = draw(st.lists(st.sampled_from(forward), unique=True)) if forward else []
    ties = [(f"n{a}", f"n{b}", draw(st.booleans())) for a, b in chosen]
    return draw(st.permutations(_nodes(count))), ties


@given(plans())
def test_what_waits_stands_further_right(plan):
    nodes, ties = plan
    places = place(nodes, ties)
    assert all(places[first][0] < places[second][0] for first, second, _dashed in ties)


@given(plans())
def test_the_column_is_the_longest_way(plan):
    """Against an oracle that pushes columns up until nothing moves."""
    nodes, ties = plan
    columns = dict.fromkeys((node.key for node in nodes), 0)
    for _round in nodes:
        for first, second, _dashed in ties:
            columns[second] = max(columns[second], columns[first] + 1)
    assert {key: column for key, (column, _row) in place(nodes, ties).items()} == columns


@given(plans())
def test_no_two_boxes_in_one_place(plan):
    nodes, ties = plan
    places = place(nodes, ties)
    assert len(set(places.values())) == len(nodes)


@given(plans())
def test_everything_is_drawn_once(plan):
    nodes, ties = plan
    picture = ET.fromstring(graph(nodes, ties))
    assert len(picture.findall(f"{SVG}g")) == len(nodes)
    dashes = [path.get("stroke-dasharray") for path in picture.findall(f"{SVG}path")]
    assert [bool(dash) for dash in dashes] == [dashed for _first, _second, dashed in ties]


@given(st.integers(2, 6))
def test_a_loop_is_drawn_too(count):
    nodes = _nodes(count)
    keys = [node.key for node in nodes]
    ties = [(first, second, False) for first, second in pairwise([*keys, keys[0]])]
    assert len(ET.fromstring(graph(nodes, ties)).findall(f"{SVG}path")) == count


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=60))
def test_labels_are_text_and_fit(label):
    picture = ET.fromstring(graph([Node("a", label)], [("a", "gone", False)]))
    texts = [text.text or "" for text in picture.iter(f"{SVG}text")]
    assert len(texts) <= 2
    assert all(len(text) <= LETTERS_A_LINE for text in texts)
    if len(label) <= 2 * LETTERS_A_LINE:
        assert "".join(texts) == label


def test_nothing():
    assert graph([], []).startswith("<svg")
