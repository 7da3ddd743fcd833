"""The one line that says what went wrong."""

import sys

import pytest
from bootstrap.console import Failure, Step, output_of, telling_line


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (
            ["Reading lists", "E: Unable to locate package x", "done"],
            "E: Unable to locate package x",
        ),
        (["fine", "still fine", ""], "still fine"),
        ([], "no output"),
    ],
)
def test_telling_line(lines, told):
    assert telling_line(lines) == told


def test_a_failing_command_tells_its_line_and_its_log(tmp_path, monkeypatch):
    monkeypatch.setattr("bootstrap.console.LOGS", tmp_path)
    script = "print('all fine'); raise SystemExit('ValueError: no room')"
    told = r"Trying failed: ValueError: no room .*install\.log"
    with pytest.raises(Failure, match=told), Step("Trying") as step:
        step.run([sys.executable, "-c", script])
    assert "all fine" in (tmp_path / "install.log").read_text()


def test_a_missing_program_is_a_failure():
    with pytest.raises(Failure, match="cannot start no-such-program"):
        output_of(["no-such-program"])
