"""The client against a bank that loses answers: what is given is given once."""

from hypothesis import given
from hypothesis import strategies as st
from shenpi_tender.tools.bank_gateway import Answer, deliver, query

FAULTS = st.lists(st.sampled_from(["", "down", "lost", "part", "garbage"]), max_size=12)
IDS = st.lists(st.sampled_from(["a", "b", "c", "d"]), min_size=1, unique=True)


class Bank:
    """Keeps a book; a fault is what happens to the next call."""

    def __init__(self, faults):
        self.faults, self.book, self.given = list(faults), {}, []

    def post(self, path, payload):
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "down":
            return None, "unreachable"
        rows = getattr(self, path)(payload)
        if fault == "lost":
            return None, "timeout"
        if fault == "garbage":
            return {"instructions": "none"}, ""
        return {"instructions": rows[::2] if fault == "part" else rows}, ""

    def query(self, payload):
        return [{"id": i, "status": self.book.get(i, "not_found")} for i in payload["ids"]]

    def instructions(self, payload):
        for row in payload["instructions"]:
            self.given.append(row["id"])
            self.book[row["id"]] = "accepted"
        return [{"id": row["id"], "status": "accepted"} for row in payload["instructions"]]


@given(IDS, FAULTS)
def test_given_once_and_known_in_the_end(ids, faults):
    bank = Bank(faults)
    wanted = [{"id": i, "amount": "1.00"} for i in ids]
    while bank.faults:
        for key, answer in deliver(bank.post, wanted)[0].items():
            # "timeout" is said of what may have arrived, nothing of what surely has not.
            assert key in bank.book or answer.status in ("timeout",)
    answers, reason = deliver(bank.post, wanted)
    assert {key: answer.status for key, answer in answers.items()} == dict.fromkeys(ids, "accepted")
    assert reason == ""
    assert sorted(bank.given) == sorted(ids)


def test_a_bank_that_does_not_answer_the_question_is_given_nothing():
    bank = Bank(["down"])
    assert deliver(bank.post, [{"id": "a"}]) == ({}, "unreachable")
    assert bank.given == []


def test_words_that_are_not_understood_are_no_answer():
    rows = [
        {"id": "a", "status": "paid"},
        {"id": 1, "status": "settled"},
        "b",
        {"id": "c", "status": "rejected", "reason": None, "at": "2026-06-10T09:00:00+08:00"},
    ]
    answers, _reason = query(lambda _path, _payload: ({"instructions": rows}, ""), ["a"])
    assert answers == {"c": Answer("rejected", at="2026-06-10T09:00:00+08:00")}
