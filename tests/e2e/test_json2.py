"""JSON-2 as the contract promises it: parameters by name, HTTP statuses, messages in Chinese."""

import json
import re
import urllib.error
import urllib.request

import pytest
from support.rpc import Fault, Json2

CHINESE = re.compile(r"[\u4e00-\u9fff]")
APPLICATION = "shenpi.application"


@pytest.fixture(scope="session")
def integrator(json2):
    return json2("integrator")


def test_parameters_go_by_name(integrator, payload, json2):
    number = integrator(APPLICATION, "api_submit", payload=payload())["number"]
    assert integrator(APPLICATION, "api_status", number=number)["state"] == "received"
    assert integrator(APPLICATION, "api_accept", number=number, values={})["state"] == "accepted"
    reviewed = json2("reviewer")(
        APPLICATION, "api_review", number=number, values={"decision": "pass"}
    )
    assert reviewed["state"] == "deciding"
    assert integrator("shenpi.item", "api_list", query={"limit": 1})
    assert integrator("shenpi.workday", "api_add", date="2024-09-29", days=1) == "2024-09-30"


def test_values_may_be_left_out_where_all_are_optional(integrator, payload):
    number = integrator(APPLICATION, "api_submit", payload=payload())["number"]
    assert integrator(APPLICATION, "api_accept", number=number)["state"] == "accepted"


@pytest.mark.parametrize(
    ("login", "method", "arguments", "status"),
    [
        ("integrator", "api_status", {"number": "no such number"}, 422),
        ("integrator", "api_submit", {"payload": {}}, 422),
        ("integrator", "api_submit", {"filing": {}}, 422),
        ("integrator", "_do_accept", {"ids": [1]}, 403),
        ("reviewer", "api_submit", {"payload": {}}, 403),
        ("clerk_b", "read", {"ids": [1], "fields": ["applicant_id_number_raw"]}, 403),
        ("integrator", "no_such_method", {}, 404),
    ],
)
def test_http_statuses(json2, login, method, arguments, status):
    with pytest.raises(Fault) as caught:
        json2(login)(APPLICATION, method, **arguments)
    assert caught.value.status == status


@pytest.mark.parametrize("key", ["", "wrong", "0" * 40])
def test_a_stranger(server, key):
    stranger = Json2(server.url, server.database, key)
    with pytest.raises(Fault) as caught:
        stranger(APPLICATION, "api_status", number="1")
    assert caught.value.status == 401


def test_without_any_key(server):
    request = urllib.request.Request(
        f"{server.url}/json/2/{APPLICATION}/api_status",
        data=json.dumps({"number": "1"}).encode(),
        headers={"Content-Type": "application/json", "X-Odoo-Database": server.database},
        method="POST",
    )
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=60)
    assert caught.value.code == 401


def test_messages_are_chinese(any_api, payload):
    """The demo users read Chinese: refusals, wrong states and bad input alike."""
    number = any_api.submit("clerk", payload())["number"]
    calls = [
        lambda: any_api.submit("clerk", payload(item_code="nothing")),
        lambda: any_api.submit("clerk", payload(colour="red")),
        lambda: any_api.submit("reviewer", payload()),
        lambda: any_api.status("clerk", "nothing"),
        lambda: any_api.act("clerk", "deliver", number, method="window"),
        lambda: any_api.act("supervisor", "accept", number),
        lambda: any_api.act("clerk", "accept", number, at="2124-01-01T00:00:00+08:00"),
    ]
    for call in calls:
        with pytest.raises(Fault) as caught:
            call()
        assert CHINESE.search(caught.value.message), caught.value.message
