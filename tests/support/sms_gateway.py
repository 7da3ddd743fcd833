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

import json
import time
from collections import Counter

from .programs import Handler, Program, State, post, serve, sign, signed_headers

__all__ = ["UNKNOWN_NUMBER", "SmsGateway", "post", "sign", "signed_headers"]

UNKNOWN_NUMBER = "13000000404"  # no other test's payload has it


class SmsGateway(Program):
    """The gateway as the tests see it: start it, tell it what to do, ask what it has seen.

    Settings: accounts, faults, slowness, patience, receipts. Answer: `posts`, `refused` (posts),
    `messages` {id: {account, to, text, posts}}, `sent` (ids in the order in which they went out to
    phones), `nonces` (how many).
    """

    module = "support.sms_gateway"

    def __init__(self, accounts: dict[str, str]):
        super().__init__(accounts=accounts)

    @property
    def url(self) -> str:
        return f"{self.root}/send"

    def seen(self) -> dict:
        """Return what it saw."""
        return self.control()

    def receipt(self, status: str, ids: list[str] | None = None, **values) -> int:
        """Post a receipt for each message (those given, or all) to its bureau; return how many."""
        answer = self.control(send_receipts={"status": status, "ids": ids, **values})
        assert set(answer["receipt_answers"]) <= {200}, answer["receipt_answers"]
        return len(answer["receipt_answers"])


# === The gateway's side === #


class _State(State):
    def __init__(self):
        super().__init__()
        self.slowness, self.patience, self.receipts = 0.3, 25, ""
        self.posts = self.refused = 0
        self.messages, self.sent = {}, []

    def control(self, settings):
        receipts = settings.pop("send_receipts", None)
        answers = self.send_receipts(**receipts) if receipts else []
        return {**super().control(settings), "receipt_answers": answers}

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
        return {
            "posts": self.posts,
            "refused": self.refused,
            "messages": self.messages,
            "sent": self.sent,
            "nonces": len(self.nonces),
            "times": dict(Counter(message["posts"] for message in self.messages.values())),
        }


class _Handler(Handler):
    state = _State()

    def take(self, body):
        state = self.state
        with state.lock:
            state.posts += 1
            fault = state.next_fault()
            genuine = state.knows(self.headers, body)
            state.refused += not genuine
        if not genuine:
            return self.answer(401, {})
        if fault == "error":
            return self.answer(500, {})
        if fault == "slow":
            time.sleep(state.slowness)
        results = state.take(self.headers["X-Shenpi-Account"], json.loads(body))
        if state.receipts == "early":
            ids = [result["id"] for result in results if result["status"] != "refused"]
            state.send_receipts("delivered", ids)
            state.send_receipts("delivered", ids)
        if fault == "hang":
            time.sleep(state.patience)
        return self.answer_with(fault, "results", results)


if __name__ == "__main__":
    serve(_Handler)
