"""``requirements``: no form, however hostile, raises or fulfils what it does not say."""

import string
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shenpi_base.tools.requirements import (
    GRADES,
    OPERATORS,
    SHOWN_LENGTH,
    WITHOUT_VALUE,
    Facts,
    Finding,
    Rule,
    check_rule,
    evaluate,
    mask,
)

DAY = date(2026, 6, 10)
REASONS = {None, "absent", "type", "unmet", "not_handed_in", "no_record", "unknown"}

hostile = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.sampled_from(
        [
            10**4000,
            -(10**4000),
            float("nan"),
            float("inf"),
            "1e999999",
            "9" * 100_000,
            "\x00",
            "\ud800",
            "__import__('os').system('x')",
            "${7*7}",
            "{0.__class__}",
            "2026-02-30",
            "２０２６-01-01",
            "١٢",
        ]
    ),
)
anything = st.recursive(
    hostile,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["a", "b"]), inner),
    max_leaves=8,
)
paths = st.sampled_from(["a", "b", "a.b", "a.a.a", "", ".", "a..b", "__class__", "a.__class__"])
values = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["", "5", "1e5", "2026-06-10", "today", "today-99999", "a;b", ";", "nan"]),
)
operators = st.sampled_from(sorted({op for ops in OPERATORS.values() for op in ops} | {"eval", ""}))
types = st.sampled_from([*OPERATORS, "code", ""])
field_rules = st.builds(
    Rule, st.just("field"), field=paths, type=types, operator=operators, value=values
)


def judge(rule, **form):
    return evaluate(rule, Facts(form=form, day=DAY))


def on_field(kind, operator, value="", path="a"):
    return Rule("field", field=path, type=kind, operator=operator, value=value)


@given(field_rules, anything)
def test_nothing_raises(rule, form):
    finding = evaluate(rule, Facts(form=form, day=DAY))
    assert finding.reason in REASONS
    assert finding.fulfilled is (finding.reason is None)
    if finding.found is not None:
        assert len(finding.found) <= SHOWN_LENGTH
        assert finding.found.isprintable()
        finding.found.encode()


@given(field_rules, anything)
def test_only_a_readable_rule_is_fulfilled(rule, form):
    if check_rule(rule):
        assert not evaluate(rule, Facts(form={"a": form, "b": form}, day=DAY)).fulfilled


@given(field_rules)
def test_what_is_not_said_is_not_fulfilled(rule):
    for form in ({}, {"a": None}, {"a": "", "b": []}, None, [], "a"):
        assert evaluate(rule, Facts(form=form, day=DAY)).fulfilled is False


@given(st.sampled_from(sorted(OPERATORS)), operators, values, anything)
def test_another_type_fulfils_nothing(kind, operator, value, sent):
    python = {
        "text": str,
        "number": int | float | str,
        "date": str,
        "boolean": bool,
        "list": list,
    }[kind]
    finding = judge(on_field(kind, operator, value), a=sent)
    if not isinstance(sent, python) or (kind == "number" and isinstance(sent, bool)):
        assert not finding.fulfilled


# Written so that the two sides are exact: the oracle is Python's own comparison.
numbers = st.decimals(-(10**9), 10**9, places=3) | st.integers(-(10**9), 10**9).map(Decimal)
ORACLE = {
    "equal": lambda a, b: a == b,
    "not_equal": lambda a, b: a != b,
    "at_least": lambda a, b: a >= b,
    "at_most": lambda a, b: a <= b,
    "above": lambda a, b: a > b,
    "below": lambda a, b: a < b,
}


@given(st.sampled_from(sorted(ORACLE)), numbers, numbers)
def test_numbers(operator, sent, value):
    finding = judge(on_field("number", operator, f"{value:f}"), a=f"{sent:f}")
    assert finding.fulfilled is ORACLE[operator](sent, value)


@given(st.sampled_from(sorted(ORACLE)), st.dates(), st.dates())
def test_dates(operator, sent, value):
    finding = judge(on_field("date", operator, value.isoformat()), a=sent.isoformat())
    assert finding.fulfilled is ORACLE[operator](sent, value)


@given(st.integers(-3000, 3000))
def test_dates_relative_to_the_day_of_filing(days):
    rule = on_field("date", "equal", f"today{days:+}")
    assert judge(rule, a=(DAY + timedelta(days=days)).isoformat()).fulfilled
    assert not judge(rule, a=(DAY + timedelta(days=days + 1)).isoformat()).fulfilled


words = st.text(string.ascii_letters + "青云", min_size=1, max_size=5)
lists = st.lists(words, min_size=1, max_size=5)


@given(lists, lists)
def test_lists(sent, value):
    joined = "；".join(value)
    assert judge(on_field("list", "contains", joined), a=sent).fulfilled is (
        set(value) <= set(sent)
    )
    assert judge(on_field("list", "within", joined), a=sent).fulfilled is (set(sent) <= set(value))
    assert judge(on_field("text", "one_of", joined), a=sent[0]).fulfilled is (sent[0] in value)


@pytest.mark.parametrize(
    ("rule", "sent", "expected"),
    [
        (on_field("text", "equal", "零售"), " 零售 ", Finding(True, None, " 零售 ")),
        (on_field("text", "contains", "食品"), "预包装食品", Finding(True, None, "预包装食品")),
        (on_field("text", "equal", "5"), 5, Finding(False, "type", "5")),
        (on_field("text", "filled"), "   ", Finding(False, "absent")),
        (on_field("number", "filled"), 0, Finding(True, None, "0")),
        (on_field("number", "at_most", "50"), True, Finding(False, "type", "true")),
        (on_field("number", "at_most", "50"), 50.0, Finding(True, None, "50.0")),
        (on_field("number", "at_least", "0"), 10**20, Finding(False, "type", "…")),
        (on_field("number", "not_equal", "0"), float("nan"), Finding(False, "type", "nan")),
        (on_field("boolean", "is_yes"), True, Finding(True, None, "true")),
        (on_field("boolean", "is_no"), 0, Finding(False, "type", "0")),
        (on_field("boolean", "is_no"), False, Finding(True, None, "false")),
        (on_field("list", "filled"), ["a"], Finding(True, None, "a")),
        (on_field("list", "contains", "a"), ["a", 1], Finding(False, "type", "a；1")),
        (
            on_field("date", "not_equal", "2026-01-01"),
            "20260101",
            Finding(False, "type", "20260101"),
        ),
        (on_field("text", "filled"), {"x": 1}, Finding(False, "type", "…")),
    ],
)
def test_fields(rule, sent, expected):
    assert check_rule(rule) is None
    assert judge(rule, a=sent) == expected


def test_the_path_leads_through_objects_only():
    rule = on_field("text", "filled", path="a.b")
    assert judge(rule, a={"b": "x"}).fulfilled
    assert judge(rule, a=["b"]).reason == "absent"
    assert judge(rule, **{"a.b": "x"}).reason == "absent"


@pytest.mark.parametrize(
    ("rule", "wrong"),
    [
        (Rule("code"), "kind"),
        (Rule("material"), "material"),
        (Rule("lookup"), "lookup"),
        (Rule("credit", grade="E"), "grade"),
        (Rule("credit", grade="AB"), "grade"),
        (Rule("credit"), "grade"),
        (on_field("number", "contains", "5"), "operator"),
        (on_field("number", "above", "many"), "value"),
        (on_field("number", "above", "1e9"), "value"),
        (on_field("date", "above", "2026-13-01"), "value"),
        (on_field("date", "above", "tomorrow"), "value"),
        (on_field("text", "one_of", " ； "), "value"),
        (on_field("text", "equal", " "), "value"),
        (on_field("text", "filled", path=""), "field"),
        (on_field("text", "filled", path="a..b"), "field"),
        (on_field("money", "equal", "1"), "type"),
    ],
)
def test_rules_that_cannot_be_read(rule, wrong):
    assert check_rule(rule) == wrong
    assert evaluate(rule, Facts(form={"a": 10, "": 1}, grade="A", day=DAY)).fulfilled is False


@pytest.mark.parametrize("kind", sorted(OPERATORS))
def test_every_operator_can_be_read(kind):
    value = {"number": "5", "date": "today + 30"}.get(kind, "x")
    for operator in OPERATORS[kind]:
        assert check_rule(on_field(kind, operator, value)) is None
        if operator in WITHOUT_VALUE:
            assert check_rule(on_field(kind, operator)) is None


@given(st.sampled_from(GRADES), st.sampled_from([*GRADES, None, "", "E", "AB", "a"]))
def test_credit(wanted, grade):
    finding = evaluate(Rule("credit", grade=wanted), Facts(grade=grade, day=DAY))
    known = grade is not None and len(grade) == 1 and grade in GRADES
    assert finding.fulfilled is (known and grade <= wanted)
    assert known or finding == Finding(False, "no_record")


def test_materials_and_registries():
    answer = Finding(True, None, "37011700200120260001")
    facts = Facts(day=DAY, materials=frozenset({"M01"}), answers={("licence", "x"): answer})
    assert evaluate(Rule("material", material="M01"), facts).fulfilled
    assert evaluate(Rule("material", material="M02"), facts) == Finding(False, "not_handed_in")
    lookup = Rule("lookup", lookup="licence", argument="x")
    assert evaluate(lookup, facts) == answer
    assert evaluate(replace(lookup, argument="y"), facts) == Finding(False, "unknown")


def test_personal_values_are_masked():
    form = {"a": "证件 11010519491231002x 电话13812345678"}
    shown = judge(on_field("text", "filled"), **form).found
    assert shown == "证件 110***********002X 电话138****5678"
    assert mask("张三丰李", True) == "张**李"
    born = replace(on_field("date", "below", "today"), personal=True)
    assert judge(born, a="1990-05-01").found == "19******01"
