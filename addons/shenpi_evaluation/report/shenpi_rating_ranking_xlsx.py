from odoo import models

from odoo.addons.shenpi_base.tools.workbooks import Column, ReportBook

from ..tools import figures

# The columns of counts, each followed by the share that it is a part of.
COUNTED = ("rated", "satisfied", "rate", "bad", "bad_rate", "asked", "answered", "active_rate")
HANDLED = ("rectified", "rectified_rate", "due", "in_time", "rectified_in_time_rate")
VISITED = ("named", "visited", "visited_rate")


class ShenpiRatingRankingXlsx(models.AbstractModel):
    """A ranking as a workbook, with a chart of the shares."""

    _name = "report.shenpi_evaluation.report_rating_ranking_xlsx"
    _inherit = "report.report_xlsx.abstract"
    _description = "Ranking by satisfaction, workbook"

    def get_workbook_options(self):
        return {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}

    def generate_xlsx_report(self, workbook, data, objs):
        for ranking in objs.with_context(lang=self.env["shenpi.application.document"]._get_lang()):
            ranking._check_asker()
            self._write_ranking(ReportBook(workbook), ranking)

    def _write_ranking(self, book, ranking):
        env = ranking.env
        names = COUNTED + HANDLED + VISITED
        columns = [
            Column(ranking._get_dimension_label()),
            Column(env._("Rank"), "count"),
            *(
                Column(self._get_heading(env, name), "share" if name in figures.SHARES else "count")
                for name in names
            ),
        ]
        rows = []
        for row in ranking._get_rows():
            values = row | figures.derive(row)
            rows.append([row["name"], row["rank"] or None, *(values.get(name) for name in names)])
        table = book.add_table(
            env._("Ranking"),
            f"{ranking.company_id.name} {ranking.display_name}",
            columns,
            rows,
            note=env._(
                "Ranked from %s ratings; a dash: nothing to take a share of.", ranking.least
            ),
        )
        share = [column.heading for column in columns].index(self._get_heading(env, "rate"))
        book.add_chart(
            table,
            "column",
            env._("Satisfied share"),
            (share,),
            place=f"A{table.last_row + 4}",
            size=(900, 300),
        )

    def _get_heading(self, env, name):
        return {
            "rated": env._("Number of ratings"),
            "satisfied": env._("Satisfied"),
            "rate": env._("Satisfied share"),
            "bad": env._("Bad ratings"),
            "bad_rate": env._("Bad share"),
            "asked": env._("Services"),
            "answered": env._("Rated"),
            "active_rate": env._("Active share"),
            "rectified": env._("Put right"),
            "rectified_rate": env._("Put right share"),
            "due": env._("To be put right, due"),
            "in_time": env._("Put right in time"),
            "rectified_in_time_rate": env._("In time share"),
            "named": env._("With a name"),
            "visited": env._("Visited"),
            "visited_rate": env._("Visited share"),
        }[name]
