"""Tables that people fill in: whatever program wrote them, the same cells come out."""

import io
import tracemalloc
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shenpi_base.tools import sheets
from shenpi_base.tools.sheets import (
    SheetError,
    map_headings,
    read_rows,
    stream_workbook,
    write_workbook,
)

CELLS = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp", "Co", "Cn")), max_size=12
)


def cells(content, filename=""):
    return [row for _line, row in read_rows(content, filename)]


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=5))
def test_a_written_table_reads_back(rows):
    content = write_workbook([("t", ["a", "b", "c"], rows)])
    read = [row + [""] * (3 - len(row)) for row in cells(content)[1:]]
    assert read == [row for row in rows if any(row)]


def test_values_of_spreadsheets():
    book = openpyxl.Workbook()
    book.active.append(["a", None, 3, 3.0, 2.5, date(2026, 1, 4), True, " x "])
    book.active.append([1.1370800e30, 10**20])
    buffer = io.BytesIO()
    book.save(buffer)
    first, second = cells(buffer.getvalue())
    assert first == ["a", "", "3", "3", "2.5", "2026-01-04", "True", "x"]
    assert all("e+" in cell for cell in second[:2]), "lost digits are not made up"


def test_the_time_of_a_date_is_kept_where_it_matters():
    workbook = openpyxl.Workbook()
    workbook.active.append(["at"])
    workbook.active.append([datetime.fromisoformat("2026-06-10T09:00:01")])
    buffer = io.BytesIO()
    workbook.save(buffer)
    rows = [row for _line, row in read_rows(buffer.getvalue(), times=True)]
    assert rows == [["at"], ["2026-06-10T09:00:01"]]


def test_line_numbers_count_blank_rows():
    content = "编码,名称\n\n,\n01,甲\n".encode()
    assert [line for line, _row in read_rows(content)] == [1, 4]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
def test_csv_encodings(encoding):
    content = '名称,"备注, 二"\n行政审批,"a\nb"\n'.encode(encoding)
    assert cells(content) == [["名称", "备注, 二"], ["行政审批", "a\nb"]]


def test_formulas_stay_text():
    content = write_workbook([("t", ["a"], [["=1+1"], ["http://example.com"]])])
    assert cells(content)[1:] == [["=1+1"], ["http://example.com"]]


@pytest.mark.parametrize(
    ("content", "filename", "code"),
    [
        (b"", "x.csv", "empty"),
        (b"PK\x03\x04 no workbook", "x.xlsx", "format"),
        (b"\xd0\xcf\x11\xe0 an old workbook", "x.xls", "format"),
        (b"a,b", "x.xlsx", "format"),
        (b"\x00\x01\x02", "x.csv", "format"),
        (b"\xff\xff\xff", "x.csv", "format"),
    ],
)
def test_unreadable(content, filename, code):
    with pytest.raises(SheetError) as caught:
        cells(content, filename)
    assert caught.value.code == code


def test_a_bomb_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(sheets, "_MAX_UNPACKED", 100)
    with pytest.raises(SheetError) as caught:
        cells(write_workbook([("t", ["a"], [])]))
    assert caught.value.code == "too_big"


def test_headings_in_any_dress():
    columns = {"code": ("实施编码", "Item code"), "name": ("名称", "Name"), "x": ("不在",)}
    assert map_headings(["多余", " item CODE* ", "名 称＊"], columns) == {"code": 1, "name": 2}


def test_memory_does_not_grow_with_the_rows(tmp_path):
    """Ten times the rows: the peak of what Python holds is the same."""

    def measure(count):
        rows = ((n, "银行流水", Decimal("1.05")) for n in range(count))
        tracemalloc.start()
        with (tmp_path / "x.xlsx").open("wb") as target:
            stream_workbook(target, [("S", ["a", "b", "c"], rows)])
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    measure(10)
    assert measure(20_000) <= measure(2_000) * 1.2


def test_columns_are_as_wide_as_what_they_hold():
    content = sheets.write_workbook([("S", ["编号", "金额"], [["TK2026", Decimal(1)], ["x" * 22]])])
    columns = openpyxl.load_workbook(io.BytesIO(content)).active.column_dimensions
    assert [round(columns[name].width) for name in "AB"] == [27, 9]
