from odoo import models


class ShenpiProjectBulletinXlsx(models.AbstractModel):
    """The weekly bulletin of key projects as a workbook: overview with charts, kinds, districts,
    phases, and the late permits one by one."""

    _name = "report.shenpi_base.report_project_bulletin_xlsx"
    _inherit = "report.shenpi_base.report_bulletin_xlsx"
    _description = "Weekly bulletin of key projects, workbook"

    def _draw(self, book, pages, overview, tables):
        """Charts below the overview: they point to the cells of the other sheets."""
        kinds, phases = tables["kinds"], tables["phases"]
        share, days = pages.env._("Share"), pages.env._("Average working days")
        for corner, table, title, heading in (
            ("A20", kinds, pages.env._("Share with construction permit"), share),
            ("E20", phases, pages.env._("Working days to the grant, by phase"), days),
            ("A35", kinds, pages.env._("Permits granted"), pages.env._("Permits granted")),
            ("E35", phases, pages.env._("On time by the frozen plan"), pages.env._("On time")),
        ):
            place = [column.heading for column in table.columns].index(heading)
            # Behind a share or an average stands that of the year before.
            columns = (place,) if table.columns[place].kind == "count" else (place, place + 1)
            book.add_chart(table, "column", title, columns, place=corner, sheet=overview.sheet)
