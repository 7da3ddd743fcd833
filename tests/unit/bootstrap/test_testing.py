"""Counting what the parts of a test run say."""

import sys
from xml.etree import ElementTree

import pytest
from bootstrap import results, testing
from bootstrap.console import Failure

JUNIT = """
<testsuites><testsuite>
  <testcase classname="a" name="good"/>
  <testcase classname="a" name="bad"><failure message="no"/></testcase>
  <testcase classname="a" name="broken"><error message="no"/></testcase>
  <testcase classname="a" name="left out"><skipped message="no browser"/></testcase>
</testsuite></testsuites>
"""


def test_a_skipped_test_has_failed():
    result = results.Result("x")
    testing._count_junit(ElementTree.fromstring(JUNIT), result)
    assert (result.passed, result.failed) == (1, 3)
    assert "skipped left out: no browser" in result.details


def test_a_part_that_tests_nothing_has_failed(capsys):
    assert results.timed("x", lambda result: None).failed == 1
    assert "nothing was tested" in capsys.readouterr().out


def test_an_expected_failure_is_counted_and_shown(capsys):
    def work(result):
        raise Failure("no room")

    assert results.timed("x", work).failed == 1
    assert "no room" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("counts", "line", "code"),
    [
        ([(3, 0), (4, 0)], "7 passed, 0 failed", 0),
        ([(3, 0), (4, 2)], "7 passed, 2 failed", 1),
        ([(0, 0)], "0 passed, 0 failed", 1),
        ([], "0 passed, 0 failed", 1),
    ],
)
def test_the_sum_is_the_last_line(counts, line, code, capsys):
    parts = [results.Result("x", passed, failed) for passed, failed in counts]
    assert results.conclude(parts) == code
    assert capsys.readouterr().out.splitlines()[-1] == line


def test_a_check_that_finds_something_has_failed():
    result = results.Result("x")
    results.check(result, [sys.executable, "-c", "print('a.py:1: bad'); raise SystemExit(1)"])
    results.check(result, [sys.executable, "-c", "pass"])
    assert (result.passed, result.failed, result.details) == (1, 1, ["a.py:1: bad"])


@pytest.mark.parametrize(
    ("failure", "ours"),
    [
        ("FAIL: TestIndex\n  File '/x/shenpi_base/y.py'\nAssertionError: queue.job.channel", False),
        ("FAIL: TestIndex\nAssertionError: shenpi.item.step (inverse of x)", True),
        ("FAIL: Subtest ManifestLinter (module='shenpi_tender')", True),
    ],
)
def test_whose_failure_it_is(failure, ours):
    assert testing._names_us(failure) is ours
