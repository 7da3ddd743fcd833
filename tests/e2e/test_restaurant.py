"""One matter from one form to several permits behind one code, with the roles of the bureau; and
proofs that a register answers for instead of paper."""

import json
import re
import uuid
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from support.api import at_once
from support.identity import uscc
from support.lookup_provider import LookupProvider
from support.rpc import Fault
from support.server import wait_for
from support.web import Session

APPLICATION, INSPECTION = "shenpi.application", "shenpi.inspection"
ANSWERS = {"type": "company", "area": "large", "sign": "yes", "drain": "yes"}
# A picture of one white dot.
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4//8/AAX+Av4N70a4AAAAAElFTkSuQmCC"
KEY = "the key of the register"


INSPECTED = ("食品经营许可证核发", "公众聚集场所投入使用、营业前消防安全检查")


@pytest.fixture(scope="module")
def submit(xmlrpc):
    """A function that takes a large restaurant in from one form; the answer of `api_submit`."""
    clerk = xmlrpc("clerk")
    (bundle,) = clerk("shenpi.bundle", "search_read", [("code", "=", "KBCY")], ["material_ids"])
    materials = clerk("shenpi.bundle.material", "read", bundle["material_ids"], ["code"])

    def file(serial):
        applicant = {
            "kind": "organisation",
            "name": f"青云一码餐饮{serial}有限公司",
            "id_type": "uscc",
            "id_number": uscc(6_100_000 + serial),
            "phone": "13900061001",
        }
        payload = {
            "client_ref": str(uuid.uuid4()),
            "bundle_code": "KBCY",
            "channel": "window",
            "applicant": applicant,
            "answers": ANSWERS,
            "form": {
                "经营场所地址": "青云市海棠路66号",
                "经营场所面积（平方米）": "420",
                "经营项目": "热食类食品制售",
            },
            "materials": [{"code": material["code"]} for material in materials],
        }
        return clerk("shenpi.bundle", "api_submit", payload)

    return file


class Walk:
    """The bureau at work on one bundle case."""

    def __init__(self, xmlrpc, json2, number):
        self.xmlrpc, self.json2, self.number = xmlrpc, json2, number

    def status(self):
        return self.xmlrpc("clerk")("shenpi.bundle", "api_status", self.number)

    def children(self, status):
        return [child for child in self.status()["children"] if child["status"] == status]

    def accept(self, child):
        if child["state"] == "received":
            self.xmlrpc("clerk2")(APPLICATION, "api_accept", child["number"], {})

    def grant(self, child):
        """Through the chain; an item decided on the spot is through already."""
        number = child["number"]
        while self._review(number):
            pass
        decider = self.xmlrpc("decider")
        if decider(APPLICATION, "api_status", number)["state"] != "granted":
            answer = decider(APPLICATION, "api_decide", number, {"outcome": "grant"})
            assert answer["state"] == "granted"

    def _review(self, number):
        """Pass one step; False when the step that is left is the decision."""
        values = {"decision": "pass", "opinion": "材料齐全，符合条件。"}
        try:
            self.xmlrpc("reviewer")(APPLICATION, "api_review", number, values)
        except Fault:
            return False
        return True

    def inspections(self):
        domain = [("bundle_case_id.number", "=", self.number)]
        return self.xmlrpc("inspector")(INSPECTION, "search", domain)

    def inspect(self, inspection_id, faulty_item=""):
        """Visit the place; the first checkpoint of the faulty item has a fault."""
        inspector = self.xmlrpc("inspector")
        people = self.xmlrpc("manager")(
            "res.users", "search", [("login", "in", ("inspector", "inspector2"))]
        )
        start = datetime.now(tz=UTC).replace(tzinfo=None) + timedelta(minutes=5)
        appointment = {
            "inspection_id": inspection_id,
            "mode": "on_site",
            "place": "青云市海棠路66号",
            "date_start": f"{start:%Y-%m-%d %H:%M:%S}",
            "date_stop": f"{start + timedelta(hours=2):%Y-%m-%d %H:%M:%S}",
            "inspector_ids": [[6, 0, people]],
        }
        wizard = inspector("shenpi.inspection.schedule.wizard", "create", appointment)
        inspector("shenpi.inspection.schedule.wizard", "action_confirm", [wizard])
        inspector(INSPECTION, "action_start", [inspection_id])
        lines = inspector(
            "shenpi.inspection.line",
            "search_read",
            [("inspection_id", "=", inspection_id)],
            ["item_name", "needs_photo"],
        )
        for line in lines:
            vals = {"result": "pass"}
            if line["item_name"] == faulty_item:
                vals, faulty_item = {"result": "fail", "note": "出口堆放杂物"}, ""
            elif line["needs_photo"]:
                photo = {"name": "现场.png", "datas": DOT}
                vals["attachment_ids"] = [[0, 0, photo]]
            inspector("shenpi.inspection.line", "write", [line["id"]], vals)
        day = datetime.now(tz=UTC).date() + timedelta(days=7)
        values = {"inspection_id": inspection_id, "rectify_date": f"{day}"}
        wizard = inspector("shenpi.inspection.result.wizard", "create", values)
        # It answers with what prints the record, which XML-RPC cannot carry.
        self.json2("inspector")("shenpi.inspection.result.wizard", "action_confirm", ids=[wizard])


def test_from_one_form_to_several_permits_behind_one_code(submit, xmlrpc, json2, server, sql):
    filed = submit(9)
    walk = Walk(xmlrpc, json2, filed["number"])
    assert filed["permit"]["state"] == "pending"
    for child in walk.children("running"):
        walk.accept(child)
        walk.grant(child)
    assert walk.status()["permit"]["state"] == "partial"

    # What waited for the registration runs now; two of its items are inspected, on one visit.
    running = walk.children("running")
    assert len(running) == 4
    for child in running:
        walk.accept(child)
    (inspection,) = walk.inspections()
    inspector = xmlrpc("inspector")
    domain = [("inspection_id", "=", inspection)]
    parts = inspector("shenpi.inspection.part", "search_read", domain, ["item_name", "state"])
    assert len(parts) == 2
    faulty = parts[1]["item_name"]
    walk.inspect(inspection, faulty_item=faulty)
    parts = inspector("shenpi.inspection.part", "search_read", domain, ["item_name", "state"])
    assert {part["item_name"]: part["state"] for part in parts} == {
        parts[0]["item_name"]: "passed",
        faulty: "rectify",
    }

    # Every item is granted but the one that is to be rectified.
    for child in running:
        if child["item_name"] == faulty:
            with pytest.raises(Fault):
                walk.grant(child)
        else:
            walk.grant(child)
    assert walk.status()["permit"]["state"] == "partial"
    (again,) = set(walk.inspections()) - {inspection}
    walk.inspect(again)
    (last,) = walk.children("running")
    walk.grant(last)

    permit = walk.status()["permit"]
    assert permit["state"] == "complete"
    verified = xmlrpc("integrator")("shenpi.licence", "api_verify", permit["number"])
    assert (verified["valid"], verified["status"], verified["missing"]) == (True, "valid", [])
    assert len(verified["licences"]) == 5
    numbers = [licence["number"] for licence in verified["licences"]]
    _check_public_page(sql, server, permit["number"], numbers)
    _check_paper(xmlrpc, server, permit["number"], numbers)


def _check_public_page(sql, server, number, numbers):
    """What everybody sees who scans the code: that of the paper, which no API tells."""
    ((token,),) = sql("SELECT verify_token FROM shenpi_permit WHERE number = %s", number)
    session = Session(server.url, server.database)
    status, page = session.get(f"/shenpi/permit/{token}")
    assert status == 200
    assert all(number in page for number in numbers)
    assert "青云一码" not in page
    status, nothing = session.get("/shenpi/permit/unknown")
    assert status == 404
    assert nothing == session.get("/shenpi/licence/unknown")[1]


def _check_paper(xmlrpc, server, number, numbers):
    clerk = xmlrpc("clerk")
    (permit_id,) = clerk("shenpi.permit", "search", [("number", "=", number)])
    paper = Session(server.url, server.database)
    paper.login("clerk")
    _status, html = paper.get(f"/report/html/shenpi_base.report_permit/{permit_id}")
    assert all(number in html for number in numbers)


@pytest.mark.parametrize("turn", range(2))
def test_two_items_accepted_at_once_share_one_inspection(turn, submit, xmlrpc, json2, prefork):
    """Whoever comes second joins the order of the first."""
    walk = Walk(xmlrpc, json2, submit(turn)["number"])
    (registration,) = walk.children("running")
    walk.accept(registration)
    walk.grant(registration)
    inspected = [child for child in walk.children("running") if child["item_name"] in INSPECTED]
    clerks = [prefork.xmlrpc(login) for login in ("clerk", "clerk2")]
    at_once(
        *(
            partial(client, APPLICATION, "api_accept", child["number"], {})
            for client, child in zip(clerks, inspected, strict=True)
        )
    )
    (inspection,) = walk.inspections()
    parts = xmlrpc("inspector")(
        "shenpi.inspection.part", "search_count", [("inspection_id", "=", inspection)]
    )
    assert parts == 2


def test_a_register_answers_for_a_paper(xmlrpc, sql, server, items, payload):
    """Asked in a job, over HTTP, signed: what is found completes the case."""
    manager, clerk = xmlrpc("manager"), xmlrpc("clerk")
    names = manager(
        "shenpi.item.material",
        "search_read",
        [
            ("spared_by", "=", "shared_data"),
            ("item_id.state", "=", "published"),
            ("item_id.company_id", "=", 1),
            ("name", "=", "营业执照"),
            ("required", "=", True),
        ],
        ["item_id", "code"],
        limit=1,
    )
    item_id, code = names[0]["item_id"][0], names[0]["code"]
    (item,) = manager("shenpi.item", "read", [item_id], ["code", "material_ids"])
    others = manager("shenpi.item.material", "read", item["material_ids"], ["code"])
    filing = payload(materials=[{"code": m["code"]} for m in others if m["code"] != code])
    filing["item_code"] = item["code"]
    number = filing["applicant"]["id_number"]
    with LookupProvider({"city": KEY}) as register, _connected(xmlrpc, register.url):
        register.control(proofs={"营业执照": {number: "E-2026-1"}})
        case = clerk(APPLICATION, "api_submit", filing)
        assert case["missing"] == [code]
        (case_id,) = clerk(APPLICATION, "search", [("number", "=", case["number"])])
        clerk(APPLICATION, "action_look_up", [case_id])

        def is_complete():
            return not clerk(APPLICATION, "api_status", case["number"])["missing"]

        wait_for(is_complete, 60, "the answer of the register")
        (question,) = register.control()["questions"]
    assert question["subject"]["id_number"] == number
    assert question["asked_by"] and question["legal_basis"] and question["purpose"]
    status = clerk(APPLICATION, "api_status", case["number"])
    assert {"code": code, "way": "shared_data"} in status["spared"]
    kept = sql(
        "SELECT answer, evidence, taken, subject_id_number FROM shenpi_lookup"
        " WHERE application_id = %s",
        case_id,
    )
    assert [row[:3] for row in kept] == [("found", "E-2026-1", True)]
    assert number not in json.dumps(kept)
    assert re.search(r"\*", kept[0][3])


@contextmanager
def _connected(xmlrpc, url):
    """The administrator names the register as the first source to ask, for as long as it runs."""
    admin = xmlrpc("admin")
    values = {
        "name": "登记",
        "sequence": 1,
        "company_id": 1,
        "material_names": "营业执照",
        "legal_basis": "示例依据",
        "is_demo": True,
        "url": url,
        "account": "city",
        "key": KEY,
    }
    source = admin("shenpi.lookup.source", "create", values)
    try:
        yield
    finally:
        admin("shenpi.lookup.source", "write", [source], {"active": False})
