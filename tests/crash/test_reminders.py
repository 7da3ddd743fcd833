"""Reminders of licences: killed in the middle, run by three at once, made up after downtime.

The licences are copies of one kind, three for every two holders, that reach a rung today.
"""

from concurrent.futures import ThreadPoolExecutor

from support.crash import finish_through_kills
from support.server import in_shell

MAKE = """
kind = env["shenpi.licence.type"].create({
    "name": SERIES, "code": SERIES, "remind": True,
    "specialist_id": env["res.users"].search([("login", "=", "clerk2")]).id,
    "rung_ids": [(0, 0, {"days_before": days, "channel": "call"}) for days in (90, 60, 30)],
})
today = env["shenpi.licence"]._get_today()
env.cr.execute('''
    INSERT INTO shenpi_licence
           (number, version, name, type_id, company_id, holder_name, holder_kind,
            holder_phone_raw, holder_id_number_raw, valid_from, in_force_from, valid_to,
            renewal_due_date, state, verify_token, create_date)
    SELECT %(series)s || n, 1, '示例许可证', %(kind)s, %(company)s, '单位' || n * 2 / 3,
           'organisation', '13900000000', %(series)s || n * 2 / 3,
           %(today)s::date - 1000, %(today)s::date - 1000, %(today)s::date + DUE + 30,
           %(today)s::date + DUE, 'valid', %(series)s || n, now()
      FROM generate_series(1, COUNT) n RETURNING id''',
    {"series": SERIES, "kind": kind.id, "today": today,
     "company": env.ref("base.main_company").id})
result = len(env.cr.fetchall())
"""
RUN = "env['shenpi.licence.reminder'].sudo()._cron_remind()"
LINES = """
SELECT count(*) FROM shenpi_licence_reminder
 WHERE type_id = (SELECT id FROM shenpi_licence_type WHERE code = %s) AND state = 'open'
"""
# Lines of each licence by state: one rung acts, the one before it is passed over.
OUTCOME = """
SELECT open, passed, count(*) FROM (
    SELECT count(*) FILTER (WHERE line.state = 'open') AS open,
           count(*) FILTER (WHERE line.state = 'passed') AS passed
      FROM shenpi_licence l LEFT JOIN shenpi_licence_reminder line ON line.licence_id = l.id
     WHERE l.number LIKE %s GROUP BY l.id) each GROUP BY 1, 2
"""
# Tasks of each holder.
TASKS = """
SELECT tasks, count(*) FROM (
    SELECT l.holder_id_number_raw, count(DISTINCT line.contact_id) AS tasks
      FROM shenpi_licence l JOIN shenpi_licence_reminder line ON line.licence_id = l.id
     WHERE l.number LIKE %s AND line.state = 'open' GROUP BY 1) each GROUP BY 1
"""


def make(database, series, count, due):
    text = MAKE.replace("SERIES", repr(series)).replace("COUNT", str(count))
    return in_shell(database, text.replace("DUE", str(due)))


def check(sql, series, count):
    assert sql(OUTCOME, f"{series}%") == [(1, 1, count)]
    ((tasks, holders),) = sql(TASKS, f"{series}%")
    assert tasks == 1 and holders >= count * 2 // 3
    assert sql(
        """SELECT count(*) FROM shenpi_licence_contact contact WHERE NOT EXISTS (
               SELECT FROM shenpi_licence_reminder line WHERE line.contact_id = contact.id)"""
    ) == [(0,)], "a task about nothing"


def test_killed_in_the_middle(database, sql):
    """Nobody is skipped and nobody is called twice, whatever was cut off."""
    count = make(database, "KILL", 6_000, 60)

    def done():
        return sql(LINES, "KILL")[0][0]

    action = "shenpi_base.cron_licence_reminder"
    finish_through_kills(database, done, count, action=action, seconds=240)
    check(sql, "KILL", count)
    states = sql("SELECT DISTINCT state FROM shenpi_licence_reminder_run")
    assert ("interrupted",) in states and ("running",) not in states


def test_three_runs_at_once(database, sql):
    count = make(database, "RACE", 3_000, 60)
    with ThreadPoolExecutor() as pool:
        for run in [pool.submit(in_shell, database, RUN) for _n in range(3)]:
            run.result()
    check(sql, "RACE", count)


def test_after_days_of_downtime(database, sql):
    """Five days late the rung of the first day acts, once."""
    count = make(database, "DOWN", 900, 55)
    for _n in range(2):
        in_shell(database, RUN)
    check(sql, "DOWN", count)
