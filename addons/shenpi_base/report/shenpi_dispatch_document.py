from collections import Counter

from odoo import api, fields, models

from ..tools.localtime import local_date
from ..tools.workbooks import Column, ReportBook

# The order of the columns of the figures.
URGENCIES = ("3", "2", "1")


class ShenpiDispatchDocument(models.AbstractModel):
    """The words of the daily dispatch list 日调度单: what is to be done, and how much of it on each
    project."""

    _name = "shenpi.dispatch.document"
    _description = "Printed dispatch list"

    @api.model
    def _prepare(self, lines):
        """What the paper and the workbook show.

        :return: dict with ``title``, ``date``, ``bureau``; ``heads`` and ``rows`` of the list;
            ``figures``: [project, late, near due, today] for each project, the worst first
        """
        lang = self.env["shenpi.application.document"]._get_lang()
        lines = lines.with_context(lang=lang)
        lines.check_access("read")
        env = self.with_env(lines.env).env
        kinds, urgencies = (
            dict(lines._fields[name]._description_selection(env)) for name in ("kind", "urgency")
        )
        return {
            "title": env._("Daily dispatch list of key projects"),
            "date": local_date(fields.Datetime.now()),
            "bureau": "、".join(lines.company_id.mapped("name")),
            "heads": [
                env._("How urgent"),
                env._("Key project"),
                env._("Kind"),
                env._("Matter to deal with"),
                env._("Owner"),
                env._("Due"),
            ],
            "rows": [
                [
                    urgencies[line.urgency],
                    line.project_id.name,
                    kinds[line.kind],
                    line.name,
                    line.user_id.name or None,
                    line.due_date or None,
                ]
                for line in lines
            ],
            "figure_heads": [env._("Key project"), *(urgencies[key] for key in URGENCIES)],
            "figures": self._count(lines),
        }

    @api.model
    def _count(self, lines):
        counts = Counter((line.project_id, line.urgency) for line in lines)
        rows = [
            [project.name, *(counts[project, key] for key in URGENCIES)]
            for project in lines.project_id
        ]
        return sorted(rows, key=lambda row: row[1:], reverse=True)


class ShenpiDispatchXlsx(models.AbstractModel):
    """The daily dispatch list as a workbook: figures with a chart, and the list."""

    _name = "report.shenpi_base.report_dispatch_xlsx"
    _inherit = "report.report_xlsx.abstract"
    _description = "Daily dispatch list, workbook"

    def get_workbook_options(self):
        return {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}

    def generate_xlsx_report(self, workbook, data, objs):
        page = self.env["shenpi.dispatch.document"]._prepare(objs)
        lang = self.env["shenpi.application.document"]._get_lang()
        env = self.with_context(lang=lang).env
        book = ReportBook(workbook)
        note = f"{page['bureau']} {page['date']}"
        first, *counted = page["figure_heads"]
        table = book.add_table(
            env._("By project"),
            page["title"],
            [Column(first, width=30), *(Column(head, "count") for head in counted)],
            page["figures"],
            note=note,
        )
        colors = ("#C00000", "#E0A100", "#3B6FB6")
        book.add_chart(
            table, "bar", page["title"], (1, 2, 3), place="F3", stacked=True, colors=colors
        )
        widths = (10, 28, 16, 46, 12)
        *heads, due = page["heads"]
        columns = [Column(head, width=width) for head, width in zip(heads, widths, strict=True)]
        book.add_table(
            env._("List"), page["title"], [*columns, Column(due, "date")], page["rows"], note=note
        )
