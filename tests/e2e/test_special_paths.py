"""Deferral and commitment over RPC, against dates counted by hand on a wall calendar of 2026.

Days off: 15-23 February (Spring Festival); worked in exchange: 14 and 28 February. The numbers in
brackets say how many days have passed.
"""

import pytest
from support.api import Item
from support.rpc import Fault

FILED = "2026-02-11"  # a Wednesday
# Accepted that day, five days are promised: 12-14 (3), 24-25 (5)
LAST_PROMISE = "2026-02-25"
PROMISED = 5


def at(day, hour=10):
    return f"{day}T{hour}:00:00+08:00"


@pytest.fixture(scope="module")
def find(xmlrpc):
    """A function that gives the first published item that fits, and its materials by code."""
    manager = xmlrpc("manager")

    def first(*domain):
        fields = ["code", "name", "department_id", "statutory_limit", "promised_limit"]
        published = [("state", "=", "published"), ("company_id.name", "like", "青云")]
        row = manager("shenpi.item", "search_read", [*published, *domain], fields, order="code")[0]
        names = ["code", "required", "deferrable", "spared_by"]
        own = [("item_id", "=", row["id"])]
        materials = manager("shenpi.item.material", "search_read", own, names)
        item = Item(
            id=row["id"],
            code=row["code"],
            name=row["name"],
            department=row["department_id"][1],
            statutory=row["statutory_limit"],
            promised=row["promised_limit"],
            materials=tuple(m["code"] for m in materials),
            required=tuple(m["code"] for m in materials if m["required"]),
        )
        return item, {m["code"]: m for m in materials}

    return first


@pytest.fixture(scope="module")
def patient(find):
    """An item whose materials may follow, and the code of one that may."""
    item, materials = find(
        ("allow_deferral", "=", True),
        ("promised_limit", "=", PROMISED),
        ("needs_inspection", "=", False),
    )
    return item, next(code for code, m in materials.items() if m["deferrable"])


@pytest.fixture
def filing(payload, patient):
    """A function that gives a filing of February with a promise."""
    item, later = patient

    def make(promised):
        given = [{"code": code} for code in item.required if code != later]
        deferred = [{"code": later, "promised": promised}]
        return payload(item, at=at(FILED), materials=given, deferred=deferred)

    return make


def accept(api, filing):
    answer = api.submit("integrator", filing)
    assert answer["missing"] == []
    return api.act("integrator", "accept", answer["number"], at=at(FILED, 11))


def test_promised_for_the_last_day(any_api, filing, patient):
    """The case runs, the grant waits, and the day on which it comes is in time."""
    later = patient[1]
    status = accept(any_api, filing(LAST_PROMISE))
    number = status["number"]
    assert status["promised_due_date"] == LAST_PROMISE
    assert status["deferred"] == [{"code": later, "promised": LAST_PROMISE, "status": "overdue"}]
    any_api.review_all(number, login="manager", at=at("2026-02-12"))
    with pytest.raises(Fault) as refused:
        any_api.act("manager", "decide", number, outcome="grant", at=at("2026-02-13"))
    assert refused.value.name == "UserError"
    handed_in = any_api.act(
        "integrator", "supplement", number, materials=[{"code": later}], at=at(LAST_PROMISE)
    )
    assert handed_in["deferred"][0]["status"] == "provided"
    assert handed_in["promised_due_date"] == LAST_PROMISE, "the clock is not touched"
    granted = any_api.act("manager", "decide", number, outcome="grant", at=at(LAST_PROMISE, 15))
    # 26-28 Feb (3), 2-6 Mar (8), 9-10 (10)
    assert granted["delivery_due_date"] == "2026-03-10"
    # 12-14 Feb (3), 24-25 (5)
    assert granted["days_used"] == PROMISED


@pytest.mark.parametrize("day", ["2026-02-10", "2026-02-26", "2026-02-30", "26.02.2026"])
def test_impossible_promises(any_api, filing, day, unchanged):
    with pytest.raises(Fault) as refused:
        any_api.submit("integrator", filing(day))
    assert "deferred[0].promised" in refused.value.message


def test_promised_for_a_holiday(api, filing, patient):
    """The 15th is a day off, as are all up to the 23rd: the 24th is in time, the 25th is not."""
    supplement = {"materials": [{"code": patient[1]}]}
    numbers = [accept(api, filing("2026-02-15"))["number"] for _n in range(2)]
    in_time = api.act("integrator", "supplement", numbers[0], **supplement, at=at("2026-02-24"))
    assert in_time["deferred"][0]["status"] == "provided"
    with pytest.raises(Fault) as refused:
        api.act("integrator", "supplement", numbers[1], **supplement, at=at("2026-02-25"))
    assert "materials[0]" in refused.value.message


def test_commitment(any_api, find, payload, xmlrpc):
    """Granted in the call; the verification is due twenty working days after it."""
    item, materials = find(("allow_commitment", "=", True), ("verification_days", "=", 20))
    given = [{"code": code} for code in item.required if materials[code]["spared_by"] == "none"]
    others = [
        {"code": code}
        for code in item.required
        if materials[code]["spared_by"] not in ("none", "commitment")
    ]
    filing = payload(item, at=at(FILED), materials=given + others, commitment=True)
    answer = any_api.submit("integrator", filing)
    assert answer["state"] == "granted"
    status = any_api.status("supervisor", answer["number"])
    assert [event["action"] for event in status["events"]] == ["receive", "commit", "grant_at_once"]
    # 12-14 (3), 24-28 (8), 2-3 Mar (10); 4-6 (13), 9-13 (18), 16-17 (20)
    assert status["delivery_due_date"] == "2026-03-03"
    assert status["commitment"]["due"] == "2026-03-17"
    assert status["commitment"]["state"] == "verifying"
    assert status["licence"]["status"] == "valid"
    assert status["licence"]["valid_from"] == FILED
    assert any_api.submit("integrator", filing) == answer | {"duplicate": True}
