"""Bid security from the publication to the last fen, over RPC and against a bank with faults."""

import secrets

import pytest
from support.access import TRADERS
from support.api import at_once
from support.fake_bank import REFUSED, FakeBank
from support.floor import DEPOSIT, ENTRY, KEY, LINE, LOT, REFUND, Floor, at, day
from support.rpc import Fault


@pytest.fixture(scope="module")
def bank():
    with FakeBank(KEY) as bank:
        yield bank


@pytest.fixture
def floor(xmlrpc, sql, server, bank):
    bank.control(faults=[], status="accepted", skew=0)
    return Floor(xmlrpc, sql, server, bank)


def test_from_publication_to_the_last_fen(floor):
    floor.publish()
    right, short, late = (floor.register() for _ in range(3))
    lines = [
        floor.line(right),
        floor.line(short, "99999.99"),
        floor.line(late, moment=at(seconds=1)),
    ]
    assert floor.take_in(*lines)["matched"] == {"sealed": 3}
    again = floor.take_in(*lines)
    assert (again["new"], again["duplicate"], again["matched"]) == (0, 3, {})
    assert floor.proof(0)["ledger"] == "0.00"

    floor.event("open", 0)
    told = {bidder["number"]: floor.deposit(bidder)["code"] for bidder in (right, short, late)}
    assert list(told.values()) == ["ok", "amount_short", "late"]
    assert floor.proof(1) == {
        "account": floor.account,
        "ledger": "299999.99",
        "bank": "299999.99",
        "difference": "0.00",
    }

    floor.event("candidates", 3)
    floor.event("award", 8, winners=[right["number"]])
    assert floor.refunds(right) == []
    floor.event("contract", 20)
    due = [refund for bidder in (right, short, late) for refund in floor.refunds(bidder)]
    assert [refund["amount"] for refund in due] == [100000.0, 99999.99, 100000.0]
    numbers = [refund["number"] for refund in due]
    floor.send(*numbers)
    assert {refund["state"] for refund in floor.refunds(right)} == {"accepted"}
    floor.settle(*numbers)
    book = floor.bank.book()
    for bidder, refund in zip((right, short, late), due, strict=True):
        assert floor.deposit(bidder)["held"] == "0.00"
        assert floor.deposit(bidder)["refunded"] == f"{refund['amount']:.2f}"
        paid = book[refund["number"]]
        assert (paid["payee_account"], paid["times"]) == (bidder["account"], 1)
        floor.show(refund)
    assert floor.proof(30)["ledger"] == "299999.99"
    assert floor.proof(31) == {
        "account": floor.account,
        "ledger": "0.00",
        "bank": "0.00",
        "difference": "0.00",
    }


@pytest.mark.parametrize("login", [*sorted(TRADERS), "integrator", "manager", "admin"])
def test_nothing_is_told_before_the_opening(floor, login):
    floor.publish()
    client = floor.client(login)
    before = look_around(client)
    bidder = floor.register()
    floor.client("integrator")(LINE, "api_import", floor.account, [floor.line(bidder)])
    assert look_around(client) == before


def look_around(client):
    doors = (
        ("search_count", ([],)),
        ("formatted_read_group", ([], [], ["__count"])),
        ("search", ([], 0, 3, "id desc")),
    )
    models = (DEPOSIT, LINE, ENTRY, REFUND, "shenpi.event", "shenpi.bank.subaccount")
    return [ask(client, model, *door) for model in models for door in doors]


def ask(client, model, method, arguments):
    try:
        return client(model, method, *arguments)
    except Fault as fault:
        assert fault.name == "AccessError"
        return fault.name


def test_a_bank_that_loses_answers_pays_once(floor):
    """Whatever happens to a call: the book of the bank has each refund once."""
    floor.publish()
    bidders = [floor.register() for _ in range(4)]
    floor.take_in(*(floor.line(bidder) for bidder in bidders))
    floor.event("fail", 1, reason="流标")
    numbers = [refund["number"] for bidder in bidders for refund in floor.refunds(bidder)]
    floor.bank.control(faults=["down", "ok", "drop", "garbage", "ok", "part"], skew=7200)
    floor.send(*numbers)
    floor.bank.control(faults=[])
    floor.settle(*numbers)
    book = floor.bank.book()
    assert [book[number]["times"] for number in numbers] == [1, 1, 1, 1]
    assert {refund["state"] for b in bidders for refund in floor.refunds(b)} == {"settled"}
    assert {floor.deposit(bidder)["refunded"] for bidder in bidders} == {"100000.00"}


def test_returned_and_made_anew(floor):
    floor.publish()
    bidder = floor.register()
    floor.take_in(floor.line(bidder))
    floor.event("fail", 1, reason="流标")
    (refund,) = floor.refunds(bidder)
    floor.send(refund["number"])
    floor.settle(refund["number"])
    floor.show(refund, days=6)
    url = f"{floor.server.url}/shenpi/bank/{floor.account_id}/results"
    results = [{"number": refund["number"], "status": "returned"}]
    for spoilt in ({"signature": "0" * 64}, {"timestamp": 1}):
        assert floor.bank.tell(url, results, **spoilt) == 403
    assert floor.refunds(bidder)[0]["state"] == "settled"
    nonce = secrets.token_urlsafe(9)
    assert floor.bank.tell(url, results, nonce=nonce) == 200
    assert floor.bank.tell(url, results, nonce=nonce) == 403
    assert floor.refunds(bidder)[0]["state"] == "returned"
    assert floor.deposit(bidder)["held"] == "100000.00"
    floor.show(refund, "in", days=9)
    assert floor.proof(9)["difference"] == "0.00"

    cashier = floor.client("cashier")
    vals = {"refund_id": refund["id"], "action": "renew", "other_payee": True}
    vals |= {"payee_name": bidder["name"], "payee_account": REFUSED}
    with pytest.raises(Fault, match="证明|proof"):
        wizard = cashier("shenpi.refund.wizard", "create", [vals])
        cashier("shenpi.refund.wizard", "action_confirm", wizard)
    wizard = cashier("shenpi.refund.wizard", "create", [vals | {"proof": "UERG"}])
    cashier("shenpi.refund.wizard", "action_confirm", wizard)
    second = floor.refunds(bidder)[1]
    floor.send(second["number"])
    assert floor.refunds(bidder)[1]["state"] == "rejected"
    vals = {"refund_id": second["id"], "action": "renew"}
    vals |= {"other_payee": True, "payee_name": "N", "payee_account": "622", "proof": "UERG"}
    wizard = cashier("shenpi.refund.wizard", "create", [vals])
    cashier("shenpi.refund.wizard", "action_confirm", wizard)
    third = floor.refunds(bidder)[2]
    floor.send(third["number"])
    floor.settle(third["number"])
    floor.show(third, days=12)
    assert floor.deposit(bidder)["refunded"] == "100000.00"
    assert floor.proof(12)["ledger"] == "0.00"


def test_held_by_a_complaint_and_released(floor):
    floor.publish()
    bidder = floor.register()
    floor.take_in(floor.line(bidder))
    floor.event("fail", 1, reason="流标")
    (refund,) = floor.refunds(bidder)
    desk = floor.client("trade")
    (lot_id,) = desk(LOT, "search", [("code", "=", floor.code)])
    hold = {"name": "法院冻结通知第1号", "kind": "freeze", "lot_id": lot_id, "document": "UERG"}
    hold |= {"date_from": day(0), "date_to": day(400)}
    hold_ids = desk("shenpi.hold", "create", [hold])
    cashier = floor.client("cashier")
    with pytest.raises(Fault) as caught:
        cashier(REFUND, "api_approve", [refund["number"]])
    assert caught.value.name == "UserError"
    assert cashier(REFUND, "api_due", day(30))
    vals = {"hold_id": hold_ids[0], "reason": "法院已解除冻结"}
    wizard = desk("shenpi.hold.wizard", "create", [vals])
    desk("shenpi.hold.wizard", "action_confirm", wizard)
    floor.send(refund["number"])
    assert floor.refunds(bidder)[0]["state"] == "accepted"


def test_at_once(floor):
    """Two transactions on the same thing: one after the other, never both."""
    floor.publish()
    bidders = at_once(*[floor.register] * 6)
    assert len({bidder["sub_account"] for bidder in bidders}) == 6
    lines = [floor.line(bidder) for bidder in bidders]
    answers = at_once(*[lambda: floor.take_in(*lines)] * 3)
    assert sorted(answer["new"] for answer in answers) == [0, 0, 6]
    floor.event("fail", 1, reason="流标")
    (refund,) = floor.refunds(bidders[0])
    cashier = floor.client("cashier")
    answers = at_once(*[lambda: cashier(REFUND, "api_approve", [refund["number"]])] * 3)
    assert sum(isinstance(answer, Fault) for answer in answers) == 2
    told = floor.deposit(bidders[0])
    assert (told["held"], told["in_refund"]) == ("0.00", "100000.00")


def test_a_word_of_the_bank_heard_by_many_at_once(floor):
    floor.publish()
    bidder = floor.register()
    floor.take_in(floor.line(bidder))
    floor.event("fail", 1, reason="流标")
    (refund,) = floor.refunds(bidder)
    floor.send(refund["number"])
    platform = floor.client("integrator")
    words = [{"number": refund["number"], "status": "settled"}]
    answers = at_once(*[lambda: platform(REFUND, "api_result", words)] * 4)
    assert sorted(answer["applied"] for answer in answers) == [0, 0, 0, 1]
    assert floor.deposit(bidder)["refunded"] == "100000.00"


def test_no_hand_touches_what_a_rule_covers(floor):
    """The manager proposes, the checker confirms; what is withdrawn goes back while sealed."""
    manager, checker = floor.client("tendermanager"), floor.client("checker")
    for reason in ("withdraw", "fail"):
        vals = {"account_id": floor.account_id, "reason": reason, "limit": 100000}
        rule = manager("shenpi.refund.automation", "create", [vals])
        manager("shenpi.refund.automation", "action_propose", rule)
        with pytest.raises(Fault):
            manager("shenpi.refund.automation", "action_confirm", rule)
        checker("shenpi.refund.automation", "action_confirm", rule)
    floor.publish()
    leaver, stayer = floor.register(), floor.register()
    floor.take_in(floor.line(leaver), floor.line(stayer))
    platform = floor.client("integrator")
    notice = {"reason": "撤回", "content": "UERG", "filename": "撤回函.pdf", "at": at(-1)}
    platform(DEPOSIT, "api_withdraw", leaver["number"], notice)
    floor.run("prove_balance")
    before = [look_around(floor.client(login)) for login in ("checker", "tendermanager")]
    floor.run("automatic_refunds")
    (sent,) = [
        number
        for number, row in floor.bank.book().items()
        if row["payee_account"] == leaver["account"]
    ]
    assert floor.bank.book()[sent]["times"] == 1
    assert before == [look_around(floor.client(login)) for login in ("checker", "tendermanager")]
    floor.event("fail", 1, reason="流标")
    floor.run("automatic_refunds")
    floor.wait_until_drained()
    assert [refund["state"] for refund in floor.refunds(stayer)] == ["accepted"]
    floor.settle(sent, floor.refunds(stayer)[0]["number"])
    assert floor.deposit(leaver)["refunded"] == floor.deposit(stayer)["refunded"] == "100000.00"


def test_revoked_and_kept_by_the_tenderer(floor):
    floor.publish()
    bidder = floor.register()
    floor.take_in(floor.line(bidder))
    floor.event("open", 0)
    notice = {"reason": "撤销", "content": "UERG", "filename": "撤销函.pdf"}
    told = floor.client("integrator")(DEPOSIT, "api_revoke", bidder["number"], notice)
    decisions = "shenpi.deposit.decision"
    desk = floor.client("trade")
    ids = desk(decisions, "search", [("number", "=", told["decision"])])
    desk(decisions, "write", ids, {"payee_account": "6200", "owner_document": "UERG"})
    with pytest.raises(Fault):
        desk(decisions, "action_approve", ids)
    floor.client("tendermanager")(decisions, "action_approve", ids)
    floor.client("checker")(decisions, "action_confirm", ids)
    assert floor.deposit(bidder)["forfeited"] == "100000.00"
    refund = {"number": told["decision"], "amount": 100000.0}
    floor.show(refund, days=5)
    assert floor.proof(5)["ledger"] == "0.00"
    assert floor.proof(5)["difference"] == "0.00"


def test_complained_of_by_the_platform(floor):
    floor.publish()
    bidder = floor.register()
    floor.take_in(floor.line(bidder))
    paper = {"document": "投诉受理通知书", "content": "UERG"}
    floor.event("open", 0)
    told = floor.event("complaint", 1, **paper)
    assert told["holds"][0]["kind"] == "complaint"
    with pytest.raises(Fault, match="until|截止"):
        floor.event("complaint", 1, until=day(300), **paper)
    told = floor.event("release", 2, document=paper["document"], reason="驳回投诉")
    assert told["holds"] == []
