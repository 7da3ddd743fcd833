from odoo import api, fields, models
from odoo.tools import SQL, format_datetime

from ..tools import clock
from ..tools.localtime import to_local


class ShenpiApplicationClock(models.Model):
    """One entry of an application's statutory clock. Append-only: every due date of the application
    follows from its entries, the limits of its item version and the working-day calendar.

    An entry that was wrong is corrected by another one that supersedes it, or strikes it out; both
    stay on record (``shenpi.application._do_correct_clock``), the last version is in force.
    """

    _name = "shenpi.application.clock"
    _inherit = ["shenpi.append.only"]
    _description = "Clock entry"
    _order = "happened_at, id"
    _rec_name = "kind"
    _log_access = False

    application_id = fields.Many2one(
        "shenpi.application", required=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(
        [
            ("received", "Received"),
            ("correction_sent", "Correction sent"),
            ("supplement_received", "Supplement received"),
            ("accepted", "Accepted"),
            ("pause", "Paused"),
            ("resume", "Resumed"),
            ("extend", "Extended"),
            ("decided", "Decided"),
            ("delivered", "Delivered"),
            ("ended", "Ended"),
        ],
        required=True,
    )
    happened_at = fields.Datetime(string="Happened", required=True)
    recorded_at = fields.Datetime(
        string="Recorded", required=True, default=lambda self: fields.Datetime.now()
    )
    user_id = fields.Many2one(
        "res.users",
        string="By",
        required=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    pause_kind = fields.Selection(
        [
            ("hearing", "Hearing"),
            ("bidding", "Tendering"),
            ("auction", "Auction"),
            ("examination", "Inspection of goods"),
            ("testing", "Testing"),
            ("quarantine", "Quarantine"),
            ("appraisal", "Appraisal"),
            ("expert_review", "Expert review"),
            ("inspection", "Site inspection"),
            ("publicity", "Publicity"),
        ],
        string="Special procedure",
    )
    planned_days = fields.Integer(default=0, help="Working days the special procedure will take.")
    days = fields.Integer(default=0, help="Days added by an extension, in the unit of the limit.")
    notice = fields.Text(help="What the applicant is told in writing.")
    legal_basis = fields.Char()
    approver = fields.Char(
        help="Who outside the bureau approved an extension: the head of the local government."
    )
    approval_reference = fields.Char(help="Number of the written approval.")
    supersedes_id = fields.Many2one(
        "shenpi.application.clock",
        string="Corrects",
        index="btree_not_null",
        ondelete="restrict",
        help="The entry whose place this one takes.",
    )
    struck = fields.Boolean(help="The entry it corrects should not have been there at all.")
    correction_reason = fields.Text(string="Reason of the correction")
    superseded_by_ids = fields.One2many(
        "shenpi.application.clock", "supersedes_id", string="Corrected by"
    )
    standing = fields.Selection(
        [("in_force", "In force"), ("superseded", "Corrected"), ("struck", "Struck out")],
        compute="_compute_standing",
    )
    measure = fields.Char(string="Content", compute="_compute_measure")

    _supersedes_uniq = models.UniqueIndex(
        "(supersedes_id) WHERE supersedes_id IS NOT NULL",
        "This entry has been corrected already: correct its correction.",
    )

    # === Compute methods === #

    @api.depends("struck", "superseded_by_ids.struck")
    def _compute_standing(self):
        for entry in self:
            correction = entry.superseded_by_ids[:1]
            struck = entry.struck or correction.struck
            entry.standing = "struck" if struck else "superseded" if correction else "in_force"

    @api.depends_context("lang")
    @api.depends("kind", "pause_kind", "planned_days", "days", "application_id")
    def _compute_measure(self):
        """What the entry says beside its moment, in words."""
        kinds = dict(self._fields["pause_kind"]._description_selection(self.env))
        for entry in self:
            entry.measure = False
            if entry.kind == "pause":
                entry.measure = self.env._(
                    "%(kind)s, %(days)s working days planned",
                    kind=kinds.get(entry.pause_kind, ""),
                    days=entry.planned_days,
                )
            elif entry.kind == "extend":
                entry.measure = self.env._("by %(days)s", days=entry.days)

    # === Actions === #

    def action_open_correction(self):
        """Correct this entry, or strike it out."""
        self.ensure_one()
        return self.application_id._open_wizard(
            "shenpi.clock.wizard", self.env._("Correct a clock entry"), default_entry_id=self.id
        )

    # === Writing === #

    @api.model
    def _append(self, application, kind, happened_at, **details):
        """Add an entry to the clock of an application whose row the caller has locked or made.

        :param details: further columns: pause_kind, planned_days, days, notice, legal_basis,
            approver, approval_reference, supersedes_id, struck, correction_reason
        """
        entry = {"application_id": application.id, "kind": kind, "happened_at": happened_at}
        self._append_all([entry | details])

    @api.model
    def _append_all(self, entries):
        """Add entries, values by column, to the clocks of applications that the caller has locked
        or made."""
        shared = {
            "recorded_at": fields.Datetime.now(),
            "user_id": self.env.uid,
            "planned_days": 0,
            "days": 0,
        }
        return self._insert_all([shared | entry for entry in entries])

    # === Reading === #

    @api.model
    def _get_entries(self, application):
        """The entries of one application as the clock kernel reads them, in one query."""
        return self._get_entries_of(application)[application.id]

    @api.model
    def _get_entries_of(self, applications):
        """The entries of each application as the clock kernel reads them, in one query."""
        return self._read_entries(applications.ids)

    @api.model
    def _read_entries(self, application_ids):
        """``{application id: [clock.Entry]}`` of many applications, in one query."""
        rows = self.env.execute_query(
            SQL(
                """SELECT application_id, kind, happened_at, id, planned_days, days,
                          COALESCE(supersedes_id, 0), COALESCE(struck, FALSE)
                     FROM shenpi_application_clock WHERE application_id = ANY(%s)""",
                list(application_ids),
            )
        )
        entries = {application_id: [] for application_id in application_ids}
        for application_id, kind, happened_at, *rest in rows:
            entries[application_id].append(clock.Entry(kind, to_local(happened_at), *rest))
        return entries

    def _to_entries(self):
        """All entries of an application as the clock kernel reads them, in local time."""
        return [
            clock.Entry(
                kind=entry.kind,
                at=to_local(entry.happened_at),
                seq=entry.id,
                planned_days=entry.planned_days,
                days=entry.days,
                supersedes=entry.supersedes_id.id or 0,
                struck=entry.struck,
            )
            for entry in self
        ]

    def _in_force(self):
        """The entries of an application that count, in the order of time."""
        corrected = self.supersedes_id
        return self.filtered(lambda entry: not entry.struck and entry not in corrected)

    def _describe(self):
        """What happened when, in words."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return self.env._(
            "%(kind)s (%(moment)s)",
            kind=kinds[self.kind],
            moment=format_datetime(self.env, self.happened_at, tz="Asia/Shanghai"),
        )
