from odoo import fields, models
from odoo.tools import SQL


class ShenpiAbsenceCalendar(models.Model):
    """Absences and the days on which somebody stands in, together, for the calendar."""

    _name = "shenpi.absence.calendar"
    _description = "Absences and deputies"
    _auto = False
    _order = "date_from desc, id"

    kind = fields.Selection([("absence", "Away"), ("deputy", "Stands in")], readonly=True)
    name = fields.Char(readonly=True)
    user_id = fields.Many2one("res.users", string="Who", readonly=True)
    deputy_id = fields.Many2one("res.users", string="Who stands in", readonly=True)
    date_from = fields.Date(string="From", readonly=True)
    date_to = fields.Date(string="To", readonly=True)
    company_id = fields.Many2one("res.company", string="Bureau", readonly=True)
    record_id = fields.Integer(readonly=True)

    _depends = {
        "shenpi.absence": ["user_id", "date_from", "date_to", "company_id"],
        "shenpi.deputy": [
            "principal_id",
            "deputy_id",
            "date_from",
            "date_to",
            "company_id",
            "active",
        ],
        "res.users": ["partner_id"],
        "res.partner": ["name"],
    }

    @property
    def _table_query(self):
        """Deputies until further notice are shown for the day they begin; standing arrangements
        would cover every day of the calendar."""
        return SQL(
            """SELECT absence.id * 2 AS id, 'absence' AS kind, person.name AS name,
                      absence.user_id, NULL::integer AS deputy_id, absence.date_from,
                      absence.date_to, absence.company_id, absence.id AS record_id
                 FROM shenpi_absence absence
                 JOIN res_users account ON account.id = absence.user_id
                 JOIN res_partner person ON person.id = account.partner_id
            UNION ALL
               SELECT deputy.id * 2 + 1, 'deputy', principal.name || ' → ' || person.name,
                      deputy.principal_id, deputy.deputy_id, deputy.date_from,
                      coalesce(deputy.date_to, deputy.date_from), deputy.company_id, deputy.id
                 FROM shenpi_deputy deputy
                 JOIN res_users account ON account.id = deputy.deputy_id
                 JOIN res_partner person ON person.id = account.partner_id
                 JOIN res_users absent ON absent.id = deputy.principal_id
                 JOIN res_partner principal ON principal.id = absent.partner_id
                WHERE deputy.active"""
        )

    def action_open_entry(self):
        """The absence or the deputy behind it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": f"shenpi.{self.kind}",
            "res_id": self.record_id,
            "views": [(False, "form")],
        }
