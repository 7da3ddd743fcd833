import base64
from datetime import date

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ..tools import holidays_cn, sheets

COLUMNS = {
    "date": ("日期", "Date"),
    "kind": ("类型", "Kind"),
    "name": ("名称", "Holiday", "Name"),
}
WORDS = {
    "法定": "statutory",
    "法定节假日": "statutory",
    "节假日": "statutory",
    "休": "rest",
    "放假": "rest",
    "休息": "rest",
    "调休": "rest",
    "调休放假": "rest",
    "班": "makeup",
    "上班": "makeup",
    "补班": "makeup",
    "调休上班": "makeup",
}


class ShenpiWorkdayWizard(models.TransientModel):
    """Enter the notice of a year, or correct what was entered.

    The table always shows what will be stored; it is filled from what is there, from an XLSX, or
    from the library, and can be edited. Applying makes the year official, counts the open cases
    again whose dates it touches, and lists the dates that moved.
    """

    _name = "shenpi.workday.wizard"
    _description = "Enter or correct a calendar year"
    _rec_name = "year"

    year = fields.Integer(required=True, default=lambda self: self._default_year())
    source_kind = fields.Selection(
        [
            ("table", "By hand, from what is there"),
            ("xlsx", "From an XLSX file"),
            ("library", "From the calendar library"),
        ],
        string="Fill the table",
        required=True,
        default="table",
    )
    notice = fields.Char(
        help="Number of the notice (文号), kept with the year as its source.",
    )
    file = fields.Binary(attachment=False)
    filename = fields.Char()
    template = fields.Binary(compute="_compute_template")
    line_ids = fields.One2many(
        "shenpi.workday.wizard.line",
        "wizard_id",
        string="Days that differ from Monday to Friday",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    state = fields.Selection([("entry", "Entry"), ("done", "Done")], required=True, default="entry")
    year_state = fields.Selection(
        [("official", "Official"), ("provisional", "Provisional"), ("new", "Not entered yet")],
        string="Until now",
        compute="_compute_year_state",
    )
    outcome = fields.Char(readonly=True)
    recount_id = fields.Many2one("shenpi.recount", readonly=True, ondelete="set null")
    # As the user: the count goes over the cases of every bureau, he sees those of his own.
    result_ids = fields.One2many(
        related="recount_id.line_ids", string="Dates that moved", related_sudo=False
    )

    # === Default methods === #

    @api.model
    def _default_year(self):
        years = self.env["shenpi.workday.year"]
        provisional = years.search([("state", "=", "provisional")], order="year", limit=1)
        return (
            provisional.year or max(years._get_known_years(), default=fields.Date.today().year) + 1
        )

    # === Compute methods === #

    @api.depends("year")
    def _compute_year_state(self):
        years = self.env["shenpi.workday.year"].search([("year", "in", self.mapped("year"))])
        states = {year.year: year.state for year in years}
        for wizard in self:
            wizard.year_state = states.get(wizard.year, "new")

    @api.depends("year", "source_kind", "file")
    def _compute_line_ids(self):
        readers = {
            "table": self._read_present_days,
            "xlsx": self._read_file_days,
            "library": self._read_library_days,
        }
        for wizard in self:
            days = readers[wizard.source_kind](wizard)
            wizard.line_ids = [
                Command.clear(),
                *(
                    Command.create({"date": day, "kind": kind, "name": name})
                    for day, kind, name in days
                ),
            ]

    @api.depends("year")
    def _compute_template(self):
        labels = dict(self._get_kind_field()._description_selection(self.env))
        place = 0 if (self.env.lang or "").startswith("zh") else 1
        for wizard in self:
            rows = [
                (day, labels[kind], name or "")
                for day, kind, name in self._read_present_days(wizard)
            ]
            headings = [names[place] for names in COLUMNS.values()]
            wizard.template = base64.b64encode(
                sheets.write_workbook([(str(wizard.year or ""), headings, rows)])
            )

    # === Filling the table === #

    @api.model
    def _get_kind_field(self):
        return self.env["shenpi.workday"]._fields["kind"]

    def _read_present_days(self, wizard):
        days = self.env["shenpi.workday"].search([("year_id.year", "=", wizard.year)])
        return [(day.date, day.kind, day.name) for day in days]

    def _read_library_days(self, wizard):
        years = holidays_cn.official_years()
        if wizard.year not in years:
            raise UserError(
                self.env._(
                    "Year: the installed calendar library knows the notices of %(first)s to"
                    " %(last)s. Install a newer one, or enter the days by hand.",
                    first=years[0],
                    last=years[-1],
                )
            )
        days = holidays_cn.official_days(wizard.year)
        return [(day, kind, name) for day, (kind, name) in days.items()]

    def _read_file_days(self, wizard):
        content = base64.b64decode(wizard.with_context(bin_size=False).file or b"")
        if not content:
            return []
        try:
            rows = list(sheets.read_rows(content, wizard.filename or ""))
        except sheets.SheetError as error:
            raise UserError(
                self.env._("File: it is neither an XLSX workbook nor a CSV text.")
            ) from error
        places = sheets.map_headings(rows[0][1], COLUMNS) if rows else {}
        if not {"date", "kind"} <= places.keys():
            raise UserError(self.env._("File: the columns Date and Kind are missing."))
        words = self._get_kind_words()
        days, errors = [], []
        for line, cells in rows[1:]:
            row = {key: cells[place] if place < len(cells) else "" for key, place in places.items()}
            day, kind = self._to_date(row["date"]), words.get(row["kind"].casefold())
            if day and kind:
                days.append((day, kind, row.get("name", "")))
            else:
                errors.append(
                    self.env._(
                        "Line %(line)s: “%(date)s”, “%(kind)s” is not a date and a kind.",
                        line=line,
                        date=row["date"],
                        kind=row["kind"],
                    )
                )
        if errors:
            raise UserError("\n".join(errors))
        return days

    @api.model
    def _get_kind_words(self):
        words = dict(WORDS)
        for env in (self.with_context(lang="en_US").env, self.env):
            for value, label in self._get_kind_field()._description_selection(env):
                words |= {value: value, label: value}
        return {word.casefold(): value for word, value in words.items()}

    @api.model
    def _to_date(self, text):
        try:
            return date.fromisoformat(text.replace("/", "-"))
        except ValueError:
            return None

    # === Actions === #

    def action_apply(self):
        """Store the year, count the open cases again, show the dates that moved."""
        self.ensure_one()
        if not self.env.user.has_group("shenpi_base.group_shenpi_manager"):
            raise AccessError(self.env._("Only the bureau head changes the calendar."))
        if not (self.notice or "").strip():
            raise UserError(self.env._("Notice: enter the number of the notice."))
        changed = self._store_year(self._read_lines())
        if changed:
            self.recount_id = self.env["shenpi.recount"]._start_for_calendar(
                self.env._(
                    "Working days of %(year)s: %(notice)s", year=self.year, notice=self.notice
                ),
                min(changed),
                max(changed),
            )
        self.write({"state": "done", "outcome": self._describe_outcome(changed)})
        return self._reopen()

    def action_download_template(self):
        """Download the year's days as a table to correct and upload."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/template"
            f"?filename={self.year}.xlsx&download=true",
            "target": "download",
        }

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Enter or correct a year"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    # === Business methods === #

    def _read_lines(self):
        """``{date: (kind, name)}`` of the table; every mistake is named at once."""
        days, errors = {}, []
        for line in self.line_ids:
            if line.date.year != self.year:
                errors.append(
                    self.env._(
                        "%(date)s: is not in the year %(year)s.", date=line.date, year=self.year
                    )
                )
            elif line.date in days:
                errors.append(self.env._("%s: is in the table twice.", line.date))
            elif line.kind == holidays_cn.MAKEUP and not holidays_cn.differs(line.date, line.kind):
                errors.append(
                    self.env._("%s: is a weekday and worked anyway, no make-up day.", line.date)
                )
            else:
                days[line.date] = (line.kind, line.name)
        if errors:
            raise UserError("\n".join(errors))
        # A notice names the weekend days of a holiday too; they are days of rest anyway.
        return {day: value for day, value in days.items() if holidays_cn.differs(day, value[0])}

    def _store_year(self, days):
        """Write the year; answers the dates that are worked now and were not, or the reverse."""
        years_sudo = self.env["shenpi.workday.year"].sudo()
        year_sudo = years_sudo.search([("year", "=", self.year)])
        new_year = not year_sudo
        if new_year:
            year_sudo = years_sudo.create({"year": self.year})
        present = {day.date: day for day in year_sudo.day_ids}
        commands = [Command.delete(day.id) for at, day in present.items() if at not in days]
        for day, (kind, name) in days.items():
            vals = {"kind": kind, "name": name, "is_workday": kind == holidays_cn.MAKEUP}
            if day in present:
                commands.append(Command.update(present[day].id, vals))
            else:
                commands.append(Command.create(dict(vals, date=day)))
        added, removed = sorted(days.keys() - present), sorted(present.keys() - days.keys())
        year_sudo.write({"state": "official", "source": self.notice, "day_ids": commands})
        year_sudo.message_post(body=self._prepare_note(days, added, removed))
        if new_year:
            return [date(self.year, 1, 1), date(self.year, 12, 31)]
        return added + removed

    def _prepare_note(self, days, added, removed):
        labels = dict(self._get_kind_field()._description_selection(self.env))
        lines = [self.env._("Entered from the notice %s.", self.notice)]
        lines += [
            self.env._("Added: %(date)s %(kind)s", date=day, kind=labels[days[day][0]])
            for day in added
        ]
        lines += [self.env._("Removed: %s", day) for day in removed]
        return Markup("<br/>").join(lines)

    def _describe_outcome(self, changed):
        run = self.recount_id
        if run.state == "running":
            return self.env._(
                "%(year)s is official. Days changed: %(days)s. %(cases)s open cases are being"
                " counted again in the background.",
                year=self.year,
                days=len(changed),
                cases=run.case_count,
            )
        return self.env._(
            "%(year)s is official. Days changed: %(days)s. Dates of open cases moved: %(dates)s.",
            year=self.year,
            days=len(changed),
            dates=run.moved_count,
        )

    def action_view_recount(self):
        """Show what moved, or how far the count is."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Dates counted again"),
            "res_model": "shenpi.recount",
            "res_id": self.recount_id.id,
            "views": [(False, "form")],
        }
