"""A fake SMS gateway: a program of its own that takes signed JSON over loopback HTTP, with faults.

`python -m support.sms_gateway PORT` serves until it is killed. Bureaus post to `/send`. The tests
talk to it through `SmsGateway`, which starts it and posts what it is to do to `/control`.

It knows a message by its id: one that it has taken before is not sent to the phone again. What it
does with the next posts is told by `faults`, one word for each post; when they have been used up,
it does as it should:

===========  ===========================================================================
ok           takes all
slow         takes all, after `slowness` seconds
error        answers 500 and takes nothing
error_after  takes all and answers 500
drop         takes all and closes the connection without an answer
hang         takes all and answers after `patience` seconds, when nobody waits any more
part         takes all and answers for every other message only
garbage      takes all and answers with something that is no JSON
===========  ===========================================================================

`UNKNOWN_NUMBER` is refused. With `receipts` set to `early` it posts a receipt for each
message before it answers, twice.
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
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from bootstrap import odoo

from .server import wait_for

UNKNOWN_NUMBER = "13000000404"  # no other test's payload has it

_WINDOW = 300  # s
_TIMEOUT = 60  # s


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


def post(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    """Post, and return the HTTP status and the text of the answer."""
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


# === The tests' side === #


class SmsGateway:
    """The gateway as the tests see it: start it, tell it what to do, ask what it has seen."""

    def __init__(self, accounts: dict[str, str]):
        self.port = odoo.free_port()
        self._accounts = accounts
        self._process = None

    def __enter__(self):
        folder = Path(__file__).parent.parent
        path = [str(folder), str(folder.parent / "config")]
        command = [sys.executable, "-m", "support.sms_gateway", str(self.port)]
        self._process = subprocess.Popen(command, env=_environment(path))
        wait_for(self._answers, what="an answer of the gateway")
        self.control(accounts=self._accounts)
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()

    @property
    def url(self) -> str:
        return f"http://{odoo.HOST}:{self.port}/send"

    def control(self, **settings) -> dict:
        """Change settings (accounts, faults, slowness, patience, receipts); return what it saw.

        Answer: `posts`, `refused` (posts), `messages` {id: {account, to, text, posts}}, `sent`
        (ids in the order in which they went out to phones), `nonces` (how many).
        """
        body = json.dumps(settings).encode()
        return json.loads(post(f"http://{odoo.HOST}:{self.port}/control", body, {})[1])

    def seen(self) -> dict:
        """Return what it saw."""
        return self.control()

    def receipt(self, status: str, ids: list[str] | None = None, **values) -> int:
        """Post a receipt for each message (those given, or all) to its bureau; return how many."""
        answer = self.control(send_receipts={"status": status, "ids": ids, **values})
        assert set(answer["receipt_answers"]) <= {200}, answer["receipt_answers"]
        return len(answer["receipt_answers"])

    def _answers(self):
        try:
            return self.seen()
        except OSError:
            return None


def _environment(path):
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path)}


# === The gateway's side === #


class _State:
    def __init__(self):
        self.lock = threading.Lock()
        self.accounts, self.faults = {}, []
        self.slowness, self.patience, self.receipts = 0.3, 25, ""
        self.posts = self.refused = 0
        self.messages, self.sent, self.nonces = {}, [], set()

    def take(self, account, payload):
        """Take messages as a gateway does: each id goes to its phone once."""
        with self.lock:
            results = [self._take_one(account, m, payload) for m in payload["messages"]]
        return results

    def _take_one(self, account, message, payload):
        if message["to"].endswith(UNKNOWN_NUMBER):
            return {"id": message["id"], "status": "refused", "reason": f"{message['to']} unknown"}
        known = self.messages.get(message["id"])
        if known:
            known["posts"] += 1
            return {"id": message["id"], "status": "duplicate", "provider_id": known["number"]}
        number = f"G{len(self.sent) + 1}"
        self.messages[message["id"]] = {
            "account": account,
            "to": message["to"],
            "text": message["text"],
            "receipts_url": payload["receipts_url"],
            "number": number,
            "posts": 1,
        }
        self.sent.append(message["id"])
        return {"id": message["id"], "status": "accepted", "provider_id": number}

    def send_receipts(self, status, ids=None, **values):
        answers = []
        by_bureau = {}
        for key in self.sent if ids is None else ids:
            message = self.messages[key]
            by_bureau.setdefault((message["receipts_url"], message["account"]), []).append(key)
        for (url, account), keys in by_bureau.items():
            receipts = [{"id": key, "status": status, **values} for key in keys]
            body = json.dumps({"receipts": receipts}).encode()
            code, _text = post(url, body, signed_headers(self.accounts[account], body))
            answers += [code] * len(keys)
        return answers

    def describe(self):
        with self.lock:
            return {
                "posts": self.posts,
                "refused": self.refused,
                "messages": self.messages,
                "sent": self.sent,
                "nonces": len(self.nonces),
                "times": dict(Counter(message["posts"] for message in self.messages.values())),
            }


class _Handler(BaseHTTPRequestHandler):
    state = _State()

    def do_POST(self):  # the name is that of http.server
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/control":
            return self._control(json.loads(body))
        return self._send(body)

    def _control(self, settings):
        answers = []
        if "send_receipts" in settings:
            answers = self.state.send_receipts(**settings.pop("send_receipts"))
        with self.state.lock:
            for name, value in settings.items():
                setattr(self.state, name, value)
        self._answer(200, {**self.state.describe(), "receipt_answers": answers})

    def _send(self, body):
        account = self.headers["X-Shenpi-Account"]
        with self.state.lock:
            self.state.posts += 1
            fault = self.state.faults.pop(0) if self.state.faults else "ok"
            genuine = self._is_genuine(account, body)
            self.state.refused += not genuine
        if not genuine:
            return self._answer(401, {})
        if fault == "error":
            return self._answer(500, {})
        if fault == "slow":
            time.sleep(self.state.slowness)
        payload = json.loads(body)
        results = self.state.take(account, payload)
        if self.state.receipts == "early":
            ids = [result["id"] for result in results if result["status"] != "refused"]
            self.state.send_receipts("delivered", ids)
            self.state.send_receipts("delivered", ids)
        return self._answer_with(fault, results)

    def _answer_with(self, fault, results):
        if fault == "drop":
            self.close_connection = True
            return self.connection.close()
        if fault == "hang":
            time.sleep(self.state.patience)
        if fault == "garbage":
            return self._answer(200, "<html>")
        if fault == "error_after":
            return self._answer(500, {})
        return self._answer(200, {"results": results[::2] if fault == "part" else results})

    def _is_genuine(self, account, body):
        """Whether the post is signed by a bureau we know, now, and not seen before."""
        key = self.state.accounts.get(account)
        timestamp, nonce = self.headers["X-Shenpi-Timestamp"], self.headers["X-Shenpi-Nonce"]
        if not key or nonce in self.state.nonces:
            return False
        self.state.nonces.add(nonce)
        expected = sign(key, int(timestamp), nonce, body)
        return abs(time.time() - int(timestamp)) <= _WINDOW and hmac.compare_digest(
            expected, self.headers["X-Shenpi-Signature"]
        )

    def _answer(self, status, content):
        text = content if isinstance(content, str) else json.dumps(content)
        try:
            self.send_response(status)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())
        except (BrokenPipeError, ConnectionResetError):
            pass  # nobody waits any more

    def log_message(self, *_arguments):
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        """A connection that was dropped on purpose."""


if __name__ == "__main__":
    _Server((odoo.HOST, int(sys.argv[1])), _Handler).serve_forever()
