"""Many at the same moment: numbers, two deciders, a worker that is killed in the middle."""

import os
import re
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from support.api import at_once
from support.rpc import Fault, Unanswered
from support.server import wait_for

NUMBER = re.compile(r"[0-9A-Z]{31}20\d{6}\d{4}")


@pytest.mark.parametrize("server_kind", ["api", "prefork_api"])
def test_numbers_are_unique_and_in_order(request, payload, items, sql, server_kind):
    """Six threads file six cases each for one item."""
    calls = request.getfixturevalue(server_kind)
    item = items(place=3)

    def file_six():
        return [calls.submit("integrator", payload(item))["number"] for _ in range(6)]

    series = at_once(*[file_six] * 6)
    numbers = [number for numbers in series for number in numbers]
    assert len(set(numbers)) == 36
    assert all(NUMBER.fullmatch(number) and len(number) == 43 for number in numbers)
    assert all(numbers == sorted(numbers) for numbers in series), "a later call, a later serial"
    assert {number[:31] for number in numbers} == {item.code}
    rows = sql("SELECT number FROM shenpi_application WHERE number = ANY(%s)", numbers)
    assert len(rows) == 36


@pytest.mark.parametrize("turn", range(4))
def test_two_decide_at_once(api, prefork_api, payload, turn):
    """Two persons, two processes: one decision stands, the other one hears what the state is."""
    number = api.submit("clerk", payload())["number"]
    api.act("clerk", "accept", number)
    api.review_all(number)
    answers = at_once(
        lambda: prefork_api.act("decider", "decide", number, outcome="grant"),
        lambda: prefork_api.act("manager", "decide", number, outcome="deny", reason="不符合"),
    )
    (fault,) = [answer for answer in answers if isinstance(answer, Fault)]
    (won,) = [answer for answer in answers if not isinstance(answer, Fault)]
    assert fault.name == "UserError"
    assert "端到端" in fault.message, "the message names the case"
    assert len([e for e in won["events"] if e["action"] in ("grant", "deny")]) == 1
    assert api.status("supervisor", number)["events"] == won["events"]


def test_two_reviewers_at_once(api, prefork_api, payload):
    """The same step is passed once."""
    number = api.submit("clerk", payload())["number"]
    api.act("clerk", "accept", number)
    answers = at_once(*[lambda: prefork_api.act("reviewer", "review", number, decision="pass")] * 4)
    assert sum(isinstance(answer, Fault) for answer in answers) == 3
    reviews = [e for e in api.status("clerk", number)["events"] if e["action"] == "review"]
    assert len(reviews) == 1


def test_a_worker_killed_in_the_middle(prefork, prefork_api, payload, sql):
    """Whatever was answered is there once, whatever was not can be sent again, nothing is half."""
    filings = [payload() for _ in range(40)]
    answers = {}

    def send(filing):
        try:
            answers[filing["client_ref"]] = prefork_api.submit("integrator", filing)
        except Unanswered:
            return filing
        return None

    with ThreadPoolExecutor(max_workers=4) as pool:
        sent = [pool.submit(send, filing) for filing in filings]
        for place in (8, 18, 28):  # all four threads are waiting for an answer then
            sent[place].result()
            wait_for(lambda: len(_http_workers(prefork)) == 2, what="a new worker")
            os.kill(_http_workers(prefork)[0], signal.SIGKILL)
        unanswered = [filing for future in sent if (filing := future.result())]
    assert unanswered, "no call was under way when a worker was killed"

    for filing in unanswered:
        answers[filing["client_ref"]] = prefork_api.submit("integrator", filing)
    numbers = {answer["number"] for answer in answers.values()}
    assert len(numbers) == len(answers) == len(filings)
    _check_whole(sql, [filing["applicant"]["name"] for filing in filings], numbers)


def _check_whole(sql, names, numbers):
    """Every case is there once, with its event, its clock entry and its materials."""
    rows = sql(
        """SELECT number, state,
                  (SELECT count(*) FROM shenpi_event WHERE application_id = a.id),
                  (SELECT count(*) FROM shenpi_application_clock WHERE application_id = a.id),
                  (SELECT count(*) FROM shenpi_application_material WHERE application_id = a.id) > 0
             FROM shenpi_application a WHERE applicant_name = ANY(%s)""",
        names,
    )
    assert {row[1:] for row in rows} == {("received", 1, 1, True)}
    assert sorted(row[0] for row in rows) == sorted(numbers)


def _http_workers(server) -> list[int]:
    """Pids of the processes of a server that answer requests now, the oldest first."""
    told = re.findall(r"WorkerHTTP \((\d+)\) alive", server.log.read_text("utf-8", "replace"))
    return [int(pid) for pid in told if _is_alive(pid)]


def _is_alive(pid: str) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
