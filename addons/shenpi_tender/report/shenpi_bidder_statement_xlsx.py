from odoo import models

from odoo.addons.shenpi_base.tools.localtime import to_local
from odoo.addons.shenpi_base.tools.workbooks import Column, ReportBook


class ShenpiBidderStatementXlsx(models.AbstractModel):
    """The bidder's statement as a workbook: his lots, and every posting of the period."""

    _name = "report.shenpi_tender.report_statement_xlsx"
    _inherit = "report.report_xlsx.abstract"
    _description = "Bidder's statement, workbook"

    def get_workbook_options(self):
        return {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}

    def generate_xlsx_report(self, workbook, data, objs):
        objs.check_access("read")
        lang = self.env["shenpi.application.document"]._get_lang()
        for statement in objs.with_context(lang=lang):
            self._fill_book(ReportBook(workbook), statement)

    def _fill_book(self, book, statement):
        env = statement.env
        lines, total = statement._get_lines()
        note = f"{statement.bidder_uscc}  {statement.date_from} — {statement.date_to}"
        lot_heading, *headings = statement._get_headings()
        *rows, last = [
            [lot, *(fen / 100 if fen else None for fen in amounts)]
            for lot, amounts in statement._get_cells(lines, total)
        ]
        book.add_table(
            env._("Lots"),
            statement.bidder_name,
            [Column(lot_heading, width=40), *(Column(h, "money", 15) for h in headings)],
            rows,
            note=note,
            total=last,
        )
        self._write_postings(book, statement, note)

    def _write_postings(self, book, statement, note):
        env = statement.env
        kinds = dict(env["shenpi.ledger.entry"]._fields["kind"]._description_selection(env))
        book.add_table(
            env._("Postings"),
            statement.bidder_name,
            [
                Column(env._("Value"), width=20),
                Column(env._("Lot"), width=40),
                Column(env._("Kind"), width=18),
                Column(env._("Amount"), "money", 15),
                Column(env._("Bank's no."), width=24),
                Column(env._("Refund no."), width=24),
            ],
            (
                [
                    f"{to_local(entry.booked_at):%Y-%m-%d %H:%M:%S}",
                    entry.deposit_id.lot_id.display_name,
                    kinds[entry.kind],
                    entry.fen / 100,
                    entry.line_id.txn_no or "",
                    entry.refund_id.number or "",
                ]
                for entry in statement._get_entries().sorted("booked_at")
                if entry.booked_at >= statement._get_start()
            ),
            note=note,
        )
