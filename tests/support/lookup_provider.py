"""A register that answers whether proofs exist: a program of its own, over loopback HTTP.

`python -m support.lookup_provider PORT` serves until it is killed. Bureaus post signed questions to
`/ask`. The tests talk to it through `LookupProvider`, which starts it and posts what it knows to
`/control`: `accounts` {account: key}, `proofs` {name of a material: {id number: evidence}},
`status` (an HTTP status that it answers with instead; 0: as it should), `slowness` (seconds it
thinks about a question that it has heard).
"""

import json
import time

from .programs import Handler, Program, State, serve


class LookupProvider(Program):
    """The register as the tests see it. Settings: accounts, proofs, status, slowness; answer: the
    `questions` it was asked."""

    module = "support.lookup_provider"

    def __init__(self, accounts: dict[str, str]):
        super().__init__(accounts=accounts)

    @property
    def url(self) -> str:
        return f"{self.root}/ask"


# === The register's side === #


class _State(State):
    def __init__(self):
        super().__init__()
        self.proofs, self.questions, self.status, self.slowness = {}, [], 0, 0

    def describe(self):
        return {"questions": list(self.questions)}

    def tell(self, question):
        with self.lock:
            self.questions.append(question)
            number = question["subject"]["id_number"]
            evidence = self.proofs.get(question["material"], {}).get(number)
            slowness = self.slowness
        time.sleep(slowness)
        if not evidence:
            return {"id": question["id"], "status": "not_found"}
        return {"id": question["id"], "status": "found", "evidence": evidence}


class _Handler(Handler):
    state = _State()

    def take(self, body):
        if not self.state.knows(self.headers, body):
            return self.answer(401, {})
        if self.state.status:
            return self.answer(self.state.status, {})
        return self.answer(200, self.state.tell(json.loads(body)))


if __name__ == "__main__":
    serve(_Handler)
