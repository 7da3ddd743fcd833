"""``chain``: whatever is done to a sealed row is found, and the place is named."""

import copy
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shenpi_base.tools.chain import first_broken, seal

keys = st.sampled_from(["action", "state", "user", "opinion", "at", "data"])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=5,
)
payloads = st.dictionaries(keys, values, max_size=5)


def chained(contents):
    rows, previous = [], None
    for sequence, content in enumerate(contents):
        payload = {"sequence": sequence, **content}
        previous = seal(previous, payload)
        rows.append((previous, payload))
    return rows


chains = st.lists(payloads, min_size=2, max_size=6).map(chained)


@given(st.lists(payloads, max_size=6))
def test_an_untouched_chain_holds(contents):
    assert first_broken(chained(contents)) is None


@given(chains, st.data(), values)
def test_a_changed_field_is_found(rows, data, value):
    index = data.draw(st.integers(0, len(rows) - 1))
    key = data.draw(st.sampled_from(sorted(rows[index][1])))
    stored, payload = rows[index]
    changed = copy.deepcopy(payload)
    # 1, True and 1.0 are equal to Python and different to JSON: compare as written.
    changed[key] = ["changed", payload[key], value]
    rows[index] = (stored, changed)
    assert first_broken(rows) == index


@given(chains, st.data())
def test_an_added_or_missing_field_is_found(rows, data):
    index = data.draw(st.integers(0, len(rows) - 1))
    stored, payload = rows[index]
    for changed in (
        {**payload, "more": None},
        {key: payload[key] for key in payload if key != "sequence"},
    ):
        assert first_broken([*rows[:index], (stored, changed), *rows[index + 1 :]]) == index


@given(chains, st.data())
def test_a_changed_seal_is_found(rows, data):
    index = data.draw(st.integers(0, len(rows) - 1))
    stored, payload = rows[index]
    rows[index] = (stored[:-1] + ("0" if stored[-1] != "0" else "1"), payload)
    assert first_broken(rows) == index


@given(chains, st.data())
def test_a_dropped_row_is_found(rows, data):
    index = data.draw(st.integers(0, len(rows) - 2))
    del rows[index]
    assert first_broken(rows) == index


@given(chains, st.data())
def test_two_rows_in_the_wrong_order_are_found(rows, data):
    index = data.draw(st.integers(0, len(rows) - 2))
    rows[index], rows[index + 1] = rows[index + 1], rows[index]
    assert first_broken(rows) == index


@given(chains, st.data(), payloads)
def test_an_inserted_row_is_found(rows, data, payload):
    """Sealed correctly behind its predecessor, it still breaks the row that follows."""
    index = data.draw(st.integers(0, len(rows) - 1))
    previous = rows[index - 1][0] if index else None
    forged = {"sequence": index, "forged": True, **payload}
    rows.insert(index, (seal(previous, forged), forged))
    assert first_broken(rows) == index + 1


def test_the_recipe_is_written_down():
    """Stored seals must stay verifiable: this value may only change together with VERSION."""
    text = '\n{"a":"受理","b":[1,null,true]}'
    expected = "$1$" + hashlib.sha256(text.encode("utf-8")).hexdigest()
    assert seal(None, {"b": [1, None, True], "a": "受理"}) == expected
    text = expected + '\n{"a":1}'
    assert seal(expected, {"a": 1}) == "$1$" + hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("value", [object(), b"bytes", float("nan"), {1, 2}])
def test_what_json_cannot_say_is_refused(value):
    with pytest.raises((TypeError, ValueError)):
        seal(None, {"value": value})
