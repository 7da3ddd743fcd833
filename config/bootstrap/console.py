"""What the user sees: steps with their time, one clear line for a failure, the rest in a log."""

import subprocess
import sys
import threading
import time
import weakref
from pathlib import Path

from .paths import LOGS

_WIDTH = 110
_MARKS = ("error", "e: ", "fatal", "failed", "no space", "not found", "denied")
_VAGUE = ("some index files failed", "sub-process", "no matching distribution")
_running = weakref.WeakSet()
_stopping = threading.Event()
_calm = threading.Event()


class Failure(Exception):
    """Something that may be expected to go wrong; its text is the one line the user reads."""


def say(text: str = "") -> None:
    """Print at once, also when the output is a pipe; in one piece, as several threads do."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def keep_calm() -> None:
    """Show no ticking clocks from now on, because several steps run side by side."""
    _calm.set()


class Step:
    """A long step: its title at the start, its time at the end, a clock in between on a terminal.

    >>> with Step("Unpacking Odoo") as step:
    ...     step.run(["dpkg-deb", "-x", package, folder])
    """

    def __init__(self, title: str):
        self.title = title
        self._note = ""
        self._started = time.monotonic()
        self._over = threading.Event()
        self._live = sys.stdout.isatty() and not _calm.is_set()
        self._ticker = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self):
        if self._live:
            self._ticker.start()
        else:
            say(f"-> {self.title} ...")
        return self

    def __exit__(self, kind, *_):
        self._over.set()
        if self._live:
            self._ticker.join()
            print("\r\033[K", end="")
        seconds = time.monotonic() - self._started
        if kind is None:
            say(f"   {self.title}: {seconds:.0f} s")

    def _tick(self):
        while not self._over.wait(0.5):
            seconds = time.monotonic() - self._started
            line = f"-> {self.title} ... {seconds:.0f} s  {self._note}"
            print(f"\r\033[K{line[:_WIDTH]}", end="", flush=True)

    def run(self, command: list, *, log: str = "install.log", **options) -> None:
        """Run `command`, its output going to a log; Failure with the telling line if it fails."""
        path = LOGS / log
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as sink:
            sink.write(f"\n$ {' '.join(map(str, command))}\n")
            process = start(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
            try:
                lines = self._copy_output(process.stdout, sink)
            except BaseException:
                process.terminate()
                process.wait()
                raise
        if process.wait() != 0:
            raise Failure(f"{self.title} failed: {telling_line(lines)} (all of it: {path})")

    def _copy_output(self, source, sink) -> list[str]:
        """Copy a program's output to the log as it comes; return its last lines."""
        lines = []
        for raw in source:
            line = raw.decode("utf-8", "replace")
            sink.write(line)
            self._note = line.strip()
            lines = [*lines[-199:], self._note]
        return lines


def start(command: list, **options) -> subprocess.Popen:
    """Start a program, with no terminal to ask at; Failure if that is not possible."""
    if _stopping.is_set():
        raise Failure("stopped")
    options.setdefault("stdin", subprocess.DEVNULL)
    try:
        process = subprocess.Popen([str(part) for part in command], **options)
    except OSError as error:
        raise Failure(f"cannot start {Path(str(command[0])).name}: {error.strerror}") from error
    _running.add(process)
    return process


def stop_all() -> None:
    """End every program that is running, and start no more: other threads wait for them."""
    _stopping.set()
    for process in list(_running):
        if process.poll() is None:
            process.terminate()


def output_of(command: list, **options) -> str:
    """Return what a short command prints; Failure with its telling line if it fails."""
    process = start(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
    output, errors = process.communicate()
    if process.returncode != 0:
        lines = (errors or output).decode("utf-8", "replace").splitlines()
        raise Failure(f"{Path(str(command[0])).name} failed: {telling_line(lines)}")
    return output.decode("utf-8", "replace")


def telling_line(lines: list[str]) -> str:
    """Pick the line that says why: the last that looks like an error, else the last one."""
    lines = [line.strip() for line in lines if line.strip()]
    errors = [line for line in lines if any(mark in line.lower() for mark in _MARKS)]
    clear = [line for line in errors if not any(vague in line.lower() for vague in _VAGUE)]
    return (clear or errors or lines or ["no output"])[-1][:300]
