from odoo import models

from ..tools.workbooks import ReportBook
from .shenpi_bulletin_document import RED, YELLOW

LIGHTS = {"stacked": True, "colors": (YELLOW, RED)}


class ShenpiBulletinXlsx(models.AbstractModel):
    """The weekly bulletin as a workbook: overview with charts, departments, items, steps, and the
    red cases one by one."""

    _name = "report.shenpi_base.report_bulletin_xlsx"
    _inherit = "report.report_xlsx.abstract"
    _description = "Weekly bulletin, workbook"

    def get_workbook_options(self):
        return {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}

    def generate_xlsx_report(self, workbook, data, objs):
        lang = self.env["shenpi.application.document"]._get_lang()
        for record in objs.with_context(lang=lang):
            self._write_bulletin(ReportBook(workbook), record)

    def _write_bulletin(self, book, record):
        pages, figures = record._get_pages(), record._get_figures()
        note = pages._get_note(record, figures)
        title = f"{record.company_id.name} {pages._get_title(record)}"
        overview = book.add_table(
            pages.env._("Overview"), title, *pages._get_overview(figures), note=note
        )
        overview.sheet.write_string(overview.last_row + 2, 0, pages._get_explanation())
        tables = {
            key: book.add_table(name, f"{title} · {name}", columns, rows, note=note, total=total)
            for key, name, (columns, rows, total) in pages._get_sections(figures)
        }
        self._draw(book, pages, overview, tables)

    def _draw(self, book, pages, overview, tables):
        """Charts of the departments and steps, beside the overview: they point to the cells of the
        other sheets."""
        departments, steps = tables["departments"], tables["steps"]
        place = {column.heading: n for n, column in reversed(list(enumerate(departments.columns)))}
        closed, share = place[pages.env._("Concluded")], place[pages.env._("On time")]
        lights = [place[pages.env._("Yellow")], place[pages.env._("Red")]]
        for corner, table, title, columns, options in (
            (
                "F3",
                departments,
                pages.env._("Concluded, this week and last"),
                (closed, closed + 1),
                {},
            ),
            ("N3", departments, pages.env._("On-time share"), (share,), {}),
            ("F17", departments, pages.env._("Yellow and red now"), lights, LIGHTS),
            ("N17", steps, pages.env._("In hand now"), (1,), {}),
        ):
            book.add_chart(
                table, "column", title, columns, place=corner, sheet=overview.sheet, **options
            )
