"""Licences ended while their renewal was under way, and the server dies while it notes this."""

import uuid

from support.crash import finish_through_kills
from support.identity import uscc
from support.server import in_shell

COUNT = 120
FILE = """
from datetime import timedelta

caller = env["res.users"].search([("login", "=", "integrator")])
manager = env["res.users"].search([("login", "=", "manager")])
applications = env["shenpi.application"].with_user(caller)
applications = applications.with_context(allowed_company_ids=caller.company_ids.ids)
item = env["shenpi.item"].search([("state", "=", "published")], order="code", limit=1)
materials = [{"code": material.code} for material in item.material_ids if material.required]
licences = env["shenpi.licence"].with_user(manager)
ended = licences._get_today() - timedelta(days=2)
rows = []
for filing in filings:
    first = ended - timedelta(days=1000)
    vals = {
        "number": filing["licence"],
        "version": 1,
        "name": "默示延续",
        "type_id": False,
        "item_id": item.id,
        "company_id": item.company_id.id,
        "department_id": item.department_id.id,
        "holder_name": filing["applicant"]["name"],
        "holder_kind": "organisation",
        "holder_id_type": "uscc",
        "holder_id_number_raw": filing["applicant"]["id_number"],
        "valid_from": first,
        "in_force_from": first,
        "valid_to": ended,
    }
    rows.append(vals | licences._prepare_derived(vals))
begun = licences._get_today() - timedelta(days=60)
moments = [f"{begun} 01:00:00"] * len(rows)
from odoo import fields
moments = [fields.Datetime.to_datetime(moment) for moment in moments]
licences._begin_all("import_licence", rows, moments)
asked = f"{licences._get_today() - timedelta(days=45)}T10:00:00+08:00"
for filing in filings:
    applications.api_submit(dict(filing, at=asked, item_code=item.code, materials=materials))
result = None
"""


def filing(serial, run):
    return {
        "client_ref": str(uuid.uuid4()),
        "channel": "api",
        "purpose": "renew",
        "licence": f"MS{run}{serial:05d}",
        "applicant": {
            "kind": "organisation",
            "name": f"默示延续第{serial}号有限公司",
            "id_type": "uscc",
            "id_number": uscc(7_100_000 + serial),
        },
    }


def test_deemed_renewal(database, sql):
    """Every licence is noted once as renewed, and stays in force."""
    run = uuid.uuid4().hex[:6].upper()
    filings = [filing(serial, run) for serial in range(COUNT)]
    in_shell(database, f"filings = {filings!r}\n{FILE}")
    numbers = [one["licence"] for one in filings]

    def count():
        query = "SELECT count(*) FROM shenpi_licence WHERE deemed_renewed AND number = ANY(%s)"
        return sql(query, numbers)[0][0]

    finish_through_kills(database, count, COUNT, action="shenpi_base.cron_deem_renewed")
    rows = sql(
        """SELECT state, renewal_in_time, array_agg(action ORDER BY sequence)
             FROM shenpi_licence l JOIN shenpi_event e ON e.licence_id = l.id
            WHERE number = ANY(%s) GROUP BY l.id""",
        numbers,
    )
    entry = ("renewing", True, ["import_licence", "ask_renewal", "deem_renewed"])
    assert rows == [entry] * COUNT
