"""Goal 11: integrators over JSON-2: a list of 80 applications, and 100 filed in one call.

On two worker processes, with four clients at a time. The list stands against one of 80 tasks of
stock Odoo, and against a call with an API key that does next to nothing; the filings, per
application, against tasks created one a call.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from support.bureau import make_bureau
from support.rpc import Json2
from support.server import running

from . import Bench, Goal, Row, race
from .peers import Tasks

_CLIENTS = 4
_ROUNDS = 5
_PAGE = 80
_BATCH = 100
_FIELDS = ["number", "applicant_name", "item_id", "department_id", "state", "due_date"]
_TASK_FIELDS = ["name", "project_id", "stage_id", "state", "date_deadline", "partner_id"]


def run(bench: Bench) -> list[Row]:
    """Measure both kinds of calls."""
    with bench.transaction() as env:
        bureau = make_bureau(env)
        tasks = Tasks(env)
        tasks.create_many(env, _PAGE)
        keys = [_make_key(env, user_id) for user_id in (bureau.users["integrator"], tasks.user_id)]
        database = env.cr.dbname
    with bench.transaction() as env:
        applications = env(user=bureau.users["integrator"])["shenpi.application"]
        applications.api_submit_batch([bureau.payload() for _n in range(_PAGE)])
    with running(database, workers=2) as server, ThreadPoolExecutor(_CLIENTS) as clients:
        ours, theirs = (Json2(server.url, database, key) for key in keys)
        calls = bench.scaled(100)
        return [
            _measure_list(clients, ours, theirs, calls),
            _measure_filings(clients, ours, theirs, bureau, calls),
        ]


def _make_key(env, user_id):
    until = datetime.now(UTC).replace(tzinfo=None) + timedelta(days=1)
    return env["res.users.apikeys"].with_user(user_id).sudo()._generate("rpc", "bench", until)


def _measure_list(clients, ours, theirs, calls):
    def times_over(call):
        return lambda: sum(clients.map(call, range(calls)))

    def list_applications(_n):
        fields = {"fields": _FIELDS, "limit": _PAGE}
        found = ours("shenpi.application", "search_read", domain=[], **fields)
        assert len(found) == _PAGE
        return 1

    def list_tasks(_n):
        fields = {"fields": _TASK_FIELDS, "limit": _PAGE}
        assert len(theirs("project.task", "search_read", domain=[], **fields)) == _PAGE
        return 1

    def floor(_n):
        assert ours("res.users", "context_get")
        return 1

    sides = {"ours": list_applications, "project.task": list_tasks, "context_get": floor}
    times, ratios = race(
        {name: times_over(call) for name, call in sides.items()}, rounds=_ROUNDS, per="ms"
    )
    goals = [Goal("project.task", "<=", 1 / 2.5), Goal("context_get", "<=", 1 / 0.9)]
    note = f"{1000 / times['ours']:.0f} calls/s"
    return Row(11, f"list of {_PAGE} over JSON-2", "ms", times, ratios, goals, note)


def _measure_filings(clients, ours, theirs, bureau, calls):
    def file(payloads):
        answers = ours("shenpi.application", "api_submit_batch", payloads=payloads)
        assert not any("error" in answer for answer in answers), answers[0]
        return len(answers)

    def create(_n):
        vals = {"name": "Application"}
        assert theirs("project.task", "create", vals_list=[vals])
        return 1

    def filed():
        batches = [[bureau.payload() for _n in range(_BATCH)] for _client in range(_CLIENTS)]
        return sum(clients.map(file, batches))

    times, ratios = race(
        {"ours": filed, "project.task": lambda: sum(clients.map(create, range(calls)))},
        rounds=_ROUNDS,
        per="ms",
    )
    note = f"{1000 / times['ours']:.0f} applications/s"
    goals = [Goal("project.task", "<=", 1 / 5)]
    return Row(11, f"{_BATCH} filed in one call", "ms", times, ratios, goals, note)
