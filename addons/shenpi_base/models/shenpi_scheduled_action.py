from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

# The scheduler looks every minute; what has been due for so long is not being run.
LATE_AFTER = timedelta(hours=1)


class ShenpiScheduledAction(models.Model):
    """The scheduled actions of the bureau's addons, as supervisors may see them: whether deadlines,
    reminders and pushes are being worked off. Changed by the administrator only, elsewhere."""

    _name = "shenpi.scheduled.action"
    _description = "Scheduled action"
    _auto = False
    _order = "failure_count desc, next_at, id"

    cron_id = fields.Many2one("ir.cron", readonly=True)
    name = fields.Char(compute="_compute_name")
    is_on = fields.Boolean(string="Switched on", readonly=True)
    last_at = fields.Datetime(string="Last run", readonly=True)
    next_at = fields.Datetime(string="Next run", readonly=True)
    failure_count = fields.Integer(string="Failures in a row", readonly=True, aggregator=None)
    failing_since = fields.Datetime(readonly=True)
    health = fields.Selection(
        [
            ("ok", "Running"),
            ("waiting", "Not run yet"),
            ("failing", "Failing"),
            ("stopped", "Not running"),
        ],
        compute="_compute_health",
    )

    _depends = {
        "ir.cron": ["active", "nextcall", "lastcall", "failure_count", "first_failure_date"],
        "ir.model.data": ["module", "model", "res_id"],
    }

    @property
    def _table_query(self):
        return SQL(
            """SELECT cron.id, cron.id AS cron_id, cron.active AS is_on, cron.lastcall AS last_at,
                      cron.nextcall AS next_at, cron.failure_count,
                      cron.first_failure_date AS failing_since
                 FROM ir_cron cron
                 JOIN ir_model_data known ON known.model = 'ir.cron' AND known.res_id = cron.id
                WHERE known.module LIKE 'shenpi\\_%%'"""
        )

    @api.depends("cron_id")
    def _compute_name(self):
        """Read for people who have no access to the actions themselves."""
        for action in self:
            action.name = action.sudo().cron_id.name

    @api.depends("is_on", "last_at", "next_at", "failure_count")
    def _compute_health(self):
        late = fields.Datetime.now() - LATE_AFTER
        for action in self:
            if not action.is_on or action.next_at < late:
                action.health = "stopped"
            elif action.failure_count:
                action.health = "failing"
            else:
                action.health = "ok" if action.last_at else "waiting"
