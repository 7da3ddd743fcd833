"""Questions to a register, and the server dies while its scheduled action asks them."""

import uuid

import psycopg2
import pytest
from support.crash import finish_through_kills
from support.identity import uscc
from support.lookup_provider import LookupProvider
from support.server import in_shell

COUNT = 60  # twelve chunks
KEY = "the key of the register"
FILE = """
city = env.ref("base.main_company")
material = env["shenpi.item.material"].search([
    ("spared_by", "=", "shared_data"), ("required", "=", True), ("name", "=", "营业执照"),
    ("item_id.state", "=", "published"), ("item_id.company_id", "=", city.id),
], limit=1)
env["shenpi.lookup.source"].create({
    "name": "登记", "sequence": 0, "company_id": city.id,
    "material_names": material.name, "legal_basis": "示例依据", "is_demo": True,
    "url": url, "account": "crash", "key": key,
})
item = material.item_id
caller = env["res.users"].search([("login", "=", "integrator")])
applications = env["shenpi.application"].with_user(caller)
applications = applications.with_context(allowed_company_ids=caller.company_ids.ids)
materials = [
    {"code": one.code} if one != material else {"code": one.code, "spared": "shared_data"}
    for one in item.material_ids
]
answers = applications.api_submit_batch(
    [dict(filing, item_code=item.code, materials=materials) for filing in filings]
)
result = [answer["number"] for answer in answers]
# As if the server had died before it could start a job.
env.cr.postcommit.clear()
env["queue.job"].search([("model_name", "=", "shenpi.lookup")]).unlink()
env.cr.execute("UPDATE shenpi_lookup SET next_attempt_at = next_attempt_at - interval '1 hour'")
"""
RETIRE = """env["shenpi.lookup.source"].search([("account", "=", "crash")]).active = False"""
QUESTIONS = """
SELECT l.key, l.origin, l.material_name, l.subject_name, l.subject_id_number, l.asked_by_id,
       l.raised_at, l.purpose, l.legal_basis
  FROM shenpi_lookup l JOIN shenpi_application a ON a.id = l.application_id
 WHERE a.number = ANY(%s) ORDER BY l.id
"""
ANSWERS = """
SELECT l.key, l.answer, l.evidence, l.taken, m.status, m.spared_way, m.digital_ref
  FROM shenpi_lookup l JOIN shenpi_application a ON a.id = l.application_id
  JOIN shenpi_application_material m ON m.id = l.material_id
 WHERE a.number = ANY(%s) ORDER BY l.id
"""


def filing(serial):
    return {
        "client_ref": str(uuid.uuid4()),
        "channel": "api",
        "applicant": {
            "kind": "organisation",
            "name": f"共享核查第{serial}号有限公司",
            "id_type": "uscc",
            "id_number": uscc(7_600_000 + serial),
        },
    }


def test_lookups(database, sql):
    """Every question is answered and entered, and asked under one id however often."""
    filings = [filing(serial) for serial in range(COUNT)]
    known = {each["applicant"]["id_number"]: f"E-{n}" for n, each in enumerate(filings)}
    with LookupProvider({"crash": KEY}) as register:
        register.control(proofs={"营业执照": known}, slowness=0.05)
        words = {"filings": filings, "url": register.url, "key": KEY}
        given = "\n".join(f"{name} = {word!r}" for name, word in words.items())
        numbers = in_shell(database, f"{given}\n{FILE}")
        before = sql(QUESTIONS, numbers)
        assert len(before) == COUNT

        def answered():
            return sum(answer == "found" for _key, answer, *_rest in sql(ANSWERS, numbers))

        finish_through_kills(database, answered, COUNT, action="shenpi_base.cron_send_lookups")
        asked = register.control()["questions"]
    in_shell(database, RETIRE)

    # Nobody was asked about under two ids, and what was asked again was the same question.
    assert {question["id"] for question in asked} == {key for key, *_rest in before}
    by_id = {question["id"]: question for question in asked}
    assert all(question == by_id[question["id"]] for question in asked)
    assert {question["subject"]["id_number"] for question in by_id.values()} == set(known)

    # The log says what it said, every answer is there, and is entered in its case.
    assert sql(QUESTIONS, numbers) == before
    for key, answer, evidence, taken, *material in sql(ANSWERS, numbers):
        assert (answer, taken) == ("found", True)
        assert evidence == known[by_id[key]["subject"]["id_number"]]
        assert material == ["spared", "shared_data", evidence]
    key = before[0][0]
    for change in (
        "UPDATE shenpi_lookup SET purpose = 'x' WHERE key = %s RETURNING id",
        "UPDATE shenpi_lookup SET evidence = 'x' WHERE key = %s RETURNING id",
        "DELETE FROM shenpi_lookup WHERE key = %s RETURNING id",
    ):
        with pytest.raises(psycopg2.errors.RestrictViolation):
            sql(change, key)
