"""Checks of our own on the sources; each prints `file:line: what`, and exits with 1 if it does."""

import sys
from collections.abc import Iterable


def report(findings: Iterable[tuple]) -> int:
    """Print findings `(path, line, text)`; return the exit code."""
    lines = [f"{path}:{line}: {text}" for path, line, text in findings]
    print(*lines, sep="\n", end="\n" if lines else "")
    return 1 if lines else 0


def main(check) -> None:
    """Run a check that yields findings, as a program."""
    sys.exit(report(check()))
