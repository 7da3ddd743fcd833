"""What is read out of Odoo's log."""

import pytest
from bootstrap import odoolog

START = "2026-01-02 03:04:05,678 99"


@pytest.fixture
def read(tmp_path):
    """A function that reads a report out of lines."""

    def read(*lines):
        path = tmp_path / "odoo.log"
        path.write_text("\n".join(lines) + "\n")
        return odoolog.read(path)

    return read


def test_sum_of_the_tests(read):
    report = read(
        f"{START} INFO db odoo.tests.result: 1 failed, 2 error(s) of 40 tests when loading 'db'"
    )
    assert (report.tests, report.failed, report.unexpected) == (40, 3, [])


def test_no_test_is_no_sum_of_zero(read):
    assert read(f"{START} INFO db odoo.modules.loading: Modules loaded.").tests is None


def test_a_failure_is_kept_with_its_traceback(read):
    report = read(
        f"{START} ERROR db odoo.addons.shenpi_base.tests.test_a: FAIL: TestA.test_b",
        "Traceback (most recent call last):",
        "AssertionError: 1 != 2",
        f"{START} INFO db odoo.x: later",
    )
    assert len(report.failures) == 1
    assert report.failures[0].endswith("AssertionError: 1 != 2")
    assert report.unexpected == []


def test_a_skipped_test_is_told(read):
    text = "skipped TestA.test_b : no browser"
    report = read(f"{START} INFO db odoo.addons.shenpi_base.tests.test_a: {text}")
    assert report.skipped == ["TestA.test_b : no browser"]


def test_warnings_are_unexpected(read):
    report = read(f"{START} WARNING ? odoo.tools.config: bad option", "and more")
    assert report.unexpected == ["WARNING odoo.tools.config: bad option\nand more"]


def test_what_may_be_there(read):
    query = f"{START} ERROR db odoo.sql_db: bad query: UPDATE x"
    report = read(
        f"{START} WARNING db odoo.http: number: unknown application.",
        query,
        "ERROR: could not serialize access due to concurrent update",
    )
    assert report.unexpected == []
    assert len(read(query, "ERROR: null value in column").unexpected) == 1


def test_a_refusal_with_a_traceback_may_not_be_there(read):
    report = read(f"{START} WARNING db odoo.http: oops", "Traceback (most recent call last):")
    assert len(report.unexpected) == 1


def test_the_loader_repeats_what_the_tests_said(read):
    report = read(
        f"{START} ERROR db odoo.modules.loading: Module shenpi_base: 1 failures, 0 errors",
        f"{START} ERROR db odoo.modules.loading: At least one test failed when loading",
    )
    assert report.unexpected == []
