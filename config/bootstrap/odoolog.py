"""Reading Odoo's log: how many tests ran, and which entries ought not to be there."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from .paths import CONFIG

_LINE = re.compile(
    r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (?P<level>[A-Z]+) \S+ (?P<logger>\S+): (?P<text>.*)$"
)
_TOTAL = re.compile(r"^(?P<failed>\d+) failed, (?P<errors>\d+) error\(s\) of (?P<tests>\d+) tests")
_VERDICT = re.compile(r"^(FAIL|ERROR): ")
_SKIPPED = re.compile(r"^skipped (.*)$")
_LOADER_VERDICT = re.compile(r"^(Module \S+: \d+ failures, |At least one test failed when loading)")
_BAD = ("WARNING", "ERROR", "CRITICAL")


@dataclass
class LogReport:
    """What a log tells; `tests` is None if no test run came to its end."""

    tests: int | None = None
    failed: int = 0
    failures: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)


def read(path: Path) -> LogReport:
    """Read a whole log file."""
    allowed = _allowed()
    report = LogReport()
    for entry in _entries(path):
        level, logger, text = entry["level"], entry["logger"], entry["text"]
        total = _TOTAL.match(text)
        if total:
            report.tests = int(total["tests"])
            report.failed = int(total["failed"]) + int(total["errors"])
        elif level == "ERROR" and _VERDICT.match(text):
            report.failures.append(text)
        elif ".tests." in logger and _SKIPPED.match(text):
            report.skipped.append(_SKIPPED.match(text)[1])
        elif level in _BAD and not _LOADER_VERDICT.match(text):
            line = f"{level} {logger}: {text}"
            if not any(pattern.search(line) for pattern in allowed):
                report.unexpected.append(line)
    return report


def tail(path: Path, lines: int = 40) -> str:
    """Return the last lines of a log."""
    return "\n".join(path.read_text("utf-8", "replace").splitlines()[-lines:])


def _entries(path: Path) -> list[dict[str, str]]:
    """Return the log's entries, the lines that follow each (a traceback, a query) in its text."""
    entries = []
    for line in path.read_text("utf-8", "replace").splitlines():
        found = _LINE.match(line)
        if found:
            entries.append(found.groupdict())
        elif entries:
            entries[-1]["text"] += f"\n{line}"
    return entries


def _allowed() -> list[re.Pattern]:
    """Return the patterns of entries that may be there; in the file each has its reason."""
    lines = (CONFIG / "log-allowed.txt").read_text(encoding="utf-8").splitlines()
    return [re.compile(line) for line in lines if line.strip() and not line.startswith("#")]
