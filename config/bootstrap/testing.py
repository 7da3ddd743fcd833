"""`./shenpi test`: the parts, their databases, and the sum in the last line."""

import subprocess

from . import environment, odoo, odoolog
from .console import Failure, Step, say
from .paths import LOGS
from .postgres import Server


def run_odoo_tests(server: Server, database: str, tags: str) -> odoolog.LogReport:
    """Run the Odoo tests chosen by `tags` on an installed database, their output going to a log."""
    log = LOGS / f"test-{database}.log"
    log.unlink(missing_ok=True)
    words = ["-d", database, "--test-tags", tags, "--http-port", odoo.free_port(), "--logfile", log]
    words += ["--screenshots", LOGS / "screenshots"]
    with Step(f"Odoo tests {tags} in {database}"):
        done = subprocess.run(
            odoo.command(*words, conf="odoo-test.conf"), env=server.env, capture_output=True, check=False
        )
    if not log.exists():
        raise Failure(f"Odoo did not start: {done.stderr.decode('utf-8', 'replace')[-300:]}")
    return odoolog.read(log)


def test_one(server: Server, database: str, tags: str) -> int:
    """Run some Odoo tests on a database that is there already, and show what failed."""
    odoo.require_database(server, database)
    report = run_odoo_tests(server, database, tags)
    log = LOGS / f"test-{database}.log"
    show_failures(log)
    for line in report.unexpected:
        say(f"unexpected: {line}")
    failed = report.failed + len(report.unexpected) + (report.tests in (None, 0))
    say(f"{(report.tests or 0) - report.failed} passed, {failed} failed")
    return 1 if failed else 0


def show_failures(log) -> None:
    """Print the tracebacks of failed tests from an Odoo log."""
    showing = False
    for line in log.read_text("utf-8", "replace").splitlines():
        dated = line[:4].isdigit() and line[4:5] == "-"
        if dated:
            showing = " ERROR " in line or " CRITICAL " in line
        if showing:
            say(line.split(": ", 1)[-1] if dated else line)
