from datetime import date

from markupsafe import Markup

from odoo import api, models

from ..tools import bars, bulletin
from ..tools.workbooks import Cell, Column

BLUE, PALE, RED, YELLOW = "#3B6FB6", "#A9BCD6", "#C00000", "#E0A100"
CHART_ROWS = 12


class ShenpiBulletinDocument(models.AbstractModel):
    """The weekly bulletin of approvals as tables and charts."""

    _name = "shenpi.bulletin.document"
    _inherit = ["shenpi.bulletin.page"]
    _description = "Weekly bulletin, printed"

    # === What is shown === #

    @api.model
    def _get_measures(self):
        """The lines of the overview: name of the figure, label, kind."""
        return [
            ("received", self.env._("Taken in"), "count"),
            ("closed", self.env._("Concluded"), "count"),
            ("granted", self.env._("of these granted"), "count"),
            ("denied", self.env._("of these denied"), "count"),
            ("ended", self.env._("of these not accepted, withdrawn or terminated"), "count"),
            ("on_time", self.env._("Decided on time (promise)"), "count"),
            ("on_time_share", self.env._("On-time share (of all decided)"), "share"),
            ("extended", self.env._("On time by extension only"), "count"),
            ("late", self.env._("Later than promised"), "count"),
            ("late_law", self.env._("Later than the law allows"), "count"),
            ("days_taken", self.env._("Working days to the decision, average"), "days"),
            ("days_early", self.env._("Days before the promise, average"), "days"),
            ("days_early_law", self.env._("Days before the legal limit, average"), "days"),
            ("open", self.env._("Open now"), "count"),
            ("waiting", self.env._("Waiting for acceptance now"), "count"),
            ("yellow", self.env._("Yellow now"), "count"),
            ("red", self.env._("Red now"), "count"),
            ("paused", self.env._("Clock stopped now"), "count"),
            ("overstayed", self.env._("Special procedure overstayed now"), "count"),
            ("deemed", self.env._("Deemed accepted (nothing said in time)"), "count"),
            ("second_corrections", self.env._("Second corrections"), "count"),
            ("extensions", self.env._("Extensions approved"), "count"),
            ("papers_saved", self.env._("Proofs nobody had to bring"), "count"),
            ("sheets_saved", self.env._("Sheets of paper saved"), "count"),
        ]

    @api.model
    def _get_group_measures(self):
        """The columns by department and item: figure, label, kind, whether last week stands beside
        it, whether it is shown on screen and paper too, which are narrower than the workbook."""
        return [
            ("received", self.env._("Taken in"), "count", True, True),
            ("closed", self.env._("Concluded"), "count", True, True),
            ("on_time_share", self.env._("On time"), "share", True, True),
            ("extended", self.env._("By extension"), "count", False, True),
            ("late", self.env._("Overdue"), "count", False, True),
            ("days_taken", self.env._("Days taken"), "days", False, True),
            ("days_early", self.env._("Days early"), "days", False, True),
            ("open", self.env._("Open"), "count", False, False),
            ("yellow", self.env._("Yellow"), "count", False, True),
            ("red", self.env._("Red"), "count", False, True),
            ("paused", self.env._("Stopped"), "count", False, False),
        ]

    @api.model
    def _get_step_measures(self):
        return [
            ("in_hand", self.env._("In hand now"), "count", True, True),
            ("yellow", self.env._("Yellow"), "count", False, True),
            ("red", self.env._("Red"), "count", False, True),
            ("done", self.env._("Done this week"), "count", True, True),
        ]

    # === Tables === #

    @api.model
    def _get_overview(self, figures):
        """Columns and rows of the overview: this week, the last, the difference."""
        week, last = (bulletin.derive(figures["total"][key]) for key in ("week", "last"))
        columns = [
            Column(self.env._("Figure"), width=44),
            Column(self.env._("This week"), "count", width=14),
            Column(self.env._("Last week"), "count", width=14),
            Column(self.env._("Difference"), "change", width=14),
        ]
        rows = []
        for name, label, kind in self._get_measures():
            now, before = self._get_pair(week, last, name, kind)
            change = "change" if kind == "count" else f"{kind}_change"
            difference = Cell(bulletin.compare(now, before), change)
            rows.append([label, Cell(now, kind), Cell(before, kind), difference])
        return columns, rows

    def _get_pair(self, week, last, name, kind):
        """A figure of both weeks. A count that is not there is nought in this week; in the last one
        only where that week was counted at all: what was open then is known from its bulletin."""
        now, before = week.get(name), last.get(name)
        if kind == "count":
            flows = ("open", "waiting", "yellow", "red", "paused", "overstayed", "in_hand")
            return now or 0, before if name in flows else before or 0
        return now, before

    @api.model
    def _get_groups(self, rows, heading, measures, *, brief=False, total=None):
        """Columns and rows of a table by department, item or step.

        :param bool brief: only what is shown on screen and paper
        :param dict total: {week, last} for a last row
        """
        shown = [measure for measure in measures if measure[4] or not brief]
        columns = [Column(heading, width=30)]
        for _name, label, kind, compared, _brief in shown:
            columns.append(Column(label, kind))
            if compared and not brief:
                columns.append(Column(self.env._("Last week"), kind))
        lines = [self._get_line(row, row["name"], shown, brief) for row in rows]
        last = total and self._get_line(total, self.env._("Total"), shown, brief)
        return columns, lines, last

    def _get_line(self, row, name, measures, brief):
        week, last = bulletin.derive(row["week"]), bulletin.derive(row["last"])
        line = [name]
        for key, _label, kind, compared, _brief in measures:
            now, before = self._get_pair(week, last, key, kind)
            line.append(now)
            if compared and not brief:
                line.append(before)
        return line

    @api.model
    def _get_red(self, figures):
        """Columns and rows of the red cases."""
        states = self.env["shenpi.application"]._get_state_labels()
        columns = [
            Column(self.env._("Number"), width=50),
            Column(self.env._("Item"), width=34),
            Column(self.env._("Department"), width=20),
            Column(self.env._("Step"), width=14),
            Column(self.env._("With"), width=12),
            Column(self.env._("Due"), "date"),
            Column(self.env._("Working days late"), "count"),
        ]
        rows = [
            [
                case["number"],
                case["item"],
                case["department"] or "",
                case["step"] or states[case["state"]],
                case["handler"] or "",
                date.fromisoformat(case["due_date"]),
                max(case["days_late"], 0),
            ]
            for case in figures["red"]
        ]
        return columns, rows

    # === Words === #

    @api.model
    def _get_title(self, record):
        return self.env._("Weekly Bulletin of Approvals")

    @api.model
    def _get_explanation(self):
        return self.env._(
            "On time: decided within the promised limit without an extension; cases kept in time by"
            " an extension alone are counted apart. Days are working days, special procedures left"
            " out. A dash stands where there is nothing to take an average of, or where last week"
            " has not been issued."
        )

    # === Pages === #

    @api.model
    def _get_sections(self, figures, *, brief=False):
        measures, steps = self._get_group_measures(), self._get_step_measures()
        groups = (
            ("departments", self.env._("By department"), self.env._("Department"), measures),
            ("items", self.env._("By item"), self.env._("Item"), measures),
            ("steps", self.env._("By step"), self.env._("Step"), steps),
        )
        totals = {"departments": figures["total"]}
        sections = [
            (
                key,
                title,
                self._get_groups(
                    figures[key], heading, columns, brief=brief, total=totals.get(key)
                ),
            )
            for key, title, heading, columns in groups
        ]
        return [*sections, ("red", self.env._("Red cases"), (*self._get_red(figures), None))]

    @api.model
    def _draw(self, figures):
        """The charts of the departments, as (title, SVG)."""
        rows = figures["departments"][:CHART_ROWS]
        if not rows:
            return []
        names = [row["name"] for row in rows]
        week = [bulletin.derive(row["week"]) for row in rows]
        last = [bulletin.derive(row["last"]) for row in rows]
        charts = (
            (self.env._("Concluded, this week and last"), self._compare("closed", week, last), {}),
            (
                self.env._("On-time share"),
                self._compare("on_time_share", week, last),
                {"top": 1, "show": "{:.0%}".format},
            ),
            (
                self.env._("Yellow and red now"),
                [
                    bars.Series(self.env._("Yellow"), YELLOW, self._take("yellow", week)),
                    bars.Series(self.env._("Red"), RED, self._take("red", week)),
                ],
                {},
            ),
        )
        return [
            (title, Markup(bars.draw_bars(names, series, title=title, **options)))
            for title, series, options in charts
        ]

    def _compare(self, name, week, last):
        return [
            bars.Series(self.env._("This week"), BLUE, self._take(name, week)),
            bars.Series(self.env._("Last week"), PALE, self._take(name, last)),
        ]

    def _take(self, name, rows):
        """One figure of every row; a count that is not there is nought, an average is not."""
        return [row.get(name, 0) for row in rows]
