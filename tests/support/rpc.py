"""Clients as an integrator writes them: XML-RPC with the standard library, JSON-2 over HTTP."""

import http.client
import json
import urllib.error
import urllib.request
import xmlrpc.client
from xml.parsers.expat import ExpatError

_TIMEOUT = 120  # s
_BROKEN = (OSError, http.client.HTTPException, xmlrpc.client.ProtocolError, ExpatError)


class Fault(Exception):
    """An error that the server answered.

    `name` is its class, `message` what the user reads, `status` the HTTP status (JSON-2 only).
    """

    def __init__(self, name: str, message: str, status: int = 200):
        super().__init__(f"{name}: {message}")
        self.name = name
        self.message = message
        self.status = status


class Unanswered(Exception):
    """The connection ended before the answer was whole: the server may have done it or not."""


class _Transport(xmlrpc.client.Transport):
    """Waits only so long, and sends a call once: whoever wants it repeated does that himself."""

    def request(self, *arguments, **keywords):
        return self.single_request(*arguments, **keywords)

    def make_connection(self, host):
        connection = super().make_connection(host)
        connection.timeout = _TIMEOUT
        return connection


class XmlRpc:
    """A user's session over XML-RPC.

    >>> clerk = XmlRpc("http://127.0.0.1:8069", "shenpi", "clerk", "clerk")
    >>> clerk("shenpi.application", "api_submit", {...})
    """

    def __init__(self, url: str, database: str, login: str, password: str):
        self._database, self._password = database, password
        self._url = url
        self.uid = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/common").authenticate(
            database, login, password, {}
        )
        if not self.uid:
            raise Fault("AccessDenied", f"{login} cannot log in")

    def __call__(self, model: str, method: str, *arguments, **keywords):
        """Call a method; one connection per call, so that threads may share a client."""
        proxy = xmlrpc.client.ServerProxy(f"{self._url}/xmlrpc/2/object", _Transport())
        try:
            return proxy.execute_kw(
                self._database, self.uid, self._password, model, method, list(arguments), keywords
            )
        except xmlrpc.client.Fault as fault:
            raise Fault(_XMLRPC_NAMES.get(fault.faultCode, "Error"), fault.faultString) from fault
        except _BROKEN as error:
            raise Unanswered(str(error)) from error


# The codes of odoo/addons/rpc: what is not listed comes with a traceback.
_XMLRPC_NAMES = {1: "RequestError", 2: "UserError", 3: "AccessDenied", 4: "AccessError"}


class Json2:
    """A user's calls to `/json/2/<model>/<method>` with an API key; arguments go by name."""

    def __init__(self, url: str, database: str, key: str):
        self._url, self._database, self._key = url, database, key

    def __call__(self, model: str, method: str, **arguments):
        """Call a method with named arguments (`ids=[...]` for a method on records)."""
        request = urllib.request.Request(
            f"{self._url}/json/2/{model}/{method}",
            data=json.dumps(arguments).encode(),
            headers={
                "Authorization": f"Bearer {self._key}",
                "Content-Type": "application/json",
                "X-Odoo-Database": self._database,
            },
            method="POST",
        )
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            told = json.load(error)
            name = told["name"].rsplit(".", 1)[-1]
            raise Fault(name, told["message"], error.code) from error
