import math

from odoo import models

HOURS_A_DAY = 24
# As many working days as a month can have: a promise errs on the long side.
MOST_WORKDAYS_A_MONTH = 23


class ShenpiItem(models.Model):
    """An item in plans."""

    _inherit = "shenpi.item"

    def _get_promised_days(self):
        """The promise in working days, other units rounded up."""
        limit = self.promised_limit
        match self.limit_unit:
            case "hours":
                return math.ceil(limit / HOURS_A_DAY)
            case "months":
                return limit * MOST_WORKDAYS_A_MONTH
        return limit
