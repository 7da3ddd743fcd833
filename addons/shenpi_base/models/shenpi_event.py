from datetime import datetime
from operator import itemgetter
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL, groupby

from ..tools import chain
from ..tools.localtime import format_moment


class LastEvent(NamedTuple):
    """The end of a chain."""

    sequence: int
    hash: str | None
    happened_at: datetime | None


BEGINNING = LastEvent(0, None, None)


class ShenpiEvent(models.Model):
    """The record of fact: one row per thing that happened to a document.

    Read by whoever may read the document; written by the flow of the document only
    (``shenpi.document.mixin``); changed or deleted by nobody. The events of one document form a
    SHA-256 chain, each sealing the one before it.

    Another kind of document adds its own Many2one here and names it as its ``_event_field``.
    """

    _name = "shenpi.event"
    _inherit = ["shenpi.append.only"]
    _description = "Event"
    _order = "id"
    _rec_name = "action"
    _log_access = False

    application_id = fields.Many2one(
        "shenpi.application", index="btree_not_null", ondelete="restrict"
    )
    bulletin_id = fields.Many2one("shenpi.bulletin", index="btree_not_null", ondelete="restrict")
    supervision_id = fields.Many2one(
        "shenpi.supervision", index="btree_not_null", ondelete="restrict"
    )
    commitment_id = fields.Many2one(
        "shenpi.commitment", index="btree_not_null", ondelete="restrict"
    )
    sequence = fields.Integer(
        string="No.", required=True, help="Place in the document's chain, from 1."
    )
    action = fields.Selection(
        [
            ("receive", "Received"),
            ("request_correction", "Correction requested"),
            ("repeat_correction", "Second correction requested"),
            ("supplement", "Supplement received"),
            ("defer", "Materials may follow"),
            ("hand_in", "Promised material handed in"),
            ("lapse_deferral", "Promise to hand in lapsed"),
            ("spare", "Material spared"),
            ("commit", "Commitment made"),
            ("take_back_commitment", "Commitment taken back"),
            ("accept", "Accepted"),
            ("not_accept", "Not accepted"),
            ("assign", "Assigned"),
            ("review", "Reviewed"),
            ("return", "Returned"),
            ("grant", "Granted"),
            ("grant_at_once", "Granted on the spot"),
            ("deny", "Denied"),
            ("deliver", "Delivered"),
            ("withdraw", "Withdrawn"),
            ("revoke", "Revoked"),
            ("deem_withdrawn", "Deemed withdrawn"),
            ("terminate", "Terminated"),
            ("deem_accepted", "Deemed accepted"),
            ("begin_verification", "Verification begins"),
            ("exempt", "Exempt from verification"),
            ("confirm", "Found true"),
            ("report_false", "Found false"),
            ("pause", "Clock stopped"),
            ("resume", "Clock goes on"),
            ("extend", "Limit extended"),
            ("correct_clock", "Clock entry corrected"),
            ("recompute", "Dates recomputed"),
            ("issue", "Issued"),
            ("order_inspection", "Inspection ordered"),
            ("order_by_item", "Inspection follows from the item"),
            ("order_again", "To be inspected again"),
            ("schedule", "Scheduled"),
            ("reschedule", "Rescheduled"),
            ("start_inspection", "Inspection begun"),
            ("pass_inspection", "Inspection passed"),
            ("rectify", "To be rectified"),
            ("fail_inspection", "Inspection failed"),
            ("cancel_inspection", "Inspection cancelled"),
            ("lapse", "Lapsed with the case"),
            ("dispatch", "Dispatched"),
            ("sign", "Signed for"),
            ("answer", "Answer given"),
            ("rectified", "Rectified"),
            ("send_back", "Sent back"),
            ("check", "Answer checked"),
            ("close", "Closed"),
            ("cancel", "Cancelled"),
            ("push", "Pushed to the regulator"),
            ("sign", "Signed for"),
            ("report", "Reported by the regulator"),
            ("handle", "Handled"),
        ],
        string="What",
        required=True,
    )
    state_from = fields.Char()
    state_to = fields.Char()
    user_id = fields.Many2one("res.users", string="By", required=True, ondelete="restrict")
    for_user_id = fields.Many2one("res.users", string="For", ondelete="restrict")
    happened_at = fields.Datetime(string="Happened", required=True, help="When the fact happened.")
    recorded_at = fields.Datetime(
        string="Recorded", required=True, help="When it was entered into the system."
    )
    opinion = fields.Text(string="Opinion or reason")
    legal_basis = fields.Char()
    data = fields.Json(string="Details")
    previous_hash = fields.Char()
    hash = fields.Char(required=True)
    change = fields.Char(
        string="Change of state", compute="_compute_change", help="From which state to which."
    )

    _application_sequence = models.UniqueIndex(
        "(application_id, sequence) WHERE application_id IS NOT NULL",
        "This application already has an event with that number.",
    )

    _bulletin_sequence = models.UniqueIndex(
        "(bulletin_id, sequence) WHERE bulletin_id IS NOT NULL",
        "This bulletin already has an event with that number.",
    )
    # What bulletins count: see ``shenpi.bulletin._get_events``.
    _counted_range = models.Index(
        "(happened_at) WHERE action IN ('not_accept', 'withdraw', 'deem_withdrawn', 'terminate',"
        " 'deem_accepted', 'repeat_correction', 'extend')"
    )
    _commitment_sequence = models.UniqueIndex(
        "(commitment_id, sequence) WHERE commitment_id IS NOT NULL",
        "This verification already has an event with that number.",
    )
    _supervision_sequence = models.UniqueIndex(
        "(supervision_id, sequence) WHERE supervision_id IS NOT NULL",
        "This supervision order already has an event with that number.",
    )

    @api.depends("state_from", "state_to")
    def _compute_change(self):
        for event in self:
            labels = event._get_document()._get_state_labels()
            steps = dict.fromkeys(filter(None, (event.state_from, event.state_to)))
            event.change = " → ".join(labels.get(state, state) for state in steps)

    def _get_document(self):
        """Hook: the document the event belongs to; addons with other documents extend it."""
        return self.application_id or self.commitment_id or self.bulletin_id or self.supervision_id

    @api.model
    def _append(self, document, vals, last):
        """Append one event to the chain of ``document``, whose row the caller has locked.

        :param vals: action, state_from, state_to, user_id, for_user_id, happened_at (naive UTC),
            opinion, legal_basis, data; number, hashes and the time of recording are added here
        :param LastEvent last: the newest event of the chain, as found when the row was locked
        """
        return self._append_all(document, [vals], [last])

    @api.model
    def _append_all(self, documents, vals_list, lasts):
        """Append one event to the chain of each document; arguments as of :meth:`_append`, in the
        order of the documents."""
        now = fields.Datetime.now()
        rows = []
        for document, vals, last in zip(documents, vals_list, lasts, strict=True):
            row = dict(vals, recorded_at=now, sequence=last.sequence + 1, previous_hash=last.hash)
            row[documents._event_field] = document.id
            row["hash"] = chain.seal(last.hash, self._get_payload(document, row))
            rows.append(row)
        return self._insert_all(rows)

    @api.model
    def _get_payload(self, document, vals):
        """What the hash covers, from the values to be stored or the row as read back.

        Hashes carry the version of this list: a field added later starts a new version, never
        changes this one.
        """
        return {
            "document": f"{document._name},{document.id}",
            "sequence": vals["sequence"],
            "action": vals["action"],
            "state_from": vals.get("state_from") or "",
            "state_to": vals.get("state_to") or "",
            "user": vals["user_id"],
            "for_user": vals.get("for_user_id") or 0,
            "happened_at": format_moment(vals["happened_at"]),
            "recorded_at": format_moment(vals["recorded_at"]),
            "opinion": vals.get("opinion") or "",
            "legal_basis": vals.get("legal_basis") or "",
            "data": vals.get("data") or {},
        }

    @api.model
    def _get_broken(self, documents):
        """Verify the chains of ``documents`` in one query.

        :return: {document id: number of the first event whose seal does not hold}, broken ones only
        """
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT %(field)s AS document_id, sequence, action, state_from, state_to, user_id,
                          for_user_id, happened_at, recorded_at, opinion, legal_basis, data, hash
                     FROM shenpi_event WHERE %(field)s = ANY(%(ids)s)
                 ORDER BY %(field)s, sequence""",
                field=SQL.identifier(documents._event_field),
                ids=list(documents.ids),
            )
        )
        broken = {}
        for document_id, events in groupby(rows, key=itemgetter("document_id")):
            number = self._get_first_broken(documents.browse(document_id), events)
            if number:
                broken[document_id] = number
        return broken

    def _get_first_broken(self, document, rows):
        for place, row in enumerate(rows, start=1):
            if row["sequence"] != place:
                return place
        index = chain.first_broken((row["hash"], self._get_payload(document, row)) for row in rows)
        return None if index is None else index + 1

    def _get_api_dict(self):
        """One event as ``api_status`` shows it."""
        self.ensure_one()
        answer = {
            "sequence": self.sequence,
            "action": self.action,
            "from": self.state_from,
            "to": self.state_to,
            "at": format_moment(self.happened_at),
            "recorded_at": format_moment(self.recorded_at),
            "user": self.user_id.name,
            "for": self.for_user_id.name,
            "opinion": self.opinion,
            "legal_basis": self.legal_basis,
            "hash": self.hash,
        }
        return {key: value for key, value in answer.items() if value}
