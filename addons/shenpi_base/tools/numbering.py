"""The number of an application: item code, day of receipt and the serial of that day.

The form is the one provinces exchange (43 characters): 31 characters of 实施编码, YYYYMMDD, and
a serial of four digits for the item and day. A day with more than 9,999 filings of one item
gets a fifth digit.

>>> application_number("11370800MB285591843370117002011", date(2026, 9, 18), 68)
'11370800MB285591843370117002011202609180068'
"""

from datetime import date

ITEM_CODE_LENGTH = 31
LAST_SERIAL = 99_999


def application_number(item_code: str, day: date, serial: int) -> str:
    """The number of the ``serial``-th application (from 1) for an item on ``day``.

    Raises ValueError for an item code of another length and for a serial outside 1..99999.
    """
    if len(item_code) != ITEM_CODE_LENGTH:
        raise ValueError(f"an item code has {ITEM_CODE_LENGTH} characters, not {len(item_code)}")
    if not 1 <= serial <= LAST_SERIAL:
        raise ValueError(f"a serial lies between 1 and {LAST_SERIAL}, not {serial}")
    return f"{item_code}{day:%Y%m%d}{serial:04d}"
