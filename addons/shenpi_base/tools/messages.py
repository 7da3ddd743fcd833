"""Texts with placeholders, quiet hours, and what a message may show of its receiver.

What
====
A text is written by people of the bureau, so it is never evaluated: a name in braces that is on the
closed list is replaced by its value, and everything else stays as it is.

Example
=======
>>> render("{item}: see {link}", {"item": "Food licence", "link": "https://example.org"}.get)
'Food licence: see https://example.org'
>>> sorted(find_names("{item} {nmber} {item}"))
['item', 'nmber']
>>> quiet_until(datetime(2026, 6, 10, 22, 15), 21.0, 8.0)
datetime.datetime(2026, 6, 11, 8, 0)
>>> quiet_until(datetime(2026, 6, 10, 12, 0), 21.0, 8.0) is None
True
>>> count_parts("a" * 70), count_parts("a" * 71), count_parts("a" * 134), count_parts("a" * 135)
(1, 2, 2, 3)
>>> to_mobile("138 1234 5678"), to_mobile("008613812345678"), to_mobile("0532-85911234")
('+8613812345678', '+8613812345678', None)
>>> mask_email("zhang.san@example.org"), scrub("no route to 13812345678 (zs@example.org)")
('z*******n@example.org', 'no route to *** (***)')

How it works
============
Quiet hours are two wall-clock times, as hours with a fraction; when the first is later than the
second they reach over midnight, when both are equal there are none. An SMS of Chinese text holds 70
characters; one that is longer travels in parts of 67.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import phonenumbers

_COUNTRY = "CN"
_CHINESE_MOBILE = re.compile(r"\+861[3-9]\d{9}")
_MOBILE = (
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
)
_NAME = re.compile(r"\{([a-z_]+)\}")
_ADDRESS = re.compile(r"[^\s@<>(),;:'\"]+@[^\s@<>(),;:'\"]+|\+?\d[\d -]{5,}\d")
_MAX_REASON = 200
_WHOLE, _PART = 70, 67


def find_names(text: str) -> set[str]:
    """The names in braces in a text."""
    return set(_NAME.findall(text or ""))


def render(text: str, value_of: Callable[[str], str | None]) -> str:
    """A text with every name in braces replaced by its value; a name without one leaves a gap."""
    return _NAME.sub(lambda match: value_of(match[1]) or "", text or "")


def quiet_until(moment: datetime, start: float, end: float) -> datetime | None:
    """When the quiet hours end in which a wall-clock moment lies; None outside of them."""
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    hour = (moment - midnight) / timedelta(hours=1)
    if start <= end:
        return midnight + timedelta(hours=end) if start <= hour < end else None
    if hour >= start:
        return midnight + timedelta(days=1, hours=end)
    return midnight + timedelta(hours=end) if hour < end else None


def count_parts(text: str) -> int:
    """How many SMS a text is charged as."""
    length = len(text or "")
    return 1 if length <= _WHOLE else -(-length // _PART)


def to_mobile(number: str) -> str | None:
    """A number in international form; None when it cannot take an SMS.

    Chinese mobile numbers are told by their form: new ranges are opened faster than libraries
    learn of them.
    """
    try:
        parsed = phonenumbers.parse(number, _COUNTRY)
    except phonenumbers.NumberParseException:
        return None
    international = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    if _CHINESE_MOBILE.fullmatch(international):
        return international
    return international if phonenumbers.number_type(parsed) in _MOBILE else None


def mask_email(value: str) -> str:
    """An e-mail address with only the first and last character of its name."""
    name, at, domain = value.partition("@")
    hidden = name[:1] + "*" * (len(name) - 2) + name[-1:] if len(name) > 2 else "*" * len(name)
    return f"{hidden}{at}{domain}"


def scrub(text: str) -> str:
    """What somebody else's server said, without numbers and addresses of people, kept short."""
    return _ADDRESS.sub("***", text or "")[:_MAX_REASON]
