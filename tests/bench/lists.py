"""Goals 4 to 7: what people look at all day, among many applications: work list, counts, names.

The goals are set for 3,000,000 applications and 1,000,000 tasks; measured at a tenth of it, which
the rows say. The newest one in twenty is open; the user sees a tenth of them, those of his
department. Against tasks of stock Odoo as a project user sees them, the same without record rules,
and plain SQL. Every look is a transaction of its own with a cold record cache.
"""

from datetime import UTC, datetime, timedelta

from support.bureau import make_bureau

from . import Bench, Goal, Row, race
from .peers import Tasks, as_client

_APPLICATIONS = 300_000
_TASKS = 100_000
_DEPARTMENTS = 10
_SHOWN = ("number", "applicant_name", "item_id", "department_id", "state", "due_date", "light")
_TASK_SHOWN = ("name", "project_id", "stage_id", "state", "date_deadline", "partner_id", "priority")
_AT_WORK = ("received", "correcting", "accepted", "reviewing", "deciding", "granted", "denied")
_PAGE = 80
_ROUNDS = 7
# Two characters that names begin with after the first two, and two that no name has.
_HIT, _MISS = "云一", "龘龘"
_COPY = """
INSERT INTO {table} ({columns})
SELECT {values} FROM generate_series(%(first)s, %(last)s) n
  JOIN {table} source ON source.id = CASE WHEN n > %(rare_from)s THEN %(rare)s ELSE %(usual)s END
"""


def run(bench: Bench) -> list[Row]:
    """Measure the looks at a tenth of the rows, then at all of them."""
    count, tasks = bench.scaled(_APPLICATIONS), bench.scaled(_TASKS)
    looks = _Looks(bench)
    looks.add_applications(0, count // 10)
    looks.add_tasks(tasks)
    few, _ratios = race({"few": looks.list}, rounds=_ROUNDS, per="ms")
    looks.add_applications(count // 10, count)
    note = f"{count:,} applications, {tasks:,} tasks"
    return [
        looks.measure_list(note, few["few"]),
        looks.measure_counts(note),
        *looks.measure_rules(note),
        looks.measure_name("hit", _HIT, note),
        looks.measure_name("no hit", _MISS, note),
    ]


class _Looks:
    """One person's looks, those of his peers, and the rows they look at."""

    def __init__(self, bench):
        self._bench = bench
        with bench.transaction() as env:
            bureau = make_bureau(env)
            self._uid = bureau.users["clerk"]
            self._tasks = Tasks(env)
        with bench.transaction() as env:
            applications = env(user=bureau.users["integrator"])["shenpi.application"]
            two_days_ago = (datetime.now(UTC) - timedelta(days=2)).isoformat()
            numbers = [
                applications.api_submit(bureau.payload(**extra))["number"]
                for extra in ({}, {"at": two_days_ago})
            ]
            applications.api_withdraw(numbers[1], {"reason": "Bench"})
            samples = applications.search([("number", "in", numbers)], order="id")
            self._open_id, self._closed_id = samples.ids
            department = samples[0].sudo().department_id
            others = [department.copy({"user_ids": False}) for _n in range(1, _DEPARTMENTS)]
            self._departments = [department.id, *(other.id for other in others)]
            self._department_id = department.id

    # === Rows === #

    def add_applications(self, first, last):
        """Copies of the open and the closed case, with numbers, names and departments of their
        own."""
        changes = {
            "number": "'bench-' || n",
            "progress_token": "'bench-' || n",
            "applicant_name": "'青云' || chr(19968 + n %% 997) || chr(19968 + n %% 499) || '商行'",
            "department_id": "(%(departments)s)[1 + (n / 7) %% %(kinds)s]",
            "window_id": "(%(departments)s)[1 + (n / 7) %% %(kinds)s]",
            "filed_by_id": "1",
            "due_date": "source.due_date + n %% 30",
        }
        values = {"rare": self._open_id, "usual": self._closed_id, "first": first + 1, "last": last}
        values["rare_from"] = last - (last - first) // 20
        values |= {"departments": self._departments, "kinds": _DEPARTMENTS}
        self._copy("shenpi_application", changes, values)

    def add_tasks(self, count):
        with self._bench.transaction() as env:
            task_id = self._tasks.create(env)
        values = {"rare": task_id, "usual": task_id, "rare_from": 0, "first": 1, "last": count}
        changes = {"name": "'青云' || chr(19968 + n %% 997) || chr(19968 + n %% 499) || '商行'"}
        self._copy("project_task", changes, values)

    def _copy(self, table, changes, values):
        with self._bench.sql() as cursor:
            cursor.execute(
                "SELECT column_name FROM information_schema.columns"
                " WHERE table_name = %s AND column_name <> 'id'",
                [table],
            )
            names = [name for (name,) in cursor.fetchall()]
            copied = [changes.get(name, f'source."{name}"') for name in names]
            columns = ", ".join(f'"{name}"' for name in names)
            statement = _COPY.format(table=table, columns=columns, values=", ".join(copied))
            cursor.execute(statement, values)
            cursor.connection.commit()
            cursor.connection.autocommit = True
            cursor.execute(f"VACUUM ANALYZE {table}")
            cursor.connection.autocommit = False

    # === Looks === #

    def _cases(self, env, su=False):
        """The applications as the user asks for them; as superuser, the domain of a look says what
        the rules let the user see."""
        cases = as_client(env, self._uid)["shenpi.application"]
        return cases.sudo() if su else cases

    def list(self, su=False):
        with self._bench.transaction() as env:
            domain = [("at_work", "=", True)]
            domain += [("department_id", "=", self._department_id)] if su else []
            specification = {name: {} for name in _SHOWN}
            found = self._cases(env, su).web_search_read(domain, specification, limit=_PAGE)
            assert found["records"]

    def counts(self, su=False):
        with self._bench.transaction() as env:
            domain = [("at_work", "=", True)]
            domain += [("department_id", "=", self._department_id)] if su else []
            groups = self._cases(env, su).formatted_read_group(domain, ["state"], ["__count"])
            assert groups

    def measure_list(self, note, few):
        def tasks():
            with self._bench.transaction() as env:
                found = self._tasks.as_user(env).web_search_read(
                    [], {name: {} for name in _TASK_SHOWN}, limit=_PAGE, order="id"
                )
                assert len(found["records"]) == _PAGE

        def raw():
            self._ask(
                f"""SELECT {", ".join(name for name in _SHOWN if name != "light")}
                      FROM shenpi_application
                     WHERE department_id = %s AND state IN %s
                  ORDER BY due_date, id DESC LIMIT {_PAGE}""",
                [self._department_id, _AT_WORK],
            )

        sides = {"ours": self.list, "project.task": tasks, "SQL": raw}
        times, ratios = race(sides, rounds=_ROUNDS, per="ms")
        ratios["a tenth of the rows"] = times["ours"] / few
        goals = [
            Goal("project.task", "<=", 1 / 5),
            Goal("SQL", "<=", 40),
            Goal("a tenth of the rows", "<=", 1.5),
        ]
        return Row(4, f"work list of {_PAGE}", "ms", times, ratios, goals, note)

    def measure_counts(self, note):
        def tasks():
            with self._bench.transaction() as env:
                self._tasks.as_user(env).formatted_read_group([], ["stage_id"], ["__count"])

        def raw():
            self._ask(
                """SELECT state, count(*) FROM shenpi_application
                    WHERE company_id = 1 AND state IN %s AND department_id = %s GROUP BY state""",
                [_AT_WORK, self._department_id],
            )

        sides = {"ours": self.counts, "project.task": tasks, "GROUP BY": raw}
        times, ratios = race(sides, rounds=_ROUNDS, per="ms")
        goals = [Goal("project.task", "<=", 1 / 100), Goal("GROUP BY", "<=", 5)]
        return Row(5, "counts by state", "ms", times, ratios, goals, note)

    def measure_rules(self, note):
        for what, look in (("list", self.list), ("counts", self.counts)):
            sides = {"user": look, "superuser": lambda look=look: look(su=True)}
            times, ratios = race(sides, rounds=_ROUNDS, per="ms")
            goals = [Goal("superuser", "<=", 2.0)]
            yield Row(6, f"price of the record rules: {what}", "ms", times, ratios, goals, note)

    def measure_name(self, what, text, note):
        def ours():
            with self._bench.transaction() as env:
                domain = [("find", "ilike", text), ("at_work", "=", True)]
                self._cases(env).web_search_read(domain, {"number": {}}, limit=_PAGE)

        def tasks():
            with self._bench.transaction() as env:
                domain = [("name", "ilike", text)]
                self._tasks.as_user(env).web_search_read(domain, {"name": {}}, limit=_PAGE)

        sides = {"ours": ours, "ilike on tasks": tasks}
        times, ratios = race(sides, rounds=_ROUNDS, per="ms")
        goals = [Goal("ilike on tasks", "<=", 1 / 50)]
        return Row(7, f"name of two characters: {what}", "ms", times, ratios, goals, note)

    def _ask(self, query, arguments):
        with self._bench.sql() as cursor:
            cursor.execute(query, arguments)
            cursor.fetchall()
