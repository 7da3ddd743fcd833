from odoo import api, models
from odoo.tools import format_date, format_datetime

from ..tools import bulletin
from ..tools.localtime import parse_moment
from ..tools.workbooks import Cell


class ShenpiBulletinPage(models.AbstractModel):
    """A weekly bulletin as tables and charts: the same on screen, on paper and in the workbook.

    A bulletin's own pages say what is on them, by the hooks below. Like every document of the
    bureau they are written in Chinese wherever that is installed; on screen they speak the reader's
    language.
    """

    _name = "shenpi.bulletin.page"
    _description = "Pages of a weekly bulletin"

    @api.model
    def _get_title(self, record):
        """Hook: what the bulletin is called."""
        raise NotImplementedError

    @api.model
    def _get_explanation(self):
        """Hook: how it is counted."""
        raise NotImplementedError

    @api.model
    def _get_overview(self, figures):
        """Hook: columns and rows of the first table."""
        raise NotImplementedError

    @api.model
    def _get_sections(self, figures, *, brief=False):
        """Hook: the tables below the overview: key, title, (columns, rows, total).

        :param bool brief: only what is shown on screen and paper, narrower than a workbook
        """
        raise NotImplementedError

    @api.model
    def _draw(self, figures):
        """Hook: the charts, as (title, SVG)."""
        raise NotImplementedError

    @api.model
    def _prepare(self, record):
        """Everything the screen and the paper show: charts as SVG, tables with text cells."""
        figures = record._get_figures()
        return {
            "title": self._get_title(record),
            "note": self._get_note(record, figures),
            "explanation": self._get_explanation(),
            "date": self._show_day(record, figures),
            "overview": self._show_table(*self._get_overview(figures), None),
            "charts": self._draw(figures),
            "tables": [
                (title, self._show_table(*table))
                for _key, title, table in self._get_sections(figures, brief=True)
            ],
        }

    @api.model
    def _get_note(self, record, figures):
        """Whose week, and as of when its stocks were counted."""
        moment = parse_moment(figures["as_of"])
        return self.env._(
            "%(bureau)s, %(week)s; counted on %(moment)s.",
            bureau=record.company_id.name,
            week=record.display_name,
            moment=format_datetime(
                self.env, moment, tz="Asia/Shanghai", dt_format="yyyy-MM-dd HH:mm"
            ),
        )

    def _show_day(self, record, figures):
        day = record.issued_at or parse_moment(figures["as_of"])
        return format_date(self.env, day, lang_code=self.env.lang, date_format="long")

    def _show_table(self, columns, rows, total):
        return {
            "head": [(column.heading, column.kind == "text") for column in columns],
            "rows": [self._show_row(columns, row) for row in rows],
            "total": total and self._show_row(columns, total),
        }

    def _show_row(self, columns, row):
        shown = []
        for column, value in zip(columns, row, strict=True):
            value, kind = value if isinstance(value, Cell) else (value, column.kind)
            shown.append((bulletin.show(value, kind), kind == "text"))
        return shown

    @api.model
    def _render_overview(self, record):
        """The bulletin as the form shows it."""
        return self.env["ir.qweb"]._render(
            "shenpi_base.bulletin_screen", {"page": self._prepare(record)}
        )
