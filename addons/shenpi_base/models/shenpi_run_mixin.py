from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

KEPT_DAYS = 90


class ShenpiRunMixin(models.AbstractModel):
    """One pass of something that runs by itself over many documents: when, how many, and how it
    ended. Written by what runs, never by people."""

    _name = "shenpi.run.mixin"
    _description = "Run"
    _order = "id desc"
    _rec_name = "started_at"
    _log_access = False

    # Any number that no other kind of run uses.
    _run_lock = 0
    # The fields that say what it runs over, where there are several.
    _run_over = ()

    started_at = fields.Datetime(string="Begun", required=True)
    ended_at = fields.Datetime(string="Ended")
    state = fields.Selection(
        [
            ("running", "Running"),
            ("done", "Done"),
            ("partial", "To be continued"),
            ("interrupted", "Interrupted"),
            ("failed", "Failed"),
        ],
        required=True,
        default="running",
        help="Interrupted: the server was stopped in the middle; the next run did the rest.",
    )
    backlog = fields.Integer(string="Found due", aggregator=None)
    done_count = fields.Integer(string="Acted", default=0)
    passed_count = fields.Integer(string="Passed over", default=0)
    failed_count = fields.Integer(string="Failed", default=0)
    error = fields.Text()

    @contextmanager
    def _alone(self, key=0):
        """Hold this kind of run over its transactions; PostgreSQL lets go of it when the process
        dies. Answers whether it is held: two runs at once would only be in each other's way.

        :param int key: what it runs over, where there are several
        """
        lock = SQL("%s, %s", self._run_lock, key)
        ((is_held,),) = self.env.execute_query(SQL("SELECT pg_try_advisory_lock(%s)", lock))
        try:
            yield is_held
        finally:
            if is_held:
                self.env.execute_query(SQL("SELECT pg_advisory_unlock(%s)", lock))

    @api.model
    def _begin(self, backlog, **vals):
        """Note that a run has begun. It is alone: one that still counts as running was cut off."""
        dead = Domain.AND(Domain(name, "=", vals[name]) for name in self._run_over)
        self.search(dead & Domain("state", "=", "running")).state = "interrupted"
        return self.create({"started_at": fields.Datetime.now(), "backlog": backlog, **vals})

    def _count(self, counts):
        """Add what one batch did, by state."""
        self.write(
            {
                "done_count": self.done_count + counts["done"],
                "passed_count": self.passed_count + counts["passed"],
                "failed_count": self.failed_count + counts["failed"],
            }
        )

    def _end(self, state):
        self.write({"state": state, "ended_at": fields.Datetime.now()})

    @api.autovacuum
    def _gc_old_runs(self):
        limit = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.search([("started_at", "<", limit)]).unlink()
