from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..tools import identifiers, lookups
from .shenpi_append_only import guard_table
from .shenpi_outbox_mixin import OPEN_STATES

QUESTION_FIELDS = (
    "origin",
    "company_id",
    "application_id",
    "material_id",
    "material_name",
    "source_id",
    "asked_by_id",
    "raised_at",
    "subject_name",
    "subject_id_number",
    "purpose",
    "legal_basis",
)
ANSWER_FIELDS = ("answer", "answered_at", "evidence", "valid_until")


class ShenpiLookup(models.Model):
    """A question to a register, and its answer: outbox and log in one.

    It says who asked what about whom, for which case, by which rule, when, and what was answered.
    Written when somebody asks, in the transaction that asks; sent by a job
    (``shenpi.outbox.mixin``), so nothing waits for the register. PostgreSQL refuses that the
    question, or an answer once given, is changed or deleted. Whoever has a part in the case reads
    it, supervisors and the bureau head read all. Document numbers are kept masked: the clear number
    is read from the case at the moment of sending.
    """

    _name = "shenpi.lookup"
    _inherit = ["shenpi.outbox.mixin"]
    _description = "Look-up of shared data"
    _rec_name = "material_name"
    _log_access = False

    # Somebody at the window waits: few together, and told soon that there is no answer.
    _outbox_chunk = 5
    _outbox_delays = (1,)

    source_id = fields.Many2one(
        "shenpi.lookup.source", required=True, readonly=True, index=True, ondelete="restrict"
    )
    application_id = fields.Many2one(
        "shenpi.application", string="Case", required=True, index=True, ondelete="restrict"
    )
    material_id = fields.Many2one(
        "shenpi.application.material", required=True, index=True, ondelete="restrict"
    )
    material_name = fields.Char(string="Asked for", required=True, readonly=True)
    subject_name = fields.Char(string="About", required=True, readonly=True)
    subject_id_number = fields.Char(string="Document number", required=True, readonly=True)
    asked_by_id = fields.Many2one(
        "res.users", string="Asked by", required=True, readonly=True, ondelete="restrict"
    )
    purpose = fields.Char(required=True, readonly=True)
    legal_basis = fields.Char(required=True, readonly=True)
    answer = fields.Selection(
        [
            ("found", "Proof found"),
            ("not_found", "Not found"),
            ("mismatch", "Does not match"),
            ("unavailable", "No answer"),
        ],
        readonly=True,
        help="Empty while the question is under way. No answer: ask again, take the paper, or take"
        " a written commitment.",
    )
    answered_at = fields.Datetime(string="Answered on", readonly=True)
    evidence = fields.Char(readonly=True, help="Number of the proof at the source.")
    valid_until = fields.Date(readonly=True)
    taken = fields.Boolean(readonly=True, help="The answer has been entered in the case.")

    _settle = models.Index("(company_id, id) WHERE answer = 'found' AND taken IS NOT TRUE")
    _of_day = models.Index("(company_id, raised_at DESC)")

    # === Low-level methods === #

    def init(self):
        """PostgreSQL keeps the question and the answer as they were."""
        result = super().init()
        self.env.cr.execute(
            SQL(
                """CREATE OR REPLACE FUNCTION shenpi_keep_lookup() RETURNS trigger
                LANGUAGE plpgsql AS $$
                BEGIN
                    IF TG_OP = 'UPDATE' THEN
                        IF (%(old_question)s) IS NOT DISTINCT FROM (%(new_question)s)
                           AND (OLD.answer IS NULL
                                OR (%(old_answer)s) IS NOT DISTINCT FROM (%(new_answer)s)) THEN
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'a look-up is kept as it was: %% refused', TG_OP
                        USING ERRCODE = 'restrict_violation';
                END $$""",
                old_question=self._list_columns("old", QUESTION_FIELDS),
                new_question=self._list_columns("new", QUESTION_FIELDS),
                old_answer=self._list_columns("old", ANSWER_FIELDS),
                new_answer=self._list_columns("new", ANSWER_FIELDS),
            )
        )
        guard_table(self, "keep", "shenpi_keep_lookup")
        return result

    def _list_columns(self, row, names):
        return SQL(", ").join(SQL.identifier(row, name) for name in names)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise AccessError(self.env._("%s: recorded facts are never deleted.", self._description))

    # === Asking === #

    @api.model
    def _ask_all(self, application, materials, sources, moment):
        """Write a question for each material; the job asks them when that is committed.

        :param materials: of the application; :param dict sources: name of a material -> source
        :param datetime moment: when it is asked
        """
        counts = dict(
            self.sudo()._read_group(
                [("material_id", "in", materials.ids)], ["material_id"], ["__count"]
            )
        )
        subject = application.sudo()
        number = identifiers.mask_id(subject.applicant_id_number_raw)
        purpose = self._describe_purpose(subject)
        rows = self.sudo()._outbox_put(
            [
                {
                    "company_id": subject.company_id.id,
                    "origin": f"{material.id}:{counts.get(material, 0) + 1}",
                    "application_id": subject.id,
                    "material_id": material.id,
                    "material_name": material.name,
                    "source_id": sources[material.name].id,
                    "asked_by_id": self.env.uid,
                    "raised_at": moment,
                    "subject_name": subject.applicant_name,
                    "subject_id_number": number,
                    "purpose": purpose,
                    "legal_basis": sources[material.name].sudo().legal_basis,
                }
                for material in materials
            ]
        )
        # Written past the ORM: what has been read of these lists is old.
        application.invalidate_recordset(["lookup_ids"])
        materials.invalidate_recordset(["lookup_ids"])
        return rows

    def _notify_asked(self):
        """Tell the person who asked what comes now."""
        names = "、".join(dict.fromkeys(self.mapped("material_name")))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Asked for: %s", names),
                "message": self.env._("What is found is entered by itself within a minute."),
                "type": "success",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _describe_purpose(self, application):
        writing = application._in_writing()
        number = application.number or writing.env._("before filing")
        return writing.env._(
            "To examine the application for “%(item)s” (%(number)s)",
            item=writing.item_id.name,
            number=number,
        )

    def _outbox_send(self):
        today = self.env["shenpi.application"]._get_today()
        for lookup in self:
            service = lookup.source_id._get_service()
            lookup._note_answer(lookups.ask(service, lookup._prepare_question(), today))

    def _prepare_question(self):
        application = self.application_id.sudo()
        return {
            "id": self._wire_key(),
            "material": self.material_name,
            "subject": {
                "name": self.subject_name,
                "kind": application.applicant_kind,
                "id_type": application.applicant_id_type,
                "id_number": application.applicant_id_number_raw,
            },
            "purpose": self.purpose,
            "legal_basis": self.legal_basis,
            "asked_by": self.asked_by_id.name,
        }

    # === Answers === #

    def _note_answer(self, answer):
        """Keep what the source said.

        :param answer: ``tools.lookups.Answer``
        """
        if answer.status == "unavailable":
            self._mark_retry(self._describe_trouble(answer.reason))
            return
        self._mark_sent(
            answer=answer.status,
            evidence=answer.evidence or False,
            valid_until=answer.valid_until,
            answered_at=fields.Datetime.now(),
        )

    @api.model
    def _describe_trouble(self, reason):
        reasons = {
            "timeout": self.env._("The source did not answer in time."),
            "unreachable": self.env._("The source cannot be reached."),
            "http_401": self.env._("The source does not accept our signature."),
            "http_403": self.env._("The source does not accept our signature."),
        }
        return reasons.get(reason) or self.env._("The source's answer was not understood.")

    def _outbox_failed(self):
        self.write({"answer": "unavailable", "answered_at": fields.Datetime.now()})

    @api.model
    def _outbox_settle(self, company_id=None):
        """Enter what was found in the cases that asked."""
        domain = [("answer", "=", "found"), ("taken", "!=", True)]
        if company_id:
            domain.append(("company_id", "=", company_id))
        for lookup in self.search(domain, order="id"):
            lookup.application_id._take_found(lookup)
            lookup.taken = True

    def _is_open(self):
        return self.state in OPEN_STATES

    def _is_good(self, day):
        """Whether it found a proof that is still good on a day."""
        return self.answer == "found" and not (self.valid_until and self.valid_until < day)
