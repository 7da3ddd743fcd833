"""Goal 3: one transition of an application with its event, committed.

Against a stage write on a `project.task` as its users do it (tracked), and against UPDATE, an audit
row and COMMIT on tables like ours. Every side works as in a request of the web client: a
transaction of its own, a cold record cache, an ordinary user.
"""

from support.bureau import make_bureau

from . import Bench, Goal, Row, race
from .peers import Tasks, Twin, as_client

_ROUNDS = 9


def run(bench: Bench) -> list[Row]:
    """Measure the acceptance and a review, one application at a time."""
    with bench.transaction() as env:
        bureau = make_bureau(env)
        tasks = Tasks(env)
    steps = {
        "accept": ("clerk", lambda application: application._do_accept()),
        "review": ("reviewer", lambda application: application._do_review("pass", "符合条件")),
    }
    count = bench.scaled(20)
    needed = count * (_ROUNDS + 1)
    application_ids = [_take_in(bench, bureau) for _ in range(needed)]
    rows = []
    for name, (role, work) in steps.items():
        contest = _Contest(bench, bureau, tasks, role, work, application_ids, count)
        times, ratios = race(
            {
                "ours": contest.ours,
                "project.task": contest.task,
                "UPDATE + audit row": contest.update,
            },
            rounds=_ROUNDS,
            per="ms",
        )
        goals = [Goal("project.task", "<=", 1 / 5), Goal("UPDATE + audit row", "<=", 8)]
        rows.append(Row(3, f"one transition with its event: {name}", "ms", times, ratios, goals))
    return rows


class _Contest:
    """One kind of transition and its two peers, each on records made beforehand."""

    def __init__(self, bench, bureau, tasks, role, work, application_ids, count):
        self._bench, self._tasks, self._work = bench, tasks, work
        self._uid = bureau.users[role]
        self._count = count
        self._applications = iter(application_ids)
        with bench.transaction() as env:
            self._task_ids = iter([tasks.create(env) for _ in application_ids])
            sample = env(su=True)["shenpi.application"].browse(application_ids[0])
            self._rows = Twin(env, "shenpi.application", sample)
            self._audit = Twin(env, "shenpi.event", sample.event_ids[0])
        with bench.sql() as cursor:
            self._row_ids = iter(
                [
                    self._rows.insert(cursor, number=f"raw-{n}", progress_token=f"raw-{n}")
                    for n in application_ids
                ]
            )

    def ours(self):
        for _ in range(self._count):
            with self._bench.transaction() as env:
                applications = as_client(env, self._uid)["shenpi.application"]
                self._work(applications.browse(next(self._applications)))
        return self._count

    def task(self):
        for _ in range(self._count):
            with self._bench.transaction() as env:
                self._tasks.move(env, next(self._task_ids))
        return self._count

    def update(self):
        with self._bench.sql() as cursor:
            for _ in range(self._count):
                row_id = next(self._row_ids)
                self._rows.update(cursor, row_id, {"state": "accepted", "write_uid": self._uid})
                self._audit.insert(cursor, application_id=row_id, state_to="accepted")
                cursor.connection.commit()
        return self._count


def _take_in(bench, bureau) -> int:
    with bench.transaction() as env:
        applications = env(user=bureau.users["integrator"])["shenpi.application"]
        number = applications.api_submit(bureau.payload())["number"]
        return applications.search([("number", "=", number)]).id
