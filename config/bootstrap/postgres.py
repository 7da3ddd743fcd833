"""The database server: the one that `PG*` variables name, else a private cluster in `.local/pg`.

The private cluster listens on a unix socket in a folder nobody else may enter, and on nothing
else. PostgreSQL refuses to run as root, so root runs it as Debian's user `postgres`. The last
command that uses it stops it.
"""

import fcntl
import os
import pwd
import shlex
import shutil
import stat
import subprocess
import tempfile
import time
from pathlib import Path

from .console import Failure, Step, say, telling_line
from .paths import CHECKOUT_ID, CLUSTER, RUN
from .system import memory_bytes

ROLE = "shenpi"
# Odoo refuses a role named postgres; this one may make databases, and is no superuser.
_MAKE_ROLE = """
    SELECT format('CREATE ROLE %I LOGIN CREATEDB', :'role')
     WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \\gexec
"""
# FORCE may not be used: a role without the right to signal others fails when autovacuum is at work
# in the database; a plain DROP sends autovacuum away by itself, and waits for those who leave.
_DROP = """
    SELECT format('ALTER DATABASE %I ALLOW_CONNECTIONS false', datname)
      FROM pg_database WHERE datname = :'name' \\gexec
    SELECT pg_terminate_backend(pid)
      FROM pg_stat_activity
     WHERE datname = :'name' AND usename = current_user AND pid <> pg_backend_pid();
    DROP DATABASE IF EXISTS :"name";
"""
_OWNER = "postgres"
_PORT = "5432"  # only part of the socket's name
_SOCKET_PATH_LIMIT = 107
_MAX_LOG = 20_000_000


def is_external() -> bool:
    """Tell whether the usual variables name a server of the user's."""
    return any(os.environ.get(name) for name in ("PGHOST", "PGHOSTADDR", "PGPORT", "PGSERVICE"))


class Server:
    """A context in which PostgreSQL answers; `env` holds the variables that lead clients to it.

    Commands that run at the same time share one private cluster: each holds a shared lock while it
    needs it, and the one that finds itself alone at the end stops the cluster. A killed command
    gives its lock back by itself.
    """

    def __init__(self):
        self.env = dict(os.environ)
        self._users = None

    def __enter__(self):
        if is_external():
            self.env.setdefault("PGUSER", pwd.getpwuid(os.geteuid()).pw_name)
            self._check_external()
            return self
        self.env |= {"PGHOST": str(_socket_folder()), "PGPORT": _PORT, "PGUSER": ROLE}
        with (RUN / "pg.turn").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            self._users = (RUN / "pg.users").open("w")
            fcntl.flock(self._users, fcntl.LOCK_SH)
            _ensure_cluster()
            if not _is_running():
                _start()
                self.ask(_MAKE_ROLE, user="postgres", role=ROLE)
        return self

    def __exit__(self, *_):
        if self._users is None:
            return
        with (RUN / "pg.turn").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            try:
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass  # another command still uses the cluster
            else:
                _stop()
            self._users.close()

    def _check_external(self):
        """Failure if the server does not answer, or lets us make no database."""
        question = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
        if self.ask(question, "postgres") != "t":
            raise Failure(
                f"PostgreSQL's role {self.env['PGUSER']} may create no databases: grant it CREATEDB"
            )

    def ask(
        self, sql: str, database: str = "postgres", *, user: str | None = None, **values: str
    ) -> str:
        """Return what a query gives, as psql prints it; `values` stand in it as `:'name'`."""
        settings = [f"--set={name}={value}" for name, value in values.items()]
        command = ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", *settings, "-d", database]
        command += ["-U", user] if user else []
        done = subprocess.run(
            command, input=sql.encode(), capture_output=True, env=self.env, cwd="/", check=False
        )
        if done.returncode != 0:
            lines = done.stderr.decode("utf-8", "replace").splitlines()
            raise Failure(f"PostgreSQL: {telling_line(lines)}")
        return done.stdout.decode().strip()

    def has_database(self, name: str) -> bool:
        """Tell whether a database of that name exists."""
        return self.ask("SELECT 1 FROM pg_database WHERE datname = :'name'", name=name) == "1"

    def drop_database(self, name: str) -> None:
        """Drop a database, whoever of ours is connected to it."""
        self.ask(_DROP, name=name)

    def rename_database(self, old: str, new: str) -> None:
        """Rename a database."""
        self.ask('ALTER DATABASE :"old" RENAME TO :"new"', old=old, new=new)

    def copy_database(self, source: str, name: str) -> None:
        """Make a database as a copy of another one that nobody is connected to."""
        self.ask('CREATE DATABASE :"name" TEMPLATE :"source"', source=source, name=name)


def _binary(name: str) -> Path:
    """Return a server program: of the version that made the cluster, else the newest there is."""
    made_by = CLUSTER / "PG_VERSION"
    version = made_by.read_text().strip() if made_by.exists() else "*"
    found = sorted(Path("/usr/lib/postgresql").glob(f"{version}/bin/{name}"), key=_version_of)
    if not found:
        raise Failure(
            f"PostgreSQL {version if version != '*' else ''} is not installed ({name} is missing)"
        )
    return found[-1]


def _version_of(path: Path) -> int:
    number = path.parent.parent.name
    return int(number) if number.isdigit() else 0


def _as_owner() -> list[str]:
    """Return the words that make a command run as the cluster's owner.

    A checkout below a folder that is closed to others (`/root`) stays reachable through one
    capability; files are still made as, and checked to belong to, the owner.
    """
    if os.geteuid() != 0:
        return []
    user = ["setpriv", f"--reuid={_OWNER}", f"--regid={_OWNER}", "--clear-groups"]
    reachable = _run([*user, "test", "-x", CLUSTER.parent]) == 0
    passing = [] if reachable else ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    return [*user, *passing]


def _socket_folder() -> Path:
    """Return a folder for the socket whose path is short enough."""
    folder = RUN / "pg"
    if len(str(folder / f".s.PGSQL.{_PORT}.lock")) > _SOCKET_PATH_LIMIT:
        folder = Path(tempfile.gettempdir()) / f"shenpi-{os.geteuid()}-{CHECKOUT_ID}"
    return folder


def _make_socket_folder() -> Path:
    """Make the socket's folder, which nobody else may enter; Failure if it is somebody else's."""
    folder = _socket_folder()
    owner = pwd.getpwnam(_OWNER).pw_uid if os.geteuid() == 0 else os.geteuid()
    if not os.path.lexists(folder):
        folder.mkdir(mode=0o700)
        os.chown(folder, owner, -1)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
        raise Failure(f"{folder} is not what PostgreSQL's socket may lie in: remove it")
    return folder


def _ensure_cluster() -> None:
    """Make the cluster if there is none; what is left of a broken one is put aside, not deleted."""
    if (CLUSTER / "PG_VERSION").exists() and (CLUSTER / "global" / "pg_control").exists():
        return
    if CLUSTER.exists():
        aside = CLUSTER.with_name(time.strftime("pg.broken-%Y%m%d-%H%M%S"))
        CLUSTER.replace(aside)
        say(f"   .local/pg is no whole cluster: put aside as .local/{aside.name}")
    half = CLUSTER.with_name("pg.half")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(half, _OWNER, _OWNER)
    with Step("PostgreSQL cluster in .local/pg") as step:
        initdb = [_binary("initdb"), "-D", half, "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8"]
        step.run(
            [
                *_as_owner(),
                *initdb,
                "--auth-local=trust",
                "--auth-host=reject",
                "--no-instructions",
            ],
            cwd="/",
        )
    half.replace(CLUSTER)


def _is_running() -> bool:
    return _pg_ctl("status") == 0


def _start() -> None:
    folder = _make_socket_folder()
    log = CLUSTER / "server.log"
    if log.exists() and log.stat().st_size > _MAX_LOG:
        log.unlink()
    options = {"listen_addresses": "", "unix_socket_directories": folder, "port": _PORT}
    options |= _settings()
    words = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in options.items())
    if _pg_ctl("-l", log, "-o", words, "start") != 0:
        lines = log.read_text("utf-8", "replace").splitlines() if log.exists() else []
        raise Failure(f"PostgreSQL does not start: {telling_line(lines)} (all of it: {log})")


def _stop() -> None:
    _pg_ctl("-m", "fast", "stop")


def _pg_ctl(*words) -> int:
    """Run pg_ctl on the cluster; return its exit code."""
    return _run([*_as_owner(), _binary("pg_ctl"), "-D", CLUSTER, "-w", "-t", "120", *words])


def _run(command: list) -> int:
    """Run a program out of reach of the terminal's Ctrl-C, and even when we are stopping."""
    done = subprocess.run(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
        check=False,
    )
    return done.returncode


def _settings() -> dict[str, str]:
    """Return settings for this machine's memory, which Odoo's processes share."""
    megabytes = memory_bytes() // 2**20
    settings = {
        "shared_buffers": f"{min(max(megabytes // 8, 128), 8192)}MB",
        "effective_cache_size": f"{max(megabytes // 2, 256)}MB",
        "maintenance_work_mem": f"{min(max(megabytes // 32, 64), 1024)}MB",
        "work_mem": f"{min(max(megabytes // 512, 8), 64)}MB",
        "max_connections": "200",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",
        "effective_io_concurrency": "200",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    if shutil.disk_usage("/dev/shm").total < 2**30:
        settings["dynamic_shared_memory_type"] = "mmap"  # a container's small /dev/shm
    return settings
