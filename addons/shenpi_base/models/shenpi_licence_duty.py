from odoo import fields, models


class ShenpiLicenceDuty(models.Model):
    """What the holder of a licence owes again and again while it holds (年报, 校验, 复核): counted
    from the day on which the licence begins, or by one day of every year, first in the year after
    that in which the holder was entitled (企业信息公示暂行条例 §8). It is reminded of like a
    renewal."""

    _name = "shenpi.licence.duty"
    _description = "Recurring duty of a licence"
    _order = "type_id, sequence, id"

    type_id = fields.Many2one("shenpi.licence.type", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    name = fields.Char(string="Duty", required=True, translate=True)
    timing = fields.Selection(
        [("counted", "Counted from the beginning"), ("yearly", "By a day of every year")],
        string="Falls due",
        required=True,
        default="counted",
        help="By a day of every year: first in the year after the one in which the licence begins.",
    )
    every_months = fields.Integer(
        string="Every (months)", required=True, default=12, aggregator=None
    )
    due_month = fields.Integer(string="Month", aggregator=None)
    due_day = fields.Integer(
        string="Day of the month",
        aggregator=None,
        help="29 February is the 28th in years without it.",
    )
    legal_basis = fields.Char(translate=True)

    _months_positive = models.Constraint("CHECK (every_months > 0)", "Every: at least one month.")
    _day_of_the_year = models.Constraint(
        """CHECK (timing <> 'yearly' OR COALESCE(
               due_month BETWEEN 1 AND 12 AND due_day BETWEEN 1 AND
               CASE WHEN due_month = 2 THEN 29 WHEN due_month IN (4, 6, 9, 11) THEN 30 ELSE 31 END,
               FALSE))""",
        "Month and day: name a day of the year by which the duty is to be done.",
    )
