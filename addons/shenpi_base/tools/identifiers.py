"""Checks and masks for the identifiers of Chinese administration.

What
====
======================  ================================================  =================
identifier              form                                              standard
======================  ================================================  =================
统一社会信用代码 USCC   2 category + 6 place + 9 body + 1 check           GB 32100-2015
公民身份号码 RIC        6 place + 8 birth + 3 serial + 1 check (X: ten)   GB 11643-1999
实施编码                USCC of the agency 18 + level 1 + basic code 12   GB/T 39554.1-2020
基本编码                province 2 + type 2 + main 5 + sub 3              GB/T 39554.1-2020
电子证照标识            root.type 21.issuer 18.serial.version 3.check     GB/T 36904-2018
======================  ================================================  =================

Example
=======
>>> check_uscc("91350100M000100Y43") is None
True
>>> check_uscc("91350100M000100Y44")
'check_digit'
>>> check_ric(normalise(" 11010519491231002x "), today=date(2026, 1, 1)) is None
True
>>> mask_id("11010519491231002X"), mask_phone("13812345678"), mask_name("欧阳修远")
('110***********002X', '138****5678', '欧阳**')

How it works
============
A ``check_*`` function returns None for a good value, else a short word for the first thing
wrong with it; models turn the words into sentences. The checks take the value as it is stored;
``normalise`` brings what people type (spaces, lower case, full-width letters) into that form
first.

Two habits of general libraries are avoided on purpose. They demand digits in the first two
places of a USCC, where the standard allows letters (村集体经济组织 begin with N2). And they
look the place of a RIC up in a table of today's districts, which turns away people born before
theirs was renamed, and residents from Hong Kong, Macao and Taiwan; the check digit and the
birth date are what can be known for certain.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

from stdnum.iso7064 import mod_37_36

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_FORM = re.compile(rf"[{_USCC_ALPHABET}]{{2}}[0-9]{{6}}[{_USCC_ALPHABET}]{{10}}")
_USCC_LENGTH = 18

_RIC_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_RIC_CHECK_DIGITS = "10X98765432"
_RIC_FORM = re.compile(r"[0-9]{17}[0-9X]")
_RIC_LENGTH = 18
_RIC_FIRST_BIRTH_DATE = date(1900, 1, 1)

_BASIC_CODE_LENGTH = 12
_ITEM_CODE_LENGTH = 31
_ITEM_LEVELS = "1234567"

_LICENCE_ROOT = "1.2.156.3005.2."
_LICENCE_SEGMENTS = 5
_LICENCE_TYPE_FORM = re.compile(r"[0-9A-Z]{18}[0-9]{3}")
_LICENCE_SERIAL_FORM = re.compile(r"[0-9A-Z]+")
_LICENCE_VERSION_FORM = re.compile(r"[0-9]{3}")

_PHONE_HIDDEN, _PHONE_SHOWN = 4, 4
# Surnames of two characters, written one behind the other.
_COMPOUND_SURNAMES = frozenset(
    re.findall(
        "..",
        "欧阳上官司马诸葛司徒司空夏侯皇甫尉迟公孙慕容令狐长孙宇文东方独孤南宫端木轩辕百里"
        "东郭西门呼延闻人澹台公冶宗政濮阳淳于单于太叔申屠公羊赫连钟离鲜于闾丘亓官仲孙拓跋"
        "第五万俟梁丘左丘羊舌微生宰父谷梁漆雕乐正段干巫马公西颛孙壤驷公良夹谷",
    )
)


def normalise(value: str) -> str:
    """What people type, as it is stored: no blanks, upper case, ASCII instead of full width.

    >>> normalise("３７０２ 0219500101123x")
    '37020219500101123X'
    """
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", value)).upper()


# ---------------------------------------------------------------------------
# Checks
# ---------------------------------------------------------------------------


def check_uscc(value: str) -> str | None:
    """None for a good 统一社会信用代码, else "length", "charset" or "check_digit"."""
    if len(value) != _USCC_LENGTH:
        return "length"
    if not _USCC_FORM.fullmatch(value):
        return "charset"
    if value[-1] != uscc_check_digit(value[:-1]):
        return "check_digit"
    return None


def uscc_check_digit(body: str) -> str:
    """The 18th character for the first 17 of a USCC: weights 3**i, modulo 31 (GB 32100-2015)."""
    total = sum(_USCC_ALPHABET.index(char) * pow(3, i, 31) for i, char in enumerate(body))
    return _USCC_ALPHABET[-total % 31]


def check_ric(value: str, today: date) -> str | None:
    """None for a good 公民身份号码, else "length", "charset", "birth_date" or "check_digit".

    Born between 1900 and ``today``; the place code is not looked up (see the head of this module).
    """
    if len(value) != _RIC_LENGTH:
        return "length"
    if not _RIC_FORM.fullmatch(value):
        return "charset"
    born = _date_or_none(value[6:14])
    if born is None or not _RIC_FIRST_BIRTH_DATE <= born <= today:
        return "birth_date"
    if value[-1] != ric_check_digit(value[:-1]):
        return "check_digit"
    return None


def ric_check_digit(body: str) -> str:
    """The 18th character for the first 17 digits of a RIC: ISO 7064 MOD 11-2, X for ten."""
    total = sum(int(digit) * weight for digit, weight in zip(body, _RIC_WEIGHTS, strict=True))
    return _RIC_CHECK_DIGITS[total % 11]


def check_basic_code(value: str) -> str | None:
    """None for a good 基本编码 (12 digits), else "length" or "charset"."""
    if len(value) != _BASIC_CODE_LENGTH:
        return "length"
    if not (value.isascii() and value.isdigit()):
        return "charset"
    return None


def check_item_code(value: str) -> str | None:
    """None for a good 实施编码 (31 characters), else "length", "agency", "level" or "basic_code".

    "agency": the first 18 characters are no good USCC; "level": the 19th is not 1 to 7 (行使层级,
    GB/T 39046 A.2); "basic_code": the last 12 are not digits.
    """
    if len(value) != _ITEM_CODE_LENGTH:
        return "length"
    agency, level, basic_code = value[:18], value[18], value[19:]
    if check_uscc(agency):
        return "agency"
    if level not in _ITEM_LEVELS:
        return "level"
    if check_basic_code(basic_code):
        return "basic_code"
    return None


def check_licence_id(value: str) -> str | None:
    """None for a good 电子证照标识, else the first thing wrong with it.

    "root", "segments" (not five of them), "licence_type", "issuer" (no good USCC), "serial",
    "version" or "check_digit".

    >>> check_licence_id(
    ...     "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U"
    ... ) is None
    True
    """
    if not value.startswith(_LICENCE_ROOT):
        return "root"
    segments = value.removeprefix(_LICENCE_ROOT).split(".")
    if len(segments) != _LICENCE_SEGMENTS:
        return "segments"
    licence_type, issuer, serial, version, check = segments
    if not _LICENCE_TYPE_FORM.fullmatch(licence_type):
        return "licence_type"
    if check_uscc(issuer):
        return "issuer"
    if not _LICENCE_SERIAL_FORM.fullmatch(serial):
        return "serial"
    if not _LICENCE_VERSION_FORM.fullmatch(version):
        return "version"
    if check != licence_check_digit(segments[:-1]):
        return "check_digit"
    return None


def licence_check_digit(parts: Iterable[str]) -> str:
    """The last segment for the four before it: ISO 7064 MOD 37,36 over them, without dots."""
    return mod_37_36.calc_check_digit("".join(parts).upper())


def _date_or_none(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


# ---------------------------------------------------------------------------
# Masks, for people who have no case of this applicant
# ---------------------------------------------------------------------------


def mask_id(value: str) -> str:
    """An identity number with its middle hidden; the length stays.

    A RIC keeps 3 + 4 characters, another 18-character number 4 + 4, anything else a quarter at
    each end.

    >>> mask_id("91350100M000100Y43"), mask_id("E12345678"), mask_id("123")
    ('9135**********0Y43', 'E1*****78', '***')
    """
    if _RIC_FORM.fullmatch(value):
        return _masked(value, 3, 4)
    if len(value) == _USCC_LENGTH:
        return _masked(value, 4, 4)
    return _masked(value, len(value) // 4, len(value) // 4)


def mask_phone(value: str) -> str:
    """A telephone number without the four digits before its last four.

    >>> mask_phone("+8613812345678"), mask_phone("0532-85911234"), mask_phone("12345")
    ('+86138****5678', '0532-****1234', '***45')
    """
    if len(value) < _PHONE_HIDDEN + _PHONE_SHOWN:
        return _masked(value, 0, len(value) // 2)
    return _masked(value, len(value) - _PHONE_HIDDEN - _PHONE_SHOWN, _PHONE_SHOWN)


def mask_name(value: str) -> str:
    """A person's name reduced to the surname; every other word to stars.

    >>> mask_name("张三"), mask_name("欧阳修"), mask_name("买买提·吐尔逊"), mask_name("Li Lei")
    ('张*', '欧阳*', '买**·***', 'L* ***')
    """
    shown = 2 if len(value) > 2 and value[:2] in _COMPOUND_SURNAMES else 1
    if len(value) <= shown:
        return "*" * len(value)
    return value[:shown] + re.sub(r"[^\s·•]", "*", value[shown:])


def mask_organisation(value: str) -> str:
    """An organisation's name with its middle hidden: enough to compare, too little to look up.

    >>> mask_organisation("青云餐饮有限公司"), mask_organisation("海棠小吃店")
    ('青云**有限公司', '海棠***')
    """
    if len(value) > 7:
        return _masked(value, 2, 4)
    return _masked(value, min(2, len(value) // 2), 0)


def _masked(value: str, head: int, tail: int) -> str:
    hidden = len(value) - head - tail
    return value[:head] + "*" * hidden + value[len(value) - tail :]
