"""Deferral and commitment over RPC, entered afterwards; days counted on a wall calendar of 2026.

Off: 15-23 February. Worked in exchange: 14 and 28 February.
"""

import pytest
from support.rpc import Fault

FOLLOWS = "M05"  # the auxiliary material of the sample items that may follow
RECEIVED = "2026-02-12T10:00:00+08:00"


def at(day):
    return f"{day}T10:00:00+08:00"


@pytest.fixture(scope="module")
def item_of_seven(items):
    found = (items(place=place) for place in range(40))
    return next(item for item in found if item.promised == 7 and FOLLOWS in item.required)


@pytest.fixture
def defer(api, payload, item_of_seven):
    """A function that files a case of which one material follows by a promised day."""

    def file(promised):
        codes = [code for code in item_of_seven.required if code != FOLLOWS]
        filing = payload(
            item_of_seven,
            at=RECEIVED,
            materials=[{"code": code} for code in codes],
            deferred=[{"code": FOLLOWS, "promised": promised}],
        )
        return api.submit("integrator", filing)

    return file


def test_a_promised_material_comes_in_time(api, defer, sql):
    number = defer("2026-02-21")["number"]
    status = api.act("integrator", "accept", number, at=RECEIVED)
    # 13-14 February (2), 24-28 (7); 2-6 March (12), 9-13 (17), 16-18 (20)
    assert status["promised_due_date"] == "2026-02-28"
    assert status["statutory_due_date"] == "2026-03-18"
    # A Saturday in the holidays: the first working day after them.
    query = "SELECT deferral_due_date::text FROM shenpi_application WHERE number = %s"
    assert sql(query, number) == [("2026-02-24",)]

    api.review_all(number, login="manager", at=at("2026-02-13"))
    with pytest.raises(Fault) as caught:
        api.act("decider", "decide", number, outcome="grant")
    assert caught.value.name == "UserError"
    values = {"materials": [{"code": FOLLOWS}]}
    api.act("integrator", "supplement", number, **values, at=at("2026-02-24"))
    granted = api.act("manager", "decide", number, outcome="grant", at=at("2026-02-25"))
    assert granted["state"] == "granted"
    # 13-14 (2), 24-25 (4). 26-28 February (3), 2-6 March (8), 9-10 (10)
    assert (granted["days_used"], granted["delivery_due_date"]) == (4, "2026-03-10")


def test_a_promised_material_comes_too_late(api, defer):
    number = defer("2026-02-21")["number"]
    api.act("integrator", "accept", number, at=RECEIVED)
    with pytest.raises(Fault, match="2026-02-24"):
        values = {"materials": [{"code": FOLLOWS}]}
        api.act("integrator", "supplement", number, **values, at=at("2026-02-25"))


@pytest.mark.parametrize(
    ("promised", "told"),
    [
        ("2026-03-02", "2026-02-28"),  # the promised due date, if it is accepted at once
        ("2026-02-11", "2026-02-12"),
        ("2026-2-20", "promised"),
    ],
)
def test_no_promise_beyond_the_promise_of_the_bureau(defer, promised, told, unchanged):
    with pytest.raises(Fault, match=rf"deferred\[0\]\.promised.*{told}|{told}"):
        defer(promised)


def test_commitment_is_granted_on_the_spot(any_api, payload, items, xmlrpc, sql):
    manager = xmlrpc("manager")
    domain = [("allow_commitment", "=", True), ("verification_days", "=", 20)]
    (choice,) = manager("shenpi.item", "search_read", domain, ["code", "material_ids"], limit=1)
    domain = [("item_id", "=", choice["id"]), ("required", "=", True)]
    materials = manager("shenpi.item.material", "search_read", domain, ["code"])
    filing = payload(
        item_code=choice["code"],
        at=RECEIVED,
        materials=[{"code": material["code"]} for material in materials],
        commitment=True,
    )
    filed = any_api.submit("integrator", filing)
    status = any_api.status("integrator", filed["number"])
    assert status["state"] == "granted"
    assert status["accepted_date"] == status["licence"]["valid_from"] == "2026-02-12"
    # 13-14 February (2), 24-28 (7), 2-4 March (10)
    assert (status["days_used"], status["delivery_due_date"]) == (0, "2026-03-04")
    # 5-6 March (12), 9-13 (17), 16-18 (20)
    query = """SELECT state, verify_by::text, due_date::text FROM shenpi_commitment c
                 JOIN shenpi_application a ON a.id = application_id WHERE number = %s"""
    assert sql(query, filed["number"]) == [("verifying", "2026-03-18", "2026-03-18")]
