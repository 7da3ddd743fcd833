"""The ladder of grievances, killed in the middle: each late one gets one supervision order."""

from support.crash import finish_through_kills
from support.server import in_shell

# Dispatched in February to a unit that never answered: the top rung is due for all of them.
FILE = """
from datetime import datetime

taken, sent = datetime(2026, 2, 12, 1), datetime(2026, 2, 12, 2)
officer = env["res.users"].search([("login", "=", "evaluator")])
grievances = env["shenpi.grievance"].with_user(officer)
unit = env.ref("shenpi_base.shenpi_department_market")
source = env.ref("shenpi_evaluation.grievance_source_box")
result = []
for serial in range(count):
    vals = {
        "company_id": unit.company_id.id,
        "source_id": source.id,
        "kind": "ask",
        "title": f"阶梯第{serial}号",
        "text": "至今没有答复。",
    }
    grievance = grievances._take_in(vals, at=taken)
    grievance._do_dispatch(unit.with_user(officer), at=sent)
    result.append(grievance.number)
"""
# What became of a grievance: orders, rungs that acted, were passed over, failed.
OUTCOME = """
SELECT count(DISTINCT o.id), count(DISTINCT f.id) FILTER (WHERE f.state = 'done'),
       count(DISTINCT f.id) FILTER (WHERE f.state = 'passed'),
       count(DISTINCT f.id) FILTER (WHERE f.state = 'failed')
  FROM shenpi_grievance g
  LEFT JOIN shenpi_supervision o
         ON o.document_model = 'shenpi.grievance' AND o.document_id = g.id
  LEFT JOIN shenpi_ladder_firing f
         ON f.document_model = 'shenpi.grievance' AND f.document_id = g.id
 WHERE g.number = ANY(%s) GROUP BY g.id
"""


def test_killed_in_the_middle(database, sql):
    """Every one gets one order, whatever was cut off; the lower rungs are passed over."""
    numbers = in_shell(database, f"count = 300\n{FILE}")

    def count():
        query = """SELECT count(*) FROM shenpi_supervision o
                     JOIN shenpi_grievance g ON g.id = o.document_id
                    WHERE o.document_model = 'shenpi.grievance' AND g.number = ANY(%s)"""
        return sql(query, numbers)[0][0]

    finish_through_kills(database, count, 300, action="shenpi_base.cron_ladder")
    assert sql(OUTCOME, numbers) == [(1, 1, 3, 0)] * 300
