"""What the parts of a test run give back, and how they are shown."""

import os
import subprocess
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from .console import Failure, say, start
from .paths import CONFIG, ROOT

_SHOWN_LINES = 300


@dataclass
class Result:
    """The outcome of one check or test run; `details` are shown when something failed."""

    name: str
    passed: int = 0
    failed: int = 0
    details: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def fail(self, detail: str, count: int = 1) -> None:
        """Count failures, with what to show for them."""
        self.failed += count
        self.details.append(detail)

    def show(self) -> None:
        """Print the outcome, with the details if it failed."""
        lines = [
            f"   {self.name}: {self.passed} passed, {self.failed} failed ({self.seconds:.0f} s)"
        ]
        if self.failed:
            lines += ["      " + line for detail in self.details for line in detail.splitlines()]
        say("\n".join(lines))


def timed(name: str, work: Callable[[Result], None]) -> Result:
    """Run a part and show its outcome; a part that tests nothing has failed."""
    say(f"-> {name} ...")
    result = Result(name)
    began = time.monotonic()
    try:
        work(result)
    except Failure as failure:
        result.fail(str(failure))
    result.seconds = time.monotonic() - began
    if not result.passed + result.failed:
        result.fail("nothing was tested")
    result.show()
    return result


def check(result: Result, command: list) -> None:
    """Run a program that exits with 0 if it finds nothing: one check, passed or failed."""
    env = {**os.environ, "PYTHONPATH": str(CONFIG), "NO_COLOR": "1", "COLUMNS": "160"}
    process = start(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output, _ = process.communicate()
    if process.returncode == 0:
        result.passed += 1
    else:
        text = output.decode("utf-8", "replace").replace(f"{ROOT}/", "")
        lines = [line for line in text.splitlines() if line.strip()]
        result.fail("\n".join(lines[:_SHOWN_LINES]) or f"exit code {process.returncode}")


def conclude(results: Iterable[Result]) -> int:
    """Print the sum as the last line; return the exit code."""
    results = list(results)
    passed = sum(result.passed for result in results)
    failed = sum(result.failed for result in results)
    bad = [result.name for result in results if result.failed]
    say(f"failed: {', '.join(bad)}" if bad else "all is well")
    say(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0
