"""Every bad input gets a message that names the field, and leaves no row behind."""

import base64
from datetime import datetime, timedelta, timezone

import pytest
from support.identity import ric
from support.rpc import Fault

AT = r"\bat[:：]"
TOMORROW = (datetime.now(timezone.utc) + timedelta(days=1)).isoformat(timespec="seconds")
APPLICANT = {
    "kind": "organisation",
    "name": "青云有限公司",
    "id_type": "uscc",
    "id_number": "91350100M000100Y43",
}
PERSON = {"kind": "person", "name": "张三", "id_type": "ric"}
RIC = ric(1)
WRONG_RIC = RIC[:-1] + ("0" if RIC[-1] != "0" else "1")
FILE = base64.b64encode(b"%PDF-1.4").decode()


def applicant(**changes):
    return {"applicant": APPLICANT | changes}


def material(**changes):
    return lambda item: {"materials": [{"code": item.required[0]} | changes]}


BAD_FILINGS = {
    "no reference": ({"client_ref": None}, "client_ref"),
    "an empty reference": ({"client_ref": "  "}, "client_ref"),
    "a number as reference": ({"client_ref": 7}, "client_ref"),
    "no item": ({"item_code": None}, "item_code"),
    "an unknown item": ({"item_code": "11379900MB1A0000133999999999999"}, "item_code"),
    "no channel": ({"channel": None}, "channel"),
    "an unknown channel": ({"channel": "pigeon"}, "channel"),
    "no applicant": ({"applicant": None}, "applicant"),
    "an applicant in words": ({"applicant": "青云有限公司"}, "applicant"),
    "an unknown kind": (applicant(kind="city"), r"applicant\.kind"),
    "no name": (applicant(name=" "), r"applicant\.name"),
    "an unknown document": (applicant(id_type="library card"), r"applicant\.id_type"),
    "a wrong check digit": (applicant(id_number="91350100M000100Y44"), r"applicant\.id_number"),
    "too short": (applicant(id_number="91350100M000100Y4"), r"applicant\.id_number"),
    "a letter that is none": (applicant(id_number="91350100M0001OOY43"), r"applicant\.id_number"),
    "a wrong identity number": (
        {"applicant": PERSON | {"id_number": WRONG_RIC}},
        r"applicant\.id_number",
    ),
    "born in month 13": (
        {"applicant": PERSON | {"id_number": "000000199013070018"}},
        r"applicant\.id_number",
    ),
    "no phone number": (applicant(phone="call me"), r"applicant\.phone"),
    "an agent without a name": ({"agent": {"phone": "13900000000"}}, r"agent\.name"),
    "a wrong number of the agent": (
        {"agent": {"name": "李四", "id_type": "ric", "id_number": WRONG_RIC}},
        r"agent\.id_number",
    ),
    "an unknown field": ({"colour": "red"}, "colour"),
    "an unknown field below": (applicant(colour="red"), r"applicant\.colour"),
    "materials in words": ({"materials": "all of them"}, "materials"),
    "a material in words": ({"materials": ["M01"]}, r"materials\[0\]"),
    "a material without a code": ({"materials": [{"name": "申请表"}]}, r"materials\[0\]\.code"),
    "a material not on the list": ({"materials": [{"code": "M99"}]}, r"materials\[0\]\.code.*M99"),
    "a material twice": (
        lambda item: {"materials": [{"code": item.required[0]}] * 2},
        r"materials\[1\]\.code",
    ),
    "an empty file": (material(content="", filename="空.pdf"), r"materials\[.*content"),
    "no base64": (material(content="###", filename="坏.pdf"), r"materials\[.*content"),
    "characters that are not ASCII": (material(content="文件"), r"materials\[.*content"),
    "a file as a number": (material(content=7), r"materials\[0\]\.content"),
    "the future": ({"at": TOMORROW}, AT),
    "no offset": ({"at": "2024-09-09T10:00:00"}, AT),
    "no date": ({"at": "yesterday"}, AT),
    "before the item is in force": ({"at": "2019-09-09T10:00:00+08:00"}, AT),
    "a form in words": ({"form": "面积 20"}, "form"),
    "commitment in words": ({"commitment": "yes"}, "commitment"),
    "deferral without a promise": ({"deferred": [{"code": "M01"}]}, r"deferred\[0\]\.promised"),
}


@pytest.mark.parametrize(("changes", "words"), BAD_FILINGS.values(), ids=BAD_FILINGS)
def test_bad_filings(any_api, payload, item, unchanged, changes, words):
    if callable(changes):
        changes = changes(item)
    with pytest.raises(Fault, match=words) as caught:
        any_api.submit("integrator", payload(**changes))
    _check_plain(caught.value)


@pytest.mark.parametrize("filing", ["a case", [], 7])
def test_a_payload_that_is_no_object(any_api, unchanged, filing):
    with pytest.raises(Fault, match="payload"):
        any_api.submit("integrator", filing)


def test_an_oversize_file(json2, payload, item, unchanged):
    content = base64.b64encode(bytes(50 * 1024 * 1024 + 1)).decode()
    filing = payload(materials=[{"code": item.required[0], "content": content}])
    with pytest.raises(Fault, match=r"materials\[.*content.*50 MB"):
        json2("integrator")("shenpi.application", "api_submit", payload=filing)


def test_a_retired_item_and_the_next_version(api, payload, items, xmlrpc):
    """Nothing is filed under a retired version; what was filed goes on under it."""
    item, manager = items(steps=3, limit=45), xmlrpc("manager")
    number = api.submit("integrator", payload(item))["number"]
    manager("shenpi.item", "action_retire", [item.id])
    with pytest.raises(Fault, match="item_code"):
        api.submit("integrator", payload(item))
    draft_id = manager("shenpi.item", "action_new_version", [item.id])["res_id"]
    with pytest.raises(Fault, match="item_code"):
        api.submit("integrator", payload(item))
    manager("shenpi.item", "write", [draft_id], {"promised_limit": item.promised + 1})
    manager("shenpi.item", "action_publish", [draft_id])

    before = api.act("clerk", "accept", number)
    after = api.act("clerk", "accept", api.submit("integrator", payload(item))["number"])
    assert (before["days_left"], after["days_left"]) == (item.promised, item.promised + 1)


def test_an_item_of_another_bureau(api, payload, xmlrpc, unchanged):
    district = xmlrpc("clerk_b")
    (code,) = district("shenpi.item", "search_read", [], ["code"], limit=1)
    with pytest.raises(Fault, match="item_code"):
        api.submit("integrator", payload(item_code=code["code"]))


# === Actions === #

BAD_VALUES = {
    "an unknown field": ("accept", {"colour": "red"}, "colour"),
    "items in words": ("request_correction", {"items": "all"}, "items"),
    "no text": ("request_correction", {"items": [{"code": "M01"}]}, r"items\[0\]\.text"),
    "nothing to correct": ("request_correction", {"items": []}, "items"),
    "a material not on the list": (
        "request_correction",
        {"items": [{"code": "M99", "text": "缺件"}]},
        r"items\[0\]\.code",
    ),
    "an unknown ground": ("not_accept", {"reason_code": "no", "reason": "x"}, "reason_code"),
    "no reason": ("withdraw", {}, "reason"),
    "a reason as a number": ("withdraw", {"reason": 7}, "reason"),
    "a date without a time zone": ("accept", {"at": "2024-09-09 10:00:00"}, AT),
    "the future": ("accept", {"at": TOMORROW}, AT),
}


@pytest.fixture(scope="module")
def received(api, payload):
    """The number of a complete case that waits at the desk."""
    return api.submit("integrator", payload())["number"]


@pytest.mark.parametrize(("action", "values", "words"), BAD_VALUES.values(), ids=BAD_VALUES)
def test_bad_values(any_api, received, unchanged, action, values, words):
    with pytest.raises(Fault, match=words) as caught:
        any_api.act("integrator", action, received, **values)
    _check_plain(caught.value)


@pytest.fixture(scope="module")
def under_review(api, payload):
    """The number of a case that waits for its reviewer."""
    number = api.submit("integrator", payload())["number"]
    api.act("clerk", "accept", number)
    return number


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "decision"),
        ({"decision": "maybe"}, "decision"),
        ({"decision": "return"}, "opinion"),
        ({"decision": "reject", "opinion": "  "}, "opinion"),
    ],
)
def test_bad_reviews(any_api, under_review, unchanged, values, words):
    with pytest.raises(Fault, match=words):
        any_api.act("reviewer", "review", under_review, **values)


def test_materials_come_once_the_applicant_was_told(api, received, unchanged):
    with pytest.raises(Fault):
        api.act("clerk", "supplement", received, materials=[])


def test_an_unknown_number(any_api, unchanged):
    for number in ("", "no such number", 7, [1], {"id": 1}):
        with pytest.raises(Fault, match="number"):
            any_api.status("integrator", number)
        with pytest.raises(Fault, match="number"):
            any_api.act("integrator", "accept", number)


def test_the_applicant_is_told_once(api, payload, item):
    number = api.submit("clerk", payload(materials=[]))["number"]
    api.act("clerk", "request_correction", number, items=[])
    api.act("clerk", "supplement", number, materials=[{"code": item.required[0]}])
    with pytest.raises(Fault):
        api.act("clerk", "request_correction", number, items=[{"text": "还有一项"}])
    assert api.status("clerk", number)["state"] == "received"


def test_a_message_does_not_repeat_the_identity_number(api, payload, unchanged):
    with pytest.raises(Fault) as caught:
        api.submit("integrator", payload(**applicant(id_number="91350100M000100Y44")))
    assert "91350100M000100Y44" not in caught.value.message


def _check_plain(fault):
    """For people: not a traceback, nothing of the database."""
    assert fault.name in ("UserError", "ValidationError", "AccessError"), fault
    for word in ("Traceback", "psycopg2", "shenpi_", "SQL"):
        assert word not in fault.message
