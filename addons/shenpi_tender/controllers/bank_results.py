from odoo import http
from odoo.exceptions import ValidationError
from odoo.http import request

from odoo.addons.shenpi_base.controllers.signed_call import answer_signed_call, take_signed_list

from ..models.shenpi_refund_api import MOST, RESULT

MAX_BYTES = 4 * 1024 * 1024


class BankResultsController(http.Controller):
    """Where banks post what has become of refunds."""

    @http.route(
        "/shenpi/bank/<int:account_id>/results",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
        max_content_length=MAX_BYTES,
    )
    def results(self, account_id, **_parameters):
        """Take ``{"results": [{"number", "status", "at"?, "amount"?, "reason"?}]}``.

        Signed as our own posts are (``tools.signing``). Whatever is wrong with a call, its answer
        is the same and nothing is posted; so is the answer to every call that is right.
        """
        account = request.env["shenpi.bank.account"].sudo().browse(account_id).exists()
        lines = take_signed_list(account, account.company_id, "results", self._read)
        if lines is not None:
            # The bank has no login: its signature lets it in, its account is all that it reaches.
            refunds = request.env["shenpi.refund"].with_user(request.env.ref("base.user_root"))
            lang = request.env["shenpi.refund.order"]._outbox_lang()
            refunds.with_context(lang=lang)._take_results(lines, account.company_id, account)
        return answer_signed_call(lines is not None)

    @staticmethod
    def _read(lines):
        if len(lines) > MOST:
            return None
        refunds = request.env["shenpi.refund"].sudo()
        try:
            return [refunds._api_read(line, RESULT) for line in lines]
        except ValidationError:
            return None
