from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.shenpi_base.tools.localtime import local_date
from odoo.addons.shenpi_base.tools.workbooks import Column, ReportBook

# Suggestions that are still open, by how long they have been (days, at most).
AGES = (7, 15, 30, 60)


class ShenpiGrievanceMonthXlsx(models.AbstractModel):
    """The grievances of a month: the list, the windows where most could not get it done, the units'
    figures, and what is still open of the suggestions 动态清零. No personal data."""

    _name = "report.shenpi_evaluation.report_grievance_month"
    _inherit = "report.report_xlsx.abstract"
    _description = "Grievances of a month, workbook"

    def get_workbook_options(self):
        return {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}

    def generate_xlsx_report(self, workbook, data, objs):
        lang = self.env["shenpi.application.document"]._get_lang()
        for wizard in objs.with_context(lang=lang):
            wizard.check_access("read")
            pages = self.with_context(lang=lang)
            book = ReportBook(workbook)
            month = format_date(pages.env, wizard.month, date_format="yyyy-MM")
            grievances = wizard.env["shenpi.grievance"].search(
                wizard._get_domain(), order="received_at, id"
            )
            title = f"{wizard.company_id.name} {month}"
            pages._add_list(book, title, grievances)
            pages._add_windows(book, title, grievances)
            pages._add_units(book, title, grievances)
            pages._add_suggestions(book, title, wizard.company_id)

    def _add_list(self, book, title, grievances):
        env, labels = self.env, self._get_labels(grievances)
        columns = [
            Column(env._("Number"), width=15),
            Column(env._("Received"), "date"),
            Column(env._("Came by")),
            Column(env._("Kind"), width=12),
            Column(env._("Subject"), width=40),
            Column(env._("Leading unit")),
            Column(env._("State"), width=12),
            Column(env._("Due"), "date"),
            Column(env._("Answered late"), width=10),
            Column(env._("Satisfied"), width=10),
            Column(env._("Outcome"), width=20),
        ]
        rows = [
            [
                grievance.number,
                local_date(grievance.received_at),
                grievance.source_id.name,
                labels["kind"][grievance.kind],
                grievance.title,
                grievance.sudo().department_id.name or "",
                labels["state"][grievance.state],
                grievance.due_date,
                self._say(grievance.answered_late, grievance.answered_at),
                self._say(grievance.is_satisfied, grievance.visited_at),
                labels["outcome"].get(grievance.outcome, ""),
            ]
            for grievance in grievances
        ]
        name = env._("Grievances")
        book.add_table(name, f"{title} {name}", columns, rows)

    def _add_windows(self, book, title, grievances):
        """The windows by how many could not get it done there, the most first."""
        failed = grievances.filtered(lambda g: g.kind == "failed" and g.window_id)
        groups = sorted(
            failed.grouped("window_id").items(), key=lambda item: (-len(item[1]), item[0].id)
        )
        columns = [
            Column(self.env._("Window"), width=30),
            Column(self.env._("Could not get it done"), "count", 14),
            Column(self.env._("Still open"), "count", 14),
        ]
        rows = [
            [window.sudo().name, len(of), len(of.filtered(lambda g: not g.closed_at))]
            for window, of in groups
        ]
        name = self.env._("Windows")
        table = book.add_table(name, f"{title} {name}", columns, rows)
        book.add_chart(table, "bar", columns[1].heading, [1], place="E3")

    def _add_units(self, book, title, grievances):
        """Response, resolution and satisfaction of each unit that led."""
        columns = [
            Column(self.env._("Leading unit"), width=30),
            Column(self.env._("Grievances"), "count"),
            Column(self.env._("Answered"), "count"),
            Column(self.env._("On-time rate"), "share"),
            Column(self.env._("Called back"), "count"),
            Column(self.env._("Resolution rate"), "share"),
            Column(self.env._("Satisfaction rate"), "share"),
        ]
        rows = []
        for unit, of in grievances.filtered("department_id").grouped("department_id").items():
            answered, visited = of.filtered("answered_at"), of.filtered("visited_at")
            in_time = answered.filtered(lambda g: not g.answered_late)
            rows.append(
                [
                    unit.sudo().name,
                    len(of),
                    len(answered),
                    self._share(in_time, answered),
                    len(visited),
                    self._share(visited.filtered("is_resolved"), visited),
                    self._share(visited.filtered("is_satisfied"), visited),
                ]
            )
        name = self.env._("Units")
        table = book.add_table(name, f"{title} {name}", columns, rows)
        book.add_chart(table, "column", columns[6].heading, [6], place="I3")

    def _add_suggestions(self, book, title, company):
        """What is open today, by age: the aim is none."""
        grievances = self.env["shenpi.grievance"]
        ages = [
            grievance.age_days
            for grievance in grievances.search(
                Domain("company_id", "=", company.id)
                & Domain("kind", "=", "suggest")
                & Domain("closed_at", "=", False)
                & Domain("state", "!=", "draft")
            )
        ]
        rows, least = [], 0
        for most in AGES:
            count = sum(least <= age < most for age in ages)
            rows.append([self.env._("under %s days", most), count])
            least = most
        rows.append([self.env._("%s days and more", least), sum(age >= least for age in ages)])
        columns = [
            Column(self.env._("Open for"), width=24),
            Column(self.env._("Suggestions"), "count", 14),
        ]
        name = self.env._("Open suggestions")
        total = [self.env._("Open in all"), len(ages)]
        book.add_table(name, f"{title} {name}", columns, rows, total=total)

    def _get_labels(self, grievances):
        return {
            name: dict(grievances._fields[name]._description_selection(self.env))
            for name in ("kind", "state", "outcome")
        }

    def _say(self, yes, known):
        if not known:
            return None
        return self.env._("Yes") if yes else self.env._("No")

    def _share(self, part, whole):
        return len(part) / len(whole) if whole else None
