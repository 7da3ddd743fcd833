from odoo import http
from odoo.http import request

from .licence import answer_question


class PermitController(http.Controller):
    """The permits behind the one code of an industry licence, each with its status today."""

    @http.route(
        "/shenpi/permit/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
    )
    def scanned(self, token):
        """The answer to a scanned code; every code that leads nowhere gets the same one."""
        return answer_question(
            lambda: request.env["shenpi.permit"]._find_by_verify_token(token), "scan"
        )
