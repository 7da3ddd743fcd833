"""Tables that people fill in: reading CSV and XLSX, writing XLSX.

What
====
Imports begin with a table whose first row holds headings. :func:`read_rows` yields its rows as
lists of text with their line numbers; :func:`map_headings` finds the known columns among the
headings, in Chinese or English, in any order, others left aside. :func:`write_workbook` writes
tables back, streaming; decimals stand as amounts with two places.

Example
=======
>>> rows = list(read_rows("编码,名称\\n01,甲\\n,\\n02,乙\\n".encode(), "x.csv"))
>>> rows
[(1, ['编码', '名称']), (2, ['01', '甲']), (4, ['02', '乙'])]
>>> map_headings(rows[0][1], {"code": ("编码", "Code"), "name": ("名称",), "days": ("时限",)})
{'code': 0, 'name': 1}

How it works
============
A spreadsheet stores a long code as a floating number and loses its digits. A cell with such a
number is handed over with its exponent, so that the check of the code refuses it instead of storing
a wrong one. Text is always written as text: a cell that begins with "=" stays what it is and never
runs as a formula.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import BinaryIO

import openpyxl
import xlsxwriter
from openpyxl.utils.exceptions import InvalidFileException

_XLSX_SIGNATURE = b"PK\x03\x04"
_ENCODINGS = ("utf-8-sig", "gb18030")
_EXACT_FLOAT = 2**53
_MAX_UNPACKED = 1 << 30
_COLUMN_WIDTHS = (8, 60)
_MEASURED = 100  # rows that columns are made wide enough for


class SheetError(ValueError):
    """The file cannot be read as a table; ``code`` is "empty", "format" or "too_big"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_rows(
    content: bytes,
    filename: str = "",
    *,
    times: bool = False,
    encoding: str = "",
    delimiter: str = ",",
) -> Iterator[tuple[int, list[str]]]:
    """``(line number, cells)`` of every row that is not blank, the headings first.

    With ``times`` the cells of a workbook keep the time of a date, without it is left aside. A text
    is read as UTF-8 or else GB 18030 unless ``encoding`` says what it is.

    Raises :class:`SheetError` when the content is neither an XLSX workbook nor a text in that
    encoding, or is empty.
    """
    if not content:
        raise SheetError("empty")
    if content.startswith(_XLSX_SIGNATURE):
        rows = _read_xlsx(content, times)
    elif filename.lower().endswith((".xlsx", ".xls")):
        raise SheetError("format")
    else:
        rows = _read_csv(content, encoding, delimiter)
    for number, cells in rows:
        if any(cells):
            yield number, cells


def map_headings(headings: Sequence[str], columns: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """The position of each known column: ``columns`` gives the accepted headings per key.

    Case, blanks and a trailing * (the mark of an obligatory column) do not matter.
    """
    places = {}
    for index, heading in enumerate(headings):
        places.setdefault(_heading(heading), index)
    found = {}
    for key, names in columns.items():
        index = next((places[_heading(n)] for n in names if _heading(n) in places), None)
        if index is not None:
            found[key] = index
    return found


def write_workbook(sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence]]]) -> bytes:
    """An XLSX with one sheet per ``(title, headings, rows)``; rows are written as they come."""
    buffer = io.BytesIO()
    stream_workbook(buffer, sheets)
    return buffer.getvalue()


def stream_workbook(
    target: BinaryIO | str, sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence]]]
) -> None:
    """Write the XLSX of :func:`write_workbook` to a file; however many rows there are, no more than
    one of them is held in memory."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as workbook:
        head = workbook.add_format({"bold": True, "bg_color": "#F2DEDE", "text_wrap": True})
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        money = workbook.add_format({"num_format": "#,##0.00"})
        for title, headings, rows in sheets:
            sheet = workbook.add_worksheet(title)
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, headings, head)
            widths = dict(enumerate(map(_width, headings)))
            for number, row in enumerate(rows, start=1):
                for column, value in enumerate(row):
                    _write(sheet, number, column, value, day, money)
                    if number <= _MEASURED:
                        widths[column] = max(widths.get(column, 0), _width(value))
            for column, width in widths.items():
                sheet.set_column(column, column, width)


def _write(sheet, row, column, value, day_format, money_format):
    if isinstance(value, date):
        sheet.write_datetime(row, column, value, day_format)
    elif isinstance(value, Decimal):
        sheet.write_number(row, column, value, money_format)
    elif isinstance(value, int) and not isinstance(value, bool):
        sheet.write_number(row, column, value)
    elif value not in (None, False, ""):
        sheet.write_string(row, column, str(value))


def _width(value) -> int:
    text = f"{value:,.2f}" if isinstance(value, Decimal) else str(value or "")
    shown = sum(2 if ord(char) > 0xFF else 1 for char in text) + 4
    return min(max(shown, _COLUMN_WIDTHS[0]), _COLUMN_WIDTHS[1])


def _heading(text: str) -> str:
    return "".join(text.split()).rstrip("*＊").casefold()


def _read_csv(content: bytes, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    text = _decode(content, (encoding,) if encoding else _ENCODINGS)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise SheetError("format") from error


def _decode(content: bytes, encodings: Sequence[str]) -> str:
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise SheetError("format")


def _read_xlsx(content: bytes, times: bool) -> Iterator[tuple[int, list[str]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _MAX_UNPACKED:
                raise SheetError("too_big")
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, OSError) as error:
        raise SheetError("format") from error
    try:
        sheet = workbook.worksheets[0]
        # The stored size of a sheet is a hint that other programs get wrong.
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield number, [_text(value, times) for value in row]
    finally:
        workbook.close()


def _text(value, times: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds") if times else value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT_FLOAT:
        return str(int(value))
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _EXACT_FLOAT:
        return f"{value:e}"
    return str(value).strip()
