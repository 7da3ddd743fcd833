from odoo import api, fields, models
from odoo.tools import SQL


class ShenpiLicenceCoverage(models.Model):
    """Whether the holders of licences were reminded in time: one row for each renewal deadline that
    has reached its ladder, read from the ledger and the licences, never stored.

    Due are the licences of types that are opted in whose deadline lies after the day on which the
    type was opted in and the licence came into the register, unless renewal was asked for, or the
    licence ended, before the deadline without a reminder: then there was nobody to remind.
    Reminded in time: the holder was reached, sent something or addressed by a public notice on the
    deadline or before. Missed: the deadline has passed without. Pending ones count in no share.
    """

    _name = "shenpi.licence.coverage"
    _description = "Reminded in time"
    _auto = False
    _order = "deadline desc, id"
    _rec_name = "licence_id"

    licence_id = fields.Many2one("shenpi.licence", readonly=True)
    number = fields.Char(related="licence_id.number")
    holder_name = fields.Char(related="licence_id.holder_name")
    type_id = fields.Many2one("shenpi.licence.type", readonly=True)
    company_id = fields.Many2one("res.company", string="Bureau", readonly=True)
    department_id = fields.Many2one("shenpi.department", readonly=True)
    specialist_id = fields.Many2one("res.users", readonly=True)
    deadline = fields.Date(string="Deadline date", readonly=True)
    reminded_on = fields.Date(string="First reminded", readonly=True)
    verdict = fields.Selection(
        [("reminded", "Reminded in time"), ("missed", "Missed"), ("pending", "Not due yet")],
        string="Reminded",
        readonly=True,
    )
    due_count = fields.Integer(string="To be reminded", readonly=True)
    reminded_count = fields.Integer(string="Reminded in time", readonly=True)
    rate = fields.Float(
        string="Reminded in time (%)",
        readonly=True,
        aggregator="avg",
        digits=(5, 1),
        help="Of what was due. The target is 100 %.",
    )

    _depends = {
        "shenpi.licence": [
            "type_id",
            "company_id",
            "department_id",
            "renewal_due_date",
            "state",
            "renewal_in_time",
            "revoked_on",
            "cancelled_on",
            "previous_id",
        ],
        "shenpi.licence.type": ["remind", "remind_since", "specialist_id"],
        "shenpi.licence.type.rung": ["type_id", "days_before", "active"],
        "shenpi.licence.reminder": ["licence_id", "epoch", "duty_id", "state", "told_at"],
    }

    @property
    def _table_query(self):
        return SQL(
            """SELECT round.*,
                      (verdict <> 'pending')::int AS due_count,
                      (verdict = 'reminded')::int AS reminded_count,
                      CASE verdict WHEN 'reminded' THEN 100.0 WHEN 'missed' THEN 0.0 END AS rate
                 FROM (%s) round""",
            self._select_rounds(self.env["shenpi.licence"]._get_today()),
        )

    @api.model
    def _select_rounds(self, today):
        """Licences whose ladder has been reached, and what the ledger says of them."""
        return SQL(
            """SELECT l.id, l.id AS licence_id, l.type_id, l.company_id, l.department_id,
                      kind.specialist_id, l.renewal_due_date AS deadline, told.reminded_on,
                      CASE WHEN told.reminded_on <= l.renewal_due_date THEN 'reminded'
                           WHEN l.renewal_due_date < %(today)s THEN 'missed'
                           ELSE 'pending' END AS verdict
                 FROM shenpi_licence l
                 JOIN shenpi_licence_type kind ON kind.id = l.type_id AND kind.remind
                 JOIN (SELECT type_id, max(days_before) AS days FROM shenpi_licence_type_rung
                        WHERE active GROUP BY type_id) ladder ON ladder.type_id = kind.id
            LEFT JOIN LATERAL (
                      SELECT min(%(told_on)s) AS reminded_on
                        FROM shenpi_licence_reminder line
                       WHERE line.licence_id = l.id AND line.epoch = l.renewal_due_date
                         AND line.duty_id IS NULL AND line.state IN ('done', 'announced')) told
                   ON TRUE
                WHERE l.renewal_due_date <= %(today)s::date + ladder.days
                  AND l.renewal_due_date >= kind.remind_since
                  AND l.renewal_due_date >= %(entered_on)s
                  AND (told.reminded_on IS NOT NULL OR (
                          l.renewal_in_time IS NOT TRUE AND NOT (%(ended)s)))""",
            today=today,
            told_on=self._get_day("line", "told_at"),
            entered_on=self._get_day("l", "create_date"),
            ended=self._has_ended_before(),
        )

    @api.model
    def _has_ended_before(self):
        """Whether a licence was replaced, revoked or cancelled on its deadline or before."""
        return SQL(
            """l.state IN ('changed', 'revoked', 'cancelled')
               AND COALESCE(l.revoked_on, l.cancelled_on,
                            (SELECT min(%s)
                               FROM shenpi_licence later WHERE later.previous_id = l.id),
                            'infinity') <= l.renewal_due_date""",
            self._get_day("later", "create_date"),
        )

    @api.model
    def _get_day(self, alias, column):
        """The legal date of a moment."""
        moment = SQL.identifier(alias, column)
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE 'Asia/Shanghai')::date", moment)

    @api.model
    def _get_share(self, domain):
        """The share of what was due that was reminded in time, as shown; a dash without any."""
        ((due, reminded),) = self._read_group(domain, [], ["due_count:sum", "reminded_count:sum"])
        return f"{reminded / due:.1%}" if due else "—"
