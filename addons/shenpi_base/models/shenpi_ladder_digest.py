from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL


class ShenpiLadderDigest(models.Model):
    """What the ladders have to tell one person, merged: one activity however many documents.

    While the activity is open, further reminders are added to it. Read by the person himself.
    """

    _name = "shenpi.ladder.digest"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Reminders"
    _order = "id desc"

    user_id = fields.Many2one(
        "res.users", string="For", required=True, index=True, readonly=True, ondelete="cascade"
    )
    state = fields.Selection(
        [("open", "Not seen yet"), ("done", "Seen")], required=True, readonly=True, default="open"
    )
    firing_ids = fields.Many2many(
        "shenpi.ladder.firing",
        "shenpi_ladder_digest_firing_rel",
        "digest_id",
        "firing_id",
        string="Reminders",
        readonly=True,
    )
    firing_count = fields.Integer(compute="_compute_firing_count", string="Number")

    _one_open = models.UniqueIndex(
        "(user_id) WHERE state = 'open'", "This person has open reminders already."
    )

    @api.depends_context("lang")
    @api.depends("user_id", "create_date")
    def _compute_display_name(self):
        for digest in self:
            digest.display_name = self.env._(
                "Reminders for %(person)s, %(day)s",
                person=digest.user_id.name,
                day=fields.Date.context_today(self, digest.create_date or fields.Datetime.now()),
            )

    @api.depends("firing_ids")
    def _compute_firing_count(self):
        for digest in self:
            digest.firing_count = len(digest.firing_ids)

    @api.model
    def _tell(self, told):
        """Add firings to the open reminders of people.

        :param dict told: res.users id -> list of firing ids
        """
        if not told:
            return
        self._close_seen(told)
        self._open_missing(told)
        for digest in self.search([("user_id", "in", list(told)), ("state", "=", "open")]):
            firing_ids = told[digest.user_id.id]
            digest.write({"firing_ids": [Command.link(firing_id) for firing_id in firing_ids]})
            digest._schedule()

    @api.model
    def _close_seen(self, told):
        """Reminders whose activity has been ticked off are over; the next ones begin anew."""
        open_digests = self.search([("user_id", "in", list(told)), ("state", "=", "open")])
        open_digests.filtered(lambda digest: not digest.activity_ids).state = "done"

    @api.model
    def _open_missing(self, told):
        """Straight to the database: when another run opens them at this moment, PostgreSQL says so
        and the batch begins anew, instead of a unique key being violated."""
        self.flush_model()
        self.env.execute_query(
            SQL(
                """INSERT INTO shenpi_ladder_digest
                          (user_id, state, create_uid, create_date, write_uid, write_date)
                   SELECT id, 'open', %(uid)s, %(now)s, %(uid)s, %(now)s
                     FROM unnest(%(users)s) id
                   ON CONFLICT (user_id) WHERE state = 'open' DO NOTHING
                   RETURNING id""",
                uid=self.env.uid,
                now=fields.Datetime.now(),
                users=sorted(told),
            )
        )

    def _schedule(self):
        """One activity that says how many."""
        digest = self.with_context(lang=self.user_id.lang)
        summary = digest._get_summary()
        if digest.activity_ids:
            digest.activity_ids.summary = summary
        else:
            digest.activity_schedule(
                "mail.mail_activity_data_warning", summary=summary, user_id=self.user_id.id
            )

    def _get_summary(self):
        counts = self.env["shenpi.ladder.firing"]._read_group(
            [("digest_ids", "in", self.ids)], ["ladder_id"], ["__count"]
        )
        return "；".join(f"{ladder.name}: {count}" for ladder, count in counts)

    def action_seen(self):
        """Tick the reminders off."""
        self.check_access("read")
        for digest in self:
            digest.activity_ids.action_feedback()
            digest.sudo().state = "done"
        return True
