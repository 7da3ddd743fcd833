"""The table of a catalogue: every column is known once, and the materials cell is read as meant."""

from itertools import chain

import pytest
from shenpi_base.tools import catalogue
from shenpi_base.tools.catalogue import split_materials


def test_headings_are_unambiguous():
    names = [name.casefold() for name in chain(*catalogue.HEADINGS.values())]
    assert len(names) == len(set(names))


def test_every_column_is_read():
    read = {
        *catalogue.TEXTS,
        *catalogue.NUMBERS,
        *catalogue.FLAGS,
        *catalogue.SELECTIONS,
        *(column for column, _field, _kind in catalogue.DEPARTMENTS),
        *("code", "basic_code", "materials", "steps", "fee_name", "fee_standard"),
        *("question", "answer", "valid_from", "licence_type"),
    }
    assert read == set(catalogue.HEADINGS)
    assert set(catalogue.REQUIRED) <= read
    assert set(catalogue.EXAMPLE) <= read


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("", []),
        (" ; ；\n", []),
        ("申请表*", [("申请表", True, "main")]),
        ("申请表＊;  委托书～ ", [("申请表", True, "main"), ("委托书", True, "auxiliary")]),
        ("说明", [("说明", False, "auxiliary")]),
        ("*", []),
    ],
)
def test_materials(cell, expected):
    found = [(m["name"], m["required"], m["importance"]) for m in split_materials(cell)]
    assert found == expected


def test_only_what_may_follow_is_deferred():
    assert [m.get("spared_by") for m in split_materials("甲*;乙~;丙")] == [None, "deferral", None]
