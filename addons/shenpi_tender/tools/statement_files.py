"""Statements as banks give them: which column is what, and what its cells mean.

What
====
Every bank has its own table: a title above the headings, the day and the time in one cell or in
two, one column of amounts with a sign or a word beside it, or one column for what came and one for
what went, a sum at the end. A :class:`Format` says how one bank writes; :func:`read_lines` turns
its rows into lines with the keys of ``shenpi.bank.line.api_import``, ``at`` being the naive time
that the bank's clock showed.

Example
=======
>>> bank = Format(
...     {"date": "日期", "time": "时间", "amount_in": "贷方", "amount_out": "借方"},
...     header_row=2, direction="columns", date_format="%Y%m%d %H:%M:%S", end_mark="合计")
>>> rows = [(1, ["账户明细"]), (2, ["日期", "时间", "借方", "贷方"]),
...         (3, ["20260608", "15:00:01", "", "60,000.00"]), (4, ["合计", "", "0", "60,000.00"])]
>>> list(read_lines(rows, bank))
[(3, {'amount': '60000.00', 'direction': 'in', 'at': datetime.datetime(2026, 6, 8, 15, 0, 1)})]

How it works
============
Nothing is guessed: a cell that is not what its format says raises :class:`CellError` with row and
column, and the caller takes nothing in. A day without its time is an error too: the second decides
whether money was in time.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from .money import to_fen

# The headings that banks use, Chinese first.
HEADINGS: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "txn_no": ("交易流水号", "流水号", "凭证号", "Bank's no.", "txn_no"),
        "direction": ("收支方向", "借贷标志", "借贷方向", "方向", "Direction"),
        "amount": ("交易金额", "金额", "发生额", "Amount"),
        "amount_in": ("贷方发生额", "贷方金额", "收入金额", "收入", "Received"),
        "amount_out": ("借方发生额", "借方金额", "支出金额", "支出", "Paid"),
        "payer_account": ("对方账号", "付款账号", "Account of the other side", "payer_account"),
        "payer_name": ("对方户名", "付款人", "付款户名", "Other side", "payer_name"),
        "payer_bank": ("对方开户行", "付款行", "Bank of the other side", "payer_bank"),
        "sub_account": ("子账号", "虚拟子账号", "Sub-account", "sub_account"),
        "at": ("交易时间", "到账时间", "时间", "Time", "at"),
        "date": ("交易日期", "记账日期", "日期", "Date"),
        "time": ("交易时分秒", "时刻", "Time of day"),
        "text": ("附言", "摘要", "用途", "Text"),
        "purpose": ("款项性质", "性质", "Purpose", "purpose"),
        "instruction": ("退款编号", "指令号", "Refund no.", "instruction"),
    }
)
RECEIVED = ("", "in", "收", "收入", "贷", "贷方", "c", "cr")
PAID = ("out", "付", "支", "支出", "借", "借方", "d", "dr")
PURPOSES = dict.fromkeys(("利息", "结息", "存款利息", "interest"), "interest")
DIRECTIONS = ("word", "sign", "columns", "in")
DATE_FORMATS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%Y%m%d %H:%M:%S",
    "%Y%m%d%H%M%S",
    "%Y%m%d %H%M%S",
    "%Y-%m-%d-%H.%M.%S",
    "%Y.%m.%d %H:%M:%S",
    "%Y年%m月%d日 %H:%M:%S",
    "%d/%m/%Y %H:%M:%S",
)
_PLAIN = ("txn_no", "payer_account", "payer_name", "payer_bank", "sub_account", "text")
_PLAIN += ("instruction",)
# A workbook's own dates are handed over like this, whatever they look like on the screen.
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}")


class CellError(ValueError):
    """A row cannot be read: ``row`` is its number in the file (0: the headings), ``column`` the key
    of what is missing or malformed, ``value`` the cell."""

    def __init__(self, row: int, column: str, value: str = "") -> None:
        super().__init__(f"row {row}, {column}: {value!r}")
        self.row, self.column, self.value = row, column, value


@dataclass(frozen=True)
class Format:
    """How one bank writes its statements.

    ``columns``: the heading of each known column by key (those of ``HEADINGS``); without any the
    usual headings are looked for. ``direction``: ``word`` in a column of its own, ``sign`` of the
    amount (negative: paid), ``columns`` (two of them), or ``in`` (all of it was received).
    ``date_format``: of ``DATE_FORMATS``; "" for ISO or slashes. ``end_mark``: a row whose first
    cell begins with it ends the table.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    header_row: int = 1
    direction: str = "word"
    date_format: str = ""
    received: Sequence[str] = RECEIVED
    paid: Sequence[str] = PAID
    end_mark: str = ""


def read_lines(
    rows: Iterable[tuple[int, Sequence[str]]], layout: Format
) -> Iterator[tuple[int, dict[str, Any]]]:
    """``(row number, line)`` of every row below the headings; see :class:`Format`.

    :raise CellError: a column is missing, or a cell is not what it should be
    """
    places = None
    for number, cells in rows:
        if number < layout.header_row:
            continue
        if places is None:
            places = _find_columns(cells, layout)
            continue
        if layout.end_mark and next(filter(None, cells), "").startswith(layout.end_mark):
            return
        line = {key: cells[place] for key, place in places.items() if place < len(cells)}
        yield number, _read_line(number, line, layout)
    if places is None:
        raise CellError(0, "amount")


def find_headings(rows: Iterable[tuple[int, Sequence[str]]]) -> tuple[int, dict[str, str]] | None:
    """The first row in which amounts and times are headed as usual, and what is headed there."""
    for number, cells in rows:
        places = _find_places(cells, HEADINGS)
        if places.keys() & {"amount", "amount_in"} and places.keys() & {"at", "date"}:
            return number, {key: cells[place] for key, place in places.items()}
    return None


def _find_columns(cells, layout):
    known = {key: (heading,) for key, heading in layout.columns.items()} or HEADINGS
    places = _find_places(cells, known)
    if layout.columns and (lost := known.keys() - places.keys()):
        raise CellError(0, min(lost), layout.columns[min(lost)])
    amount = "amount_in" if layout.direction == "columns" else "amount"
    for needed in ({amount}, {"at", "date"}):
        if not places.keys() & needed:
            raise CellError(0, min(needed))
    return places


def _find_places(cells, known):
    """The place of each known column: the first of its headings that is there."""
    places = {}
    for place, cell in enumerate(cells):
        places.setdefault(_heading(cell), place)
    return {
        key: places[_heading(heading)]
        for key, headings in known.items()
        for heading in headings[::-1]
        if _heading(heading) in places
    }


def _heading(text):
    return "".join(text.split()).casefold()


def _read_line(number, line, layout):
    amount, direction = _read_amount(number, line, layout)
    try:
        positive = to_fen(amount) > 0
    except ValueError:
        positive = False
    if not positive:
        raise CellError(number, "amount", amount)
    plain = {key: line[key] for key in _PLAIN if line.get(key)}
    purpose = PURPOSES.get(line.get("purpose", "").casefold())
    if purpose:
        plain["purpose"] = purpose
    return plain | {
        "amount": amount,
        "direction": direction,
        "at": _read_moment(number, line, layout),
    }


def _read_amount(number, line, layout):
    if layout.direction == "columns":
        amounts = {way: _plain(line.get(f"amount_{way}", "")) for way in ("in", "out")}
        given = [way for way, amount in amounts.items() if amount.strip("0.")]
        if len(given) != 1:
            raise CellError(number, "amount_in", " / ".join(amounts.values()))
        return amounts[given[0]], given[0]
    amount = _plain(line.get("amount", ""))
    if layout.direction == "sign":
        return amount.lstrip("+-"), "out" if amount.startswith("-") else "in"
    if layout.direction == "in":
        return amount, "in"
    word = line.get("direction", "").casefold()
    for way, words in (("in", layout.received), ("out", layout.paid)):
        if word in (known.casefold() for known in words):
            return amount, way
    raise CellError(number, "direction", word)


def _plain(amount):
    return amount.translate(str.maketrans("", "", ",，¥￥ "))


def _read_moment(number, line, layout):
    text = line.get("at", "")
    if "date" in line:
        # A workbook writes a day as midnight, and the time beside it.
        text = f"{line['date'].split('T')[0]} {line.get('time', '')}".strip()
    try:
        return _parse_moment(text, layout.date_format)
    except ValueError as error:
        raise CellError(number, "at", text) from error


def _parse_moment(text, date_format):
    if _ISO.fullmatch(text):
        return datetime.fromisoformat(text)
    if date_format:
        return datetime.strptime(text, date_format)  # noqa: DTZ007  the bank's clock
    if ":" not in text:
        raise ValueError("no time")
    moment = datetime.fromisoformat(text.replace("/", "-"))
    if moment.tzinfo:
        raise ValueError("an offset")
    return moment
