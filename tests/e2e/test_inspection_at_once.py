"""Two people at one inspection, or one push, at the same moment, on two worker processes."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from support.api import at_once
from support.rpc import Fault

INSPECTION = "shenpi.inspection"
LINE = "shenpi.inspection.line"
APPLICATION = "shenpi.application"


@pytest.fixture
def case(api, payload, xmlrpc):
    """Number and id of an accepted case whose item asks for no inspection."""
    number = api.submit("clerk", payload())["number"]
    api.act("clerk", "accept", number)
    (case_id,) = xmlrpc("reviewer")(APPLICATION, "search", [("number", "=", number)])
    return number, case_id


@pytest.fixture
def inspection(case, xmlrpc):
    """Id of an inspection by two that is under way, and its one line."""
    _number, case_id = case
    reviewer, inspector = xmlrpc("reviewer"), xmlrpc("inspector")
    _confirm(reviewer, "order", {"application_id": case_id, "mode": "on_site"})
    (inspection_id,) = reviewer(INSPECTION, "search", [("application_id", "=", case_id)])
    start = datetime.now(tz=ZoneInfo("UTC")) + timedelta(hours=1)
    logins = [("login", "in", ("inspector", "inspector2"))]
    people = xmlrpc("manager")("res.users", "search", logins)
    appointment = {
        "inspection_id": inspection_id,
        "date_start": f"{start:%Y-%m-%d %H:%M:%S}",
        "date_stop": f"{start + timedelta(hours=1):%Y-%m-%d %H:%M:%S}",
        "place": "青云市海州路1号",
        "inspector_ids": [(6, 0, people)],
    }
    _confirm(inspector, "schedule", appointment)
    inspector(INSPECTION, "action_start", [inspection_id])
    line_id = inspector(LINE, "create", {"inspection_id": inspection_id, "name": "现场"})
    inspector(LINE, "action_pass", [line_id])
    return inspection_id, line_id


def _confirm(client, kind, vals):
    """Fill in a wizard and confirm it."""
    model = f"shenpi.inspection.{kind}.wizard"
    return client(model, "action_confirm", [client(model, "create", vals)])


@pytest.mark.parametrize("_turn", range(3))
def test_one_passes_it_while_the_other_finds_a_fault(inspection, prefork, xmlrpc, _turn):
    """Never both: passed with a fault on its list."""
    inspection_id, line_id = inspection
    first, second = prefork.xmlrpc("inspector"), prefork.xmlrpc("inspector2")
    answers = at_once(
        lambda: _confirm(first, "result", {"inspection_id": inspection_id, "result": "pass"}),
        lambda: second(LINE, "action_fail", [line_id]),
    )
    assert sum(isinstance(answer, Fault) for answer in answers) == 1
    reader = xmlrpc("manager")
    (found,) = reader(INSPECTION, "read", [inspection_id], ["state", "failed_count"])
    assert (found["state"], found["failed_count"]) in (("passed", 0), ("underway", 1))


def test_two_order_one(case, prefork, xmlrpc):
    _number, case_id = case
    clients = [prefork.xmlrpc(login) for login in ("reviewer", "decider")]
    answers = at_once(
        *(
            lambda client=client: _confirm(
                client, "order", {"application_id": case_id, "mode": "video"}
            )
            for client in clients
        )
    )
    assert sum(isinstance(answer, Fault) for answer in answers) == 1
    found = xmlrpc("reviewer")(INSPECTION, "search", [("application_id", "=", case_id)])
    assert len(found) == 1


def test_a_push_is_signed_for_once(api, case, prefork, xmlrpc):
    number, case_id = case
    api.review_all(number)
    api.act("decider", "decide", number, outcome="grant")
    reader = xmlrpc("manager")
    domain = [("application_id", "=", case_id)]
    (push,) = reader("shenpi.push", "search_read", domain, ["regulator_id", "state"])
    department = push["regulator_id"][0]
    logins = [("login", "in", ("regulator", "regulator2"))]
    people = reader("res.users", "search", logins)
    add = [(4, person) for person in people]
    reader("shenpi.department", "write", [department], {"user_ids": add})
    clients = [prefork.xmlrpc(login) for login in ("regulator", "regulator2")]
    answers = at_once(
        *(
            lambda client=client: client("shenpi.push", "action_sign", [push["id"]])
            for client in clients
        )
    )
    assert sum(isinstance(answer, Fault) for answer in answers) == 1
    events = reader("shenpi.event", "search_count", [("push_id", "=", push["id"])])
    assert events == 2, "pushed, and signed for once"
