import logging
from dataclasses import dataclass, field
from datetime import datetime

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL, format_list, groupby

from ..tools.localtime import format_moment
from .shenpi_event import BEGINNING, LastEvent

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Move:
    """What one document contributes to a transition: see ``_transition``."""

    at: datetime | None = None
    values: dict = field(default_factory=dict)
    event: dict = field(default_factory=dict)
    details: dict = field(default_factory=dict)


class ShenpiDocumentMixin(models.AbstractModel):
    """A document whose state changes in one place.

    A document declares ``_transitions`` (action -> ``tools.flow.Transition``), the field of
    ``shenpi.event`` that points to it, and the fields that only its flow may write.
    :meth:`_transition` is the one method that changes its state: it locks the row, checks state,
    role and guard, writes, and appends an event. Buttons, wizards, ``api_*`` and scheduled actions
    call it; :meth:`_get_allowed_actions` reads the same table for the screens.
    """

    _name = "shenpi.document.mixin"
    _inherit = ["shenpi.flow.fields"]
    _description = "Document with a transition table and an event chain"

    _transitions = {}
    _event_field = ""
    # Where a model of Odoo's own is extended, ``state`` may be taken.
    _state_field = "state"
    _flow_fields = frozenset({"state"})

    # === Transitions === #

    def _transition(self, action, *, at=None, values=None, event=None, **details):
        """Apply one row of the transition table to one document.

        :param str action: the row to apply
        :param datetime at: naive UTC moment the fact happened; now when absent
        :param dict values: further fields to write together with the state
        :param dict event: ``action`` (when the event's word differs from the row's), ``opinion``,
            ``legal_basis``, ``data``, ``state_to`` (for rows whose target the worker chooses)
        :param details: passed on to :meth:`_prepare_transition_vals`
        :raise UserError: the document is not in a state the action starts from
        :raise AccessError: the user does not see the document, lacks the role, or the guard refuses
        :raise ValidationError: ``at`` lies in the future or before the preceding event
        :return: the event
        """
        self._open()
        move = Move(at=at, values=values or {}, event=event or {}, details=details)
        return self._transition_all(action, [move])

    def _transition_all(self, action, moves):
        """Apply one row of the transition table to several documents, each with its own ``Move``.

        Arguments, checks and what follows are those of :meth:`_transition`; the caller has made
        sure that the user sees the documents.

        :return: the events, in the order of the documents
        """
        row = self._transitions[action]
        now = fields.Datetime.now()
        lasts = self._lock_documents()
        principals = [
            document._check_move(row, move, last)
            for document, move, last in zip(self, moves, lasts, strict=True)
        ]
        prepared = self._prepare_transitions(row, [move.at or now for move in moves], moves)
        events, changes = [], []
        for document, move, principal, vals in zip(self, moves, principals, prepared, strict=True):
            event = dict(move.event)
            state_from = document[self._state_field]
            state_to = event.pop("state_to", None) or row.target or state_from
            changes.append(move.values | {self._state_field: state_to} | vals)
            events.append(
                {
                    "action": row.action,
                    "state_from": state_from,
                    "state_to": state_to,
                    "user_id": self.env.uid,
                    "for_user_id": principal.id if principal != self.env.user else None,
                    "happened_at": move.at or now,
                    **event,
                }
            )
        self._write_each(changes)
        new_events = self.env["shenpi.event"]._append_all(self, events, lasts)
        self._after_transitions(new_events)
        return new_events

    def _write_each(self, changes):
        """Write each document its own changes; what they have in common is written in one go."""
        quiet = self.sudo().with_context(tracking_disable=True)
        first, *others = changes
        common = {
            name: value
            for name, value in first.items()
            if all(name in other and other[name] == value for other in others)
        }
        quiet.write(common)
        for document, own in zip(quiet, changes, strict=True):
            if len(own) > len(common):
                document.write({name: own[name] for name in own if name not in common})

    def _check_move(self, row, move, last):
        """State, role, guard and moment; answers the person on whose behalf the user acts."""
        self._check_state(row)
        principal = self._check_actor(row)
        if move.at:
            self._check_moment(move.at, last, row)
        return principal or self.env.user

    @api.model
    def _begin(self, action, vals, *, at=None):
        """Create a document by the transition that its life begins with.

        The same as a draft on which that transition is applied at once, but in one INSERT. The
        guard is not asked: it protects the drafts of others.

        :param str action: the row to apply
        :param dict vals: values of the document, ``company_id`` included
        :param datetime at: naive UTC moment the fact happened; now when absent
        :raise AccessError: the user lacks the role
        :raise ValidationError: ``at`` lies in the future
        :return: the document
        """
        return self._begin_all(action, [vals], [at])

    @api.model
    def _begin_all(self, action, vals_list, ats):
        """Create several documents as :meth:`_begin` does one."""
        row = self._transitions[action]
        self._check_role(row)
        now = fields.Datetime.now()
        for at in filter(None, ats):
            self._check_moment(at, BEGINNING, row)
        moments = [at or now for at in ats]
        documents = self._create_begun(
            [
                vals | {self._state_field: row.target} | self._prepare_begin_vals(row, moment, vals)
                for vals, moment in zip(vals_list, moments, strict=True)
            ]
        )
        (state_from,) = row.sources
        events = [
            {
                "action": row.action,
                "state_from": state_from,
                "state_to": row.target,
                "user_id": self.env.uid,
                "happened_at": moment,
            }
            for moment in moments
        ]
        new_events = self.env["shenpi.event"]._append_all(
            documents, events, [BEGINNING] * len(documents)
        )
        documents._after_transitions(new_events)
        return documents

    @api.model
    def _create_begun(self, vals_list):
        """Hook: write the documents that begin with a transition."""
        quiet = self.sudo().with_context(tracking_disable=True)
        created = {}
        for company_id, pairs in groupby(enumerate(vals_list), lambda pair: pair[1]["company_id"]):
            places, own = zip(*pairs, strict=True)
            created |= zip(places, quiet.with_company(company_id).create(list(own)), strict=True)
        return self.browse([created[place].id for place in range(len(vals_list))])

    def _prepare_transitions(self, row, moments, moves):
        """Hook: :meth:`_prepare_transition_vals` of several documents at once.

        :return: list of dicts of field values, in the order of the documents
        """
        return [
            document._prepare_transition_vals(row, moment, **move.details)
            for document, moment, move in zip(self, moments, moves, strict=True)
        ]

    def _prepare_transition_vals(self, row, moment, **details):
        """Hook: further values of a transition, called between the checks and the write.

        :param row: the ``Transition``; :param moment: naive UTC; :param details: what the worker
            passed to :meth:`_transition` beyond its own arguments
        :return: dict of field values
        """
        return {}

    @api.model
    def _prepare_begin_vals(self, row, moment, vals):
        """Hook: further values of a document that begins with a transition."""
        return {}

    def _after_transitions(self, events):
        """Hook: what follows from transitions inside their transaction (rows of an outbox, tasks).

        Called once for all documents that were moved together.

        :param events: the new ``shenpi.event`` of each document, in the order of ``self``
        """

    def _touch(self):
        """Write the document's row: of two who go by what hangs on it at the same moment, the
        second one is run again and meets what the first one did."""
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET write_date = %s, write_uid = %s WHERE id = %s",
                SQL.identifier(self._table),
                fields.Datetime.now(),
                self.env.uid,
                self.id,
            )
        )

    def _lock_document(self):
        """Wait for the row, then hold it to the end of the transaction.

        Waiting (not failing at once) lets the second of two people be told what the first one did:
        PostgreSQL refuses the stale snapshot, the call is run again and meets the new state.

        :return: the newest event of its chain (``LastEvent``), to which the next one is appended
        """
        (last,) = self._lock_documents()
        return last

    def _lock_documents(self):
        """Lock several documents, in the order of their ids; answers their newest events, in the
        order of ``self``."""
        self.flush_recordset()
        rows = self.env.execute_query(
            SQL(
                """SELECT document.id, event.sequence, event.hash, event.happened_at
                     FROM %(table)s document
                     LEFT JOIN LATERAL (SELECT sequence, hash, happened_at FROM shenpi_event
                                         WHERE %(field)s = document.id
                                         ORDER BY sequence DESC LIMIT 1) event ON TRUE
                    WHERE document.id = ANY(%(ids)s)
                 ORDER BY document.id FOR NO KEY UPDATE OF document""",
                table=SQL.identifier(self._table),
                field=SQL.identifier(self._event_field),
                ids=list(self.ids),
            )
        )
        lasts = {
            document_id: LastEvent(*last) for document_id, *last in rows if last[0] is not None
        }
        return [lasts.get(document_id, BEGINNING) for document_id in self.ids]

    # === Checks === #

    def _open(self):
        """One document that the user sees. Asked first: the workers read much of it with sudo."""
        self.ensure_one()
        self.check_access("read")

    def _check_state(self, row):
        state = self[self._state_field]
        if state in row.sources:
            return
        labels = self._get_state_labels()
        raise UserError(
            self.env._(
                "“%(action)s” is not possible: %(document)s is in state “%(state)s”, it must be"
                " in one of: %(sources)s.",
                action=self._get_action_label(row.action),
                document=self.display_name,
                state=labels[state],
                sources=format_list(
                    self.env, [labels[s] for s in labels if s in row.sources], "or"
                ),
            )
        )

    def _check_actor(self, row):
        """Role and guard of a transition; answers the person on whose behalf the user acts."""
        self._check_role(row)
        return getattr(self, row.guard)() if row.guard else self.env.user

    def _check_role(self, row):
        user = self.env.user
        if not any(user.has_group(group) for group in row.groups):
            raise AccessError(
                self.env._(
                    "Your role does not allow “%(action)s” on %(document)s.",
                    action=self._get_action_label(row.action),
                    document=self.display_name or self._description,
                )
            )

    def _check_moment(self, at, last, row):
        """A fact entered afterwards: not in the future, not before the fact that precedes it.

        :param row: the ``Transition`` that is to be applied
        """
        if at > fields.Datetime.now():
            raise ValidationError(self.env._("at: %s lies in the future.", format_moment(at)))
        if last.happened_at and at < last.happened_at:
            raise ValidationError(
                self.env._(
                    "at: %(at)s lies before the preceding event of %(last)s.",
                    at=format_moment(at),
                    last=format_moment(last.happened_at),
                )
            )

    def _get_allowed_actions(self):
        """The actions of the table that this user may apply to this document now."""
        self.ensure_one()
        allowed = set()
        for action, row in self._transitions.items():
            if self[self._state_field] not in row.sources:
                continue
            try:
                self._check_actor(row)
            except UserError:
                continue
            allowed.add(action)
        return allowed

    # === Labels === #

    @api.model
    def _get_state_labels(self):
        return dict(self._fields[self._state_field]._description_selection(self.env))

    @api.model
    def _get_action_label(self, action):
        events = self.env["shenpi.event"]
        return dict(events._fields["action"]._description_selection(self.env)).get(action, action)

    # === Verification === #

    def action_verify_chain(self):
        """Check every seal of the event chain and say so, naming the first broken link."""
        self.ensure_one()
        self.check_access("read")
        broken = self.env["shenpi.event"]._get_broken(self).get(self.id)
        if broken:
            message = self.env._("The event chain is broken at no. %s.", broken)
        else:
            message = self.env._("Every event of this document is sealed and unchanged.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.display_name,
                "message": message,
                "type": "danger" if broken else "success",
                "sticky": bool(broken),
            },
        }

    # === Cron === #

    @api.model
    def _cron_verify_chains(self, batch=1000):
        """Verify every event chain, batch by batch, and tell the bureau heads of a broken one.

        The position is kept, so that a run cut short goes on where it stopped.
        """
        parameter = f"{self._name}.verified_up_to"
        parameters = self.env["ir.config_parameter"].sudo()
        while True:
            position = int(parameters.get_param(parameter, 0))
            documents = self.search(
                [("id", ">", position), ("event_ids", "!=", False)], order="id", limit=batch
            )
            broken = self.env["shenpi.event"]._get_broken(documents)
            for document in documents.browse(broken):
                document._report_broken_chain(broken[document.id])
            parameters.set_param(parameter, documents[-1:].id or 0)
            time_left = self.env["ir.cron"]._commit_progress(len(documents), remaining=0)
            if len(documents) < batch or not time_left:
                break

    def _report_broken_chain(self, number):
        self.ensure_one()
        _logger.error("%s: the event chain is broken at no. %s", self, number)
        managers = self.env.ref("shenpi_base.group_shenpi_manager").all_user_ids
        for manager in managers:
            if self.company_id not in manager.company_ids or manager.id == SUPERUSER_ID:
                continue
            document = self.with_context(lang=manager.lang)
            document.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=document.env._("The event chain is broken at no. %s.", number),
                user_id=manager.id,
            )
