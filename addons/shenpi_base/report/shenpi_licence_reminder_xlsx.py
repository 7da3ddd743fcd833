from odoo import models

from ..tools.localtime import local_date
from ..tools.workbooks import Column, ReportBook


class ShenpiLicenceReminderXlsx(models.AbstractModel):
    """The reminder ledger 台账 as a workbook: the lines that were chosen and the user may read."""

    _name = "report.shenpi_base.report_licence_reminder_xlsx"
    _inherit = "report.report_xlsx.abstract"
    _description = "Reminder ledger, workbook"

    def get_workbook_options(self):
        return {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}

    def generate_xlsx_report(self, workbook, data, objs):
        lines = objs.with_context(lang=self.env["shenpi.application.document"]._get_lang())
        lines.check_access("read")
        title = lines.env._("Reminder ledger")
        ReportBook(workbook).add_table(
            title, title, self._get_columns(lines.env), self._get_rows(lines)
        )

    def _get_columns(self, env):
        return [
            Column(env._("Raised"), "date"),
            Column(env._("Licence number"), width=22),
            Column(env._("Licence"), width=24),
            Column(env._("Holder"), width=28),
            Column(env._("Duty"), width=16),
            Column(env._("Deadline date"), "date"),
            Column(env._("Days before"), "count"),
            Column(env._("Way"), width=10),
            Column(env._("Result"), width=10),
            Column(env._("Told on"), "date"),
            Column(env._("By"), width=12),
            Column(env._("Answer"), width=12),
            Column(env._("In his words"), width=30),
            Column(env._("Specialist"), width=12),
        ]

    def _get_rows(self, lines):
        labels = {
            name: dict(lines._fields[name]._description_selection(lines.env))
            for name in ("channel", "state", "outcome")
        }
        # A line is read by people who may not read the licence itself, its number is on the line.
        lines.sudo().licence_id.fetch(["number", "name"])
        for line in lines:
            licence = line.sudo().licence_id
            yield [
                line.raised_on,
                licence.number,
                licence.name,
                line.holder_name,
                line.duty_id.name or None,
                line.epoch,
                line.days_before if line.rung_id else None,
                labels["channel"][line.channel],
                labels["state"][line.state],
                line.told_at and local_date(line.told_at) or None,
                line.told_by_id.name or None,
                labels["outcome"].get(line.outcome),
                line.answer or None,
                line.specialist_id.name or None,
            ]
