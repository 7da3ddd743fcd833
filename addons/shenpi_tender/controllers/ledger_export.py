import tempfile

from werkzeug.wsgi import FileWrapper

from odoo import fields, http
from odoo.exceptions import AccessError
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class LedgerExportController(http.Controller):
    """The ledger of bid security as a workbook of any length."""

    @http.route("/shenpi/ledger.xlsx", type="http", auth="user", methods=["GET"], readonly=True)
    def ledger(self, date_from, date_to, account_id=None, **_parameters):
        """The postings of a period that the user reads; written to a file on disk, then sent.

        :param str date_from: first day, YYYY-MM-DD; :param str date_to: last day
        :param str account_id: of one bank account; all of them without it
        """
        try:
            days = fields.Date.to_date(date_from), fields.Date.to_date(date_to)
            account = request.env["shenpi.bank.account"].browse(int(account_id or 0))
        except ValueError:
            return request.not_found()
        if not all(days):
            return request.not_found()
        account = account.filtered("id")
        lang = request.env["shenpi.application.document"]._get_lang()
        entries = request.env["shenpi.ledger.entry"].with_context(lang=lang)
        file = tempfile.TemporaryFile()  # noqa: SIM115  closed with the response
        try:
            entries._export(file, account, *days)
        except AccessError:
            file.close()
            return request.not_found()
        size = file.tell()
        file.seek(0)
        title = entries.env._("Ledger")
        name = f"{title}-{date_from}-{date_to}.xlsx"
        response = request.make_response(
            FileWrapper(file),
            headers=[
                ("Content-Type", XLSX),
                ("Content-Length", size),
                ("Content-Disposition", content_disposition(name)),
            ],
        )
        response.direct_passthrough = True
        response.call_on_close(file.close)
        return response
