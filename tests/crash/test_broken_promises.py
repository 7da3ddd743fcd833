"""Promised materials did not come, and the server dies while it ends the cases."""

import uuid

from support.crash import finish_through_kills
from support.identity import uscc
from support.server import in_shell

COUNT = 100
FILE = """
caller = env["res.users"].search([("login", "=", "integrator")])
applications = env["shenpi.application"].with_user(caller)
applications = applications.with_context(allowed_company_ids=caller.company_ids.ids)
item = env["shenpi.item"].search(
    [("state", "=", "published"), ("allow_deferral", "=", True), ("promised_limit", "=", 5),
     ("needs_inspection", "=", False)], order="code", limit=1)
later = item.deferrable_material_ids[0].code
materials = [{"code": m.code} for m in item.material_ids if m.required and m.code != later]
deferred = [{"code": later, "promised": "2026-02-13"}]
result = []
for filing in filings:
    payload = dict(filing, item_code=item.code, materials=materials, deferred=deferred)
    number = applications.api_submit(payload)["number"]
    applications.api_accept(number, {"at": "2026-02-12T11:00:00+08:00"})
    result.append(number)
"""


def filing(serial):
    return {
        "client_ref": str(uuid.uuid4()),
        "channel": "api",
        "at": "2026-02-12T10:00:00+08:00",
        "applicant": {
            "kind": "organisation",
            "name": f"容缺失信第{serial}号有限公司",
            "id_type": "uscc",
            "id_number": uscc(8_000_000 + serial),
        },
    }


def test_broken_promises(database, sql):
    """Every case counts as withdrawn, once, with one entry in the credit of its applicant."""
    filings = [filing(serial) for serial in range(COUNT)]
    numbers = in_shell(database, f"filings = {filings!r}\n{FILE}")

    def count():
        query = """SELECT count(*) FROM shenpi_application
                    WHERE state = 'withdrawn' AND number = ANY(%s)"""
        return sql(query, numbers)[0][0]

    finish_through_kills(database, count, COUNT, action="shenpi_base.cron_end_deferrals")
    rows = sql(
        """SELECT state, deferral_due_date, array_agg(action ORDER BY sequence),
                  (SELECT array_agg(ground) FROM shenpi_credit c WHERE c.application_id = a.id)
             FROM shenpi_application a JOIN shenpi_event e ON e.application_id = a.id
            WHERE a.number = ANY(%s) GROUP BY a.id""",
        numbers,
    )
    actions = ["receive", "defer", "accept", "deem_withdrawn"]
    assert rows == [("withdrawn", None, actions, ["broken_promise"])] * COUNT
