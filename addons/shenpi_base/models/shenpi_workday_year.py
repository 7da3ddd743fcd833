from datetime import date

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError

from ..tools import holidays_cn
from ..tools.localtime import local_date

FIRST_YEAR = 2004


class ShenpiWorkdayYear(models.Model):
    """A year of the working-day calendar: official once the State Council's notice is entered,
    provisional before.

    Staff read it. It changes through the wizard "Enter or correct a year" only, because every
    change moves the dates of open cases; nobody deletes a year.
    """

    _name = "shenpi.workday.year"
    _inherit = ["shenpi.cached.mixin", "mail.thread"]
    _description = "Calendar year"
    _order = "year desc"
    _rec_name = "year"

    year = fields.Integer(required=True, aggregator=None)
    state = fields.Selection(
        [("provisional", "Provisional"), ("official", "Official")],
        required=True,
        default="provisional",
        help="Provisional: only the statutory holidays are known, make-up days are not. Dates"
        " counted into this year are counted again when the notice is entered.",
    )
    source = fields.Char(
        string="Notice", help="Number of the notice the year was entered from, or the library."
    )
    day_ids = fields.One2many("shenpi.workday", "year_id", string="Days")
    rest_day_ids = fields.One2many(
        "shenpi.workday", "year_id", string="Days off", domain=[("is_workday", "=", False)]
    )
    makeup_day_ids = fields.One2many(
        "shenpi.workday", "year_id", string="Make-up days", domain=[("is_workday", "=", True)]
    )
    workday_count = fields.Integer(string="Working days in the year", compute="_compute_counts")
    holiday_count = fields.Integer(string="Weekdays off", compute="_compute_counts")
    makeup_count = fields.Integer(string="Weekend days worked", compute="_compute_counts")

    _year_uniq = models.Constraint("UNIQUE (year)", "This year is already in the calendar.")

    # === Compute methods === #

    @api.depends("year")
    def _compute_display_name(self):
        for record in self:
            record.display_name = str(record.year)

    @api.depends("year", "day_ids.is_workday")
    def _compute_counts(self):
        for record in self:
            makeup = len(record.day_ids.filtered("is_workday"))
            record.makeup_count = makeup
            record.holiday_count = len(record.day_ids) - makeup
            record.workday_count = (
                self._count_weekdays(record.year) - record.holiday_count + makeup
                if record.year
                else 0
            )

    @api.model
    @tools.ormcache("year")
    def _count_weekdays(self, year):
        first = date(year, 1, 1).toordinal()
        days = date(year + 1, 1, 1).toordinal() - first
        return sum((first + i - 1) % 7 < 5 for i in range(days))

    # === Constraint methods === #

    @api.constrains("year")
    def _check_year(self):
        """The calendar is one unbroken range: a gap would be counted as plain weeks."""
        years = self._get_known_years()
        if years and max(years) - min(years) + 1 != len(years):
            raise ValidationError(
                self.env._(
                    "Year: the calendar must stay without a gap; it runs from %(first)s, and the"
                    " years in between must be entered too.",
                    first=min(years),
                )
            )

    # === Low-level methods === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_always(self):
        raise UserError(self.env._("A calendar year cannot be deleted; correct it instead."))

    # === Actions === #

    def action_correct(self):
        """Open the wizard that enters or corrects a year, on this year."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "shenpi_base.shenpi_workday_wizard_action"
        )
        return dict(action, context={"default_year": self.year})

    # === Business methods === #

    @api.model
    def _provide_years(self):
        """Add the years that are missing, up to next year; safe to call at any time.

        A year whose notice the library knows comes in as official, any other one as provisional.
        Years already there are left alone: a provisional year becomes official in the wizard, where
        somebody sees which dates move.
        """
        known = self._get_known_years()
        next_year = local_date(fields.Datetime.now()).year + 1
        missing = [y for y in range(FIRST_YEAR, next_year + 1) if y not in known]
        # Nobody entered them, and the system would log so in English.
        quiet = self.with_context(mail_create_nolog=True)
        return quiet.create([self._prepare_year_vals(year) for year in missing])

    @api.model
    def _get_known_years(self):
        """The years of the calendar, as a set of numbers."""
        return {year for (year,) in self.sudo()._read_group([], ["year"])}

    @api.model
    def _prepare_year_vals(self, year):
        official = year in holidays_cn.official_years()
        days = holidays_cn.official_days(year) if official else holidays_cn.provisional_days(year)
        return {
            "year": year,
            "state": "official" if official else "provisional",
            "source": "chinesecalendar" if official else False,
            "day_ids": [
                fields.Command.create(
                    {
                        "date": day,
                        "kind": kind,
                        "is_workday": kind == holidays_cn.MAKEUP,
                        "name": name,
                    }
                )
                for day, (kind, name) in days.items()
            ],
        }

    @api.model
    def _cron_provide_years(self):
        """Monthly: keep next year in the calendar."""
        self._provide_years()
