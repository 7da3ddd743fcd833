"""What an item asks of an application before it is granted at once (秒批), as data.

What
====
A ``Rule`` is one requirement of an item version: a field of the filed form compared with a value, a
material handed in, the answer of a registry, a credit grade. ``evaluate`` says of each rule whether
the facts of one filing fulfil it, why not, and what was found.

Example
=======
>>> rule = Rule("field", field="premises.area", type="number", operator="at_most", value="50")
>>> evaluate(rule, Facts(form={"premises": {"area": 48.5}}, day=date(2026, 6, 10)))
Finding(fulfilled=True, reason=None, found='48.5')
>>> evaluate(rule, Facts(form={"premises": {}}, day=date(2026, 6, 10)))
Finding(fulfilled=False, reason='absent', found=None)

How it works
============
Nothing is executed: kinds, types and operators are closed lists, and every operand has a type.
What is not known is not fulfilled. The form is whatever somebody sent as JSON; a value of another
type than the rule's, a number beyond ``NUMBER_LIMIT``, a text beyond ``TEXT_LIMIT``: none of them
raises, none of them fulfils. A rule that itself cannot be read (``check_rule`` says so before an
item is published) is fulfilled by nothing.

=======  ===============================  ======================================================
type     in the form                      operators
=======  ===============================  ======================================================
text     text                             filled equal not_equal one_of contains
number   a number, or a text that is one  filled equal not_equal at_least at_most above below
date     "2026-06-10"                     the same as of a number
boolean  true or false                    is_yes is_no
list     a list of texts                  filled contains (all of them) within
=======  ===============================  ======================================================

The values of ``one_of``, ``within`` and of ``contains`` in a list are separated by semicolons,
Chinese or not. A date may be written relative to the day of filing: ``today``, ``today+30``.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from .identifiers import mask_id, mask_phone

NUMBER_LIMIT = 10**15
TEXT_LIMIT = 10_000
SHOWN_LENGTH = 100
GRADES = "ABCD"

_ORDERED = ("equal", "not_equal", "at_least", "at_most", "above", "below")
OPERATORS = {
    "text": ("filled", "equal", "not_equal", "one_of", "contains"),
    "number": ("filled", *_ORDERED),
    "date": ("filled", *_ORDERED),
    "boolean": ("is_yes", "is_no"),
    "list": ("filled", "contains", "within"),
}
WITHOUT_VALUE = frozenset({"filled", "is_yes", "is_no"})

_NUMBER_FORM = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,9})?")
_DATE_FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAY_FORM = re.compile(r"today\s*(?:([+-])\s*([0-9]{1,5}))?")
_RIC_FORM = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])")
_PHONE_FORM = re.compile(r"(?<![0-9])1[0-9]{10}(?![0-9])")


@dataclass(frozen=True, slots=True)
class Rule:
    """One requirement. ``kind`` says which of the other attributes it needs:

    field (``field``: path into the form, ``type``, ``operator``, ``value`` as text), material
    (``material``: its code), lookup (``lookup``: name, ``argument``), credit (``grade``: the worst
    that will do). ``personal``: what was found is shown masked.
    """

    kind: str
    field: str = ""
    type: str = "text"
    operator: str = ""
    value: str = ""
    material: str = ""
    lookup: str = ""
    argument: str = ""
    grade: str = ""
    personal: bool = False


class Finding(NamedTuple):
    """Whether a rule is fulfilled; the ``reason`` when not; what was found, as text, when anything.

    Reasons: absent (the form does not say), type (it says something of another type), unmet,
    not_handed_in, no_record (the registry or the credit record knows nothing), unknown (the rule
    asks for something that is not known).
    """

    fulfilled: bool
    reason: str | None = None
    found: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one filing.

    ``form`` as sent; ``materials``: codes handed in; ``answers``: what the registries said, by
    (look-up, argument); ``grade``: of the credit record in force, or None; ``day`` of filing.
    """

    day: date
    form: Any = field(default_factory=dict)
    materials: frozenset[str] = frozenset()
    answers: Mapping[tuple[str, str], Finding] = field(default_factory=dict)
    grade: str | None = None


def evaluate(rule: Rule, facts: Facts) -> Finding:
    """What the facts say to one rule. Never raises, whatever the form holds."""
    judge = _JUDGES.get(rule.kind)
    return judge(rule, facts) if judge else Finding(False, "unknown")


def check_rule(rule: Rule) -> str | None:
    """None for a rule that can be evaluated, else the first attribute that is wrong with it."""
    match rule.kind:
        case "field":
            return _check_field_rule(rule)
        case "material":
            return None if rule.material else "material"
        case "lookup":
            return None if rule.lookup else "lookup"
        case "credit":
            return None if _is_grade(rule.grade) else "grade"
    return "kind"


def mask(text: str, personal: bool) -> str:
    """A found value as it is shown: identity and telephone numbers in it are always masked.

    >>> mask("13812345678", False), mask("1990-05-01", True), mask("48.5", False)
    ('138****5678', '19******01', '48.5')
    """
    if personal:
        return mask_id(text)
    text = _RIC_FORM.sub(lambda found: mask_id(found[0].upper()), text)
    return _PHONE_FORM.sub(lambda found: mask_phone(found[0]), text)


# ---------------------------------------------------------------------------
# The kinds of rules
# ---------------------------------------------------------------------------


def _judge_field(rule: Rule, facts: Facts) -> Finding:
    value = _get_value(facts.form, rule.field)
    if value is None or value == [] or (isinstance(value, str) and not value.strip()):
        return Finding(False, "absent")
    found = mask(_show(value), rule.personal)
    if _check_field_rule(rule):
        return Finding(False, "unknown", found)
    read = _read_value(rule.type, value)
    if read is None:
        return Finding(False, "type", found)
    operand = _read_operand(rule, facts.day)
    fulfilled = _COMPARISONS[rule.operator](read, operand)
    return Finding(fulfilled, None if fulfilled else "unmet", found)


def _judge_material(rule: Rule, facts: Facts) -> Finding:
    if rule.material in facts.materials:
        return Finding(True)
    return Finding(False, "not_handed_in")


def _judge_lookup(rule: Rule, facts: Facts) -> Finding:
    return facts.answers.get((rule.lookup, rule.argument), Finding(False, "unknown"))


def _judge_credit(rule: Rule, facts: Facts) -> Finding:
    if not _is_grade(rule.grade):
        return Finding(False, "unknown")
    if not _is_grade(facts.grade):
        return Finding(False, "no_record")
    fulfilled = GRADES.index(facts.grade) <= GRADES.index(rule.grade)
    return Finding(fulfilled, None if fulfilled else "unmet", facts.grade)


_JUDGES: dict[str, Callable[[Rule, Facts], Finding]] = {
    "field": _judge_field,
    "material": _judge_material,
    "lookup": _judge_lookup,
    "credit": _judge_credit,
}


def _is_grade(grade: str | None) -> bool:
    return bool(grade) and len(grade) == 1 and grade in GRADES


# ---------------------------------------------------------------------------
# Comparisons of a form field: both operands have been read, and have the same type
# ---------------------------------------------------------------------------

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "filled": lambda value, _none: bool(value) or value == 0,
    "is_yes": lambda value, _none: value is True,
    "is_no": lambda value, _none: value is False,
    "equal": lambda value, operand: value == operand,
    "not_equal": lambda value, operand: value != operand,
    "at_least": lambda value, operand: value >= operand,
    "at_most": lambda value, operand: value <= operand,
    "above": lambda value, operand: value > operand,
    "below": lambda value, operand: value < operand,
    "one_of": lambda value, operand: value in operand,
    # A text within a text, or every text of the operand within the list.
    "contains": lambda value, operand: (
        operand in value if isinstance(value, str) else operand <= value
    ),
    "within": lambda value, operand: value <= operand,
}


def _check_field_rule(rule: Rule) -> str | None:
    if not rule.field.strip() or "" in rule.field.split("."):
        return "field"
    if rule.type not in OPERATORS:
        return "type"
    if rule.operator not in OPERATORS[rule.type]:
        return "operator"
    if rule.operator not in WITHOUT_VALUE and _read_operand(rule, date.min) in (None, frozenset()):
        return "value"
    return None


def _read_operand(rule: Rule, day: date) -> Any:
    """The value of a rule in the type its operator compares with; None when it is none."""
    if rule.operator in WITHOUT_VALUE:
        return None
    if rule.type == "list" or rule.operator == "one_of":
        return frozenset(filter(None, (part.strip() for part in re.split("[;；]", rule.value))))
    if rule.type == "date" and (relative := _DAY_FORM.fullmatch(rule.value.strip())):
        sign, days = relative.groups()
        return _shift(day, int(f"{sign or ''}{days or 0}"))
    return _read_value(rule.type, rule.value)


def _shift(day: date, days: int) -> date:
    """A date so many days away, the first or last one there is when it lies beyond."""
    ordinal = day.toordinal() + days
    return date.fromordinal(min(max(ordinal, 1), date.max.toordinal()))


def _read_value(kind: str, value: Any) -> Any:
    """A value in the type of a rule; None when it is of another type, empty or too large."""
    match kind:
        case "text":
            return _read_text(value)
        case "number":
            return _read_number(value)
        case "date":
            return _read_date(value)
        case "boolean":
            return value if isinstance(value, bool) else None
        case "list" if isinstance(value, list) and len(value) <= TEXT_LIMIT:
            texts = [_read_text(entry) for entry in value]
            return None if None in texts else frozenset(texts)
    return None


def _read_text(value: Any) -> str | None:
    if not isinstance(value, str) or len(value) > TEXT_LIMIT:
        return None
    return value.strip() or None


def _read_number(value: Any) -> Decimal | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Decimal(value) if abs(value) < NUMBER_LIMIT else None
    if isinstance(value, float):
        # False for infinity and for what is not a number.
        return Decimal(repr(value)) if abs(value) < NUMBER_LIMIT else None
    if isinstance(value, str) and _NUMBER_FORM.fullmatch(value.strip()):
        return Decimal(value.strip())
    return None


def _read_date(value: Any) -> date | None:
    if not isinstance(value, str) or not _DATE_FORM.fullmatch(value.strip()):
        return None
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        return None


# ---------------------------------------------------------------------------
# The form
# ---------------------------------------------------------------------------


def _get_value(form: Any, path: str) -> Any:
    """The value at a path of keys separated by dots; None when there is none."""
    for key in path.split("."):
        if not isinstance(form, dict) or key not in form:
            return None
        form = form[key]
    return form


def _show(value: Any) -> str:
    """A value of the form as one short line that any database and any terminal can take."""
    if isinstance(value, list):
        text = "；".join(_show(entry) for entry in value[:10] if not isinstance(entry, list))
    elif isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, int):
        # Python refuses to write very large numbers out.
        text = str(value) if abs(value) < NUMBER_LIMIT else "…"
    elif isinstance(value, str | float):
        text = str(value)
    else:
        text = "…"
    text = "".join(char if char.isprintable() else " " for char in text[: SHOWN_LENGTH + 1])
    return text if len(text) <= SHOWN_LENGTH else text[: SHOWN_LENGTH - 1] + "…"
