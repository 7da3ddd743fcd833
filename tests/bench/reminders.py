"""435,000 licences: a run in under a minute, the one after their import too.

The licences are copies of one, spread over 48 types, 290,000 holders and five years of deadlines;
the bureau sends SMS. What a run did is compared with the licences counted by themselves.
"""

import time
from datetime import timedelta

from support.identity import uscc

from . import Bench, Goal, Row

_LICENCES = 435_000
_TYPES = 48
_MINUTE = 60.0
_YEARS = 5
_COPY = """
INSERT INTO shenpi_licence
       (number, version, name, type_id, company_id, holder_name, holder_kind, holder_phone_raw,
        holder_id_number_raw, valid_from, in_force_from, valid_to, renewal_due_date, expiring_from,
        state, verify_token, create_uid, create_date, write_uid, write_date)
SELECT 'bench-' || n, 1, '示例许可证', (%(types)s)[1 + n %% %(kinds)s], %(company)s,
       '示例单位' || n %% %(holders)s, 'organisation', '13900000000', 'K' || n %% %(holders)s,
       due + 30 - %(days)s, due + 30 - %(days)s, due + 30, due, due - 180,
       'valid', 'bench-' || n, 1, now(), 1, now()
  FROM generate_series(1, %(count)s) n,
       LATERAL (SELECT %(today)s::date - 30 + n %% %(days)s AS due) d
"""


def run(bench: Bench) -> list[Row]:
    """Copy the licences, run the reminders on two days in a row."""
    count = bench.scaled(_LICENCES)
    with bench.transaction() as env:
        company = env.ref("base.main_company")
        company.write(
            {
                "shenpi_uscc": uscc(1),
                "shenpi_sms_url": "https://sms.example.org/send",
                "shenpi_sms_key": "only for this bench, no gateway",
            }
        )
        kinds = _make_types(env)
        today = env["shenpi.licence"]._get_today()
        values = {
            "types": kinds.ids,
            "kinds": len(kinds),
            "company": company.id,
            "holders": count * 2 // 3,
            "days": 365 * _YEARS,
            "count": count,
            "today": today,
        }
    with bench.sql() as cursor:
        cursor.execute(_COPY, values)
        cursor.connection.commit()
        cursor.connection.autocommit = True
        cursor.execute("VACUUM ANALYZE shenpi_licence")
        cursor.connection.autocommit = False
    share = count / _LICENCES
    return [
        _row(bench, today, "first run after the import", _MINUTE * share),
        _row(bench, today + timedelta(days=1), "daily run", _MINUTE * share),
    ]


def _make_types(env):
    user = env["res.users"].create({"name": "专员", "login": "bench-specialist"})
    return env["shenpi.licence.type"].create(
        [
            {
                "name": f"示例许可证{n}",
                "code": f"B{n}",
                "remind": True,
                "specialist_id": user.id,
                "validity_count": _YEARS,
            }
            for n in range(_TYPES)
        ]
    )


def _row(bench, day, what, allowed) -> Row:
    began = time.perf_counter()
    with bench.transaction() as env:
        env["shenpi.licence.reminder"].sudo()._run(day)
    seconds = time.perf_counter() - began
    with bench.transaction() as env:
        run = env["shenpi.licence.reminder.run"].sudo().search([], limit=1)
        assert run.state == "done" and not run.failed_count, run.error
        _check(env, day)
        note = f"{run.done_count:,} rungs, {run.passed_count:,} passed over, "
        note += f"{run.contact_count:,} tasks and messages"
    return Row(
        18,
        f"reminders of licences: {what}",
        "s",
        {"ours": seconds, "allowed": allowed},
        {"allowed": seconds / allowed},
        [Goal("allowed", "<=", 1)],
        note,
    )


def _check(env, day) -> None:
    """Every rung that stands on the day or before has its line, and each holder one message."""
    env.cr.execute(
        """SELECT count(*) FROM shenpi_licence l JOIN shenpi_licence_type_rung rung
                  ON rung.type_id = l.type_id AND l.renewal_due_date - rung.days_before <= %s
            WHERE l.number LIKE 'bench-%%' AND l.valid_to >= %s::date - 30""",
        [day, day],
    )
    ((wanted,),) = env.cr.fetchall()
    env.cr.execute("SELECT count(*) FROM shenpi_licence_reminder")
    ((lines,),) = env.cr.fetchall()
    # A holder who has had his message today gets the next one tomorrow.
    assert wanted * 0.99 <= lines <= wanted, (lines, wanted)
    env.cr.execute(
        """SELECT count(*) FROM (SELECT holder_key FROM shenpi_licence_contact
            WHERE channel = 'sms' GROUP BY holder_key, raised_on HAVING count(*) > 1) twice"""
    )
    assert env.cr.fetchall() == [(0,)]
