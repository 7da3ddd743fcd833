"""Numbers and amounts in Chinese, for num2words.

What
====
Chinese cheques, receipts and refunds carry the amount in capitals (大写), so that no stroke can be
added. num2words has no Chinese; importing this module registers ``Num2Word_ZH_CN`` there as
"zh_CN". Odoo then finds it by the code of the language.

Example
=======
>>> to_currency("107000.53")
'人民币壹拾万柒仟元零伍角叁分'
>>> to_currency(1409.5), to_currency(-8, prefix=False)
('人民币壹仟肆佰零玖元伍角', '负捌元整')
>>> from num2words import num2words
>>> num2words(1234.5, lang="zh_CN"), num2words(3, lang="zh_CN", to="ordinal")
('一千二百三十四点五', '第三')

How it works
============
A whole number is split at its largest unit (亿, 万, 仟, 佰, 拾): what stands before the unit
and what follows are written by the same rule, with 零 between them when the places right after
the unit are empty.

For amounts the rules of 支付结算办法 (annex 正确填写票据和结算凭证的基本规定) leave choices;
this is the one form written here:

- 整 follows 元 when nothing comes after it; not 角 (where it may be left out), never 分;
- zeros within the number give one 零, however many: 6,007.14 is 陆仟零柒元壹角肆分;
- 零 joins 元 and 角 when the last place of the 元 is empty, and 元 and 分 when there are no 角:
  107,000.53 is 壹拾万柒仟元零伍角叁分, 16,409.02 is 壹万陆仟肆佰零玖元零贰分;
- an empty place before 万 or 亿 gives no 零 when the place after it is filled: 壹拾万柒仟;
- ten is 壹拾; below one yuan the 元 is left out (伍角); nothing at all is 零元整;
- 人民币 stands first, 负 after it; half a 分 is rounded up, away from zero.
"""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from num2words import CONVERTER_CLASSES
from num2words.base import Num2Word_Base

Number = Decimal | int | float | str

LANGUAGE = "zh_CN"
# 万亿 is the largest unit in use; beyond 9999 of them a reader can no longer tell.
TOO_BIG = 10**16

_PLAIN_DIGITS = "零一二三四五六七八九"
_PLAIN_UNITS = "亿万千百十"
_CAPITAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_CAPITAL_UNITS = "亿万仟佰拾"
_SCALES = (10**8, 10**4, 10**3, 10**2, 10)
_NEGATIVE = "负"
_FEN = Decimal("0.01")


def to_currency(value: Number, currency: str = "CNY", prefix: bool = True) -> str:
    """An amount in yuan in capitals, with 人民币 in front unless ``prefix`` is False.

    Floats are read as they print, and every value is rounded to 分. Raises ValueError for what
    is no number, OverflowError from 10**16 yuan on, NotImplementedError for another currency
    than CNY.
    """
    if currency != "CNY":
        raise NotImplementedError(f"capitals are defined for CNY, not for {currency}")
    amount = _bounded(_to_decimal(value).quantize(_FEN, ROUND_HALF_UP))
    sign = _NEGATIVE if amount < 0 else ""
    yuan, cents = divmod(int(abs(amount) * 100), 100)
    return f"{'人民币' if prefix else ''}{sign}{_spell_amount(yuan, *divmod(cents, 10))}"


def to_cardinal(value: Number) -> str:
    """A number in ordinary words: 十五, 一千零二, 负三点一四.

    Raises ValueError for what is no number, OverflowError from 10**16 on.
    """
    number = _to_decimal(value)
    whole, _point, fraction = f"{number.copy_abs():f}".partition(".")
    fraction = fraction.rstrip("0")
    words = _spell_plain(int(whole))
    if fraction:
        words += "点" + _spell_digits(fraction)
    return _NEGATIVE + words if number < 0 else words


class Num2Word_ZH_CN(Num2Word_Base):
    """The converter that num2words looks up for "zh_CN"."""

    def str_to_number(self, value):
        return _to_decimal(value)

    def to_cardinal(self, value):
        return to_cardinal(value)

    def to_ordinal(self, value):
        self.verify_ordinal(value)
        return f"第{to_cardinal(value)}"

    def to_ordinal_num(self, value):
        self.verify_ordinal(value)
        return f"第{value}"

    def to_year(self, value, **kwargs):
        """A year is read digit by digit: 二〇二六."""
        self.verify_ordinal(value)
        return _spell_digits(str(int(value))).replace("零", "〇")

    def to_currency(self, val, currency="CNY", prefix=True):
        return to_currency(val, currency=currency, prefix=prefix)


CONVERTER_CLASSES[LANGUAGE] = Num2Word_ZH_CN()


# ---------------------------------------------------------------------------
# Spelling
# ---------------------------------------------------------------------------


def _spell_amount(yuan: int, jiao: int, fen: int) -> str:
    parts = []
    if yuan or not (jiao or fen):
        parts.append(_spell_whole(yuan, _CAPITAL_DIGITS, _CAPITAL_UNITS) + "元")
    if not (jiao or fen):
        parts.append("整")
    elif yuan and (not jiao or yuan % 10 == 0):
        parts.append("零")
    if jiao:
        parts.append(f"{_CAPITAL_DIGITS[jiao]}角")
    if fen:
        parts.append(f"{_CAPITAL_DIGITS[fen]}分")
    return "".join(parts)


def _spell_plain(number: int) -> str:
    """Ordinary words drop the one of a leading ten: 十五, but 一百一十五."""
    words = _spell_whole(number, _PLAIN_DIGITS, _PLAIN_UNITS)
    return words.removeprefix("一") if words.startswith("一十") else words


def _spell_whole(number: int, digits: str, units: str) -> str:
    for scale, unit in zip(_SCALES, units, strict=True):
        if number >= scale:
            head, tail = divmod(number, scale)
            words = _spell_whole(head, digits, units) + unit
            if tail:
                gap = digits[0] if tail < scale // 10 else ""
                words += gap + _spell_whole(tail, digits, units)
            return words
    return digits[number]


def _spell_digits(number: str) -> str:
    return "".join(_PLAIN_DIGITS[int(digit)] for digit in number)


# ---------------------------------------------------------------------------
# Numbers
# ---------------------------------------------------------------------------


def _to_decimal(value: Number) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise ValueError(f"not a number: {value!r}") from error
    if not number.is_finite():
        raise ValueError(f"not a number: {value!r}")
    return _bounded(number)


def _bounded(number: Decimal) -> Decimal:
    if abs(number) >= TOO_BIG:
        raise OverflowError(f"{number} is too big: numbers are written below 10**16")
    return number
