"""Programs that stand for the world outside: HTTP servers of their own, told what to do by a test.

A program is a module of this folder that ends in ``serve(_Handler)``. The bureau posts to it as to
the real thing; the test starts it with a subclass of `Program`, tells it by `/control` what to do
and asks what it has seen. Posts are signed as the bureau's own are; the signature is computed
here without the project's code.
"""

import hmac
import json
import os
import secrets
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from bootstrap import odoo

from .server import wait_for

_WINDOW = 300  # s
_TIMEOUT = 60  # s


# === Signed posts === #


def sign(key: str, timestamp: int, nonce: str, body: bytes) -> str:
    """Return the signature, computed without our own code."""
    told = b"%d\n%b\n" % (timestamp, nonce.encode()) + body
    return hmac.digest(key.encode(), told, "sha256").hex()


def signed_headers(key: str, body: bytes, **changes) -> dict[str, str]:
    """Return the headers of a signed post; keywords replace timestamp, nonce or signature."""
    timestamp = changes.get("timestamp", int(time.time()))
    nonce = changes.get("nonce", secrets.token_urlsafe(16))
    signature = changes.get("signature") or sign(key, timestamp, nonce, body)
    return {
        "Content-Type": "application/json",
        "X-Shenpi-Timestamp": str(timestamp),
        "X-Shenpi-Nonce": nonce,
        "X-Shenpi-Signature": signature,
    }


def is_genuine(key: str, headers, body: bytes) -> bool:
    """Return whether a post was signed with this key, now."""
    timestamp, nonce = headers["X-Shenpi-Timestamp"], headers["X-Shenpi-Nonce"]
    expected = sign(key, int(timestamp), nonce, body)
    return abs(time.time() - int(timestamp)) <= _WINDOW and hmac.compare_digest(
        expected, headers["X-Shenpi-Signature"]
    )


def post(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    """Post, and return the HTTP status and the text of the answer."""
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


# === The tests' side === #


class Program:
    """A program as the tests see it: a context in which it runs, and what it is told.

    A subclass names its `module`; keywords are the settings it begins with.
    """

    module = ""

    def __init__(self, **settings):
        self.port = odoo.free_port()
        self._settings = settings
        self._process = None

    def __enter__(self):
        folder = Path(__file__).parent.parent
        path = os.pathsep.join([str(folder), str(folder.parent / "config")])
        command = [sys.executable, "-m", self.module, str(self.port)]
        self._process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": path})
        wait_for(self._answers, what=f"an answer of {self.module}")
        self.control(**self._settings)
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()

    @property
    def root(self) -> str:
        """The address of the program, without a path."""
        return f"http://{odoo.HOST}:{self.port}"

    def control(self, **settings) -> dict:
        """Change settings; return what the program tells of itself."""
        body = json.dumps(settings).encode()
        return json.loads(post(f"{self.root}/control", body, {})[1])

    def _answers(self):
        try:
            return self.control()
        except OSError:
            return None


# === The program's side === #


class State:
    """What a program has been told and has seen; `accounts`: keys of those who may post to it."""

    def __init__(self):
        self.lock = threading.RLock()
        self.accounts, self.nonces, self.faults = {}, set(), []

    def control(self, settings: dict) -> dict:
        """Take settings; answer what has been seen. A program that is told more extends it."""
        with self.lock:
            for name, value in settings.items():
                setattr(self, name, value)
            return self.describe()

    def describe(self) -> dict:
        """What the program tells of itself."""
        raise NotImplementedError

    def next_fault(self) -> str:
        """The word for the next call; "ok" when they have been used up."""
        return self.faults.pop(0) if self.faults else "ok"

    def knows(self, headers, body: bytes) -> bool:
        """Whether a bureau we know has signed this, now, and not before."""
        key = self.accounts.get(headers["X-Shenpi-Account"])
        nonce = headers["X-Shenpi-Nonce"]
        if not key or nonce in self.nonces:
            return False
        self.nonces.add(nonce)
        return is_genuine(key, headers, body)


class Handler(BaseHTTPRequestHandler):
    """Answers posts: those to `/control` by the state, all others by `take`."""

    state: State

    def do_POST(self):  # the name is that of http.server
        """Read a post and answer it."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/control":
            self.answer(200, self.state.control(json.loads(body)))
        else:
            self.take(body)

    def take(self, body: bytes) -> None:
        """Answer a post of a bureau."""
        raise NotImplementedError

    def answer(self, status: int, content: dict | str) -> None:
        """Answer with JSON, or with a text as it is."""
        text = content if isinstance(content, str) else json.dumps(content)
        try:
            self.send_response(status)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())
        except (BrokenPipeError, ConnectionResetError):
            pass  # nobody waits any more

    def answer_with(self, fault: str, name: str, rows: list[dict]) -> None:
        """Answer `{name: rows}` after what was asked has been done, spoilt by a fault: drop,
        garbage, error_after, part."""
        if fault == "drop":
            self.close_connection = True
            self.connection.close()
        elif fault == "garbage":
            self.answer(200, "<html>")
        elif fault == "error_after":
            self.answer(500, {})
        else:
            self.answer(200, {name: rows[::2] if fault == "part" else rows})

    def log_message(self, *_arguments):
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        """A connection that was dropped on purpose."""


def serve(handler: type[Handler]) -> None:
    """Serve on the port that the command line names, until killed."""
    _Server((odoo.HOST, int(sys.argv[1])), handler).serve_forever()
