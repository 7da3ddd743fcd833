"""Nobody said anything within five working days, and the server dies while it notes this."""

import uuid

from support.crash import finish_through_kills
from support.identity import uscc
from support.server import in_shell

COUNT = 120
FILE = """
caller = env["res.users"].search([("login", "=", "integrator")])
applications = env["shenpi.application"].with_user(caller)
applications = applications.with_context(allowed_company_ids=caller.company_ids.ids)
item = env["shenpi.item"].search([("state", "=", "published")], order="code", limit=1)
materials = [{"code": material.code} for material in item.material_ids if material.required]
result = [
    applications.api_submit(dict(filing, item_code=item.code, materials=materials))["number"]
    for filing in filings
]
"""


def filing(serial):
    return {
        "client_ref": str(uuid.uuid4()),
        "channel": "api",
        "at": "2026-02-12T10:00:00+08:00",
        "applicant": {
            "kind": "organisation",
            "name": f"默示受理第{serial}号有限公司",
            "id_type": "uscc",
            "id_number": uscc(7_000_000 + serial),
        },
    }


def test_deemed_acceptance(database, sql):
    """Every case is accepted once, as of the day of receipt, and its chain is whole."""
    filings = [filing(serial) for serial in range(COUNT)]
    numbers = in_shell(database, f"filings = {filings!r}\n{FILE}")

    def count():
        query = "SELECT count(*) FROM shenpi_application WHERE deemed AND number = ANY(%s)"
        return sql(query, numbers)[0][0]

    finish_through_kills(database, count, COUNT, action="shenpi_base.cron_deem_accepted")
    rows = sql(
        """SELECT state, accepted_date::text, array_agg(action ORDER BY sequence),
                  (SELECT array_agg(kind ORDER BY c.id) FROM shenpi_application_clock c
                    WHERE application_id = a.id)
             FROM shenpi_application a JOIN shenpi_event e ON e.application_id = a.id
            WHERE a.number = ANY(%s) GROUP BY a.id""",
        numbers,
    )
    entry = ("accepted", "2026-02-12", ["receive", "deem_accepted"], ["received", "accepted"])
    assert rows == [entry] * COUNT
