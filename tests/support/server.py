"""A running Odoo server on a free port, and Odoo's shell on a database."""

import contextlib
import json
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from bootstrap import odoo, odoolog
from bootstrap.paths import LOGS

from .rpc import Json2, XmlRpc

_MARK = "shenpi-result:"


@dataclass(frozen=True)
class RunningServer:
    """A server under test."""

    database: str
    port: int
    log: Path
    process: subprocess.Popen

    @property
    def url(self) -> str:
        return f"http://{odoo.HOST}:{self.port}"

    def xmlrpc(self, login: str, password: str | None = None) -> XmlRpc:
        """Return an XML-RPC client that is logged in; the password is the login unless given."""
        return XmlRpc(self.url, self.database, login, password or login)

    def json2(self, login: str) -> Json2:
        """Return a JSON-2 client with an API key of that user."""
        return Json2(self.url, self.database, api_keys(self.database, [login])[login])

    def kill(self) -> None:
        """End all its processes at once (-9), as a power cut does."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def unexpected_log_lines(self) -> list[str]:
        """Return the warnings and errors of its log that `config/log-allowed.txt` does not name."""
        return odoolog.read(self.log).unexpected


@contextlib.contextmanager
def running(database: str, *, workers: int = 0, extra: tuple[str, ...] = ()):
    """Serve `database` until the block ends; a failure to start shows the log's telling line."""
    port = odoo.free_port()
    log = LOGS / f"server-{database}-{port}.log"
    log.unlink(missing_ok=True)
    words = odoo.server_words(database, port=port, workers=workers)
    command = odoo.command(*words, *extra, conf="odoo-test.conf")
    with log.open("ab") as sink:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink, start_new_session=True
        )
    try:
        odoo.wait_until_ready(process, port, log)
        yield RunningServer(database, port, log, process)
    finally:
        odoo.stop(process)


def in_shell(database: str, body: str):
    """Run Python in Odoo's shell on `database`, with `env` at hand; return its `result`.

    The transaction is committed; `result` must be something JSON can carry.
    """
    script = f"import json\nresult = None\n{body}\nenv.cr.commit()\n"
    script += f"print({_MARK!r} + json.dumps(result))\n"
    command = odoo.command("-d", database, "--no-http", "--log-level=error", sub="shell")
    done = subprocess.run(
        command, input=script.encode(), capture_output=True, check=False, env=os.environ
    )
    for line in done.stdout.decode().splitlines():
        if line.startswith(_MARK):
            return json.loads(line[len(_MARK) :])
    raise AssertionError(f"Odoo's shell failed:\n{done.stderr.decode()[-3000:]}")


def api_keys(database: str, logins: list[str]) -> dict[str, str]:
    """Return a fresh API key for each login, as a user makes one under Preferences, Security."""
    return in_shell(
        database,
        f"""
from datetime import datetime, timedelta
result = {{}}
until = datetime.now() + timedelta(days=1)
for login in {logins!r}:
    user = env["res.users"].search([("login", "=", login)])
    keys = env["res.users.apikeys"].with_user(user).sudo()
    result[login] = keys._generate("rpc", "test", until)
""",
    )


def wait_for(condition, seconds: float = 20, what: str = "the condition"):
    """Return the first truthy answer of `condition()`; AssertionError if there is none in time."""
    until = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > until:
            raise AssertionError(f"{what} did not come true within {seconds} s")
        time.sleep(0.1)
