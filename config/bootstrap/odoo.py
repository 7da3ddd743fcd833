"""Odoo as a program: its command lines, databases with our addons, a server that is watched."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path

from . import environment
from .console import Failure, Step, say, start, telling_line
from .paths import CHECKOUT_ID, CONFIG, DATA, LOGS, OUR_ADDONS, VENV
from .postgres import Server

HOST = "127.0.0.1"
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,50}")
_SCRATCH = f"test-{CHECKOUT_ID}-"
_MAKING = "--making"


def command(*words, sub: str | None = None, conf: str = "odoo-dev.conf") -> list[str]:
    """Return a command line of Odoo; `sub` is a sub-command such as "shell"."""
    program = [VENV / "bin" / "python", VENV / "bin" / "odoo", *([sub] if sub else [])]
    addons = f"--addons-path={environment.addons_path()}"
    return [str(word) for word in (*program, *settings(conf, addons), *words)]


def settings(conf: str, *more: str) -> list[str]:
    """Return the options that every Odoo process of this checkout has."""
    return ["-c", str(CONFIG / conf), f"--data-dir={DATA}", *more]


# === Databases ===


def check_name(name: str) -> str:
    """Return a database name if it is fit for one; Failure otherwise."""
    if not _NAME.fullmatch(name):
        raise Failure(
            f"{name!r} is no database name: small letters, digits, - and _, a letter first"
        )
    return name


def require_database(server: Server, name: str) -> None:
    """Failure if there is no such database."""
    if not server.has_database(check_name(name)):
        raise Failure(f"there is no database {name}: ./shenpi db create {name}")


def create_database(
    server: Server,
    name: str,
    *,
    demo: bool,
    lang: str | None,
    modules: Sequence[str] = OUR_ADDONS,
) -> Path:
    """Make a database with our addons, under another name until it is whole; return Odoo's log."""
    if server.has_database(check_name(name)):
        raise Failure(f"there is a database {name} already: ./shenpi db drop {name} first")
    making = name + _MAKING
    drop_database(server, making)
    log = LOGS / f"create-{name}.log"
    log.unlink(missing_ok=True)
    words = ["-d", making, "-i", ",".join(modules), "--stop-after-init", "--no-http"]
    words += ["--with-demo"] if demo else []
    words += [f"--load-language={lang}"] if lang else []
    with Step(f"Database {name}, {'with' if demo else 'without'} demo data") as step:
        try:
            step.run(command(*words), env=server.env, log=log.name)
            variables = {"LANG_CODE": lang or "en_US", "DEMO": "1" if demo else ""}
            run_script(server, making, "localize.py", step, log=log.name, **variables)
        except BaseException:
            drop_database(server, making)
            raise
        server.rename_database(making, name)
        _rename_files(making, name)
    return log


def update_database(server: Server, name: str, modules: Sequence[str]) -> Path:
    """Update modules of a database, its translations included; return Odoo's log."""
    log = LOGS / f"update-{name}.log"
    log.unlink(missing_ok=True)
    words = ["-d", name, "-u", ",".join(modules), "--stop-after-init", "--no-http"]
    with Step(f"Updating {', '.join(modules)} in {name}") as step:
        step.run(command(*words, "--i18n-overwrite"), env=server.env, log=log.name)
    return log


def drop_database(server: Server, name: str) -> None:
    """Drop a database with its files; fine if there is none."""
    server.drop_database(name)
    shutil.rmtree(DATA / "filestore" / name, ignore_errors=True)


def copy_database(server: Server, source: str, name: str) -> None:
    """Make database `name` as a copy of `source`; files never change, so they are linked."""
    drop_database(server, name)
    server.copy_database(source, name)
    files = DATA / "filestore" / source
    if files.exists():
        shutil.copytree(files, DATA / "filestore" / name, copy_function=os.link)


def run_script(
    server: Server, name: str, script: str, step: Step, *, log: str, **variables: str
) -> None:
    """Run a script of `config/` in Odoo's shell; it reads the variables from os.environ."""
    words = ["-d", name, "--no-http", "--log-level=warn"]
    with (CONFIG / script).open("rb") as source:
        env = {**server.env, **variables}
        step.run(command(*words, sub="shell"), env=env, log=log, stdin=source)


def scratch_name(kind: str) -> str:
    """Return the name of a database that lives as long as this process."""
    return f"{_SCRATCH}{os.getpid()}-{kind}"


def drop_abandoned_scratch(server: Server) -> None:
    """Drop the scratch databases of processes of this checkout that are no more."""
    names = server.ask(
        "SELECT datname FROM pg_database WHERE starts_with(datname, :'prefix')", prefix=_SCRATCH
    )
    for name in names.splitlines():
        process = int(name.removeprefix(_SCRATCH).split("-")[0])
        if not Path(f"/proc/{process}").exists():
            drop_database(server, name)


def hurry(server: Server, name: str) -> None:
    """Let a scratch database answer a commit before it is on the disk."""
    server.ask('ALTER DATABASE :"name" SET synchronous_commit = off', name=name)


def _rename_files(old: str, new: str) -> None:
    store = DATA / "filestore"
    if (store / old).exists():
        shutil.rmtree(store / new, ignore_errors=True)
        (store / old).rename(store / new)


# === Serving ===


def check_port(port: int) -> None:
    """Failure if the port cannot be listened on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError as error:
            raise Failure(f"port {port} is for root: choose one above 1024 with --port") from error
        except OverflowError as error:
            raise Failure(f"{port} is no port") from error
        except OSError as error:
            raise Failure(
                f"port {port} is taken by another program: stop it, or choose another with --port"
            ) from error


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def server_words(name: str, *, port: int, workers: int = 0) -> list:
    """Return the options that make Odoo serve one database on one port.

    Without a filter of databases: with one, Odoo lists them for every visitor that has no session
    yet, over a connection of its own.
    """
    words = ["-d", name, "--http-port", port, "--workers", workers]
    return [*words, "--gevent-port", free_port()] if workers else words


def serve(
    server: Server, name: str, *, port: int, workers: int = 0, ready: Callable[[], None]
) -> int:
    """Serve a database until Ctrl-C; `ready()` is called when it answers. Returns the exit code."""
    check_port(port)
    log = LOGS / f"serve-{name}.log"
    with log.open("ab") as sink:
        words = server_words(name, port=port, workers=workers)
        output = {"stdout": sink, "stderr": sink}
        process = start(command(*words), env=server.env, start_new_session=True, **output)
    try:
        wait_until_ready(process, port, log)
        ready()
        code = process.wait()
        say(f"Odoo ended with code {code}, see {log}")
        return code or 1
    except KeyboardInterrupt:
        say("\nStopping ...")
        return 0
    finally:
        stop(process)


def wait_until_ready(process: subprocess.Popen, port: int, log: Path, seconds: float = 120) -> None:
    """Return when the server answers; Failure with its log's telling line if it does not."""
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
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(15)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
