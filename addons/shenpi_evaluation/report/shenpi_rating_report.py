from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.shenpi_base.tools.localtime import local_date

from ..models.shenpi_rating_service import CHANNEL_SELECTION, KIND_SELECTION
from ..models.shenpi_rating_tag import LEVEL_SELECTION
from ..tools.levels import BAD_LEVELS, SATISFIED_LEVELS
from ..tools.roles import EVALUATORS


class ShenpiRatingReport(models.Model):
    """Ratings counted: one row for each service that has ended, rated or not.

    Counts add up; shares are averages over what they are a share of, and nothing where there is
    nothing (no 100 % of no ratings). Leads see their bureau; by person officers of evaluation only.
    """

    _name = "shenpi.rating.report"
    _description = "Statistics of ratings"
    _auto = False
    _rec_name = "department_id"
    _order = "day desc"
    _depends = {
        "shenpi.rating.service": [
            "company_id",
            "department_id",
            "window_id",
            "clerk_id",
            "item_id",
            "kind",
            "day",
            "asked",
            "level",
            "channel",
            "answered",
            "counted",
            "is_default",
        ],
        "shenpi.rating.case": ["service_id", "outcome", "rectify_due_date", "rectified_on"],
    }

    company_id = fields.Many2one("res.company", string="Bureau", readonly=True)
    department_id = fields.Many2one("shenpi.department", readonly=True)
    window_id = fields.Many2one("shenpi.department", readonly=True)
    clerk_id = fields.Many2one("res.users", string="Served by", readonly=True, groups=EVALUATORS)
    item_id = fields.Many2one("shenpi.item", readonly=True)
    kind = fields.Selection(KIND_SELECTION, string="Service", readonly=True)
    day = fields.Date(string="Served on", readonly=True)
    level = fields.Selection(LEVEL_SELECTION, readonly=True)
    channel = fields.Selection(CHANNEL_SELECTION, string="Came in by", readonly=True)
    is_default = fields.Boolean(string="By default", readonly=True)
    services = fields.Integer(readonly=True)
    rated = fields.Integer(string="Number of ratings", readonly=True)
    satisfied = fields.Integer(readonly=True)
    bad = fields.Integer(string="Bad ratings", readonly=True)
    rate = fields.Float(string="Satisfied (%)", readonly=True, aggregator="avg")
    active_rate = fields.Float(string="Active (%)", readonly=True, aggregator="avg")
    bad_rate = fields.Float(string="Bad (%)", readonly=True, aggregator="avg")
    in_time_rate = fields.Float(string="Put right in time (%)", readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        return SQL(
            """SELECT service.id, service.company_id, service.department_id, service.window_id,
                      service.clerk_id, service.item_id, service.kind, service.day, service.level,
                      service.channel, service.is_default,
                      1 AS services,
                      CASE WHEN service.counted THEN 1 ELSE 0 END AS rated,
                      CASE WHEN service.counted AND service.level IN %(satisfied)s
                           THEN 1 ELSE 0 END AS satisfied,
                      CASE WHEN service.counted AND service.level IN %(bad)s
                           THEN 1 ELSE 0 END AS bad,
                      CASE WHEN service.counted THEN
                          CASE WHEN service.level IN %(satisfied)s THEN 100 ELSE 0 END
                      END AS rate,
                      CASE WHEN service.asked THEN
                          CASE WHEN service.answered THEN 100 ELSE 0 END
                      END AS active_rate,
                      CASE WHEN service.counted THEN
                          CASE WHEN service.level IN %(bad)s THEN 100 ELSE 0 END
                      END AS bad_rate,
                      CASE WHEN bad.outcome IS DISTINCT FROM 'upheld'
                                AND (bad.rectified_on IS NOT NULL
                                     OR bad.rectify_due_date < %(today)s) THEN
                          CASE WHEN bad.rectified_on <= bad.rectify_due_date THEN 100 ELSE 0 END
                      END AS in_time_rate
                 FROM shenpi_rating_service service
                 LEFT JOIN shenpi_rating_case bad ON bad.service_id = service.id""",
            satisfied=SATISFIED_LEVELS,
            bad=BAD_LEVELS,
            today=local_date(fields.Datetime.now()),
        )
