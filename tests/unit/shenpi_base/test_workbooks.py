"""Reports as workbooks: read back by another program, they hold what was written."""

import io
from datetime import date

import openpyxl
import xlsxwriter
from shenpi_base.tools.workbooks import DASH, Cell, Column, ReportBook

COLUMNS = [Column("科室", width=20), Column("收件", "count"), Column("按时率", "share")]


def write(*tables, chart=False):
    """A workbook of tables (title, columns, rows, options), read back."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_formulas": False}) as workbook:
        book = ReportBook(workbook)
        for title, columns, rows, options in tables:
            table = book.add_table(title, f"{title} 周报", columns, rows, **options)
            if chart:
                book.add_chart(table, "column", "收件", [1], place="F2")
    return openpyxl.load_workbook(buffer)


def test_values_keep_their_kind():
    columns = [*COLUMNS, Column("到期", "date")]
    rows = [["许可一科", 1200, 0.75, date(2026, 6, 8)], ["=1+1", 0, None, None]]
    sheet = write(("科室", columns, rows, {"note": "截至"})).active
    assert [cell.value for cell in sheet[3]] == ["科室", "收件", "按时率", "到期"]
    name, count, share, day = sheet[4]
    assert (name.value, count.value, share.value) == ("许可一科", 1200, 0.75)
    assert (count.number_format, share.number_format) == ("#,##0", "0.0%")
    assert day.value.date() == date(2026, 6, 8)
    assert [cell.value for cell in sheet[5]] == ["=1+1", 0, DASH, DASH]
    assert sheet["A5"].data_type == "s", "text is never a formula"


def test_a_cell_may_have_a_kind_of_its_own():
    sheet = write(
        ("科室", COLUMNS, [["按时率", Cell(0.5, "share"), Cell(-1, "change")]], {})
    ).active
    assert sheet["B4"].number_format == "0.0%"
    assert sheet["C4"].number_format.startswith("+")


def test_total_and_charts():
    rows = [["甲", 1, 1.0], ["乙", 2, None]]
    book = write(("科室", COLUMNS, rows, {"total": ["合计", 3, 1.0]}), chart=True)
    sheet = book.active
    assert sheet["A6"].value == "合计"
    assert sheet["A6"].font.bold
    (chart,) = sheet._charts
    (series,) = chart.series
    assert series.val.numRef.f == "科室!$B$4:$B$5", "the total is not drawn"


def test_an_empty_table_has_no_chart():
    book = write(("科室", COLUMNS, [], {}), chart=True)
    assert not book.active._charts
    assert book.active["A3"].value == "科室"


def test_pages():
    sheet = write(("a[b]:c*?/\\'" + "长" * 40, COLUMNS, [["甲", 1, None]], {})).active
    assert sheet.title == "abc" + "长" * 28
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("B4", "$3:$3")
