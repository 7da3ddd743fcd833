"""Money as whole fen: read from and written as yuan with two places, never through a float.

>>> to_fen("800000.00"), to_fen("0.1")
(80000000, 10)
>>> to_yuan(80000001)
'800000.01'
>>> to_fen("1.005")
Traceback (most recent call last):
    ...
ValueError: not an amount in yuan: '1.005'
"""

import re

# 99,999,999,999.99 yuan: beyond any security, and exact as a float where Odoo's screens use one.
MOST = 9_999_999_999_999
_YUAN = re.compile(r"(-?)([0-9]{1,11})(?:\.([0-9]{1,2}))?")


def to_fen(text: str) -> int:
    """Read yuan with at most two places; ValueError for everything else, also for exponents."""
    found = _YUAN.fullmatch(text) if isinstance(text, str) else None
    if not found:
        raise ValueError(f"not an amount in yuan: {text!r}")
    sign, yuan, fen = found.groups()
    amount = int(yuan) * 100 + int((fen or "0").ljust(2, "0"))
    return -amount if sign else amount


def to_yuan(fen: int) -> str:
    """Write yuan with two places."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan}.{rest:02d}"


def from_float(value: float) -> int:
    """The fen of a column of yuan with two places that Odoo has read as a float.

    Exact up to ``MOST``: a double tells apart all fen of such amounts.

    >>> from_float(0.29), from_float(99999999999.99)
    (29, 9999999999999)
    """
    return round(value * 100)
