from odoo import fields, models


class ShenpiGrievanceTier(models.Model):
    """How many working days a unit has for a grievance. No law sets the tiers as a whole: they are
    the bureau's own."""

    _name = "shenpi.grievance.tier"
    _description = "Tier of grievances"
    _order = "days, id"

    name = fields.Char(required=True, translate=True)
    days = fields.Integer(
        string="Working days", required=True, default=5, aggregator=None, help="0: the same day."
    )
    active = fields.Boolean(default=True)

    _days_sensible = models.Constraint(
        "CHECK (days BETWEEN 0 AND 60)", "Working days: between 0 and 60."
    )
