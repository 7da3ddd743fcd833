from odoo import api, models


class ShenpiWorkdayYear(models.Model):
    """Licences whose renewal is due by working days follow the calendar: until a year is known its
    days are taken from Monday to Friday (``tools.licences.renewal_due``)."""

    _inherit = "shenpi.workday.year"

    @api.model_create_multi
    def create(self, vals_list):
        years = super().create(vals_list)
        self._move_renewal_dates()
        return years

    def write(self, vals):
        result = super().write(vals)
        if "day_ids" in vals:
            self._move_renewal_dates()
        return result

    @api.model
    def _move_renewal_dates(self):
        kinds = self.env["shenpi.licence.type"].sudo()
        counted = kinds.search([("renewal_lead_unit", "=", "working_days")])
        self.env["shenpi.licence"]._refresh_renewal_dates(counted)
