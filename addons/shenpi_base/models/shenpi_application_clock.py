from odoo import api, fields, models

from ..tools import clock
from ..tools.localtime import to_local


class ShenpiApplicationClock(models.Model):
    """One entry of an application's statutory clock. Append-only: every due date of the application
    follows from its entries, the limits of its item version and the working-day calendar."""

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

    @api.model
    def _append(self, application, kind, happened_at, **details):
        """Add an entry to the clock of an application whose row the caller has locked or made.

        :param details: further columns: pause_kind, planned_days, days, notice, legal_basis
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

    @api.model
    def _get_entries(self, application):
        """The entries of one application as the clock kernel reads them, in one query."""
        return self._get_entries_of(application)[application.id]

    @api.model
    def _get_entries_of(self, applications):
        """The entries of each application as the clock kernel reads them, in one query."""
        names = ["application_id", "kind", "happened_at", "planned_days", "days"]
        found = self.search_fetch([("application_id", "in", applications.ids)], names)
        by_application = found.grouped(lambda entry: entry.application_id.id)
        return {
            application_id: by_application.get(application_id, self.browse())._to_entries()
            for application_id in applications.ids
        }

    def _to_entries(self):
        """The entries as the clock kernel reads them, in local time."""
        return [
            clock.Entry(
                kind=entry.kind,
                at=to_local(entry.happened_at),
                seq=entry.id,
                planned_days=entry.planned_days,
                days=entry.days,
            )
            for entry in self
        ]
