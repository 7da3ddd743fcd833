from odoo import api, models


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _prepare_html(self, html, report_model=False):
        """Our documents are whole pages with their style inside, and go to wkhtmltopdf as they are.

        So they are one file, which is all that the program without Qt patches takes, have no header
        and footer, which it does not know, and fetch nothing from a server.
        """
        if self.paperformat_id not in self._get_whole_page_formats():
            return super()._prepare_html(html, report_model)
        page = html.decode() if isinstance(html, bytes) else html
        return [page], [], None, None, {}

    @api.model
    def _get_whole_page_formats(self):
        """Hook: the paper of documents that are whole pages."""
        return self.env.ref("shenpi_base.paperformat_document")
