from datetime import timedelta

from odoo import api, fields, models

KEPT_DAYS = 90


class ShenpiLadderRun(models.Model):
    """One pass of a ladder over its documents: when, how many, and how it ended."""

    _name = "shenpi.ladder.run"
    _description = "Run of an escalation ladder"
    _order = "id desc"
    _rec_name = "started_at"
    _log_access = False

    ladder_id = fields.Many2one("shenpi.ladder", required=True, index=True, ondelete="cascade")
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

    @api.model
    def _begin(self, ladder, backlog):
        """Note that a run has begun. It is alone: one that still counts as running was cut off."""
        dead = [("ladder_id", "=", ladder.id), ("state", "=", "running")]
        self.search(dead).state = "interrupted"
        now = fields.Datetime.now()
        return self.create({"ladder_id": ladder.id, "started_at": now, "backlog": backlog})

    def _count(self, counts):
        """Add the firings of one batch, by state."""
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
