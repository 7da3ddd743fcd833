import logging
from collections import Counter

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import reminders
from ..tools.localtime import local_date

_logger = logging.getLogger(__name__)

BATCH = 1000
MAX_COLLISIONS = 5
# Whose deadlines are reminded of: what somebody asks to renew, or gives back, is not.
REMINDED_STATES = ("valid", "suspended")


class ShenpiLicenceReminder(models.Model):
    """The reminder ladders at work, once a day.

    Which licence has reached which rung is one query over stored dates and the lines that are
    there. It is worked off in batches of whole holders, each a transaction of its own: the lines
    are written (the unique key leaves out what is there), then what they ask for is merged into one
    task or message for each holder and channel. A server that is killed loses the batch in hand,
    which the next run does; whatever was committed is not done again. A batch in which something
    breaks is halved down to the holder with whom it does; he is tried again by the next run.
    """

    _inherit = "shenpi.licence.reminder"

    # === Cron === #

    @api.model
    def _cron_remind(self):
        """Remind of what is due today and was not reminded of; a run in progress is left alone."""
        runs = self.env["shenpi.licence.reminder.run"]
        with runs._alone() as is_alone:
            if is_alone:
                self._run_or_note(local_date(fields.Datetime.now()))

    @api.model
    def _run_or_note(self, today):
        try:
            self._run(today)
        except Exception as error:
            self.env.cr.rollback()
            _logger.exception("The reminders could not run")
            run = self.env["shenpi.licence.reminder.run"]._begin(0, day=today)
            run.error = str(error)
            run._end("failed")
            self.env["ir.cron"]._commit_progress()

    @api.model
    def _run(self, today):
        crons = self.env["ir.cron"]
        holders = self._get_due_holders(today)
        total = sum(map(len, holders))
        run = self.env["shenpi.licence.reminder.run"]._begin(total, day=today)
        time_left = crons._commit_progress(remaining=total)
        done = 0
        for batch in reminders.pack(holders, BATCH):
            if not time_left:
                break
            run._count(self._work_off(today, batch, run))
            done += len(batch)
            time_left = crons._commit_progress(len(batch))
        run._end("done" if done == total else "partial")
        crons._commit_progress()

    # === What is due === #

    @api.model
    def _get_due_holders(self, today):
        """Ids of the licences with something due, a list for each holder."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT array_agg(DISTINCT l.id)
                     FROM (%s) due JOIN shenpi_licence l ON l.id = due.licence_id
                 GROUP BY l.company_id, %s ORDER BY min(l.id)""",
                self._select_due(today),
                self._get_holder_key(),
            )
        )
        return [ids for (ids,) in rows]

    @api.model
    def _get_holder_key(self):
        """Who one and the same holder is: by document number, else by name."""
        return SQL("COALESCE(NULLIF(l.holder_id_number_raw, ''), l.holder_name)")

    @api.model
    def _select_due(self, today, licence_ids=None):
        """Rungs that are due and have no line yet: licence, duty, deadline, rung, channel, and
        whether it is the one that acts.

        What a holder is to be sent who has been sent something over that channel today waits for
        tomorrow: nobody gets two messages on one day.
        """
        ids = SQL("TRUE") if licence_ids is None else SQL("l.id = ANY(%s)", list(licence_ids))
        return SQL(
            """SELECT due.*
                 FROM (SELECT arms.*, days_before = min(days_before) OVER (
                                  PARTITION BY licence_id, duty_id, epoch) AS acts
                         FROM (%(renewals)s UNION ALL %(duties)s) arms) due
                WHERE NOT EXISTS (
                          SELECT FROM shenpi_licence_reminder line
                           WHERE line.licence_id = due.licence_id AND line.rung_id = due.rung_id
                             AND line.epoch = due.epoch
                             AND COALESCE(line.duty_id, 0) = COALESCE(due.duty_id, 0))
                  AND NOT (due.acts AND due.channel IN ('sms', 'mail') AND EXISTS (
                          SELECT FROM shenpi_licence_contact sent
                           WHERE sent.company_id = due.company_id
                             AND sent.holder_key = due.holder_key
                             AND sent.channel = due.channel AND sent.raised_on = %(today)s))""",
            renewals=self._select_renewals(today, ids),
            duties=self._select_duties(today, ids),
            today=today,
        )

    @api.model
    def _select_renewals(self, today, ids):
        """Every rung that is due for a renewal deadline (``reminders.is_due``)."""
        return SQL(
            """SELECT l.id AS licence_id, NULL::int AS duty_id, l.renewal_due_date AS epoch,
                      rung.id AS rung_id, rung.days_before, rung.channel,
                      l.company_id, %(holder)s AS holder_key
                 FROM shenpi_licence_type kind
                 JOIN shenpi_licence_type_rung rung ON rung.type_id = kind.id AND rung.active
                 JOIN shenpi_licence l ON l.type_id = kind.id AND l.state IN %(states)s
                  AND l.renewal_due_date <= %(today)s::date + rung.days_before
                  AND greatest(l.valid_to, l.renewal_due_date - rung.days_before)
                      >= %(today)s::date - %(grace)s
                WHERE kind.remind AND %(ids)s""",
            holder=self._get_holder_key(),
            states=REMINDED_STATES,
            today=today,
            grace=reminders.GRACE_DAYS,
            ids=ids,
        )

    @api.model
    def _select_duties(self, today, ids):
        """Every rung that is due for a day on which a recurring duty falls."""
        reach = (
            SQL("(%s::date - %s + least(rung.days_before, 0))", today, reminders.GRACE_DAYS),
            SQL("(%s::date + rung.days_before)", today),
        )
        return SQL(
            """SELECT l.id, duty.id, turn.epoch, rung.id, rung.days_before, rung.channel,
                      l.company_id, %(holder)s
                 FROM shenpi_licence_type kind
                 JOIN shenpi_licence_type_rung rung ON rung.type_id = kind.id AND rung.active
                 JOIN shenpi_licence_duty duty ON duty.type_id = kind.id AND duty.active
                 JOIN shenpi_licence l ON l.type_id = kind.id AND l.state IN %(states)s
                CROSS JOIN LATERAL (%(counted)s UNION ALL %(yearly)s) turn
                WHERE kind.remind AND %(ids)s
                  AND turn.epoch <= %(today)s::date + rung.days_before
                  AND greatest(turn.epoch, turn.epoch - rung.days_before)
                      >= %(today)s::date - %(grace)s
                  AND (l.valid_to IS NULL OR turn.epoch <= l.valid_to)""",
            holder=self._get_holder_key(),
            states=REMINDED_STATES,
            counted=self._select_counted_days(*reach),
            yearly=self._select_yearly_days(*reach),
            today=today,
            grace=reminders.GRACE_DAYS,
            ids=ids,
        )

    @api.model
    def _select_counted_days(self, first, last):
        """The days within reach on which a duty falls that is counted from the beginning."""
        return SQL(
            """SELECT (l.valid_from + make_interval(months => duty.every_months * n))::date
                          AS epoch
                 FROM generate_series(greatest(1, %(before)s / duty.every_months),
                                      %(after)s / duty.every_months) n
                WHERE duty.timing = 'counted'""",
            before=self._count_months(first),
            after=self._count_months(last),
        )

    @api.model
    def _select_yearly_days(self, first, last):
        """The days within reach by which a duty of every year is to be done
        (``reminders.yearly_days``)."""
        return SQL(
            """SELECT least(begins + duty.due_day - 1,
                            (begins + interval '1 month - 1 day')::date) AS epoch
                 FROM generate_series(
                          greatest(date_part('year', l.in_force_from)::int + 1,
                                   date_part('year', %(first)s)::int),
                          date_part('year', %(last)s)::int) year,
                      make_date(year, CASE duty.timing WHEN 'yearly' THEN duty.due_month END, 1)
                          begins
                WHERE duty.timing = 'yearly'""",
            first=first,
            last=last,
        )

    @api.model
    def _count_months(self, day):
        """Calendar months from the beginning of a licence to a day."""
        return SQL(
            """((date_part('year', %(day)s) - date_part('year', l.valid_from)) * 12
                + date_part('month', %(day)s) - date_part('month', l.valid_from))::int""",
            day=day,
        )

    # === Acting === #

    @api.model
    def _work_off(self, today, licence_ids, run):
        """Do one batch; begin it anew when another transaction was faster."""
        for _attempt in range(MAX_COLLISIONS):
            counts = self._raise_unless_met(today, licence_ids, run)
            if counts is not None:
                return counts
        return Counter()

    @api.model
    def _raise_unless_met(self, today, licence_ids, run):
        """Do one batch; None when another transaction was faster and this one is undone."""
        try:
            return self._raise_or_halve(today, licence_ids, run)
        except OperationalError as error:
            self.env.cr.rollback()
            _logger.info("A batch of reminders met another transaction: %s", error)
            return None

    @api.model
    def _raise_or_halve(self, today, licence_ids, run):
        """A batch as a whole when all goes well, else in halves; what is wrong with one licence is
        noted on the run."""
        try:
            with self.env.cr.savepoint():
                return self._raise(today, licence_ids)
        except OperationalError:
            raise
        except Exception as error:
            _logger.info("Licences %s: %s", licence_ids, error, exc_info=True)
            if len(licence_ids) == 1:
                run.error = self.env._("Licence %(id)s: %(error)s", id=licence_ids[0], error=error)
                return Counter(failed=1)
        middle = len(licence_ids) // 2
        first = self._raise_or_halve(today, licence_ids[:middle], run)
        return first + self._raise_or_halve(today, licence_ids[middle:], run)

    @api.model
    def _raise(self, today, licence_ids):
        """Write the lines that are due and merge them into contacts.

        :return: how many lines ended in which state, and how many ``contacts`` there are
        """
        self.env.flush_all()
        written = self.env.execute_query(
            SQL(
                """INSERT INTO shenpi_licence_reminder
                          (licence_id, type_id, company_id, department_id, holder_name, rung_id,
                           duty_id, epoch, days_before, channel, raised_on, state, specialist_id)
                   SELECT l.id, l.type_id, l.company_id, l.department_id, l.holder_name,
                          due.rung_id, due.duty_id, due.epoch, due.days_before, due.channel,
                          %(today)s, %(state)s, %(specialist)s
                     FROM (%(due)s) due
                     JOIN shenpi_licence l ON l.id = due.licence_id
                     JOIN shenpi_licence_type kind ON kind.id = l.type_id
                       ON CONFLICT DO NOTHING RETURNING id, state""",
                today=today,
                state=self._get_new_state(),
                specialist=self._get_specialist(),
                due=self._select_due(today, licence_ids),
            )
        )
        self.invalidate_model()
        states = Counter(state for _id, state in written)
        lines = self.browse(line_id for line_id, state in written if state == "open")
        contacts = self.env["shenpi.licence.contact"]._raise(lines, today)
        passed = states["passed"] + states["stopped"]
        return Counter(done=states["open"], passed=passed, contacts=len(contacts))

    @api.model
    def _get_new_state(self):
        """The nearest rung acts; nobody calls or visits who has said that he does not renew."""
        return SQL(
            """CASE WHEN NOT due.acts THEN 'passed'
                    WHEN due.channel IN ('call', 'visit') AND %s THEN 'stopped'
                    ELSE 'open' END""",
            self._has_refused("due"),
        )

    @api.model
    def _has_refused(self, alias):
        """Whether the holder has said in this round that he does not renew."""
        return SQL(
            """EXISTS (SELECT FROM shenpi_licence_reminder told
                        WHERE told.licence_id = %(licence)s AND told.epoch = %(epoch)s
                          AND COALESCE(told.duty_id, 0) = COALESCE(%(duty)s, 0)
                          AND told.outcome = 'not_renewing')""",
            licence=SQL.identifier(alias, "licence_id"),
            epoch=SQL.identifier(alias, "epoch"),
            duty=SQL.identifier(alias, "duty_id"),
        )

    @api.model
    def _get_specialist(self):
        """The specialist of the type, where he works in the bureau of the licence."""
        return SQL(
            """(SELECT u.id FROM res_users u
                  JOIN res_company_users_rel member ON member.user_id = u.id
                 WHERE u.id = kind.specialist_id AND u.active AND member.cid = l.company_id)"""
        )
