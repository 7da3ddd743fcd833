from odoo import http
from odoo.http import request

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}


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
        lang = request.env["shenpi.application.document"]._get_lang()
        request.update_context(lang=lang)
        application = request.env["shenpi.application"]._find_by_token(token)
        values = {
            "title": request.env._("How your application stands"),
            "progress": application._get_progress() if application else None,
            "lang": lang,
        }
        response = request.render("shenpi_base.progress_page", values, headers=HEADERS)
        response.status_code = 200 if application else 404
        return response
