from odoo import http
from odoo.http import request

from .signed_call import answer_signed_call, take_signed_list

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
        company = request.env["res.company"].sudo().browse(company_id).exists()
        receipts = take_signed_list(company, company, "receipts")
        if receipts is not None:
            lang = request.env["shenpi.message"]._outbox_lang()
            request.env["shenpi.message.receipt"].sudo().with_context(lang=lang)._take(
                company, receipts
            )
        return answer_signed_call(receipts is not None)
