"""The contract with integrators as its callers use it, over either protocol."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

from .rpc import Fault, XmlRpc

APPLICATION = "shenpi.application"


@dataclass(frozen=True)
class Item:
    """An item of the catalogue, with the codes of its materials."""

    id: int
    code: str
    name: str
    department: str
    statutory: int
    promised: int
    materials: tuple[str, ...]
    required: tuple[str, ...]


class Api:
    """Calls of `shenpi.application`; `client(login)` gives a user's client.

    Every answer is checked to carry no None, which XML-RPC does not know.
    """

    def __init__(self, client: Callable):
        self._client = client

    def call(self, login: str, method: str, **named):
        """Call by the contract: arguments by name over JSON-2, in their order over XML-RPC."""
        client = self._client(login)
        if isinstance(client, XmlRpc):
            answer = client(APPLICATION, method, *named.values())
        else:
            answer = client(APPLICATION, method, **named)
        check_no_none(answer)
        return answer

    def submit(self, login: str, payload: dict) -> dict:
        """File an application."""
        return self.call(login, "api_submit", payload=payload)

    def status(self, login: str, number: str) -> dict:
        """Ask where a case stands."""
        return self.call(login, "api_status", number=number)

    def act(self, login: str, action: str, number: str, **values) -> dict:
        """Apply an action to a case; return its status."""
        return self.call(login, f"api_{action}", number=number, values=values)

    def review_all(self, number: str, login: str = "reviewer", **values) -> dict:
        """Pass all reviews that are left."""
        status = self.status(login, number)
        while status["state"] != "deciding":
            status = self.act(login, "review", number, decision="pass", **values)
        return status


def check_no_none(answer, path: str = "answer") -> None:
    """AssertionError if there is a None anywhere in an answer."""
    assert answer is not None, path
    if isinstance(answer, dict):
        for key, value in answer.items():
            check_no_none(value, f"{path}.{key}")
    elif isinstance(answer, list):
        for place, value in enumerate(answer):
            check_no_none(value, f"{path}[{place}]")


def at_once(*works: Callable) -> list:
    """Start all works at the same moment, each in a thread; return what each answered or raised."""
    barrier = Barrier(len(works))

    def run(work):
        barrier.wait(timeout=60)
        try:
            return work()
        except Fault as fault:
            return fault

    with ThreadPoolExecutor(max_workers=len(works)) as pool:
        return list(pool.map(run, works))
