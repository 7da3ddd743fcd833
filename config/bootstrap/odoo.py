"""Odoo as a program: its command lines, databases with our addons, and a server that is watched over."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from . import environment
from .console import Failure, Step, say, start, telling_line
from .paths import CONFIG, DATA, LOGS, OUR_ADDONS, VENV
from .postgres import Server

PYTHON = VENV / "bin" / "python"
HOST = "127.0.0.1"
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,50}")
_MAKING = "--making"


def command(*words, sub: str | None = None, conf: str = "odoo-dev.conf") -> list[str]:
    """Return a command line of Odoo; `sub` is a sub-command such as "shell"."""
    settings = ["-c", CONFIG / conf, f"--addons-path={environment.addons_path()}", f"--data-dir={DATA}"]
    return [str(word) for word in (PYTHON, VENV / "bin" / "odoo", *([sub] if sub else []), *settings, *words)]


def check_name(name: str) -> str:
    """Return a database name if it is fit for one; Failure otherwise."""
    if not _NAME.fullmatch(name):
        raise Failure(f"{name!r} is no database name: small letters, digits, - and _, a letter first")
    return name


def require_database(server: Server, name: str) -> None:
    """Failure if there is no such database."""
    if not server.has_database(check_name(name)):
        raise Failure(f"there is no database {name}: ./shenpi db create {name}")


def create_database(server: Server, name: str, *, demo: bool, lang: str | None, modules=OUR_ADDONS) -> None:
    """Make a database with our addons, under another name until it is whole."""
    if server.has_database(check_name(name)):
        raise Failure(f"there is a database {name} already: ./shenpi db drop {name} first")
    making = name + _MAKING
    drop_database(server, making)
    kind = "with demo data" if demo else "without demo data"
    words = ["-d", making, "-i", ",".join(modules), "--stop-after-init", "--no-http"]
    words += ["--with-demo"] if demo else []
    words += [f"--load-language={lang}"] if lang else []
    with Step(f"Database {name}, {kind}") as step:
        step.run(command(*words), env=server.env, log=f"create-{name}.log")
        run_script(server, making, CONFIG / "localize.py", step, LANG_CODE=lang or "en_US", DEMO="1" if demo else "")
    server.rename_database(making, name)
    store = DATA / "filestore"
    if (store / making).exists():
        shutil.rmtree(store / name, ignore_errors=True)
        (store / making).rename(store / name)


def update_database(server: Server, name: str, modules: list[str]) -> None:
    """Update modules of a database, its translations included."""
    words = ["-d", name, "-u", ",".join(modules), "--i18n-overwrite", "--stop-after-init", "--no-http"]
    with Step(f"Updating {', '.join(modules)} in {name}") as step:
        step.run(command(*words), env=server.env, log=f"update-{name}.log")


def drop_database(server: Server, name: str) -> None:
    """Drop a database with its files; fine if there is none."""
    server.drop_database(name)
    shutil.rmtree(DATA / "filestore" / name, ignore_errors=True)


def copy_database(server: Server, source: str, name: str) -> None:
    """Make database `name` as a copy of `source`, files included."""
    drop_database(server, name)
    server.copy_database(source, name)
    files = DATA / "filestore" / source
    if files.exists():
        shutil.copytree(files, DATA / "filestore" / name, copy_function=os.link)


def run_script(server: Server, name: str, script: Path, step: Step, **variables: str) -> None:
    """Run a script in Odoo's shell on a database; it finds `env` and reads the variables from os.environ."""
    with script.open("rb") as source:
        step.run(
            command("-d", name, "--no-http", "--log-level=warn", sub="shell"),
            env={**server.env, **variables},
            log=f"create-{name}.log",
            stdin=source,
        )


def check_port(port: int) -> None:
    """Failure if somebody listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError as error:
            raise Failure(f"port {port} needs root rights: choose one above 1024 with --port") from error
        except OSError as error:
            raise Failure(f"port {port} is taken by another program: stop it, or choose another with --port") from error


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def server_words(name: str, *, port: int, workers: int = 0) -> list:
    """Return the options that make Odoo serve one database on one port."""
    words = ["-d", name, "--http-port", port, "--db-filter", f"^{re.escape(name)}$", "--workers", workers]
    return [*words, "--gevent-port", free_port()] if workers else words


def serve(server: Server, name: str, *, port: int, workers: int = 0, ready=None, extra=()) -> int:
    """Serve a database until Ctrl-C or SIGTERM; return Odoo's exit code. `ready()` is called when it answers."""
    check_port(port)
    words = server_words(name, port=port, workers=workers)
    log = LOGS / f"serve-{name}.log"
    with log.open("ab") as sink:
        process = start(command(*words, *extra), env=server.env, stdout=sink, stderr=sink, start_new_session=True)
    try:
        return _watch(process, port, ready, log)
    finally:
        stop(process)


def _watch(process: subprocess.Popen, port: int, ready, log: Path) -> int:
    """Wait for the server to answer, then for its end; Ctrl-C ends the wait."""
    try:
        wait_until_ready(process, port, log)
        if ready:
            ready()
        return process.wait()
    except KeyboardInterrupt:
        say("\nStopping ...")
        return 0


def wait_until_ready(process: subprocess.Popen, port: int, log: Path, seconds: float = 120) -> None:
    """Return when the server answers; Failure with the log's telling line if it ends or takes too long."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            lines = log.read_text("utf-8", "replace").splitlines()[-50:]
            raise Failure(f"Odoo ended at once: {telling_line(lines)} (all of it: {log})")
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/web/health", timeout=5):
                return
        except (OSError, urllib.error.URLError):
            time.sleep(0.2)
    raise Failure(f"Odoo does not answer on port {port} after {seconds:.0f} s (see {log})")


def stop(process: subprocess.Popen) -> None:
    """End a server and everything it started."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            pass
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()
