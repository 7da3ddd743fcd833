"""The command line of `./shenpi`."""

import argparse
import os
import signal
import subprocess
import sys
import textwrap
import time

from . import console, environment, linting, odoo, results, stamps, system, testing, translating
from .console import Failure, say
from .paths import CACHE, CONFIG, LOCAL, OUR_ADDONS, RUN, TESTS, VENV, make_folders
from .postgres import Server, is_external

DEMO_DATABASE = "shenpi"
_INSTALL_GIGABYTES = 3.0
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(argv: list[str] | None = None) -> int:
    """Run one command; return the exit code. What may go wrong prints a line, not a traceback."""
    arguments = _parser().parse_args(argv)
    for number in _SIGNALS:
        if number == signal.SIGINT or signal.getsignal(number) != signal.SIG_IGN:  # as nohup does
            signal.signal(number, _interrupt)
    try:
        return arguments.run(arguments) or 0
    except Failure as failure:
        problem = str(failure)
    except OSError as error:
        problem = f"{error.strerror}: {error.filename or ''}"
    except KeyboardInterrupt:
        print("shenpi: stopped", file=sys.stderr)
        return 130
    print(f"shenpi: {problem}", file=sys.stderr)
    return 1


def _interrupt(*_):
    """Stop in good order, once: what cleans up then is not to be interrupted again."""
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def install() -> None:
    """Install what is missing; quick when nothing is."""
    make_folders()
    with stamps.locked(RUN / "install.lock"):
        system.install_packages(system.needed_packages(server=not is_external()))
        if not environment.is_whole():
            system.check_room(LOCAL, _INSTALL_GIGABYTES)
            system.check_room(CACHE, _INSTALL_GIGABYTES / 3)
            environment.make()


# === The commands ===


def _run(arguments) -> int:
    began = time.monotonic()
    odoo.check_port(arguments.port)
    install()
    with Server() as server:
        if not server.has_database(DEMO_DATABASE):
            odoo.create_database(server, DEMO_DATABASE, demo=True, lang="zh_CN")

        def ready():
            seconds = time.monotonic() - began
            say(f"\nShenpi is at http://{odoo.HOST}:{arguments.port} after {seconds:.0f} s.")
            say("Log in as one of these; the password is the login:\n")
            say(textwrap.indent(_logins(server), "  "))
            say("\nCtrl-C stops everything.")

        return odoo.serve(server, DEMO_DATABASE, port=arguments.port, ready=ready)


def _logins(server: Server) -> str:
    """Return a table of who can log in to the demo database, and as what."""
    return server.ask(
        """
        SELECT rpad(users.login, 16) || partner.name
          FROM res_users users JOIN res_partner partner ON partner.id = users.partner_id
         WHERE users.active AND users.password IS NOT NULL AND NOT users.share AND users.id > 1
         ORDER BY users.id
        """,
        DEMO_DATABASE,
    )


def _serve(arguments) -> int:
    install()
    with Server() as server:
        odoo.require_database(server, arguments.db)
        address = f"http://{odoo.HOST}:{arguments.port}"
        return odoo.serve(
            server,
            arguments.db,
            port=arguments.port,
            workers=arguments.workers,
            ready=lambda: say(f"{arguments.db} is at {address} (Ctrl-C stops it)"),
        )


def _database(arguments) -> int:
    install()
    with Server() as server:
        name = odoo.check_name(arguments.name)
        if arguments.action == "create":
            modules = arguments.modules.split(",")
            odoo.create_database(
                server, name, demo=arguments.demo, lang=arguments.lang, modules=modules
            )
            return 0
        odoo.require_database(server, name)
        if arguments.action == "update":
            odoo.update_database(server, name, arguments.modules.split(","))
        else:
            odoo.drop_database(server, name)
    return 0


def _shell(arguments) -> int:
    install()
    with Server() as server:
        odoo.require_database(server, arguments.db)
        words = ["-d", arguments.db, "--no-http", "--log-level=warn"]
        return _in_foreground(odoo.command(*words, sub="shell"), server)


def _exec(arguments) -> int:
    install()
    if not arguments.program:
        raise Failure("exec needs a program to run")
    with Server() as server:
        server.env["PATH"] = f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}"
        server.env |= testing.PYTEST_ENV
        server.env["PYTHONPATH"] = f"{CONFIG}{os.pathsep}{TESTS}"
        return _in_foreground(arguments.program, server)


def _in_foreground(command: list[str], server: Server) -> int:
    """Run a program at the terminal; Ctrl-C is for it, not for us."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def let_interrupt():
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    try:
        done = subprocess.run(command, env=server.env, preexec_fn=let_interrupt, check=False)
    except OSError as error:
        raise Failure(f"cannot start {command[0]}: {error.strerror}") from error
    return done.returncode


def _test(arguments) -> int:
    parts = arguments.parts or testing.PARTS
    unknown = set(parts) - set(testing.PARTS)
    if unknown:
        raise Failure(f"there is no test part {', '.join(unknown)}: {', '.join(testing.PARTS)}")
    if (arguments.tags or arguments.update) and not arguments.db:
        raise Failure("--tags and --update choose what is tested on the database that --db names")
    install()
    with Server() as server:
        if arguments.db:
            if arguments.update:
                odoo.update_database(server, arguments.db, arguments.update.split(","))
            tags = arguments.tags or testing.OUR_TAGS
            return results.conclude([testing.test_database(server, arguments.db, tags)])
        console.keep_calm()
        return results.conclude(testing.TestRun(server, parts).run())


def _bench(arguments) -> int:
    install()
    with Server() as server:
        return testing.bench(server, arguments.names, quick=arguments.quick)


def _lint(_arguments) -> int:
    install()
    return results.conclude(results.timed(*linter) for linter in linting.linters())


def _format(_arguments) -> int:
    install()
    return 1 if linting.reformat().failed else 0


def _translate(_arguments) -> int:
    install()
    with Server() as server:
        translating.update_sources(server)
    return 0


# === Their arguments ===


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./shenpi", description="Shenpi on Odoo 19: install, run, test."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run, help_text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=help_text, description=help_text)
        added.set_defaults(run=run)
        return added

    run = command("run", _run, "install what is missing and serve the demo database")
    run.add_argument("--port", type=int, default=8069)
    _add_test_arguments(command("test", _test, "run the tests; ends with 'N passed, N failed'"))
    _add_database_arguments(command("db", _database, "create, update or drop a database"))

    serve = command("serve", _serve, "serve a database")
    serve.add_argument("--db", required=True)
    serve.add_argument("--port", type=int, default=8069)
    serve.add_argument("--workers", type=int, default=0, help="processes; 0: threads in one")

    shell = command("shell", _shell, "Odoo's Python shell on a database")
    shell.add_argument("--db", required=True)

    execute = command("exec", _exec, "run a program with our Python, and PostgreSQL at hand")
    execute.add_argument("program", nargs=argparse.REMAINDER)

    bench = command("bench", _bench, "measure, side by side with stock Odoo and raw SQL")
    bench.add_argument("names", nargs="*", metavar="NAME", help="all by default")
    bench.add_argument("--quick", action="store_true", help="a tenth of the records")

    command("lint", _lint, "check the sources; needs no database")
    command("format", _format, "reformat the Python sources")
    command("i18n", _translate, "bring the .pot and zh_CN.po files up to date")
    return parser


def _add_database_arguments(database: argparse.ArgumentParser) -> None:
    actions = database.add_subparsers(dest="action", required=True, metavar="create|update|drop")
    create = actions.add_parser("create")
    create.add_argument("--demo", action="store_true", help="with the demo bureau")
    create.add_argument("--lang", help="load this language, for instance zh_CN")
    update = actions.add_parser("update")
    for action in (create, update):
        action.add_argument(
            "--modules", default=",".join(OUR_ADDONS), help="comma-separated; ours by default"
        )
    for action in (create, update, actions.add_parser("drop")):
        action.add_argument("name")


def _add_test_arguments(test: argparse.ArgumentParser) -> None:
    test.add_argument(
        "parts", nargs="*", metavar="PART", help=f"{', '.join(testing.PARTS)}; all by default"
    )
    test.add_argument("--db", help="only Odoo's tests, on this database that is there already")
    test.add_argument("--update", metavar="MODULES", help="update these in --db first")
    test.add_argument(
        "--tags", help="which of Odoo's tests in --db; those of our addons by default"
    )
