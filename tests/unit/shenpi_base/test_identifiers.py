"""``identifiers``: the published vectors, and every single-character mistake."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shenpi_base.tools.identifiers import (
    check_basic_code,
    check_item_code,
    check_licence_id,
    check_ric,
    check_uscc,
    licence_check_digit,
    mask_id,
    mask_name,
    mask_phone,
    normalise,
    ric_check_digit,
    uscc_check_digit,
)
from stdnum.cn import ric as library_ric
from stdnum.cn import uscc as library_uscc

TODAY = date(2026, 9, 18)
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LICENCES = [
    "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
    "1.2.156.3005.2.11100000000013338W087.11370800MB28559184.37080001202411010001.001.3",
]

letters = st.sampled_from(USCC_ALPHABET)
digits = st.sampled_from("0123456789")


def joined(characters, length):
    return st.text(characters, min_size=length, max_size=length)


uscc_bodies = st.tuples(joined(letters, 2), joined(digits, 6), joined(letters, 9)).map("".join)
births = st.dates(date(1900, 1, 1), TODAY)
ric_bodies = st.builds("{}{:%Y%m%d}{}".format, joined(digits, 6), births, joined(digits, 3))


# USCC


@pytest.mark.parametrize(
    "value",
    ["91350100M000100Y43", "11370800MB28559184", "12441500196720244T", "11430000006122244L"],
)
def test_good_usccs(value):
    assert check_uscc(value) is None


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ("91350100M000100Y44", "check_digit"),
        ("", "length"),
        ("91350100M000100Y4", "length"),
        ("91350100M000100Y431", "length"),
        ("91350100m000100y43", "charset"),
        ("91350100I000100Y43", "charset"),
        ("9135O100M000100Y43", "charset"),
        ("９1350100M000100Y43", "charset"),
        ("91350100M000100Y4\n", "charset"),
    ],
)
def test_bad_usccs(value, error):
    assert check_uscc(value) == error


@pytest.mark.parametrize("category", ["N2", "Y1"])
def test_letters_in_the_first_two_places_are_good(category):
    """The general library refuses these; village collectives carry them."""
    body = f"{category}370202MA0000001"
    value = body + uscc_check_digit(body)
    assert not library_uscc.is_valid(value)
    assert check_uscc(value) is None


@given(uscc_bodies)
def test_the_uscc_check_digit_agrees_with_the_library(body):
    assert uscc_check_digit(body) == library_uscc.calc_check_digit(body)
    assert check_uscc(body + uscc_check_digit(body)) is None


@given(uscc_bodies, st.integers(0, 17), letters)
def test_any_wrong_character_in_a_uscc_is_found(body, place, other):
    value = body + uscc_check_digit(body)
    wrong = value[:place] + other + value[place + 1 :]
    assert (check_uscc(wrong) is None) == (wrong == value)


# RIC


@pytest.mark.parametrize(
    "value",
    [
        "11010519491231002X",
        "370202195001011239",  # a district the general library denies to this year of birth
    ],
)
def test_good_rics(value):
    assert check_ric(value, TODAY) is None


@pytest.mark.parametrize("place", ["810000", "820000", "830000", "370202", "132801"])
def test_every_place_is_good(place):
    body = f"{place}19800229001"
    assert check_ric(body + ric_check_digit(body), TODAY) is None


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ("110105194912310021", "check_digit"),
        ("11010519491231002x", "charset"),
        ("1101051949123100X2", "charset"),
        ("110105491231002", "length"),
        ("", "length"),
        ("１1010519491231002X", "charset"),
        ("110105199002300026", "birth_date"),
        ("110105199013010026", "birth_date"),
        ("110105000001010026", "birth_date"),
        ("110105189912310026", "birth_date"),
        ("110105202609190026", "birth_date"),
    ],
)
def test_bad_rics(value, error):
    assert check_ric(value, TODAY) == error


def test_birth_dates_from_1900_to_today_are_good():
    for birth in ("19000101", f"{TODAY:%Y%m%d}"):
        body = f"370202{birth}123"
        assert check_ric(body + ric_check_digit(body), TODAY) is None


@given(ric_bodies)
def test_the_ric_check_digit_agrees_with_the_library(body):
    assert ric_check_digit(body) == library_ric.calc_check_digit(body + "0")
    assert check_ric(body + ric_check_digit(body), TODAY) is None


@given(ric_bodies, st.integers(0, 17), digits)
def test_any_wrong_digit_in_a_ric_is_found(body, place, other):
    value = body + ric_check_digit(body)
    wrong = value[:place] + other + value[place + 1 :]
    assert (check_ric(wrong, TODAY) is None) == (wrong == value)


# Item codes


@pytest.mark.parametrize(
    "value", ["11370800MB285591843370117002011", "12441500196720244T3442199806003"]
)
def test_good_item_codes(value):
    assert check_item_code(value) is None
    assert check_basic_code(value[19:]) is None


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ("11370800MB28559184337011700201", "length"),
        ("11370800MB285591853370117002011", "agency"),
        ("11370800MB285591840370117002011", "level"),
        ("11370800MB285591848370117002011", "level"),
        ("11370800MB28559184337011700201A", "basic_code"),
    ],
)
def test_bad_item_codes(value, error):
    assert check_item_code(value) == error


@pytest.mark.parametrize(
    ("value", "error"),
    [("37011700201", "length"), ("3701170020111", "length"), ("37011700201x", "charset")]
    + [("３70117002011", "charset"), ("37011700201²", "charset")],
)
def test_bad_basic_codes(value, error):
    assert check_basic_code(value) == error


# Licence identifiers


@pytest.mark.parametrize("value", LICENCES)
def test_good_licence_ids(value):
    assert check_licence_id(value) is None
    parts = value.removeprefix("1.2.156.3005.2.").split(".")
    assert licence_check_digit(parts[:-1]) == parts[-1]
    assert licence_check_digit(part.lower() for part in parts[:-1]) == parts[-1]


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("1.2.156.3005.2.", "1.2.156.3005.3.", "root"),
        (".001.", ".", "segments"),
        ("11100000000013338W011", "11100000000013338W", "licence_type"),
        ("11430000006122244L", "11430000006122244M", "issuer"),
        ("20230000403", "", "serial"),
        ("20230000403", "2023-403", "serial"),
        (".001.", ".01.", "version"),
        (".001.", ".002.", "check_digit"),
        ("001.U", "001.V", "check_digit"),
        ("20230000403", "20230000404", "check_digit"),
    ],
)
def test_bad_licence_ids(old, new, error):
    assert check_licence_id(LICENCES[0].replace(old, new)) == error


# Typing and masking


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" 11010519491231002x\t", "11010519491231002X"),
        ("９１３５０１００Ｍ０００１００Ｙ４３", "91350100M000100Y43"),
        ("3702 0219 5001 0112 39", "370202195001011239"),
        ("370202\u3000195001011239", "370202195001011239"),
    ],
)
def test_normalise(typed, stored):
    assert normalise(typed) == stored


@given(st.text(st.sampled_from("09azAZ０９ａｚＡＺ -\t\u3000"), max_size=20))
def test_normalising_twice_changes_nothing(value):
    assert normalise(normalise(value)) == normalise(value)


@pytest.mark.parametrize(
    ("mask", "value", "masked"),
    [
        (mask_id, "370202195001011239", "370***********1239"),
        (mask_id, "11010519491231002X", "110***********002X"),
        (mask_id, "91350100M000100Y43", "9135**********0Y43"),
        (mask_id, "E12345678", "E1*****78"),
        (mask_id, "12", "**"),
        (mask_id, "", ""),
        (mask_phone, "13812345678", "138****5678"),
        (mask_phone, "053285911234", "0532****1234"),
        (mask_phone, "85911234", "****1234"),
        (mask_phone, "", ""),
        (mask_name, "张三", "张*"),
        (mask_name, "张三丰", "张**"),
        (mask_name, "欧阳修远", "欧阳**"),
        (mask_name, "欧阳", "欧*"),
        (mask_name, "王", "*"),
        (mask_name, "", ""),
        (mask_name, "阿迪力·买买提", "阿**·***"),
    ],
)
def test_masks(mask, value, masked):
    assert mask(value) == masked


@given(st.text(max_size=30))
def test_masks_keep_the_length_and_hide_something(value):
    for mask in (mask_id, mask_phone):
        assert len(mask(value)) == len(value)
        assert not value or "*" in mask(value)
