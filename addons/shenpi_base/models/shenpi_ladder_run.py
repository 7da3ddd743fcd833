from datetime import timedelta

from odoo import api, fields, models

KEPT_DAYS = 90
DEAD_AFTER = timedelta(minutes=10)


class ShenpiLadderRun(models.Model):
    """One pass of a ladder over its documents: when, how many, and how it ended."""

    _name = "shenpi.ladder.run"
    _description = "Run of an escalation ladder"
    _order = "id desc"
    _rec_name = "started_at"
    _log_access = False

    ladder_id = fields.Many2one("shenpi.ladder", required=True, index=True, ondelete="cascade")
    started_at = fields.Datetime(string="Begun", required=True)
    beat_at = fields.Datetime(string="Last sign of life", required=True)
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
        """Note that a run has begun; one that has long given no sign of life was cut off."""
        now = fields.Datetime.now()
        dead = [("state", "=", "running"), ("beat_at", "<", now - DEAD_AFTER)]
        self.search([("ladder_id", "=", ladder.id), *dead]).state = "interrupted"
        return self.create(
            {"ladder_id": ladder.id, "started_at": now, "beat_at": now, "backlog": backlog}
        )

    def _count(self, counts):
        """Add the firings of one batch, by state."""
        self.write(
            {
                "beat_at": fields.Datetime.now(),
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
