"""Scheduled actions and queued jobs in a real server that is killed (-9) in the middle.

What
====
`finish_through_kills` gives the work to a server, kills it with -9 while a part of the work is
done, starts another one, kills that one too, and lets the last one finish. The test then counts:
everything is there, and once. Tests lie in `tests/crash`, on a database of their own:

    SHENPI_TEST_DB=mydb ./shenpi exec pytest tests/crash/test_x.py

Example
=======
    def test_orders(database, sql):
        in_shell(database, "result = ...make 60 cases that are overdue...")

        def count():
            return sql("SELECT count(*) FROM shenpi_supervision")[0][0]

        finish_through_kills(database, count, 60, action="shenpi_base.cron_climb_ladders")
        assert sql("SELECT count(*) FROM shenpi_supervision GROUP BY case_id") == [(1,)] * 60

For queued jobs leave `action` out, and put the jobs there first; both together: an action that
queues jobs, `progress` counts what the jobs did. Give enough work that it takes a second: what is
done between two looks cannot be cut.
"""

import contextlib
import time
from collections.abc import Callable

import psycopg2

from .server import RunningServer, running, wait_for

_LOOK = 0.003  # s
_LAST_DAY = "9999-12-31"
_UNFINISHED_JOBS = (
    "SELECT count(*) FROM queue_job WHERE state IN ('pending', 'enqueued', 'started')"
)


def finish_through_kills(
    database: str,
    progress: Callable[[], int],
    total: int,
    *,
    action: str | None = None,
    kills: int = 2,
    seconds: float = 90,
) -> None:
    """Let servers do the work, `kills` of them killed in its middle.

    `progress()` counts in the database what is done, `total` of it when all is; `action` is the XML
    id of a scheduled action, which is made due; no other one runs meanwhile. Returns when the work
    has come to rest. AssertionError if no server could be caught in the middle, if the work does
    not end within `seconds` of the last start, or if a server's log complains.
    """
    with _Database(database) as tables, tables.only(action):
        for turn in range(kills):
            before = progress()
            with running(database, extra=_words(action)) as server:
                _nudge_until(tables, action, progress, before + 1, seconds)
                server.kill()
            wait_for(tables.is_alone, what="the end of the killed server's connections")
            done = progress()
            assert done < total, f"all was done before kill {turn + 1}: the test needs more work"
            _check_log(server)
        with running(database, extra=_words(action)) as server:
            _nudge_until(tables, action, progress, total, seconds)
            wait_for(lambda: tables.is_at_rest(action), seconds, "the rest after the work")
        _check_log(server)
    assert progress() == total, f"{progress()} done of {total}"


def _words(action: str | None) -> tuple[str, ...]:
    return ("--max-cron-threads=1",) if action else ()


def _nudge_until(tables, action, progress, least, seconds) -> None:
    """Wait with short looks; the scheduler is told again and again, it may not listen yet."""
    until = time.monotonic() + seconds
    told = 0.0
    while progress() < least:
        now = time.monotonic()
        assert now < until, f"the work did not come on within {seconds} s"
        if action and now - told > 0.5:
            tables.notify()
            told = now
        time.sleep(_LOOK)


def _check_log(server: RunningServer) -> None:
    unexpected = server.unexpected_log_lines()
    assert not unexpected, "Odoo's log:\n" + "\n".join(unexpected)


class _Database:
    """What the helper itself asks of the database, and the clock of its scheduled actions."""

    def __init__(self, name: str):
        self._name = name

    def __enter__(self):
        self._tables = psycopg2.connect(dbname=self._name)
        self._cluster = psycopg2.connect(dbname="postgres")
        self._tables.autocommit = self._cluster.autocommit = True
        return self

    def __exit__(self, *_):
        self._tables.close()
        self._cluster.close()

    def _ask(self, query, *arguments):
        with self._tables.cursor() as cursor:
            cursor.execute(query, arguments)
            return cursor.fetchall() if cursor.description else None

    @contextlib.contextmanager
    def only(self, action: str | None):
        """Make one scheduled action due, and no other one until the block ends."""
        before = self._ask("SELECT id, nextcall FROM ir_cron")
        self._ask("DELETE FROM ir_cron_trigger")
        self._ask("UPDATE ir_cron SET nextcall = %s", _LAST_DAY)
        if action:
            self._ask(
                "UPDATE ir_cron SET nextcall = now() AT TIME ZONE 'UTC' WHERE id = %s",
                self._get_id(action),
            )
        try:
            yield
        finally:
            for cron_id, nextcall in before:
                self._ask("UPDATE ir_cron SET nextcall = %s WHERE id = %s", nextcall, cron_id)

    def _get_id(self, action: str) -> int:
        module, _, name = action.partition(".")
        rows = self._ask(
            """SELECT res_id FROM ir_model_data
                WHERE model = 'ir.cron' AND module = %s AND name = %s""",
            module,
            name,
        )
        assert rows, f"there is no scheduled action {action}"
        return rows[0][0]

    def notify(self) -> None:
        """Tell the scheduler that there is something to do."""
        with self._cluster.cursor() as cursor:
            cursor.execute("SELECT pg_notify('cron_trigger', %s)", (self._name,))

    def is_alone(self) -> bool:
        """Whether no server is connected: what a killed one was doing has been rolled back."""
        ((others,),) = self._ask(
            """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
                  AND application_name LIKE 'odoo-%%' AND pid <> pg_backend_pid()"""
        )
        return not others

    def is_at_rest(self, action: str | None) -> bool:
        """Whether the action is planned for later and no job waits or runs."""
        if self._ask(_UNFINISHED_JOBS)[0][0]:
            return False
        if not action:
            return True
        rows = self._ask(
            """SELECT nextcall > now() AT TIME ZONE 'UTC' FROM ir_cron WHERE id = %s
                  AND NOT EXISTS (SELECT FROM ir_cron_trigger WHERE cron_id = ir_cron.id)""",
            self._get_id(action),
        )
        return bool(rows and rows[0][0])
