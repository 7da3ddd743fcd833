from odoo import api, fields, models
from odoo.tools import SQL

from ..models.shenpi_tender import REGIMES
from ..models.shenpi_tender_rule import KINDS

DASH = "—"
# Nothing is no number: pivots leave its cell empty.
MONTHS = """WITH entered AS (
       SELECT lot.company_id, tender.regime, lot.kind,
              date_trunc('month', lot.published_at AT TIME ZONE 'UTC'
                                  AT TIME ZONE 'Asia/Shanghai')::date AS month,
              count(*) AS number, sum(lot.estimate) AS estimate,
              count(*) FILTER (WHERE lot.award_amount > 0) AS awarded,
              sum(lot.award_amount) AS award_amount,
              sum(lot.estimate - lot.award_amount)
                  FILTER (WHERE lot.award_amount > 0) AS saved
         FROM shenpi_tender_lot lot
         JOIN shenpi_tender tender ON tender.id = lot.tender_id
        WHERE lot.published_at IS NOT NULL
     GROUP BY 1, 2, 3, 4
   ), beside AS (
       SELECT company_id, regime, kind, month,
              number, 0 AS number_before, estimate, 0 AS estimate_before,
              awarded, award_amount, 0 AS award_amount_before, saved
         FROM entered
    UNION ALL
       SELECT company_id, regime, kind, (month + interval '1 year')::date,
              0, number, 0, estimate, 0, 0, award_amount, 0
         FROM entered
        WHERE month + interval '1 year' <= %s
   )
   SELECT row_number() OVER (ORDER BY month, company_id, regime, kind) AS id,
          company_id, regime, kind, month, %s AS currency_id,
          to_char(month, 'YYYY') AS year, to_char(month, 'MM') AS calendar_month,
          NULLIF(sum(number)::int, 0) AS number,
          NULLIF(sum(number_before)::int, 0) AS number_before,
          NULLIF(sum(estimate), 0) AS estimate,
          NULLIF(sum(estimate_before), 0) AS estimate_before,
          NULLIF(sum(awarded)::int, 0) AS awarded,
          NULLIF(sum(award_amount), 0) AS award_amount,
          NULLIF(sum(award_amount_before), 0) AS award_amount_before,
          NULLIF(sum(saved), 0) AS saved
     FROM beside
 GROUP BY company_id, regime, kind, month"""


class ShenpiTenderMonth(models.Model):
    """Trade cases by the month in which they were entered, each beside the same month a year
    before: number, budget, what was awarded, what was saved.

    A case is a lot, entered when it is published. All figures add up, over kinds, regimes and
    months; a month in which nothing was entered has a row when something was a year before. All
    trading staff of the bureau read it; it tells nothing of bidders.
    """

    _name = "shenpi.tender.month"
    _description = "Trade cases by month"
    _auto = False
    _order = "month desc, regime, kind, id"
    _rec_name = "month"
    _depends = {
        "shenpi.tender.lot": [
            "tender_id",
            "company_id",
            "kind",
            "published_at",
            "estimate",
            "award_amount",
        ],
        "shenpi.tender": ["regime"],
    }

    company_id = fields.Many2one("res.company", string="Bureau", readonly=True)
    month = fields.Date(readonly=True)
    year = fields.Char(readonly=True)
    calendar_month = fields.Char(readonly=True, help="01 to 12, to hold years against each other.")
    regime = fields.Selection(REGIMES, readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    number = fields.Integer(string="Cases", readonly=True)
    number_before = fields.Integer(string="Cases a year before", readonly=True)
    estimate = fields.Monetary(string="Budget", readonly=True)
    estimate_before = fields.Monetary(string="Budget a year before", readonly=True)
    awarded = fields.Integer(readonly=True, help="With an amount.")
    award_amount = fields.Monetary(string="Award amount", readonly=True)
    award_amount_before = fields.Monetary(string="Award amount a year before", readonly=True)
    saved = fields.Monetary(
        readonly=True, help="Budget of what was awarded, less the award amount."
    )
    number_change = fields.Char(string="Cases ±", compute="_compute_changes")
    estimate_change = fields.Char(string="Budget ±", compute="_compute_changes")
    saving_rate = fields.Char(compute="_compute_changes")

    @api.depends("number", "number_before", "estimate", "estimate_before", "award_amount", "saved")
    def _compute_changes(self):
        for row in self:
            row.number_change = _change(row.number, row.number_before)
            row.estimate_change = _change(row.estimate, row.estimate_before)
            base = row.award_amount + row.saved
            row.saving_rate = f"{row.saved / base:.1%}" if base else DASH

    @property
    def _table_query(self):
        return SQL(
            MONTHS,
            self.env["shenpi.application"]._get_today(),
            self.env.ref("base.CNY").id,
        )


def _change(now, before):
    """How much more than a year before; a dash where there was nothing to compare with."""
    return f"{(now - before) / before:+.1%}" if before else DASH
