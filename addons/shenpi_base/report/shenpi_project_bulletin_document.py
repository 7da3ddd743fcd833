from datetime import date

from markupsafe import Markup

from odoo import api, models

from ..tools import bars, bulletin
from ..tools.workbooks import Cell, Column
from .shenpi_bulletin_document import BLUE, PALE

# Shares and averages: name, numerator, denominator.
QUOTIENTS = (
    ("construction_share", "with_construction", "projects"),
    ("days", "days_sum", "days_count"),
    ("on_time_share", "on_time", "planned"),
    ("first_pass_share", "first_pass", "filed"),
    ("strike_off_share", "struck_off", "listed"),
    ("satisfied_share", "satisfied", "rated"),
)
PARTS = {name: (part, whole) for name, part, whole in QUOTIENTS}


class ShenpiProjectBulletinDocument(models.AbstractModel):
    """The weekly bulletin of key projects as tables and charts."""

    _name = "shenpi.project.bulletin.document"
    _inherit = ["shenpi.bulletin.page"]
    _description = "Weekly bulletin of key projects, printed"

    # === What is shown === #

    @api.model
    def _get_measures(self):
        """The lines of the overview: name of the figure, label, kind."""
        return [
            ("projects", self.env._("Key projects"), "count"),
            ("with_construction", self.env._("of these with construction permit"), "count"),
            ("construction_share", self.env._("Share with construction permit"), "share2"),
            ("opened", self.env._("Opened"), "count"),
            ("granted", self.env._("Permits granted"), "count"),
            ("days", self.env._("Working days to the grant, average"), "days"),
            ("on_time_share", self.env._("On time by the frozen plan"), "share2"),
            ("first_pass_share", self.env._("Accepted at the first pass"), "share2"),
            ("listed", self.env._("Blockers listed"), "count"),
            ("struck_off", self.env._("of these struck off"), "count"),
            ("strike_off_share", self.env._("Share struck off"), "share2"),
            ("visits", self.env._("Visits made"), "count"),
            ("satisfied_share", self.env._("Satisfied with the visit"), "share2"),
        ]

    @api.model
    def _get_group_measures(self):
        """The columns by district and kind, those of the year."""
        return [
            ("projects", self.env._("Key projects"), "count"),
            ("with_construction", self.env._("With construction permit"), "count"),
            ("construction_share", self.env._("Share"), "share2"),
            ("granted", self.env._("Permits granted"), "count"),
            ("days", self.env._("Average working days"), "days"),
            ("on_time_share", self.env._("On time"), "share2"),
            ("first_pass_share", self.env._("First pass"), "share2"),
            ("listed", self.env._("Blockers listed"), "count"),
            ("struck_off", self.env._("Struck off"), "count"),
        ]

    @api.model
    def _get_phase_measures(self):
        return [
            ("granted", self.env._("Permits granted"), "count"),
            ("days", self.env._("Average working days"), "days"),
            ("on_time_share", self.env._("On time"), "share2"),
            ("first_pass_share", self.env._("First pass"), "share2"),
        ]

    # === Tables === #

    def _derive(self, row):
        return bulletin.derive(row, QUOTIENTS)

    @api.model
    def _get_overview(self, figures):
        """Columns and rows: each share with what it was taken of, the year beside the last."""
        total = {period: self._derive(row) for period, row in figures["total"].items()}
        basis = self.env._("Taken of")
        columns = [
            Column(self.env._("Figure"), width=34),
            Column(self.env._("This week"), "count", width=12),
            Column(basis, width=14),
            Column(self.env._("Last week"), "count", width=12),
            Column(self.env._("This year"), "count", width=12),
            Column(basis, width=14),
            Column(self.env._("Last year"), "count", width=12),
            Column(basis, width=14),
            Column(self.env._("Year on year"), "change", width=12),
        ]
        rows = []
        for name, label, kind in self._get_measures():
            week, last, year, before = (
                self._get(total[period], name, kind)
                for period in ("week", "last", "year", "last_year")
            )
            change = Cell(
                bulletin.compare(year, before), "change" if kind == "count" else f"{kind}_change"
            )
            rows.append(
                [
                    label,
                    Cell(week, kind),
                    self._get_basis(total["week"], name),
                    Cell(last, kind),
                    Cell(year, kind),
                    self._get_basis(total["year"], name),
                    Cell(before, kind),
                    self._get_basis(total["last_year"], name),
                    change,
                ]
            )
        return columns, rows

    def _get(self, row, name, kind):
        """A figure; a count that is not there is nought, a share of nothing is none."""
        return row.get(name, 0) if kind == "count" else row.get(name)

    def _get_basis(self, row, name):
        if name not in PARTS:
            return ""
        part, whole = PARTS[name]
        return bulletin.show_basis(row.get(part), row.get(whole))

    @api.model
    def _get_groups(self, rows, heading, measures, total=None):
        """Columns and rows of the year by district, kind or phase; shares and averages of the year
        before beside them."""
        before = self.env._("Last year")
        columns = [Column(heading, width=26)]
        for _name, label, kind in measures:
            columns.append(Column(label, kind))
            if kind != "count":
                columns.append(Column(before, kind))
        lines = [self._get_line(row, row["name"], measures) for row in rows]
        return columns, lines, total and self._get_line(total, self.env._("Total"), measures)

    def _get_line(self, row, name, measures):
        year, before = self._derive(row["year"]), self._derive(row["last_year"])
        line = [name]
        for key, _label, kind in measures:
            line.append(self._get(year, key, kind))
            if kind != "count":
                line.append(before.get(key))
        return line

    @api.model
    def _get_late(self, figures):
        """Columns and rows of the permits that are later than the frozen plan."""
        phases = dict(self.env["project.task"]._fields["phase"]._description_selection(self.env))
        columns = [
            Column(self.env._("Project code"), width=18),
            Column(self.env._("Key project"), width=34),
            Column(self.env._("Permit"), width=34),
            Column(self.env._("Phase"), width=18),
            Column(self.env._("Navigator"), width=12),
            Column(self.env._("Planned"), "date"),
            Column(self.env._("Working days late"), "count"),
        ]
        rows = [
            [
                row["code"],
                row["project"],
                row["permit"],
                phases.get(row["phase"], ""),
                row["navigator"] or "",
                date.fromisoformat(row["due_date"]),
                max(row["days_late"], 0),
            ]
            for row in figures["late"]
        ]
        return columns, rows

    # === Words === #

    @api.model
    def _get_title(self, record):
        return self.env._("Weekly Bulletin of Key Projects")

    @api.model
    def _get_explanation(self):
        return self.env._(
            "Projects, construction permits and blockers are counted as of the last day of the"
            " stretch, permits granted and visits over all its days; this year: to the end of the"
            " week, last year: to the same day. On time: granted no later than in the frozen plan."
            " First pass: without a correction notice. Taken of: what a share or an average was"
            " taken of; a dash stands where there is nothing to take it of."
        )

    # === Pages === #

    @api.model
    def _get_sections(self, figures, *, brief=False):
        measures = self._get_group_measures()
        total = figures["total"]
        return [
            (
                "kinds",
                self.env._("By kind"),
                self._get_groups(figures["kinds"], self.env._("Kind"), measures, total),
            ),
            (
                "districts",
                self.env._("By district"),
                self._get_groups(figures["districts"], self.env._("Bureau"), measures, total),
            ),
            (
                "phases",
                self.env._("By phase"),
                self._get_groups(
                    figures["phases"], self.env._("Phase"), self._get_phase_measures()
                ),
            ),
            ("late", self.env._("Later than planned"), (*self._get_late(figures), None)),
        ]

    @api.model
    def _draw(self, figures):
        """The charts, as (title, SVG); none before the first project."""
        if not figures["kinds"]:
            return []
        share, days = {"top": 1, "show": "{:.1%}".format}, {"show": "{:.1f}".format}
        charts = [
            (self.env._("Share with construction permit"), "kinds", "construction_share", share),
            (self.env._("Working days to the grant, by phase"), "phases", "days", days),
            (self.env._("On time by the frozen plan"), "phases", "on_time_share", share),
        ]
        return [
            (title, self._draw_bars(figures[split], name, title, options))
            for title, split, name, options in charts
            if figures[split]
        ]

    def _draw_bars(self, rows, name, title, options):
        series = [
            bars.Series(label, color, [self._derive(row[period]).get(name) for row in rows])
            for label, color, period in (
                (self.env._("This year"), BLUE, "year"),
                (self.env._("Last year"), PALE, "last_year"),
            )
        ]
        names = [row["name"] for row in rows]
        return Markup(bars.draw_bars(names, series, title=title, **options))
