"""Tables that people fill in: whatever program wrote them, the same cells come out."""

import io
from datetime import date

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shenpi_base.tools import sheets
from shenpi_base.tools.sheets import SheetError, map_headings, read_rows, write_workbook

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
