"""Grievances over RPC: pushed twice, returned too late, worked to the end, hidden from those
complained of at every door."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from support.api import at_once, check_no_none
from support.rpc import Fault

GRIEVANCE = "shenpi.grievance"
NAME, PHONE, ADDRESS = "端小明", "13911112222", "青州市海棠路88号1单元"
# The market office: its head, a member of it, and one who sees it from above.
UNIT, ACCUSED = "SC", ("decider", "reviewer2")


def ago(**span) -> str:
    """A moment of the past, as integrators write it."""
    moment = datetime.now(UTC) - timedelta(**span)
    return moment.isoformat(timespec="seconds")


@pytest.fixture
def push(xmlrpc):
    """A function that pushes an order of the hotline; keywords replace keys of the payload."""
    run = uuid.uuid4().hex[:8]

    def submit(number=1, **changes):
        payload = {
            "client_ref": str(uuid.uuid4()),
            "source": "hotline_12345",
            "external_number": f"E2E-{run}-{number}",
            "kind": "failed",
            "title": f"端到端诉求{run}",
            "text": "材料齐全，窗口三次未受理。",
            "complainant": {"name": NAME, "phone": PHONE, "address": ADDRESS},
        } | changes
        answer = xmlrpc("integrator")(GRIEVANCE, "api_submit", payload)
        check_no_none(answer)
        return answer

    return submit


@pytest.fixture
def act(xmlrpc):
    """A function that calls one method of the contract."""

    def call(login, action, number, **values):
        answer = xmlrpc(login)(GRIEVANCE, f"api_{action}", number, values)
        check_no_none(answer)
        return answer

    return call


def test_an_order_pushed_twice_is_one_case(push, sql):
    first, second = push(), push()
    assert (first["duplicate"], second["duplicate"]) == (False, True)
    assert first["number"] == second["number"]
    ((count,),) = sql("SELECT count(*) FROM shenpi_grievance WHERE number = %s", first["number"])
    assert count == 1


def test_an_order_pushed_by_ten_at_once_is_one_case(push):
    push(2)  # log in, warm up
    answers = at_once(*[lambda: push(3)] * 10)
    assert [answer for answer in answers if isinstance(answer, Fault)] == []
    assert len({answer["number"] for answer in answers}) == 1
    assert sorted(answer["duplicate"] for answer in answers) == [False] + [True] * 9


def test_returned_too_late_is_refused(push, act, sql):
    number = push(at=ago(hours=30))["number"]
    act("integrator", "dispatch", number, lead=UNIT, at=ago(hours=29))
    before = sql("SELECT count(*) FROM shenpi_event")
    with pytest.raises(Fault, match="24"):
        act("integrator", "return", number, reason="不属于本处职责")
    assert sql("SELECT count(*) FROM shenpi_event") == before
    assert act("integrator", "return", number, reason="x", at=ago(hours=6))["returned"]
    act("integrator", "dispatch", number, lead=UNIT)
    with pytest.raises(Fault):
        act("integrator", "return", number, reason="仍不属于本处")


def test_the_whole_way(push, act):
    number = push()["number"]
    status = act("evaluator", "dispatch", number, lead=UNIT, tier_days=5)
    assert (status["state"], status["unit"]) == ("dispatched", UNIT)
    act("decider", "reply", number, text="已受理并当场办结。")
    with pytest.raises(Fault):
        act("decider", "reply", number, approve=True)
    act("evaluator", "reply", number, approve=True)
    again = act("evaluator2", "visit", number, process=5, result=2, resolved=False, note="没解决")
    assert (again["state"], again["reopened"]) == ("dispatched", 1)
    act("decider", "reply", number, text="已上门补办。")
    act("evaluator", "reply", number, approve=True)
    act("evaluator2", "visit", number, process=5, result=4, resolved=True)
    status = act("evaluator", "close", number, outcome="resolved")
    assert (status["state"], status["satisfied"]) == ("closed", True)
    for secret in (NAME, PHONE, ADDRESS):
        assert secret not in str(status)


def test_bad_input_keeps_nothing(push, unchanged):
    for changes in (
        {"kind": "praise"},
        {"source": "nowhere"},
        {"text": "字" * 4001},
        {"window": "NONE"},
        {"complainant": {"phone": "call me"}},
        {"at": "2099-01-01T00:00:00+08:00"},
        {"files": [{"filename": "a.html", "content": "PGh0bWw+"}]},
    ):
        with pytest.raises(Fault) as caught:
            push(9, **changes)
        assert caught.value.name == "UserError", changes


@pytest.mark.parametrize("login", ACCUSED)
def test_those_complained_of_find_no_door(push, xmlrpc, sql, login):
    number = push(accused={"department": UNIT})["number"]
    ((grievance_id,),) = sql("SELECT id FROM shenpi_grievance WHERE number = %s", number)
    client, domain = xmlrpc(login), [("id", "=", grievance_id)]
    spec = {"display_name": {}, "complainant_phone": {}}
    for method, arguments in (
        ("search", (domain,)),
        ("search_count", (domain,)),
        ("search_read", (domain, ["title"])),
        ("name_search", ("", domain)),
        ("search", ([("number", "=", number)],)),
        ("search", ([("complainant_phone", "=", PHONE), *domain],)),
    ):
        assert not client(GRIEVANCE, method, *arguments), method
    groups = client(GRIEVANCE, "formatted_read_group", domain, [], ["__count"])
    assert not any(group["__count"] for group in groups)
    for model, field in (
        ("shenpi.event", "grievance_id"),
        ("shenpi.grievance.dispatch", "grievance_id"),
        ("mail.message", "res_id"),
    ):
        rows = client(model, "search", [(field, "=", grievance_id)])
        if model != "mail.message":
            assert not rows, model
        else:
            told = client(model, "read", rows, ["model"])
            assert GRIEVANCE not in {row["model"] for row in told}
    for method, arguments in (
        ("read", ([grievance_id], ["title"])),
        ("web_read", ([grievance_id], spec)),
        ("export_data", ([grievance_id], ["title", "complainant_phone"])),
        ("message_post", ([grievance_id],)),
        ("action_print_reply", ([grievance_id],)),
        ("action_open_supervision", ([grievance_id],)),
        ("api_status", (number,)),
        ("api_reply", (number, {"text": "x"})),
    ):
        with pytest.raises(Fault) as caught:
            client(GRIEVANCE, method, *arguments)
        assert caught.value.name in ("AccessError", "UserError"), method
    for model in ("wizard", "dispatch.wizard", "visit.wizard", "merge.wizard"):
        with pytest.raises(Fault) as caught:
            client(
                f"shenpi.grievance.{model}",
                "create",
                {"grievance_id": grievance_id, "action": "answer"},
            )
        assert caught.value.name == "AccessError", model


def test_who_knows_the_complainant(push, act, xmlrpc, sql):
    number = push()["number"]
    act("evaluator", "dispatch", number, lead=UNIT)
    ((grievance_id,),) = sql("SELECT id FROM shenpi_grievance WHERE number = %s", number)
    fields = ["complainant_name", "complainant_phone", "complainant_address"]
    for login, clear in (
        ("evaluator", True),
        ("decider", True),
        ("supervisor", False),
        ("manager", False),
    ):
        told = str(xmlrpc(login)(GRIEVANCE, "read", [grievance_id], fields))
        assert (PHONE in told) == clear, login
        assert (NAME in told) == clear, login


@pytest.mark.parametrize("login", ["clerk", "reviewer", "manager", "evaluator"])
def test_nothing_is_written_past_the_flow(push, xmlrpc, sql, login):
    number = push()["number"]
    ((grievance_id,),) = sql("SELECT id FROM shenpi_grievance WHERE number = %s", number)
    client = xmlrpc(login)
    for values in (
        {"state": "closed"},
        {"title": "x"},
        {"answer": "x"},
        {"complainant_phone": "13900000000"},
        {"complainant_phone_raw": "13900000000"},
        {"due_date": "2099-01-01"},
        {"accused_user_id": 1},
    ):
        with pytest.raises(Fault) as caught:
            client(GRIEVANCE, "write", [grievance_id], values)
        assert caught.value.name in ("AccessError", "UserError"), values
    for method in ("unlink", "_do_close", "_take_in", "_transition"):
        with pytest.raises(Fault):
            client(GRIEVANCE, method, [grievance_id])
