"""The command line of `./shenpi`."""

import argparse
import os
import signal
import subprocess
import sys
import time

from . import environment, odoo, stamps, system, testing
from .console import Failure, say
from .paths import CACHE, CONFIG, LOCAL, OUR_ADDONS, RUN, TESTS, make_folders
from .postgres import Server, is_external

DEMO_DATABASE = "shenpi"
_INSTALL_GIGABYTES = 3.0


def main(argv: list[str] | None = None) -> int:
    """Run one command; return the exit code. Expected failures print one line, never a traceback."""
    arguments = _parser().parse_args(argv)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number == signal.SIGINT or signal.getsignal(number) != signal.SIG_IGN:  # as nohup leaves it
            signal.signal(number, _interrupt)
    try:
        return arguments.run(arguments) or 0
    except Failure as failure:
        print(f"shenpi: {failure}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"shenpi: {error.strerror}: {error.filename or ''}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("shenpi: stopped", file=sys.stderr)
        return 130


def _interrupt(*_):
    """Stop in good order, once: what cleans up then is not to be interrupted again."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def install() -> None:
    """Install what is missing; quick when nothing is."""
    make_folders()
    with stamps.locked(RUN / "install.lock"):
        system.install_packages(system.needed_packages(server=not is_external()))
        if not (LOCAL / "stamps" / "environment").exists():
            system.check_room(LOCAL, _INSTALL_GIGABYTES)
            system.check_room(CACHE, _INSTALL_GIGABYTES / 3)
        environment.ensure()


def _run(arguments) -> int:
    began = time.monotonic()
    odoo.check_port(arguments.port)
    install()
    with Server() as server:
        if not server.has_database(DEMO_DATABASE):
            odoo.create_database(server, DEMO_DATABASE, demo=True, lang="zh_CN")

        def ready():
            say(f"\nShenpi is at http://127.0.0.1:{arguments.port} after {time.monotonic() - began:.0f} s.")
            say("Log in as one of these, the password is the login:")
            say(_logins(server, DEMO_DATABASE))
            say("Ctrl-C stops everything.")

        return odoo.serve(server, DEMO_DATABASE, port=arguments.port, ready=ready)


def _logins(server: Server, name: str) -> str:
    """Return a table of who can log in, read from the database."""
    question = (
        "SELECT '  ' || rpad(u.login, 16) || p.name FROM res_users u JOIN res_partner p ON p.id = u.partner_id"
        " WHERE u.active AND u.password IS NOT NULL AND u.login NOT LIKE '\\_\\_%' ORDER BY u.id"
    )
    return server.ask(question, name)


def _serve(arguments) -> int:
    install()
    with Server() as server:
        odoo.require_database(server, arguments.db)
        url = f"http://127.0.0.1:{arguments.port}"
        return odoo.serve(
            server,
            arguments.db,
            port=arguments.port,
            workers=arguments.workers,
            ready=lambda: say(f"{arguments.db} is at {url} (Ctrl-C stops it)"),
        )


def _shell(arguments) -> int:
    install()
    with Server() as server:
        odoo.require_database(server, arguments.db)
        command = odoo.command("-d", arguments.db, "--no-http", "--log-level=warn", sub="shell")
        return _in_foreground(command, server)


def _exec(arguments) -> int:
    install()
    with Server() as server:
        path = f"{environment.VENV / 'bin'}{os.pathsep}{os.environ['PATH']}"
        server.env |= {"PATH": path, "PYTHONPATH": f"{CONFIG}{os.pathsep}{TESTS}"}
        return _in_foreground(arguments.command, server)


def _in_foreground(command: list[str], server: Server) -> int:
    """Run a program at the terminal; Ctrl-C is for it, not for us."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return subprocess.run(command, env=server.env, preexec_fn=_default_sigint, check=False).returncode
    except OSError as error:
        raise Failure(f"cannot start {command[0]}: {error.strerror}") from error


def _default_sigint():
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _db(arguments) -> int:
    install()
    with Server() as server:
        name = odoo.check_name(arguments.name)
        if arguments.action == "create":
            odoo.create_database(server, name, demo=arguments.demo, lang=arguments.lang, modules=arguments.modules.split(","))
        elif arguments.action == "update":
            odoo.require_database(server, name)
            odoo.update_database(server, name, arguments.modules.split(","))
        else:
            odoo.require_database(server, name)
            odoo.drop_database(server, name)
    return 0


def _test(arguments) -> int:
    install()
    with Server() as server:
        if arguments.db:
            if arguments.update:
                odoo.update_database(server, arguments.db, arguments.update.split(","))
            return testing.test_one(server, arguments.db, arguments.tags)
    raise Failure("not yet")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./shenpi", description="Shenpi on Odoo 19: install, run, test.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="install what is missing and serve the demo database")
    run.add_argument("--port", type=int, default=8069)
    run.set_defaults(run=_run)

    database = commands.add_parser("db", help="create, update or drop a database with our addons")
    actions = database.add_subparsers(dest="action", required=True, metavar="create|update|drop")
    create = actions.add_parser("create")
    create.add_argument("--demo", action="store_true", help="with the demo bureau")
    create.add_argument("--modules", default=",".join(OUR_ADDONS), help="comma-separated; ours by default")
    create.add_argument("--lang", help="load this language, for instance zh_CN")
    update = actions.add_parser("update")
    update.add_argument("--modules", default=",".join(OUR_ADDONS), help="comma-separated; ours by default")
    for action in (create, update, actions.add_parser("drop")):
        action.add_argument("name")
    database.set_defaults(run=_db)

    serve = commands.add_parser("serve", help="serve a database")
    serve.add_argument("--db", required=True)
    serve.add_argument("--port", type=int, default=8069)
    serve.add_argument("--workers", type=int, default=0, help="processes; 0 serves with threads")
    serve.set_defaults(run=_serve)

    shell = commands.add_parser("shell", help="Odoo's Python shell on a database")
    shell.add_argument("--db", required=True)
    shell.set_defaults(run=_shell)

    test = commands.add_parser("test", help="run the tests; ends with 'N passed, N failed'")
    test.add_argument("parts", nargs="*", metavar="PART", help="lint unit odoo e2e browser; all by default")
    test.add_argument("--db", help="odoo: on this database that is there already")
    test.add_argument("--update", metavar="MODULES", help="odoo: update these in --db first")
    test.add_argument("--tags", default=",".join(f"/{name}" for name in OUR_ADDONS), help="odoo: which tests")
    test.set_defaults(run=_test)

    execute = commands.add_parser("exec", help="run a program with our Python, and PostgreSQL at hand")
    execute.add_argument("command", nargs=argparse.REMAINDER)
    execute.set_defaults(run=_exec)
    return parser
