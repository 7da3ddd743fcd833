from odoo import api, fields, models

from ..tools.interest import MILLION, Rate


class ShenpiInterestRate(models.Model):
    """An interest rate from a day on: what current deposits earn, or the benchmark of loans, from
    which the penalty for late refunds is reckoned.

    Kept by the trade manager, who enters what bank and central bank announce; read by all trading
    staff. A rate holds until the next one of its kind.
    """

    _name = "shenpi.interest.rate"
    _description = "Interest rate"
    _order = "kind, date_from desc"
    _rec_name = "kind"

    kind = fields.Selection(
        [("deposit", "Current deposits"), ("benchmark", "Benchmark of loans")], required=True
    )
    date_from = fields.Date(string="From", required=True)
    percent = fields.Float(string="Per cent a year", digits=(7, 4), required=True, aggregator=None)
    note = fields.Char(string="Announced by")

    _once = models.UniqueIndex("(kind, date_from)", "A rate of this kind from this day on exists.")
    _range = models.Constraint(
        "CHECK (percent >= 0 AND percent <= 100)", "Per cent a year: lies between 0 and 100."
    )

    @api.model
    def _get_table(self, kind):
        """The rates of a kind, as ``tools.interest`` takes them."""
        rates = self.sudo().search([("kind", "=", kind)])
        return [Rate(rate.date_from, round(rate.percent * MILLION / 100)) for rate in rates]
