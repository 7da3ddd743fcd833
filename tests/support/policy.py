"""What stands in for nginx: it adds the policy of `config/nginx.conf` to what Odoo answers."""

import contextlib
import re
import socket
import socketserver
import threading
from pathlib import Path
from urllib.parse import urlsplit

CONF = Path(__file__).parents[2] / "config/nginx.conf"
_MAP = re.compile(r"map \$upstream_http_content_security_policy \$\w+ \{(.*?)\n\}", re.DOTALL)
_POLICY = re.compile(r"""^\s*''\s+"([^"]+)";""", re.MULTILINE)
_SIZE = 65_536


def read_policy(host: str) -> str:
    """Return the policy for answers that bring none of their own, as nginx writes it for `host`."""
    (block,) = _MAP.findall(CONF.read_text(encoding="utf-8"))
    (policy,) = _POLICY.findall(block)
    return policy.replace("$host", host)


@contextlib.contextmanager
def behind_nginx(url: str):
    """Serve what stands at `url` with the policy, until the block ends; gives the address."""
    upstream, policy = urlsplit(url), read_policy("127.0.0.1")

    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            with (
                contextlib.suppress(OSError),
                socket.create_connection((upstream.hostname, upstream.port)) as server,
            ):
                head, body = _read_head(self.request)
                server.sendall(_one_answer(head) + body)
                threading.Thread(target=_pump, args=(self.request, server), daemon=True).start()
                head, body = _read_head(server)
                self.request.sendall(_with_policy(head, policy) + body)
                _pump(server, self.request)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as proxy:
        proxy.daemon_threads = True
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{proxy.server_address[1]}"
        proxy.shutdown()


def _read_head(source: socket.socket) -> tuple[bytes, bytes]:
    """Return the lines up to the empty one, and what came with them."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = source.recv(_SIZE)
        if not part:
            raise ConnectionError("closed before its headers ended")
        data += part
    head, body = data.split(b"\r\n\r\n", 1)
    return head + b"\r\n\r\n", body


def _one_answer(head: bytes) -> bytes:
    """Ask for one answer a connection; a web socket keeps its own."""
    return re.sub(rb"(?i)\r\nconnection: keep-alive\r\n", b"\r\nConnection: close\r\n", head)


def _with_policy(head: bytes, policy: str) -> bytes:
    if b"content-security-policy:" in head.lower():
        return head
    return head[:-2] + f"Content-Security-Policy: {policy}\r\n\r\n".encode()


def _pump(source: socket.socket, target: socket.socket) -> None:
    """Pass on what comes until it ends."""
    with contextlib.suppress(OSError):
        while part := source.recv(_SIZE):
            target.sendall(part)
        target.shutdown(socket.SHUT_WR)
