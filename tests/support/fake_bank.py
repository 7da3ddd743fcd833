"""A fake bank: a program of its own that takes payment instructions over HTTP, with faults.

`python -m support.fake_bank PORT` serves until it is killed. Bureaus post to `/query` and
`/instructions`. The tests talk to it through `FakeBank`, which starts it and posts what it is to do
to `/control`.

It keeps a book: what it was given, how often, and what it has paid. It has no idempotency of its
own: an instruction that is given twice is paid twice, and the book shows it. What it does with the
next calls is told by `faults`, one word for each call; when they have been used up, it does as it
should:

===========  ===========================================================================
ok           answers
down         answers 503 and takes nothing
error_after  takes all and answers 500
drop         takes all and closes the connection without an answer
part         takes all and answers for every other instruction only
garbage      takes all and answers with something that is no JSON
slow         answers after `slowness` seconds
===========  ===========================================================================

`REFUSED` accounts are rejected. `skew` seconds are added to the moments that it tells.
"""

import json
import time
from datetime import UTC, datetime, timedelta

from .programs import Handler, Program, State, is_genuine, post, serve, signed_headers

REFUSED = "404"


class FakeBank(Program):
    """The bank as the tests see it: start it, tell it what to do, read its book.

    Settings: key, faults, slowness, skew; `status` is what new instructions become; `move` {id:
    status} moves known ones on. Answer: `book` {id: {status, amount, payee_account, times, at}},
    `calls` (paths), `refused` (calls).
    """

    module = "support.fake_bank"

    def __init__(self, key: str):
        super().__init__(key=key)
        self.key = key

    @property
    def url(self) -> str:
        return self.root

    def book(self) -> dict:
        """Return what it was given, by id."""
        return self.control()["book"]

    def tell(self, url: str, results: list[dict], **changes) -> int:
        """Post results to a bureau; keywords spoil the signature; return the HTTP status."""
        body = json.dumps({"results": results}).encode()
        return post(url, body, signed_headers(self.key, body, **changes))[0]


# === The bank's side === #


class _State(State):
    def __init__(self):
        super().__init__()
        self.key, self.status = "", "accepted"
        self.slowness, self.skew, self.refused = 0.5, 0, 0
        self.book, self.calls = {}, []

    def control(self, settings):
        with self.lock:
            for key, status in settings.pop("move", {}).items():
                self.book[key].update(status=status, at=self.now())
            return super().control(settings)

    def describe(self):
        return {"book": self.book, "calls": self.calls, "refused": self.refused}

    def query(self, payload):
        return [self.tell(key) for key in payload["ids"]]

    def instructions(self, payload):
        for row in payload["instructions"]:
            entry = self.book.setdefault(row["id"], {**row, "times": 0, "at": self.now()})
            entry["times"] += 1
            entry["status"] = "rejected" if row["payee_account"] == REFUSED else self.status
        return [self.tell(row["id"]) for row in payload["instructions"]]

    def tell(self, key):
        entry = self.book.get(key)
        if not entry:
            return {"id": key, "status": "not_found"}
        return {"id": key, **{name: entry[name] for name in ("status", "amount", "at")}}

    def now(self):
        moment = datetime.now(UTC) + timedelta(seconds=self.skew)
        return moment.isoformat(timespec="seconds")


class _Handler(Handler):
    state = _State()

    def take(self, body):
        state = self.state
        with state.lock:
            state.calls.append(self.path)
            fault = state.next_fault()
            if not is_genuine(state.key, self.headers, body):
                state.refused += 1
                return self.answer(401, {})
            if fault == "down":
                return self.answer(503, {})
            rows = getattr(state, self.path.strip("/"))(json.loads(body))
        if fault == "slow":
            time.sleep(state.slowness)
        return self.answer_with(fault, "instructions", rows)


if __name__ == "__main__":
    serve(_Handler)
