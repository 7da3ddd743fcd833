"""`api_submit_batch`: many filings in one call, instant ones among them."""

import pytest
from support.api import at_once
from support.rpc import Fault

PREPACKED_FOOD = "仅销售预包装食品备案"
SOLE_TRADER = "个体工商户设立登记"


def submit_batch(api, login, payloads):
    return api.call(login, "api_submit_batch", payloads=payloads)


@pytest.fixture
def automatic(xmlrpc):
    """A function that gives the code of an automatic item and its required materials."""
    call = xmlrpc("integrator")

    def choose(name):
        (item,) = call("shenpi.item", "api_list", {"name": name, "department": "市场准入审批处"})
        return item["code"], [{"code": m["code"]} for m in item["materials"] if m["required"]]

    return choose


def test_good_and_bad_ones(any_api, payload):
    filings = [payload(), payload() | {"item_code": "x"}, payload(), payload() | {"channel": "fax"}]
    answers = submit_batch(any_api, "integrator", filings)
    assert [set(answer) == {"error"} for answer in answers] == [False, True, False, True]
    assert answers[1]["error"].startswith("payloads[1].item_code")
    assert answers[3]["error"].startswith("payloads[3].channel")
    for answer in (answers[0], answers[2]):
        assert any_api.status("integrator", answer["number"])["state"] == "received"


def test_one_after_the_other_or_together(any_api, payload):
    """A batch says what single calls say, and knows what they filed."""
    filings = [payload(), payload()]
    single = any_api.submit("integrator", filings[0])
    first, second = submit_batch(any_api, "integrator", filings)
    assert first == single | {"duplicate": True}
    assert second["duplicate"] is False
    assert {k: v for k, v in second.items() if k != "number"} == {
        k: v for k, v in single.items() if k != "number"
    }
    assert any_api.submit("integrator", filings[1]) == second | {"duplicate": True}


def test_the_same_batch_twice_at_once(prefork_api, payload, sql):
    filings = [payload() for _ in range(5)]
    answers = at_once(*[lambda: submit_batch(prefork_api, "integrator", filings)] * 2)
    numbers = [sorted(answer["number"] for answer in batch) for batch in answers]
    assert numbers[0] == numbers[1]
    names = [filing["applicant"]["name"] for filing in filings]
    ((count,),) = sql(
        "SELECT count(*) FROM shenpi_application WHERE applicant_name = ANY(%s)", names
    )
    assert count == 5


def test_granted_at_once(any_api, payload, automatic):
    """A trader registers and may sell food at once; a shop that is too large waits for people."""
    trader, trader_materials = automatic(SOLE_TRADER)
    food, food_materials = automatic(PREPACKED_FOOD)
    first = payload() | {
        "item_code": trader,
        "materials": trader_materials,
        "form": {
            "name_approved": True,
            "needs_licence": False,
            "premises": {"address": "青云市政通路1号"},
        },
    }
    form = {"business": {"categories": ["预包装食品"]}, "licence_until": "2099-12-31"}
    shop = {"item_code": food, "materials": food_materials, "applicant": first["applicant"]}
    large = payload() | shop | {"form": form | {"premises": {"area": 201}}}
    small = payload() | shop | {"form": form | {"premises": {"area": 200}}}
    answers = submit_batch(any_api, "integrator", [first, small, large])
    assert [answer["state"] for answer in answers] == ["granted", "granted", "received"]
    assert [reason["requirement"] for reason in answers[2]["reasons"]] == [
        "经营面积不超过200平方米"
    ]
    status = any_api.status("integrator", answers[1]["number"])
    assert status["licence"]["number"]
    assert [event["action"] for event in status["events"]] == ["receive", "grant_at_once"]
    assert any_api.submit("integrator", large) == answers[2] | {"duplicate": True}


def test_who_may(any_api, payload):
    with pytest.raises(Fault, match="payloads"):
        submit_batch(any_api, "integrator", [])
    with pytest.raises(Fault) as refused:
        submit_batch(any_api, "reviewer", [payload()])
    assert refused.value.name == "AccessError"
