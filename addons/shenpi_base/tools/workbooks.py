"""Reports as XLSX workbooks: tables with charts beside them, ready to be printed.

What
====
A report is some sheets, each with a title, a note and a table; charts point to the cells of a
table, so that whoever opens the file may go on working with them. Tables of any length that are
only written, row by row, are the business of :mod:`sheets`.

Example
=======
>>> import io, xlsxwriter
>>> workbook = xlsxwriter.Workbook(io.BytesIO())
>>> book = ReportBook(workbook)
>>> columns = [Column("科室", width=20), Column("收件", "count"), Column("按时率", "share")]
>>> table = book.add_table("科室", "各科室情况", columns, [["许可一科", 12, 0.75]])
>>> table.get_range(1)
['科室', 3, 1, 3, 1]
>>> book.add_chart(table, "column", "收件", [1], place="E2")

How it works
============
Numbers are written as numbers with a format, dates as dates, absent values (None) as a dash; text
never runs as a formula. A cell given as ``Cell(value, kind)`` has a kind of its own. Sheets are
A4 landscape, one page wide, with the headings on every page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

DASH = "—"
_FORMATS = {
    "text": {"text_wrap": True, "align": "left"},
    "count": {"num_format": "#,##0", "align": "right"},
    "change": {"num_format": "+#,##0;-#,##0;0", "align": "right"},
    "share": {"num_format": "0.0%", "align": "right"},
    "share2": {"num_format": "0.00%", "align": "right"},
    "share2_change": {"num_format": "+0.00%;-0.00%;0.00%", "align": "right"},
    "share_change": {"num_format": "+0.0%;-0.0%;0.0%", "align": "right"},
    "money": {"num_format": "#,##0.00", "align": "right"},
    "days": {"num_format": "0.0", "align": "right"},
    "days_change": {"num_format": "+0.0;-0.0;0.0", "align": "right"},
    "date": {"num_format": "yyyy-mm-dd", "align": "center"},
}
_EDGE = {"border": 1, "border_color": "#BFBFBF", "valign": "vcenter"}
_WIDTHS = {"text": 18, "date": 12}
_NUMBER_WIDTH = 11
_COLORS = ("#3B6FB6", "#A9BCD6", "#C00000", "#E0A100")
_FORBIDDEN_IN_TITLES = str.maketrans("", "", "[]:*?/\\'")
_LONGEST_TITLE = 31
_PAPER_A4 = 9
_HEAD_ROW = 2


class Cell(NamedTuple):
    """A value with a kind of its own."""

    value: Any
    kind: str


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and what stands below it: ``kind`` is a key of the formats above."""

    heading: str
    kind: str = "text"
    width: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Where a table stands: its sheet, and its rows below the headings (counted from 0)."""

    sheet: Any
    columns: Sequence[Column]
    first_row: int
    last_row: int

    @property
    def is_empty(self) -> bool:
        return self.last_row < self.first_row

    def get_range(self, column: int) -> list:
        """The cells of one column, as charts name them."""
        return [self.sheet.get_name(), self.first_row, column, self.last_row, column]


class ReportBook:
    """Writes the sheets of a report into an ``xlsxwriter.Workbook``."""

    def __init__(self, workbook) -> None:
        self._workbook = workbook
        self._formats = {}

    def add_table(
        self,
        title: str,
        heading: str,
        columns: Sequence[Column],
        rows: Iterable[Sequence],
        *,
        note: str = "",
        total: Sequence | None = None,
    ) -> Table:
        """Add a sheet with one table; ``total`` is a last row that stands out."""
        sheet = self._workbook.add_worksheet(_to_title(title))
        self._set_up_page(sheet, heading)
        sheet.write_string(0, 0, heading, self._get_format(bold=True, font_size=15))
        sheet.write_string(1, 0, note, self._get_format(font_color="#666666"))
        head = self._get_format(
            **_EDGE, bold=True, bg_color="#DCE6F1", text_wrap=True, align="center"
        )
        for place, column in enumerate(columns):
            width = column.width or _WIDTHS.get(column.kind, _NUMBER_WIDTH)
            sheet.set_column(place, place, width)
            sheet.write_string(_HEAD_ROW, place, column.heading, head)
        number = _HEAD_ROW
        for number, row in enumerate(rows, start=_HEAD_ROW + 1):
            self._write_row(sheet, number, columns, row)
        if total:
            self._write_row(sheet, number + 1, columns, total, bold=True, bg_color="#F2F2F2")
        sheet.freeze_panes(_HEAD_ROW + 1, 1)
        return Table(sheet, columns, _HEAD_ROW + 1, number)

    def add_chart(
        self,
        table: Table,
        kind: str,
        title: str,
        columns: Sequence[int],
        *,
        place: str,
        stacked: bool = False,
        colors: Sequence[str] = _COLORS,
        sheet=None,
        size: tuple[int, int] = (500, 270),
    ) -> None:
        """Draw columns of a table against its first one, on its own sheet or on another.

        :param kind: "column" or "bar"; :param place: the cell of the upper left corner
        """
        if table.is_empty:
            return
        options = {"type": kind, "subtype": "stacked"} if stacked else {"type": kind}
        chart = self._workbook.add_chart(options)
        for column, color in zip(columns, colors, strict=False):
            chart.add_series(
                {
                    "name": table.columns[column].heading,
                    "categories": table.get_range(0),
                    "values": table.get_range(column),
                    "fill": {"color": color},
                    "data_labels": {"value": len(columns) == 1},
                }
            )
        chart.set_title({"name": title, "name_font": {"size": 12}, "overlay": False})
        chart.set_legend({"none": True} if len(columns) == 1 else {"position": "bottom"})
        if table.columns[columns[0]].kind in ("share", "share2"):
            chart.set_y_axis({"num_format": "0%", "min": 0, "max": 1})
        else:
            chart.set_y_axis({"num_format": "0", "min": 0})
        chart.set_size({"width": size[0], "height": size[1]})
        (sheet or table.sheet).insert_chart(place, chart)

    def _set_up_page(self, sheet, heading):
        sheet.set_landscape()
        sheet.set_paper(_PAPER_A4)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(_HEAD_ROW)
        sheet.hide_gridlines(2)
        sheet.set_footer(f"&L{heading.replace('&', '&&')}&R&P / &N")
        sheet.set_row(0, 26)

    def _write_row(self, sheet, number, columns, row, **look):
        for place, (column, value) in enumerate(zip(columns, row, strict=True)):
            kind = column.kind
            if isinstance(value, Cell):
                value, kind = value
            layout = self._get_format(**_EDGE, **_FORMATS[kind], **look)
            if value is None:
                # A share of nothing, or a week nobody reported: no number, and no nought.
                sheet.write_string(number, place, DASH, layout)
            elif isinstance(value, date):
                sheet.write_datetime(number, place, value, layout)
            elif isinstance(value, int | float):
                sheet.write_number(number, place, value, layout)
            else:
                sheet.write_string(number, place, str(value), layout)

    def _get_format(self, **properties):
        """One format object for each look: a workbook may hold only so many."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._workbook.add_format(properties)
        return self._formats[key]


def _to_title(text: str) -> str:
    return text.translate(_FORBIDDEN_IN_TITLES)[:_LONGEST_TITLE]
