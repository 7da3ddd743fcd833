from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class ShenpiLadderFiring(models.Model):
    """What a rung did for a document in one round of its deadline: the evidence, and the lock.

    The unique key is what makes a rung fire once: a row is written before the rung acts, in the
    same transaction. Written by the ladder only; supervisors and bureau heads read all of their
    bureau, others what they were told of.
    """

    _name = "shenpi.ladder.firing"
    _description = "Escalation"
    _order = "id desc"
    _rec_name = "document_name"
    _log_access = False

    rung_id = fields.Many2one(
        "shenpi.ladder.rung",
        string="Rung of the ladder",
        required=True,
        index=True,
        ondelete="restrict",
    )
    ladder_id = fields.Many2one("shenpi.ladder", required=True, index=True, ondelete="restrict")
    document_model = fields.Char(required=True)
    document_id = fields.Many2oneReference(
        string="Document id", model_field="document_model", required=True
    )
    document_name = fields.Char(string="What it is about")
    epoch = fields.Char(string="Round", required=True)
    company_id = fields.Many2one("res.company", string="Bureau", ondelete="restrict")
    due_date = fields.Date()
    state = fields.Selection(
        [
            ("done", "Done"),
            ("passed", "Passed over"),
            ("failed", "Failed"),
        ],
        required=True,
        default="done",
        help="Passed over: a higher rung was due already, only that one acted.",
    )
    action = fields.Selection(related="rung_id.action", string="Rung")
    fired_at = fields.Datetime(string="On", required=True, default=fields.Datetime.now)
    result = fields.Char()
    error = fields.Text()
    attempts = fields.Integer(default=1, aggregator=None)
    next_try_at = fields.Datetime(string="Next attempt", help="Empty: no further attempt is made.")
    digest_ids = fields.Many2many(
        "shenpi.ladder.digest",
        "shenpi_ladder_digest_firing_rel",
        "firing_id",
        "digest_id",
        string="Told",
    )

    _once = models.UniqueIndex(
        "(rung_id, document_id, epoch)", "This rung has fired for this document in this round."
    )
    _document = models.Index("(document_id, document_model)")
    _failures = models.Index("(ladder_id, next_try_at) WHERE state = 'failed'")

    @api.model
    def _claim(self, rows):
        """Write firings; those that another run has written are left alone.

        A firing that failed is taken over by its next attempt.

        :param list rows: dicts by column; rung_id, document_id and epoch are the key
        :return: {(rung id, document id): firing}, of those written
        """
        columns = list(rows[0])
        written = self.env.execute_query(
            SQL(
                """INSERT INTO shenpi_ladder_firing AS firing (%(columns)s) VALUES %(rows)s
                   ON CONFLICT (rung_id, document_id, epoch) DO UPDATE
                       SET state = excluded.state, fired_at = excluded.fired_at,
                           attempts = firing.attempts + 1, error = excluded.error,
                           next_try_at = excluded.next_try_at
                     WHERE firing.state = 'failed'
                   RETURNING id, rung_id, document_id""",
                columns=SQL(", ").join(SQL.identifier(name) for name in columns),
                rows=SQL(", ").join(SQL("%s", tuple(row.values())) for row in rows),
            )
        )
        self.invalidate_model()
        return {(rung_id, document_id): self.browse(id_) for id_, rung_id, document_id in written}

    def action_open_document(self):
        """The document that was escalated."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.document_model,
            "res_id": self.document_id,
            "views": [(False, "form")],
        }

    def action_try_again(self):
        """Let the next run try what failed for good."""
        self.env["shenpi.ladder"].check_access("write")
        for firing in self:
            if firing.state != "failed":
                raise UserError(self.env._("%s did not fail.", firing.document_name))
        self.sudo().write({"attempts": 0, "next_try_at": fields.Datetime.now()})
        self.env.ref("shenpi_base.cron_ladder")._trigger()
        return True
