from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import licences
from ..tools.localtime import local_date

# States that say of themselves what a licence is worth, whatever the day.
FIXED = ("suspended", "changed", "revoked", "cancelled")
# In these it can be renewed.
RENEWABLE_STATUSES = ("valid", "expiring")


class ShenpiLicence(models.Model):
    """What a licence is worth today, and the dates that lists and reminders ask: both follow from
    stored dates and the legal date, so nothing is recomputed at night."""

    _inherit = "shenpi.licence"

    status = fields.Selection(
        [
            ("future", "Not in force yet"),
            ("valid", "In force"),
            ("expiring", "Expiring"),
            ("expired", "Expired"),
            ("renewing", "Being renewed"),
            ("suspended", "Suspended"),
            ("changed", "Replaced"),
            ("revoked", "Revoked"),
            ("cancelled", "Cancelled by law"),
        ],
        compute="_compute_status",
        search="_search_status",
    )
    days_left = fields.Integer(
        compute="_compute_days_left",
        help="Calendar days to the last day of the validity; negative when it is past.",
    )

    # === Compute methods === #

    @api.depends("state", "in_force_from", "valid_to", "expiring_from", "renewal_in_time")
    def _compute_status(self):
        today = self._get_today()
        for licence in self:
            licence.status = licence._get_status_on(today)

    @api.depends("valid_to", "state")
    def _compute_days_left(self):
        today = self._get_today()
        for licence in self:
            runs = licence.valid_to and licence.state not in ("changed", "revoked", "cancelled")
            licence.days_left = (licence.valid_to - today).days if runs else 0

    @api.model
    def _search_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        domains = self._get_status_domains(self._get_today())
        return Domain.OR(domains[status] for status in value if status in domains)

    @api.model
    def _get_status_domains(self, day):
        """The licences of each status on a legal date: ``tools.licences.status_on`` as domains."""
        begun = Domain("in_force_from", "<=", day)
        over = Domain("valid_to", "<", day)
        running = Domain("valid_to", "=", False) | Domain("valid_to", ">=", day)
        issued, renewing = Domain("state", "=", "valid"), Domain("state", "=", "renewing")
        in_time = Domain("renewal_in_time", "=", True)
        near = Domain("expiring_from", "<=", day)
        return {
            "future": Domain("state", "in", ("valid", "renewing"))
            & Domain("in_force_from", ">", day),
            "valid": issued
            & begun
            & running
            & (Domain("expiring_from", "=", False) | Domain("expiring_from", ">", day)),
            "expiring": issued & begun & running & near,
            "expired": begun & over & (issued | (renewing & ~in_time)),
            "renewing": renewing & begun & (running | in_time),
            **{state: Domain("state", "=", state) for state in FIXED},
        }

    # === Days === #

    @api.model
    def _get_today(self):
        """The legal date now."""
        return local_date(fields.Datetime.now())

    def _get_status_on(self, day):
        """What the licence is worth on a legal date: see ``tools.licences.status_on``."""
        self.ensure_one()
        if not self.in_force_from:
            return False
        facts = licences.Facts(
            state=self.state,
            in_force_from=self.in_force_from,
            valid_to=self.valid_to or None,
            expiring_from=self.expiring_from or None,
            renewal_in_time=self.renewal_in_time,
        )
        return licences.status_on(day, facts)

    def _is_valid(self, day):
        """Whether the licence is in force on a legal date."""
        return self._get_status_on(day) in licences.IN_FORCE

    @api.model
    def _prepare_renewal_dates(self, licence_type, valid_to, calendar=None):
        """When the renewal of a licence is due, and from when it counts as expiring.

        :param licence_type: its type, or none: then the law's thirty days hold
        :param date valid_to: its last day; empty for a licence without limit
        :return: {renewal_due_date, expiring_from}
        """
        if not valid_to:
            return {"renewal_due_date": False, "expiring_from": False}
        kind = licence_type.sudo()
        lead = kind.renewal_lead if kind else licences.DEFAULT_LEAD
        unit = kind.renewal_lead_unit if kind else licences.DEFAULT_LEAD_UNIT
        calendar = calendar or self.env["shenpi.workday"]._get_calendar()
        due = licences.renewal_due(valid_to, lead, unit, calendar)
        longest = max([0, *kind.rung_ids.filtered("active").mapped("days_before")])
        return {
            "renewal_due_date": due,
            "expiring_from": fields.Date.subtract(due, days=longest),
        }

    @api.model
    def _refresh_renewal_dates(self, licence_types):
        """Write the renewal dates of the living licences of types anew, after their lead, their
        ladder or the calendar has changed: one statement a type, one sum per last day.

        :return: the ids of the licences whose dates moved
        """
        self.flush_model()
        calendar = self.env["shenpi.workday"]._get_calendar()
        moved = []
        for licence_type in licence_types:
            groups = self.sudo()._read_group(
                Domain("type_id", "=", licence_type.id)
                & Domain("state", "in", ("valid", "renewing", "suspended"))
                & Domain("valid_to", "!=", False),
                ["valid_to:day"],
            )
            rows = []
            for (last,) in groups:
                dates = self._prepare_renewal_dates(licence_type, last, calendar)
                rows.append((last, dates["renewal_due_date"], dates["expiring_from"]))
            if rows:
                moved += self._write_renewal_dates(licence_type, rows)
        self.invalidate_model(["renewal_due_date", "expiring_from", "status"])
        return moved

    def _write_renewal_dates(self, licence_type, rows):
        return [
            licence_id
            for (licence_id,) in self.env.execute_query(
                SQL(
                    """UPDATE shenpi_licence l
                          SET renewal_due_date = d.due::date, expiring_from = d.near::date
                         FROM (VALUES %s) d (last, due, near)
                        WHERE l.type_id = %s AND l.state IN ('valid', 'renewing', 'suspended')
                          AND l.valid_to = d.last::date
                          AND (l.renewal_due_date, l.expiring_from)
                              IS DISTINCT FROM (d.due::date, d.near::date)
                    RETURNING l.id""",
                    SQL(", ").join(rows),
                    licence_type.id,
                )
            )
        ]
