"""What our documents are measured against: tasks of stock Odoo, plain SQL on tables like ours."""

import itertools

from psycopg2 import sql
from psycopg2.extras import Json, execute_values


def as_client(env, user_id: int):
    """Return the environment in which a request of the web client runs."""
    context = {"lang": "en_US", "tz": "Asia/Shanghai", "allowed_company_ids": [1]}
    return env(user=user_id, context=context | {"uid": user_id})


class Tasks:
    """`project.task` as an ordinary project user writes it, mail tracking as it comes."""

    def __init__(self, env):
        groups = env.ref("base.group_user") | env.ref("project.group_project_user")
        users = env["res.users"].with_context(no_reset_password=True)
        serial = env["project.project"].search_count([]) + 1
        user = users.create(
            {"name": "project", "login": f"project{serial}", "group_ids": groups.ids}
        )
        stages = env["project.task.type"].create([{"name": "Received"}, {"name": "Accepted"}])
        project = env["project.project"].create(
            {"name": "Bench", "type_ids": stages.ids, "privacy_visibility": "employees"}
        )
        self.user_id, self._project_id, self._stage_ids = user.id, project.id, stages.ids
        self._turn = itertools.cycle(stages.ids[::-1])

    def create(self, env) -> int:
        """Create a task; return its id."""
        vals = {"name": "Application", "project_id": self._project_id}
        return env(user=self.user_id)["project.task"].create(vals).id

    def as_user(self, env):
        """Tasks as the project user's client asks for them."""
        return as_client(env, self.user_id)["project.task"]

    def create_many(self, env, count: int) -> None:
        """Create tasks in one call."""
        vals = {"name": "Application", "project_id": self._project_id}
        env(user=self.user_id)["project.task"].create([dict(vals) for _ in range(count)])

    def move(self, env, task_id: int) -> None:
        """Move a task from the first stage to the second."""
        task = self.as_user(env).browse(task_id)
        task.write({"stage_id": self._stage_ids[1]})


class Twin:
    """A table with the columns and indexes of a model's, and rows like those of sample records."""

    def __init__(self, env, model: str, sample):
        env.flush_all()
        source = env[model]._table
        self._table = f"bench_{source}"
        env.cr.execute(f'DROP TABLE IF EXISTS "{self._table}"')
        env.cr.execute(f'CREATE TABLE "{self._table}" (LIKE "{source}" INCLUDING ALL)')
        env.cr.execute(f'SELECT * FROM "{source}" WHERE id = ANY(%s) ORDER BY id', [sample.ids])
        self._rows = [
            {
                name: Json(value) if isinstance(value, dict) else value
                for name, value in row.items()
                if name != "id"
            }
            for row in env.cr.dictfetchall()
        ]
        self._vals = {name: value for name, value in self._rows[0].items() if value is not None}

    def insert(self, cursor, **changes) -> int:
        """Insert a row like the sample's; return its id."""
        vals = self._vals | changes
        statement = sql.SQL("INSERT INTO {} ({}) VALUES ({}) RETURNING id").format(
            sql.Identifier(self._table),
            sql.SQL(", ").join(map(sql.Identifier, vals)),
            sql.SQL(", ").join(map(sql.Placeholder, vals)),
        )
        cursor.execute(statement, vals)
        return cursor.fetchone()[0]

    def insert_many(self, cursor, changes: list[dict]) -> list[int]:
        """Insert all sample rows once for each of the changes; return the new ids."""
        names = list(self._rows[0])
        rows = [
            [(row | change)[name] for name in names] for change in changes for row in self._rows
        ]
        statement = sql.SQL("INSERT INTO {} ({}) VALUES %s RETURNING id").format(
            sql.Identifier(self._table), sql.SQL(", ").join(map(sql.Identifier, names))
        )
        return [n for (n,) in execute_values(cursor, statement, rows, page_size=1000, fetch=True)]

    def update(self, cursor, row_id: int, vals: dict) -> None:
        """Update one row."""
        statement = sql.SQL("UPDATE {} SET {} WHERE id = {}").format(
            sql.Identifier(self._table),
            sql.SQL(", ").join(
                sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder(name))
                for name in vals
            ),
            sql.Literal(row_id),
        )
        cursor.execute(statement, vals)
