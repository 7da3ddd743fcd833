"""Reading Odoo's log: how many tests ran, and which lines ought not to be there."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from .paths import CONFIG

_LINE = re.compile(
    r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (?P<level>[A-Z]+) \S+ (?P<logger>\S+): (?P<text>.*)$"
)
_TOTAL = re.compile(r"(?P<failed>\d+) failed, (?P<errors>\d+) error\(s\) of (?P<tests>\d+) tests")
_BAD = ("WARNING", "ERROR", "CRITICAL")


@dataclass
class LogReport:
    """The sums of a test run (`tests` is None if it printed none), and the unexpected entries."""

    tests: int | None = None
    failed: int = 0
    unexpected: list[str] = field(default_factory=list)


def read(path: Path) -> LogReport:
    """Read a whole log file."""
    allowed = _allowed()
    report = LogReport()
    for found in _entries(path):
        total = _TOTAL.search(found["text"])
        if total:
            report.tests = int(total["tests"])
            report.failed = int(total["failed"]) + int(total["errors"])
        elif found["level"] in _BAD and not _is_test_verdict(found["text"]):
            entry = f"{found['level']} {found['logger']}: {found['text']}"
            if not any(pattern.search(entry) for pattern in allowed):
                report.unexpected.append(entry)
    return report


def _entries(path: Path) -> list[dict]:
    """Return the log's entries, the lines that follow each (a traceback, a query) in its text."""
    entries = []
    for line in path.read_text("utf-8", "replace").splitlines():
        found = _LINE.match(line)
        if found:
            entries.append(found.groupdict())
        elif entries:
            entries[-1]["text"] += f"\n{line}"
    return entries


def _is_test_verdict(text: str) -> bool:
    """Tell whether the line is a failed test's own, which the total counts already."""
    return text.startswith(("FAIL: ", "ERROR: "))


def _allowed() -> list[re.Pattern]:
    """Return the patterns of lines that may be there; each stands below its reason in the file."""
    lines = (CONFIG / "log-allowed.txt").read_text(encoding="utf-8").splitlines()
    return [re.compile(line) for line in lines if line.strip() and not line.startswith("#")]
