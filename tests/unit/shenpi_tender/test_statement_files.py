"""``statement_files``: whatever table a bank writes, the same lines come out, or none."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shenpi_tender.tools.money import MOST
from shenpi_tender.tools.statement_files import (
    DATE_FORMATS,
    HEADINGS,
    CellError,
    Format,
    find_headings,
    read_lines,
)

moments = st.datetimes(
    datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2099-01-01")
).map(lambda moment: moment.replace(microsecond=0))
amounts = st.integers(1, MOST).map(lambda fen: f"{fen // 100}.{fen % 100:02d}")
movements = st.lists(st.tuples(moments, amounts, st.sampled_from(("in", "out"))), max_size=6)


def told(lines):
    return [(line["at"], line["amount"], line["direction"]) for _row, line in lines]


def write(rows):
    return list(enumerate(rows, start=1))


@given(movements, st.sampled_from(DATE_FORMATS))
def test_a_word_for_the_direction(rows, date_format):
    words = {"in": "贷", "out": "借"}
    table = [["时间", "金额", "标志"]] + [
        [f"{moment:{date_format}}", f"{amount}", words[way]] for moment, amount, way in rows
    ]
    columns = {"at": "时间", "amount": "金额", "direction": "标志"}
    layout = Format(columns, date_format=date_format)
    assert told(read_lines(write(table), layout)) == rows


@given(movements)
def test_a_sign_for_the_direction(rows):
    table = [["title"], ["at", "amount"]] + [
        [moment.isoformat(), f"{'-' if way == 'out' else ''}{amount}"]
        for moment, amount, way in rows
    ]
    layout = Format({"at": "at", "amount": "amount"}, header_row=2, direction="sign")
    assert told(read_lines(write(table), layout)) == rows


@given(movements)
def test_two_columns_of_amounts_two_of_time_and_a_sum(rows):
    table = [["日期", "时刻", "收入", "支出"]] + [
        [
            f"{moment:%Y%m%d}",
            f"{moment:%H:%M:%S}",
            f"¥{amount}" if way == "in" else "0.00",
            f"{amount}" if way == "out" else "",
        ]
        for moment, amount, way in rows
    ]
    table.append(["合计", "", "1,000.00", "0.00"])
    layout = Format(
        {"date": "日期", "time": "时刻", "amount_in": "收入", "amount_out": "支出"},
        direction="columns",
        date_format="%Y%m%d %H:%M:%S",
        end_mark="合计",
    )
    assert told(read_lines(write(table), layout)) == rows


def test_a_day_of_a_workbook_and_the_time_beside_it():
    table = [["日期", "时刻", "金额"], ["2026-06-08T00:00:00", "15:00:01", "5"]]
    layout = Format({"date": "日期", "time": "时刻", "amount": "金额"}, direction="in")
    assert told(read_lines(write(table), layout)) == [
        (datetime.fromisoformat("2026-06-08T15:00:01"), "5", "in")
    ]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (["2026-06-08", "5", "贷"], "at"),
        (["", "5", "贷"], "at"),
        (["2026-06-08T10:00:00+09:00", "5", "贷"], "at"),
        (["2026-06-08 10:00:00", "5", "左"], "direction"),
    ],
)
def test_refused_with_row_and_column(row, column):
    with pytest.raises(CellError) as caught:
        list(read_lines(write([["时间", "金额", "方向"], row]), Format()))
    assert (caught.value.row, caught.value.column) == (2, column)


@pytest.mark.parametrize("row", [["1", "2"], ["", "0.00"], ["", ""]])
def test_two_amounts_or_none_are_refused(row):
    layout = Format(direction="columns")
    table = [["时间", "收入", "支出"], ["2026-06-08 10:00:00", *row]]
    with pytest.raises(CellError) as caught:
        list(read_lines(write(table), layout))
    assert (caught.value.row, caught.value.column) == (2, "amount_in")


@pytest.mark.parametrize(
    ("headings", "layout", "column"),
    [
        (["金额"], Format(), "at"),
        (["时间"], Format(), "amount"),
        (["时间", "金额"], Format({"at": "时间", "amount": "金额", "text": "备注"}), "text"),
        (["时间", "金额"], Format(header_row=9), "amount"),
    ],
)
def test_missing_columns(headings, layout, column):
    with pytest.raises(CellError) as caught:
        list(read_lines([(1, headings)], layout))
    assert (caught.value.row, caught.value.column) == (0, column)


@given(st.integers(0, 5))
def test_headings_are_found_below_a_title(blank):
    title = [["账户明细"]] * blank
    rows = write([*title, ["交易 时间", "交易金额", "对方户名", "备注"]])
    found = {"at": "交易 时间", "amount": "交易金额", "payer_name": "对方户名"}
    assert find_headings(rows) == (blank + 1, found)
    assert find_headings(write(title)) is None


def test_no_heading_means_two_things():
    names = [name for names in HEADINGS.values() for name in names]
    assert len(names) == len(set(names))
