"""Monday's bulletins of many bureaus, and the server dies while they go out."""

from support.crash import finish_through_kills
from support.server import in_shell

COUNT = 8
# Receivers read in Odoo, so that no mail server is asked for.
PREPARE = f"""
reader = env["res.users"].search([("login", "=", "supervisor")])
reader.notification_type = "inbox"
bureaus = env["res.company"].create(
    [{{"name": f"Bureau of the bulletin {{n}}"}} for n in range({COUNT})]
)
reader.company_ids |= bureaus
bureaus.write({{"shenpi_bulletin_receiver_ids": reader.ids, "shenpi_bulletin_time": 0}})
result = bureaus.ids
"""


def test_bulletins(database, sql):
    """Each bureau's bulletin is issued once and sent once, with both files."""
    bureaus = in_shell(database, PREPARE)

    def count():
        query = """SELECT count(*) FROM shenpi_bulletin
                    WHERE sent_at IS NOT NULL AND company_id = ANY(%s)"""
        return sql(query, bureaus)[0][0]

    finish_through_kills(database, count, COUNT, action="shenpi_base.cron_bulletin")
    rows = sql(
        """SELECT b.state, count(DISTINCT e.id), count(DISTINCT m.id), count(DISTINCT a.id)
             FROM shenpi_bulletin b
             JOIN shenpi_event e ON e.bulletin_id = b.id
             JOIN message_attachment_rel r ON TRUE
             JOIN mail_message m
               ON m.id = r.message_id AND m.model = 'shenpi.bulletin' AND m.res_id = b.id
             JOIN ir_attachment a ON a.id = r.attachment_id
            WHERE b.company_id = ANY(%s) GROUP BY b.id""",
        bureaus,
    )
    assert rows == [("issued", 1, 1, 2)] * COUNT
