"""The demo's licences in the ladder: the specialist calls, notes the answer, and opens the renewal;
who is not reached is visited; the ledger keeps who, when and what was said."""

from datetime import UTC, datetime, timedelta

import pytest
from support.rpc import Fault

CONTACT, LINE = "shenpi.licence.contact", "shenpi.licence.reminder"
LICENCE, APPLICATION = "shenpi.licence", "shenpi.application"
SPECIALIST = "clerk2"
ANSWER = "材料已备齐，下周来窗口办理。"


@pytest.fixture(scope="module")
def specialist(xmlrpc):
    return xmlrpc(SPECIALIST)


@pytest.fixture(scope="module")
def contacts(sql):
    """Two calls that are to be made, the first one for one licence which a published item renews;
    the holder of the second one is not to be visited already."""
    rows = sql(
        """SELECT c.id FROM shenpi_licence_contact c
             JOIN shenpi_licence_reminder line ON line.contact_id = c.id
             JOIN shenpi_licence l ON l.id = line.licence_id AND l.state = 'valid'
             JOIN res_users u ON u.id = c.specialist_id AND u.login = %s
             LEFT JOIN shenpi_item i ON i.licence_type_id = l.type_id
                  AND i.state = 'published' AND i.company_id = l.company_id
            WHERE c.state = 'open' AND c.channel = 'call' AND c.attempts = 0
              AND (SELECT count(*) FROM shenpi_licence_reminder r WHERE r.contact_id = c.id) = 1
              AND NOT EXISTS (SELECT FROM shenpi_licence_contact other
                               WHERE other.holder_key = c.holder_key AND other.channel = 'visit'
                                 AND other.state = 'open')
            ORDER BY i.id IS NULL, c.id""",
        SPECIALIST,
    )
    assert len(rows) >= 2, "the demo has calls to be made"
    return rows[0][0], rows[-1][0]


def _read(client, model, record_id, *names):
    (row,) = client(model, "read", [record_id], list(names))
    return row


def test_the_demo_is_in_the_ladder(specialist, sql):
    assert specialist("shenpi.licence.type", "search_count", [("remind", "=", True)]) == 48
    # Each rung has acted once, and what is to be done is somebody's.
    assert sql(
        """SELECT count(*) FROM (SELECT FROM shenpi_licence_reminder
            GROUP BY licence_id, rung_id, epoch, duty_id HAVING count(*) > 1) twice"""
    ) == [(0,)]
    nobodys = [("state", "=", "open"), ("specialist_id", "=", False)]
    assert not specialist(CONTACT, "search_count", nobodys)


def test_answered_and_renewed_with_one_click(xmlrpc, json2, specialist, contacts):
    contact_id = contacts[0]
    contact = _read(specialist, CONTACT, contact_id, "phone", "holder_name", "line_ids")
    masked = _read(xmlrpc("supervisor"), CONTACT, contact_id, "phone")["phone"]
    if contact["phone"]:
        assert "*" in masked and "*" not in contact["phone"]
    vals = {"contact_id": contact_id, "outcome": "renewing", "answer": ANSWER}
    wizard = specialist("shenpi.licence.contact.wizard", "create", vals)
    specialist("shenpi.licence.contact.wizard", "action_confirm", [wizard])
    done = _read(specialist, CONTACT, contact_id, "state", "outcome", "can_renew")
    assert (done["state"], done["outcome"], done["can_renew"]) == ("done", "renewing", True)

    action = specialist(CONTACT, "action_renew", [contact_id])
    assert action["res_model"] == APPLICATION
    (line,) = specialist(LINE, "read", contact["line_ids"], ["licence_id"])
    licence = _read(
        specialist, LICENCE, line["licence_id"][0], "number", "holder_name", "holder_id_number"
    )
    draft = _read(
        specialist,
        APPLICATION,
        action["res_id"],
        "state",
        "purpose",
        "applicant_name",
        "applicant_id_number",
        "licence_base_number",
        "material_ids",
    )
    assert (draft["state"], draft["purpose"]) == ("draft", "renew")
    assert draft["applicant_name"] == licence["holder_name"] == contact["holder_name"]
    assert "*" not in draft["applicant_id_number"]
    assert draft["licence_base_number"] == licence["number"]
    assert draft["material_ids"], "the checklist of the item is there"
    assert specialist(CONTACT, "action_renew", [contact_id])["res_id"] == action["res_id"]
    # It answers with what prints the receipt, which XML-RPC cannot carry.
    json2(SPECIALIST)(APPLICATION, "action_receive", ids=[action["res_id"]])
    status = _read(specialist, LICENCE, line["licence_id"][0], "status")["status"]
    assert status == "renewing"


def test_the_ledger_keeps_who_when_and_what(xmlrpc, specialist, contacts):
    domain = [("contact_id", "=", contacts[0])]
    names = ["state", "told_at", "told_by_id", "outcome", "answer"]
    (line,) = xmlrpc("supervisor")(LINE, "search_read", domain, names)
    people = xmlrpc("manager")("res.users", "search_read", [("login", "=", SPECIALIST)], ["name"])
    assert (line["state"], line["outcome"], line["answer"]) == ("done", "renewing", ANSWER)
    assert line["told_by_id"][1] == people[0]["name"]
    told = datetime.fromisoformat(line["told_at"]).replace(tzinfo=UTC)
    assert datetime.now(tz=UTC) - told < timedelta(minutes=10)
    with pytest.raises(Fault):
        specialist(LINE, "write", [line["id"]], {"answer": "x"})
    with pytest.raises(Fault, match="将延续|联系|办理|state"):
        specialist(CONTACT, "action_unreachable", [contacts[0]])


def test_who_is_not_reached_is_visited(specialist, contacts, sql):
    contact_id = contacts[1]
    ((limit,),) = sql(
        """SELECT shenpi_visit_after FROM res_company c
             JOIN shenpi_licence_contact contact ON contact.company_id = c.id
            WHERE contact.id = %s""",
        contact_id,
    )
    assert limit >= 2
    for attempt in range(1, limit + 1):
        specialist(CONTACT, "action_unreachable", [contact_id])
        row = _read(specialist, CONTACT, contact_id, "channel", "state", "attempts", "next_date")
        assert row["attempts"] == attempt
        assert row["state"] == "open"
        assert row["channel"] == ("visit" if attempt == limit else "call")
    domain = [("contact_id", "=", contact_id), ("outcome", "=", "unreachable")]
    entries = specialist(f"{CONTACT}.entry", "search_read", domain, ["user_id", "happened_at"])
    assert len(entries) == limit
    (line,) = specialist(LINE, "search_read", [("contact_id", "=", contact_id)], ["outcome"])
    assert line["outcome"] == "unreachable"


def test_another_bureau_sees_nothing_of_it(xmlrpc, contacts):
    stranger = xmlrpc("clerk_b")
    assert not stranger(CONTACT, "search_count", [("id", "in", list(contacts))])
    for method in ("action_renewing", "action_unreachable", "action_renew", "action_take"):
        with pytest.raises(Fault):
            stranger(CONTACT, method, [contacts[0]])
