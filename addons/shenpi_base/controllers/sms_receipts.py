import json
import time

from odoo import http
from odoo.http import request

MAX_BYTES = 512 * 1024


class SmsReceiptsController(http.Controller):
    """Where SMS gateways post delivery receipts."""

    @http.route(
        "/shenpi/sms/<int:company_id>/receipts",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
        max_content_length=MAX_BYTES,
    )
    def receipts(self, company_id, **_parameters):
        """Take ``{"receipts": [{"id", "status": "delivered"|"failed", "at"?, "reason"?}]}``.

        Signed as our own posts are (``tools.signing``). Whatever is wrong with a call, its answer
        is the same; so is the answer to every call that is right, known messages or not.
        """
        body = request.httprequest.get_data()
        headers = request.httprequest.headers
        company = request.env["res.company"].sudo().browse(company_id).exists()
        if not company._is_signed(headers, body, time.time()):
            return self._answer(403)
        receipts = self._read(body)
        if receipts is None:
            return self._answer(403)
        nonces = request.env["shenpi.message.nonce"].sudo()
        if not nonces._use(company, headers["X-Shenpi-Nonce"]):
            return self._answer(403)
        lang = request.env["shenpi.message"]._outbox_lang()
        request.env["shenpi.message.receipt"].sudo().with_context(lang=lang)._take(
            company, receipts
        )
        return self._answer(200)

    @staticmethod
    def _read(body):
        try:
            receipts = json.loads(body)["receipts"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return None
        return receipts if isinstance(receipts, list) else None

    @staticmethod
    def _answer(status):
        return request.make_json_response({"taken": status == 200}, status=status)
