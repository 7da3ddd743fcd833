import logging
import time
import uuid
from datetime import timedelta

import psycopg2

from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# A model of another addon names them again: Odoo translates a selection where it is written down.
OUTBOX_STATES = [
    ("pending", "To be sent"),
    ("held", "Held back"),
    ("sent", "Sent"),
    ("delivered", "Delivered"),
    ("failed", "Failed"),
]
OPEN_STATES = ("pending", "held")
JOB_SECONDS = 60
# What is due this long and still there has no job: the scheduled action sends it.
FORGOTTEN = timedelta(minutes=2)


class ShenpiOutboxMixin(models.AbstractModel):
    """Something to be sent outside: SMS, bank instructions, pushes to a regulator.

    1. The row is written in the transaction of what it tells of (:meth:`_outbox_put`): both are
       there or neither. Its ``origin`` is unique, so nothing is written twice.
    2. After the commit one job per company is started; one that waits already will do, since it
       sees what is committed when it starts. A crash in between, or a job queue that is down, costs
       a delay only: the scheduled action sends what has been due for two minutes.
    3. The job claims chunks of what is due (locked rows, those that another one holds are skipped),
       sends each and commits its outcome (its job function must allow commits). Killed in the
       middle, the chunk is unlocked and as before, and is sent again under the same ``wire_key``,
       by which the receiver knows that it is the same.
    4. What fails is tried again in growing steps, then fails for good: visibly, and people may send
       it again.

    A concrete model implements :meth:`_outbox_send`, has a scheduled action on
    :meth:`_cron_send` and a job function for :meth:`_job_send`.
    """

    _name = "shenpi.outbox.mixin"
    _description = "Outbox"
    _order = "id desc"
    _log_access = False

    # How many go out together.
    _outbox_chunk = 50
    # Minutes to wait after the first failed attempt, the second, and so on; then it has failed.
    _outbox_delays = (1, 5, 15, 60, 180, 360)

    company_id = fields.Many2one(
        "res.company", string="Bureau", required=True, index=True, ondelete="restrict"
    )
    origin = fields.Char(
        required=True, readonly=True, help="What it comes from: there is one row for each."
    )
    key = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    rounds = fields.Integer(
        string="Sent again", readonly=True, help="How often people have sent it again."
    )
    answered = fields.Boolean(
        readonly=True, help="The other side has said for certain that it took or refused it."
    )
    state = fields.Selection(
        OUTBOX_STATES,
        required=True,
        readonly=True,
        help="To be sent: it goes out by itself. Held back: it goes out when the quiet hours are"
        " over. Sent: the other side has it. Delivered: the other side has confirmed it. Failed: it"
        " was refused, or every attempt has failed.",
    )
    raised_at = fields.Datetime(string="Raised", required=True, readonly=True)
    attempts = fields.Integer(readonly=True)
    next_attempt_at = fields.Datetime(string="Next attempt", readonly=True)
    sent_at = fields.Datetime(string="Sent on", readonly=True)
    error = fields.Char(string="Trouble", readonly=True)

    _origin_unique = models.UniqueIndex("(origin)", "This has been raised already.")
    _key_unique = models.UniqueIndex("(key)")
    _due = models.Index(
        "(company_id, next_attempt_at, id) WHERE state IN ('pending', 'held')",
    )

    # === Hooks === #

    def _outbox_send(self):
        """Hook: send these rows, and mark each with :meth:`_mark_sent`, :meth:`_mark_retry` or
        :meth:`_mark_failed`; one without a mark is tried again. They are locked, of one company,
        and there may have been an earlier attempt that the receiver knows of."""
        raise NotImplementedError

    def _outbox_hold(self, now):
        """Hook: ``{row: until}`` of those that may not go out at this moment (naive UTC)."""
        return {}

    def _outbox_failed(self):
        """Hook: these rows have failed for good."""

    @api.model
    def _outbox_settle(self, company_id=None):
        """Hook: called, in a transaction of its own, when a job is through with a company, or the
        scheduled action with all of them."""

    @api.model
    def _outbox_following_domain(self, company_id):
        """Hook: the rows for whose next attempt another job is started."""
        return Domain([("company_id", "=", company_id), ("state", "in", OPEN_STATES)])

    @api.model
    def _outbox_lang(self):
        """Hook: the language of what is noted on the rows; nobody's in particular."""
        return self.env["shenpi.application.document"]._get_lang()

    # === Writing === #

    @api.model
    def _outbox_put(self, vals_list, start=True):
        """Write rows; those whose ``origin`` exists are left out.

        :param list vals_list: dicts with the same keys, ``company_id`` and ``origin`` among them
        :param bool start: whether a job is to send them; the scheduled action does otherwise
        :return: the new rows
        """
        if not vals_list:
            return self.browse()
        now = fields.Datetime.now()
        common = {"state": "pending", "raised_at": now, "next_attempt_at": now}
        common.update(attempts=0, rounds=0, answered=False)
        rows = [dict(common, key=uuid.uuid4().hex, **vals) for vals in vals_list]
        columns = {name: self._fields[name] for name in rows[0]}
        inserted = self.env.execute_query(
            SQL(
                "INSERT INTO %s (%s) VALUES %s ON CONFLICT (origin) DO NOTHING RETURNING id",
                SQL.identifier(self._table),
                SQL(", ").join(map(SQL.identifier, columns)),
                SQL(", ").join(
                    tuple(
                        field.convert_to_column_insert(row[name], self)
                        for name, field in columns.items()
                    )
                    for row in rows
                ),
            )
        )
        records = self.browse(row_id for (row_id,) in inserted)
        if start:
            self._outbox_schedule(row["company_id"] for row in rows)
        return records

    # === Jobs === #

    @api.model
    def _outbox_schedule(self, company_ids):
        """Start the jobs of these companies when the transaction has been committed."""
        postcommit = self.env.cr.postcommit
        waiting = postcommit.data.setdefault(f"{self._name}.outbox", set())
        if not waiting:
            postcommit.add(lambda: self._outbox_start_committed(sorted(waiting)))
        waiting.update(company_ids)

    @api.model
    def _outbox_start_committed(self, company_ids):
        try:
            with self.env.registry.cursor() as cr:
                outbox = self.with_env(api.Environment(cr, SUPERUSER_ID, {}))
                for company_id in company_ids:
                    outbox._outbox_start(company_id)
        except psycopg2.Error as error:
            # The rows are committed: the scheduled action finds them.
            _logger.info("%s: no job could be started (%s)", self._name, type(error).__name__)

    @api.model
    def _outbox_start(self, company_id, eta=None):
        """Start a job, unless one that has not begun waits for the same company and moment."""
        moment = eta and eta.replace(second=0, microsecond=0) + timedelta(minutes=1)
        delayed = self.with_delay(
            description=f"{self._description}: {company_id}",
            identity_key=f"{self._name}.send.{company_id}.{moment or 'now'}",
            eta=moment,
        )
        delayed._job_send(company_id)

    @api.model
    def _job_send(self, company_id):
        """Send what is due, chunk by chunk, each committed; then see to what is due later."""
        crons = self.env["ir.cron"]
        until = time.monotonic() + JOB_SECONDS
        while self._outbox_send_chunk(company_id):
            crons._commit_progress()
            if time.monotonic() > until:
                break
        self._outbox_settle(company_id)
        crons._commit_progress()
        following = self.search(
            self._outbox_following_domain(company_id), order="next_attempt_at", limit=1
        ).next_attempt_at
        if following:
            due = following <= fields.Datetime.now()
            self._outbox_start(company_id, None if due else following)

    # === Cron === #

    @api.model
    def _cron_send(self):
        """Send what no job has sent."""
        crons = self.env["ir.cron"]
        forgotten = fields.Datetime.now() - FORGOTTEN
        domain = [("state", "in", OPEN_STATES), ("next_attempt_at", "<=", forgotten)]
        counts = self._read_group(domain, ["company_id"], ["__count"])
        crons._commit_progress(remaining=sum(count for _company, count in counts))
        for company, _count in counts:
            while done := self._outbox_send_chunk(company.id):
                if not crons._commit_progress(done):
                    return
        self._outbox_settle()

    # === Sending === #

    @api.model
    def _outbox_send_chunk(self, company_id):
        """Send what is due, as far as it goes out together; answers how many rows that was."""
        now = fields.Datetime.now()
        outbox = self.with_context(lang=self._outbox_lang())
        rows = outbox._outbox_claim(company_id, now)
        held = rows._outbox_hold(now)
        for row, until in held.items():
            row.write({"state": "held", "next_attempt_at": until})
        ready = rows.filtered(lambda row: row not in held)
        for row in ready:
            row.attempts += 1
        ready._outbox_send_safely()
        for row in ready:
            if row.state in OPEN_STATES and row.next_attempt_at <= now:
                row._mark_retry(row.env._("There was no answer."))
        self.env.flush_all()
        return len(rows)

    @api.model
    def _outbox_claim(self, company_id, now):
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM %s
                    WHERE company_id = %s AND state IN ('pending', 'held')
                      AND next_attempt_at <= %s
                 ORDER BY next_attempt_at, id LIMIT %s
                      FOR NO KEY UPDATE SKIP LOCKED""",
                SQL.identifier(self._table),
                company_id,
                now,
                self._outbox_chunk,
            )
        )
        claimed = self.browse(row_id for (row_id,) in rows)
        claimed.invalidate_recordset()
        return claimed

    def _outbox_send_safely(self):
        """Send; one that cannot be sent does not keep the others from it."""
        if not self:
            return
        try:
            with self.env.cr.savepoint():
                self._outbox_send()
        except psycopg2.OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is noted on the row
            if len(self) > 1:
                for row in self:
                    row._outbox_send_safely()
                return
            # Its text may hold a number or an address.
            _logger.warning("%s could not be sent: %s", self, type(error).__name__)
            self._mark_retry(self.env._("It could not be sent: %s.", type(error).__name__))

    def _wire_key(self):
        """The idempotency key: the same for every attempt, another one for every sending again."""
        self.ensure_one()
        return f"{self.key}-{self.rounds}" if self.rounds else self.key

    # === Outcomes === #

    def _mark_sent(self, **vals):
        """The other side has them."""
        self.write(
            {
                "state": "sent",
                "answered": True,
                "sent_at": fields.Datetime.now(),
                "next_attempt_at": False,
                "error": False,
                **vals,
            }
        )

    def _mark_retry(self, error):
        """Try again, later at every turn; after the last turn they have failed."""
        now = fields.Datetime.now()
        for row in self:
            if row.attempts > len(self._outbox_delays):
                row._mark_failed(error)
                continue
            delay = timedelta(minutes=self._outbox_delays[row.attempts - 1])
            row.write({"state": "pending", "next_attempt_at": now + delay, "error": error})

    def _mark_failed(self, error, answered=False):
        """They will not be sent; ``answered`` when the other side has refused them."""
        self.write(
            {"state": "failed", "answered": answered, "next_attempt_at": False, "error": error}
        )
        self._outbox_failed()

    def _send_again(self):
        """Begin anew: under a new key where the other side has answered, so that it sends once
        more; under the old one where it has not, so that it does not send twice."""
        for row in self:
            row.write(
                {
                    "state": "pending",
                    "attempts": 0,
                    "next_attempt_at": fields.Datetime.now(),
                    "error": False,
                    "rounds": row.rounds + 1 if row.answered else row.rounds,
                    "answered": False,
                }
            )
        self._outbox_schedule(self.company_id.ids)
