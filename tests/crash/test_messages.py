"""Messages that no job has sent, and the server dies while its scheduled action sends them."""

import uuid

from support.crash import finish_through_kills
from support.identity import uscc
from support.server import in_shell
from support.sms_gateway import SmsGateway

COUNT = 250  # five posts
KEY = "the key of the city bureau"
FILE = """
bureau = env.ref("base.main_company")
bureau.write({"shenpi_sms_url": url, "shenpi_sms_account": "city", "shenpi_sms_key": key})
bureau.write({"shenpi_quiet_from": 0, "shenpi_quiet_to": 0})
caller = env["res.users"].search([("login", "=", "integrator")])
applications = env["shenpi.application"].with_user(caller)
applications = applications.with_context(allowed_company_ids=caller.company_ids.ids)
item = env["shenpi.item"].search([("state", "=", "published")], order="code", limit=1)
materials = [{"code": material.code} for material in item.material_ids if material.required]
answers = applications.api_submit_batch(
    [dict(filing, item_code=item.code, materials=materials) for filing in filings]
)
result = [answer["number"] for answer in answers]
# As if the server had died before it could start a job.
env.cr.postcommit.clear()
env["queue.job"].search([("model_name", "=", "shenpi.message")]).unlink()
env.cr.execute("UPDATE shenpi_message SET next_attempt_at = next_attempt_at - interval '1 hour'")
"""
SILENCE = """
env.ref("base.main_company").write({"shenpi_sms_url": False, "shenpi_sms_key": False})
"""


def filing(serial):
    return {
        "client_ref": str(uuid.uuid4()),
        "channel": "api",
        "applicant": {
            "kind": "organisation",
            "name": f"短信告知第{serial}号有限公司",
            "id_type": "uscc",
            "id_number": uscc(7_500_000 + serial),
            "phone": f"1391{serial:07d}",
        },
    }


def test_messages(database, sql):
    """Every message reaches its phone once, whatever was under way when the server died."""
    with SmsGateway({"city": KEY}) as gateway:
        gateway.control(faults=["slow"] * 100, slowness=0.5)
        words = {"filings": [filing(serial) for serial in range(COUNT)]}
        words |= {"url": gateway.url, "key": KEY}
        given = "\n".join(f"{name} = {word!r}" for name, word in words.items())
        numbers = in_shell(database, f"{given}\n{FILE}")

        def told():
            return sql(
                """SELECT m.state, m.key FROM shenpi_message m
                     JOIN shenpi_application a ON a.id = m.application_id
                    WHERE a.number = ANY(%s)""",
                numbers,
            )

        def count():
            return sum(state == "sent" for state, _key in told())

        finish_through_kills(database, count, COUNT, action="shenpi_base.cron_send_messages")
        seen = gateway.seen()
    in_shell(database, SILENCE)
    assert sorted(seen["sent"]) == sorted(key for _state, key in told())
    assert len(set(seen["sent"])) == COUNT
