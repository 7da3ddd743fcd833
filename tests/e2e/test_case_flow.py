"""Applications from the window to the licence, over both protocols, each step by its own login."""

import pytest
from support.rpc import Fault


@pytest.fixture
def file_case(api, payload):
    """A function that files a complete case and brings it to a state; returns its number."""

    def bring_to(state, **changes):
        number = api.submit("clerk", payload(**changes))["number"]
        if state != "received":
            api.act("clerk", "accept", number)
        if state in ("deciding", "granted", "denied"):
            api.review_all(number)
        if state == "granted":
            api.act("decider", "decide", number, outcome="grant")
        if state == "denied":
            api.act("decider", "decide", number, outcome="deny", reason="不符合条件")
        return number

    return bring_to


def test_from_the_window_to_the_licence(any_api, payload, items):
    item = items(steps=3)
    first, *others = item.required
    filed = any_api.submit("clerk", payload(item, materials=[{"code": code} for code in others]))
    number = filed["number"]
    assert filed["state"] == "received"
    assert filed["missing"] == [first]
    assert filed["duplicate"] is False
    assert filed["correction_due_date"]
    assert "statutory_due_date" not in filed

    with pytest.raises(Fault, match=first):
        any_api.act("clerk", "accept", number)
    told = any_api.act("clerk", "request_correction", number, items=[{"text": "申请表未盖章"}])
    assert told["state"] == "correcting"
    assert told["light"] == "none"
    assert first in told["events"][-1]["opinion"] or "2." in told["events"][-1]["opinion"]

    supplied = any_api.act(
        "clerk2", "supplement", number, materials=[{"code": first, "digital_ref": "电子证照 1"}]
    )
    assert (supplied["state"], supplied["missing"]) == ("received", [])

    accepted = any_api.act("clerk", "accept", number)
    assert accepted["state"] == "accepted"
    assert accepted["statutory_due_date"] > accepted["promised_due_date"]
    assert (accepted["days_used"], accepted["days_left"]) == (0, item.promised)

    reviewed = any_api.act("reviewer", "review", number, decision="pass", opinion="材料齐全")
    assert reviewed["state"] == "reviewing"
    reviewed = any_api.act("reviewer", "review", number, decision="pass")
    assert reviewed["state"] == "deciding"

    granted = any_api.act("decider", "decide", number, outcome="grant")
    assert granted["state"] == "granted"
    assert granted["licence"]["number"].startswith(item.code[19:])
    assert granted["delivery_due_date"]

    closed = any_api.act("clerk", "deliver", number, method="post", tracking="EM123456789CN")
    assert closed["state"] == "closed"
    assert "step" not in closed

    status = any_api.status("integrator", number)
    assert status == closed
    actions = [event["action"] for event in status["events"]]
    assert actions == [
        "receive",
        "request_correction",
        "supplement",
        "accept",
        "review",
        "review",
        "grant",
        "deliver",
    ]
    assert [event["sequence"] for event in status["events"]] == list(range(1, 9))
    assert len({event["hash"] for event in status["events"]}) == 8


def test_the_chain_of_events_holds(xmlrpc, sql, file_case):
    number = file_case("granted")
    ((case_id,),) = sql("SELECT id FROM shenpi_application WHERE number = %s", number)
    answer = xmlrpc("supervisor")("shenpi.application", "action_verify_chain", [case_id])
    assert answer["params"]["type"] == "success"


def test_who_did_it_is_on_the_event(api, file_case, xmlrpc):
    status = api.status("supervisor", file_case("granted"))
    names = {
        login: xmlrpc(login)("res.users", "read", [xmlrpc(login).uid], ["name"])[0]["name"]
        for login in ("clerk", "reviewer", "decider")
    }
    assert [event["user"] for event in status["events"]] == [
        names["clerk"],
        names["clerk"],
        names["reviewer"],
        names["decider"],
    ]


@pytest.mark.parametrize(
    ("values", "lacking"),
    [
        ({"reason_code": "not_needed", "reason": "依法不需要取得许可"}, None),
        ({"reason_code": "not_ours", "reason": "不属于本机关职权", "redirect": "省厅"}, None),
        ({"reason_code": "not_ours", "reason": "不属于本机关职权"}, "redirect"),
        ({"reason_code": "not_needed"}, "reason"),
        ({"reason_code": "tired", "reason": "不想办"}, "reason_code"),
    ],
)
def test_refusal_to_take_up(api, file_case, values, lacking):
    number = file_case("received")
    if lacking:
        with pytest.raises(Fault, match=lacking):
            api.act("clerk", "not_accept", number, **values)
        assert api.status("clerk", number)["state"] == "received"
        return
    refused = api.act("clerk", "not_accept", number, **values)
    assert refused["state"] == "not_accepted"
    assert refused["events"][-1]["opinion"] == values["reason"]
    assert refused["light"] == "none"


@pytest.mark.parametrize("state", ["received", "accepted", "deciding"])
def test_withdrawal(api, file_case, state):
    number = file_case(state)
    with pytest.raises(Fault, match="reason"):
        api.act("clerk", "withdraw", number, reason=" ")
    ended = api.act("clerk", "withdraw", number, reason="申请人申请撤回")
    assert ended["state"] == "withdrawn"
    assert "step" not in ended
    with pytest.raises(Fault):
        api.act("clerk", "withdraw", number, reason="再次撤回")


def test_denial_needs_its_reasons_and_is_delivered(api, file_case):
    number = file_case("deciding")
    with pytest.raises(Fault, match="reason"):
        api.act("decider", "decide", number, outcome="deny")
    denied = api.act("decider", "decide", number, outcome="deny", reason="安全距离不足")
    assert denied["state"] == "denied"
    assert "licence" not in denied
    closed = api.act("clerk", "deliver", number, method="window")
    assert closed["state"] == "closed"


def test_return_to_the_reviewer(api, file_case):
    number = file_case("deciding")
    with pytest.raises(Fault, match="opinion"):
        api.act("decider", "review", number, decision="return")
    returned = api.act("decider", "review", number, decision="return", opinion="补充现场意见")
    assert returned["state"] == "accepted"
    assert returned["events"][-1]["action"] == "return"
    again = api.act("reviewer", "review", number, decision="pass", opinion="已补充")
    assert again["state"] == "deciding"
    granted = api.act("decider", "decide", number, outcome="grant")
    assert granted["state"] == "granted"


def test_rejection_goes_straight_to_the_decider(api, items, file_case):
    number = file_case("accepted", of=items(steps=3))
    rejected = api.act("reviewer", "review", number, decision="reject", opinion="不具备条件")
    assert rejected["state"] == "deciding"
    denied = api.act("decider", "decide", number, outcome="deny", reason="同意审查意见")
    assert denied["state"] == "denied"


def test_an_item_of_one_step(api, items, payload):
    number = api.submit("clerk", payload(items(steps=1, limit=3)))["number"]
    api.act("clerk", "accept", number)
    granted = api.act("decider", "decide", number, outcome="grant")
    assert granted["state"] == "granted"


# === Who may not === #


@pytest.mark.parametrize(
    ("state", "login", "action", "values"),
    [
        ("received", "supervisor", "accept", {}),
        ("accepted", "clerk", "review", {"decision": "pass"}),
        ("accepted", "supervisor", "review", {"decision": "pass"}),
        ("deciding", "clerk", "decide", {"outcome": "grant"}),
        ("deciding", "reviewer", "decide", {"outcome": "grant"}),
        ("deciding", "integrator", "decide", {"outcome": "grant"}),
        ("granted", "supervisor", "deliver", {"method": "window"}),
    ],
)
def test_roles(api, file_case, state, login, action, values):
    number = file_case(state)
    before = api.status("manager", number)
    with pytest.raises(Fault) as caught:
        api.act(login, action, number, **values)
    assert caught.value.name == "AccessError"
    assert api.status("manager", number) == before


def test_nobody_decides_what_he_filed(api, payload):
    number = api.submit("manager", payload())["number"]
    api.act("clerk", "accept", number)
    api.review_all(number)
    with pytest.raises(Fault) as caught:
        api.act("manager", "decide", number, outcome="grant")
    assert caught.value.name == "AccessError"
    assert api.act("decider", "decide", number, outcome="grant")["state"] == "granted"


@pytest.mark.parametrize(
    ("state", "login", "action", "values"),
    [
        ("received", "clerk", "deliver", {"method": "window"}),
        ("received", "reviewer", "review", {"decision": "pass"}),
        ("accepted", "clerk", "accept", {}),
        ("accepted", "clerk", "supplement", {"materials": []}),
        ("accepted", "decider", "decide", {"outcome": "grant"}),
        ("granted", "decider", "decide", {"outcome": "deny", "reason": "改判"}),
        ("denied", "clerk", "withdraw", {"reason": "撤回"}),
    ],
)
def test_actions_in_the_wrong_state(api, file_case, state, login, action, values):
    number = file_case(state)
    before = api.status("manager", number)
    with pytest.raises(Fault) as caught:
        api.act(login, action, number, **values)
    assert caught.value.name in ("UserError", "AccessError")
    assert "Traceback" not in caught.value.message
    assert api.status("manager", number) == before
