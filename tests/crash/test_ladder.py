"""The escalation ladder: killed in the middle, run by three at once, a bad record among good ones.

The cases are of long ago: each is late by far more than the top rung asks for, as after a long
downtime.
"""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.crash import finish_through_kills
from support.identity import uscc
from support.server import in_shell

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
RUN = "env['shenpi.ladder']._cron_run()"
# What became of a case: orders, rungs that acted, were passed over, failed.
OUTCOME = """
SELECT count(DISTINCT o.id), count(DISTINCT f.id) FILTER (WHERE f.state = 'done'),
       count(DISTINCT f.id) FILTER (WHERE f.state = 'passed'),
       count(DISTINCT f.id) FILTER (WHERE f.state = 'failed')
  FROM shenpi_application a
  LEFT JOIN shenpi_supervision o ON o.application_id = a.id
  LEFT JOIN shenpi_ladder_firing f
         ON f.document_id = a.id AND f.document_model = 'shenpi.application'
 WHERE a.number = ANY(%s) GROUP BY a.id
"""
ORDERED_ONCE = (1, 1, 3, 0)


@pytest.fixture
def file_late(database):
    """A function that files late cases and gives their numbers."""

    def file(series, count):
        filings = [
            {
                "client_ref": str(uuid.uuid4()),
                "channel": "api",
                "at": "2026-02-12T10:00:00+08:00",
                "applicant": {
                    "kind": "organisation",
                    "name": f"督办阶梯{series}第{serial}号有限公司",
                    "id_type": "uscc",
                    "id_number": uscc(7_500_000 + series * 10_000 + serial),
                },
            }
            for serial in range(count)
        ]
        return in_shell(database, f"filings = {filings!r}\n{FILE}")

    return file


@pytest.fixture
def told_once(sql):
    """Checks that nobody has more than one open reminder, nor two lines about one firing."""
    yield
    digests = sql("SELECT count(*) FROM shenpi_ladder_digest WHERE state = 'open' GROUP BY user_id")
    assert set(digests) <= {(1,)}
    activities = sql(
        """SELECT count(*) FROM mail_activity WHERE active AND res_model = 'shenpi.ladder.digest'
            GROUP BY user_id"""
    )
    assert set(activities) == {(1,)}, "one activity per receiver"
    lines = sql(
        """SELECT count(*) FROM shenpi_ladder_digest_firing_rel rel
             JOIN shenpi_ladder_digest d ON d.id = rel.digest_id GROUP BY firing_id, user_id"""
    )
    assert set(lines) == {(1,)}


def test_killed_in_the_middle(database, sql, file_late, told_once):
    """Every case gets one order, whatever was cut off; the lower rungs are passed over."""
    numbers = file_late(1, 400)

    def count():
        query = """SELECT count(*) FROM shenpi_supervision o
                     JOIN shenpi_application a ON a.id = o.application_id
                    WHERE a.number = ANY(%s)"""
        return sql(query, numbers)[0][0]

    finish_through_kills(database, count, 400, action="shenpi_base.cron_ladder")
    assert sql(OUTCOME, numbers) == [ORDERED_ONCE] * 400
    ((orders, distinct),) = sql(
        "SELECT count(number), count(DISTINCT number) FROM shenpi_supervision"
    )
    assert orders == distinct


def test_three_runs_at_once(database, sql, file_late, told_once):
    """Three processes are to run the ladder: it is run once, and nothing is left."""
    numbers = file_late(2, 300)
    with ThreadPoolExecutor() as pool:
        for run in [pool.submit(in_shell, database, RUN) for _n in range(3)]:
            run.result()
    assert sql(OUTCOME, numbers) == [ORDERED_ONCE] * 300


def test_a_bad_record_among_good_ones(database, sql, file_late, told_once):
    """One case whose department was broken by hand: the others are done, it is reported."""
    numbers = file_late(3, 30)
    sql(
        "UPDATE shenpi_application SET window_id = NULL, department_id = NULL WHERE number = %s"
        " RETURNING id",
        numbers[7],
    )
    in_shell(database, RUN)
    assert sql(OUTCOME, numbers[:7] + numbers[8:]) == [ORDERED_ONCE] * 29
    assert sql(OUTCOME, numbers[7:8]) == [(0, 0, 3, 1)]
    ((error, attempts, again),) = sql(
        """SELECT error, attempts, next_try_at > now() AT TIME ZONE 'UTC'
             FROM shenpi_ladder_firing WHERE state = 'failed'"""
    )
    assert (bool(error), attempts, again) == (True, 1, True)


def test_nothing_to_do_is_quick_and_does_nothing(database, sql, told_once):
    before = sql("SELECT count(*) FROM shenpi_ladder_firing")
    in_shell(database, RUN)
    assert sql("SELECT count(*) FROM shenpi_ladder_firing") == before
