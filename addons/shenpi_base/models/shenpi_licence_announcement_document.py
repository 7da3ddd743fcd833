import base64

from odoo import models

from ..tools import sheets


class ShenpiLicenceAnnouncement(models.Model):
    """The announcement on paper, and the table of the holders it addresses."""

    _inherit = "shenpi.licence.announcement"

    def _prepare_page(self):
        """What the printed announcement shows."""
        self.ensure_one()
        notice = self.with_context(lang=self.env["shenpi.application.document"]._get_lang())
        addressed = notice.env._(
            "Licences addressed: %s. The list is kept with this announcement.",
            len(notice._get_licences()),
        )
        show = self.env["shenpi.application"].with_context(lang=notice.env.lang)._show_long
        return {
            "title": notice.name,
            "bureau": notice.company_id.name,
            "text": (notice.text or "").splitlines(),
            "addressed": addressed,
            "date": show(notice.issued_at),
        }

    def _compute_table(self):
        for notice in self:
            notice.table = base64.b64encode(sheets.write_workbook([notice._get_table_sheet()]))

    def _get_table_sheet(self):
        """The licences, the names of the holders masked as in public."""
        headings = [
            self.env._("Licence number"),
            self.env._("Licence"),
            self.env._("Holder"),
            self.env._("Valid until"),
            self.env._("Ask for renewal by"),
        ]
        rows = [
            (
                licence.number,
                licence.name,
                licence._get_masked_holder(),
                licence.valid_to,
                licence.renewal_due_date,
            )
            for licence in self._get_licences()
        ]
        return self.env._("Licences"), headings, rows

    def action_download(self):
        """Download the table of the holders."""
        self.ensure_one()
        self.check_access("read")
        name = self.env._("Licences")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/table?filename={name}.xlsx&download=true",
            "target": "download",
        }

    def action_print(self):
        """The announcement as PDF."""
        self.check_access("read")
        report = self.env.ref("shenpi_base.action_report_licence_announcement")
        return report.report_action(self, config=False)
