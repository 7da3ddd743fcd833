from odoo import http
from odoo.http import request

from .public_page import render_public_page, use_public_language


class ProgressController(http.Controller):
    """The page behind the code on a receipt."""

    @http.route(
        "/shenpi/progress/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        readonly=True,
        save_session=False,
    )
    def progress(self, token):
        """Where an application stands, for whoever holds its receipt; no login, no personal data.

        Every token that leads nowhere, whatever its form, gets the same answer.
        """
        lang = use_public_language()
        application = request.env["shenpi.application"]._find_by_token(token)
        return render_public_page(
            "shenpi_base.progress_body",
            request.env._("How your application stands"),
            lang,
            status=200 if application else 404,
            progress=application._get_progress() if application else None,
        )
