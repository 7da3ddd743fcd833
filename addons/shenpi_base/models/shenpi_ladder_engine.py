import logging
from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import NamedTuple

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.localtime import local_date

_logger = logging.getLogger(__name__)

BATCH = 50
MAX_ATTEMPTS = 5
MAX_COLLISIONS = 5
RETRY_AFTER = timedelta(hours=1)


class Due(NamedTuple):
    """A document some of whose rungs are due and have not fired in this round.

    ``open_ids`` are those rungs, the highest first; ``acts`` says whether the highest of them is
    the highest of all that are due (else that one has fired, and these are only passed over).
    """

    document_id: int
    epoch: str
    due_date: date
    open_ids: list
    acts: bool


class ShenpiLadder(models.Model):
    """The ladder at work.

    What is due is one query over stored dates and the firings that are there. It is worked off in
    batches, each a transaction of its own: the documents are locked (those that somebody works on
    are left to the next run), the firings are written, then the highest due rung acts. A unique key
    refuses a second firing, so a server that is killed, a run beside this one or a second run lose
    nothing and do nothing twice. A batch in which something breaks is done once more document by
    document; what breaks there is kept as a failed firing and tried again later, a few times.
    """

    _inherit = "shenpi.ladder"

    # === Cron === #

    @api.model
    def _cron_run(self):
        """Run every ladder; one that breaks does not stop the others, one that another process runs
        is left to it."""
        ladders = self.search([("rung_ids", "!=", False)])
        for place, ladder in enumerate(ladders, start=1):
            following = len(ladders) - place
            with self.env["shenpi.ladder.run"]._alone(ladder.id) as is_alone:
                if is_alone:
                    has_time = ladder._run_or_note(following)
                else:
                    has_time = self.env["ir.cron"]._commit_progress(remaining=following)
            if not has_time:
                break

    def _run_or_note(self, following):
        try:
            return self._run(following)
        except Exception as error:
            self.env.cr.rollback()
            _logger.exception("%s could not run", self)
            self._note_broken_run(error, following)
            return True

    def _run(self, following):
        """Work off what is due on this ladder.

        :param int following: how many ladders come after it. Nobody has looked yet what is due on
            them; each counts as one that remains, so that the action goes on when its time is up.
        :return: whether there is time for another ladder
        """
        self.ensure_one()
        crons = self.env["ir.cron"]
        due_ids = self._get_due_ids()
        run = self.env["shenpi.ladder.run"]._begin(len(due_ids), ladder_id=self.id)
        time_left = crons._commit_progress(remaining=len(due_ids) + following)
        done = 0
        while done < len(due_ids) and time_left:
            batch = due_ids[done : done + BATCH]
            run._count(self._work_off(batch))
            done += len(batch)
            time_left = crons._commit_progress(len(batch))
        run._end("done" if done == len(due_ids) else "partial")
        return bool(crons._commit_progress()) and done == len(due_ids)

    def _note_broken_run(self, error, following):
        """Keep why a ladder broke. Its rest waits an hour: at once it would break again."""
        run = self.env["shenpi.ladder.run"]._begin(0, ladder_id=self.id)
        run.error = str(error)
        run._end("failed")
        self.env["ir.cron"]._commit_progress(remaining=following)

    # === What is due === #

    @api.model
    def _get_today(self):
        return local_date(fields.Datetime.now())

    def _get_due_ids(self):
        """Ids of the documents with something due, in one query."""
        rows = self._select_due()
        return [row.document_id for row in rows]

    def _select_due(self, document_ids=None):
        """The documents with something due.

        :param list document_ids: look at these only
        :return: list of ``Due``, by id
        """
        rungs = self.sudo().rung_ids
        if not rungs:
            return []
        documents, _key = self._get_documents()
        documents.flush_model()
        self.env["shenpi.ladder.firing"].flush_model()
        calendar = self.env["shenpi.workday"]._get_calendar()
        today = self._get_today()
        domain = self._get_document_domain()
        if document_ids is not None:
            domain &= Domain("id", "in", document_ids)
        arms = [
            self._select_arm(rung, height, domain, rung._get_reach(calendar, today))
            for height, rung in enumerate(rungs)
        ]
        return [Due(*row) for row in self.env.execute_query(self._join_arms(arms))]

    def _select_arm(self, rung, height, domain, reach):
        """The documents for which one rung is due: id, round, due date, bureau, rung, height."""
        documents, key = self._get_documents()
        anchors = self._get_track().anchors
        anchor = anchors[rung.anchor]
        query = (
            documents.sudo()
            .with_context(active_test=False)
            ._search(domain & Domain(anchor, "<=", reach))
        )
        alias = query.table
        return query.select(
            SQL("%s AS document_id", SQL.identifier(alias, "id")),
            SQL("%s AS epoch", documents._get_ladder_epoch(key, alias, query)),
            SQL("%s AS due_date", documents._field_to_sql(alias, anchors["due"], query)),
            SQL("%s AS rung_id", rung.id),
            SQL("%s AS height", height),
        )

    def _join_arms(self, arms):
        """Leave out what has fired; a failure counts as fired until its next attempt."""
        return SQL(
            """SELECT due.document_id, due.epoch, max(due.due_date),
                      array_agg(due.rung_id ORDER BY due.height DESC)
                          FILTER (WHERE fired.id IS NULL),
                      max(due.height) FILTER (WHERE fired.id IS NULL) = max(due.height)
                 FROM (%(arms)s) due
            LEFT JOIN shenpi_ladder_firing fired
                   ON fired.rung_id = due.rung_id AND fired.document_id = due.document_id
                  AND fired.epoch = due.epoch
                  AND (fired.state <> 'failed' OR fired.next_try_at IS NULL
                       OR fired.next_try_at > %(now)s)
             GROUP BY due.document_id, due.epoch
               HAVING count(*) > count(fired.id)
             ORDER BY due.document_id""",
            arms=SQL(" UNION ALL ").join(SQL("(%s)", arm) for arm in arms),
            now=fields.Datetime.now(),
        )

    # === Acting === #

    def _work_off(self, document_ids):
        """Do one batch; begin it anew when another transaction was faster.

        :return: how many firings ended in which state
        """
        for _attempt in range(MAX_COLLISIONS):
            counts = self._fire_unless_met(document_ids)
            if counts is not None:
                return counts
        return Counter()

    def _fire_unless_met(self, document_ids):
        """Do one batch; None when another transaction was faster and this one is undone."""
        try:
            return self._fire_or_split(document_ids)
        except OperationalError as error:
            self.env.cr.rollback()
            _logger.info("%s: a batch met another transaction: %s", self, error)
            return None

    def _fire_or_split(self, document_ids):
        """A batch as a whole when all goes well, else document by document; what is wrong with one
        is written down with it."""
        try:
            with self.env.cr.savepoint():
                return self._fire(document_ids)
        except OperationalError:
            raise
        except Exception as error:
            _logger.info("%s: documents %s: %s", self, document_ids, error, exc_info=True)
            if len(document_ids) == 1:
                return self._note_failure(document_ids[0], error)
        counts = Counter()
        for document_id in document_ids:
            counts += self._fire_or_split([document_id])
        return counts

    def _fire(self, document_ids):
        """Lock, claim and act.

        :return: how many firings ended in which state
        """
        documents = self._get_documents()[0].sudo().browse(document_ids)
        locked = documents.try_lock_for_update(allow_referencing=True)
        due = self._select_due(locked.ids)
        if not due:
            return Counter()
        claimed = self.env["shenpi.ladder.firing"]._claim(
            [row for entry in due for row in self._prepare_firings(entry)]
        )
        told = defaultdict(list)
        counts = Counter(firing.state for firing in claimed.values())
        for firing in claimed.values():
            if firing.state == "done":
                for person in self._act(firing):
                    told[person.id].append(firing.id)
        self.env["shenpi.ladder.digest"]._tell(told)
        return counts

    def _prepare_firings(self, entry):
        """Rows of firings of one document: the highest rung acts, those below are passed over."""
        document = self._open_document(self._get_documents()[0]._name, entry.document_id)
        company = document.mapped(document._get_ladder_company_field())
        for place, rung_id in enumerate(entry.open_ids):
            yield {
                "rung_id": rung_id,
                "document_id": entry.document_id,
                "epoch": entry.epoch,
                "document_model": document._name,
                "document_name": document.display_name,
                "ladder_id": self.id,
                "company_id": company.id,
                "due_date": entry.due_date,
                "state": "done" if entry.acts and not place else "passed",
                "fired_at": fields.Datetime.now(),
                "attempts": 1,
            }

    @api.model
    def _open_document(self, model, document_id):
        """What is kept in words is read by all: it is in the language of documents."""
        lang = self.env["shenpi.application.document"]._get_lang()
        return self.env[model].sudo().with_context(lang=lang).browse(document_id)

    def _act(self, firing):
        """Let a rung act; answers the people to be told."""
        document = self._open_document(firing.document_model, firing.document_id)
        people, firing.result = firing.rung_id.with_env(document.env)._do(document)
        return people.filtered("active")

    def _note_failure(self, document_id, error):
        """Keep what went wrong; the last attempt leaves no date for another."""
        (entry,) = self._select_due([document_id])
        rows = list(self._prepare_firings(entry))
        rows[0] |= {"state": "failed"}
        claimed = self.env["shenpi.ladder.firing"]._claim(rows)
        firing = claimed[rows[0]["rung_id"], document_id]
        again = firing.attempts < MAX_ATTEMPTS
        firing.error = str(error)
        firing.next_try_at = again and fields.Datetime.now() + RETRY_AFTER * firing.attempts
        return Counter(failed=1, passed=len(rows) - 1)
