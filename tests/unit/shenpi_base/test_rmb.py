"""``rmb``: the examples of 支付结算办法, a naive speller, and reading the words back."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words
from shenpi_base.tools.rmb import TOO_BIG, to_cardinal, to_currency

wholes = st.integers(0, TOO_BIG - 1) | st.integers(0, 10**9)
# Numbers full of zeros, where the rules are.
sparse = st.lists(st.sampled_from("000000123456789"), min_size=1, max_size=16).map(
    lambda digits: int("".join(digits))
)
numbers = wholes | sparse
amounts = st.builds(
    lambda whole, fen: Decimal(100 * whole + fen) / 100, numbers, st.integers(0, 99)
)


# The official examples, in the one form we write where several are allowed.


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("1409.50", "人民币壹仟肆佰零玖元伍角"),
        ("6007.14", "人民币陆仟零柒元壹角肆分"),
        ("1680.32", "人民币壹仟陆佰捌拾元零叁角贰分"),
        ("107000.53", "人民币壹拾万柒仟元零伍角叁分"),
        ("16409.02", "人民币壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "人民币叁佰贰拾伍元零肆分"),
    ],
)
def test_official_examples(value, words):
    assert to_currency(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "零元整"),
        (100, "壹佰元整"),
        (10, "壹拾元整"),
        (15, "壹拾伍元整"),
        ("0.50", "伍角"),
        ("0.05", "伍分"),
        ("0.55", "伍角伍分"),
        ("10.05", "壹拾元零伍分"),
        ("10.50", "壹拾元零伍角"),
        ("1.00", "壹元整"),
        (100_000, "壹拾万元整"),
        (100_700, "壹拾万零柒佰元整"),
        (10_001_000, "壹仟万壹仟元整"),
        (10_000_100, "壹仟万零壹佰元整"),
        (100_000_000, "壹亿元整"),
        (100_007_000, "壹亿零柒仟元整"),
        (100_000_001, "壹亿零壹元整"),
        (2_030_000_000, "贰拾亿叁仟万元整"),
        (10**12, "壹万亿元整"),
        (1_234_500_000_000, "壹万贰仟叁佰肆拾伍亿元整"),
        (
            "9999999999999999.99",
            "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
        ),
        (-100, "负壹佰元整"),
        ("-0.5", "负伍角"),
    ],
)
def test_amounts(value, words):
    assert to_currency(value, prefix=False) == words
    assert to_currency(value) == "人民币" + words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (2.675, "贰元陆角捌分"),
        (0.1 + 0.2, "叁角"),
        (1e15, "壹仟万亿元整"),
        ("0.005", "壹分"),
        ("0.0049999999999999999999999999999999", "零元整"),
        ("-0.004", "零元整"),
        ("-0.005", "负壹分"),
        ("99.995", "壹佰元整"),
        (Decimal("1E+3"), "壹仟元整"),
    ],
)
def test_rounding_to_fen(value, words):
    assert to_currency(value, prefix=False) == words


def naive_capitals(amount: Decimal) -> str:
    """Write every digit with its unit, then fold the zeros away by the rules as one reads them."""
    whole, fraction = f"{amount:.2f}".split(".")
    text = ""
    for place, digit in enumerate(reversed(whole)):
        group = ["元", "万", "亿", "万"][place // 4] if place % 4 == 0 else ""
        unit = group or "_拾佰仟"[place % 4]
        name = "零壹贰叁肆伍陆柒捌玖"[int(digit)]
        text = (name + unit if digit != "0" or group else name) + text
    text = re.sub("零+", "零", text)
    text = text.replace("零亿", "亿").replace("亿零万", "亿零").replace("零万", "万")
    text = re.sub("零+", "零", text).replace("零元", "元零")
    text += "{}角{}分".format(*("零壹贰叁肆伍陆柒捌玖"[int(digit)] for digit in fraction))
    text = re.sub("零+", "零", text.replace("零角", "零").replace("零分", "")).rstrip("零")
    text = text.lstrip("元零")
    if text.endswith("元"):
        text += "整"
    return text or "零元整"


@given(amounts)
def test_amounts_agree_with_the_naive_speller(amount):
    assert to_currency(amount, prefix=False) == naive_capitals(amount)


@given(amounts)
def test_no_amount_has_two_zeros_or_an_idle_one(amount):
    words = to_currency(amount, prefix=False)
    assert "零零" not in words
    assert words == "零元整" or not re.search("零[拾佰仟万亿元角分整]|^零|零$", words)
    assert words.endswith(("整", "角", "分"))


@given(amounts.filter(bool))
def test_a_negative_amount_only_adds_the_sign(amount):
    assert to_currency(-amount, prefix=False) == "负" + to_currency(amount, prefix=False)


# Ordinary numbers


def read_back(words: str) -> int:
    """Read Chinese number words: 亿 and 万 multiply what stands before them."""
    for unit, scale in (("亿", 10**8), ("万", 10**4), ("千", 1000), ("百", 100), ("十", 10)):
        head, found, tail = words.rpartition(unit) if unit == "亿" else words.partition(unit)
        if found:
            return (read_back(head) if head else 1) * scale + (read_back(tail) if tail else 0)
    return "零一二三四五六七八九".index(words.lstrip("零") or "零")


@given(numbers)
def test_a_number_is_read_back_from_its_words(number):
    assert read_back(to_cardinal(number).removeprefix("零") or "零") == number


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "零"),
        (10, "十"),
        (15, "十五"),
        (115, "一百一十五"),
        (1002, "一千零二"),
        (2300, "二千三百"),
        (100_000, "十万"),
        (150_000, "十五万"),
        (10**9, "十亿"),
        (10**13, "十万亿"),
        (1234.5, "一千二百三十四点五"),
        (0.05, "零点零五"),
        (3.0, "三"),
        (-3.14, "负三点一四"),
        ("100.10", "一百点一"),
        (Decimal("1E-7"), "零点零零零零零零一"),
    ],
)
def test_cardinals(value, words):
    assert to_cardinal(value) == words
    assert num2words(value, lang="zh_CN") == words


# Through num2words


def test_num2words_finds_the_converter():
    assert num2words(12, lang="zh_CN", to="ordinal") == "第十二"
    assert num2words(12, lang="zh_CN", to="ordinal_num") == "第12"
    assert num2words(2026, lang="zh_CN", to="year") == "二〇二六"
    assert num2words("100", lang="zh_CN", to="currency") == "人民币壹佰元整"
    assert num2words(1.5, lang="zh_CN", to="currency", prefix=False) == "壹元伍角"
    assert num2words(1.5, lang="zh_CN", to="currency", currency="CNY") == "人民币壹元伍角"


@pytest.mark.parametrize("value", ["", "twelve", "1,000", None, True, float("nan"), "Infinity"])
def test_what_is_no_number_is_refused(value):
    for spell in (to_cardinal, to_currency):
        with pytest.raises(ValueError, match="not a number"):
            spell(value)


@pytest.mark.parametrize("value", [TOO_BIG, -TOO_BIG, 1e300, "9999999999999999.995"])
def test_too_big_amounts_are_refused(value):
    with pytest.raises(OverflowError):
        to_currency(value)


def test_too_big_numbers_are_refused():
    with pytest.raises(OverflowError):
        to_cardinal(TOO_BIG)


def test_another_currency_has_no_capitals():
    with pytest.raises(NotImplementedError):
        to_currency(1, currency="USD")


@pytest.mark.parametrize("value", [1.5, -1])
def test_only_whole_positive_numbers_are_ordinals(value):
    with pytest.raises(TypeError):
        num2words(value, lang="zh_CN", to="ordinal")
