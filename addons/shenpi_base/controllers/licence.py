from odoo import http
from odoo.http import request

from .public_page import render_public_page, use_public_language

# Questions that one visitor may ask within ten minutes.
MOST_QUESTIONS = 20
WINDOW_SECONDS = 600


class LicenceController(http.Controller):
    """Whether a licence is in force: by the code printed on it, or by its number and the end of the
    holder's document number. Nothing can be listed, and guessing is slow."""

    @http.route(
        "/shenpi/licence/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
    )
    def scanned(self, token):
        """The answer to a scanned code; every code that leads nowhere gets the same one."""
        return self._answer(lambda licences: licences._find_by_verify_token(token), "scan")

    @http.route(
        "/shenpi/licence",
        type="http",
        auth="public",
        methods=["GET"],
        readonly=True,
        save_session=False,
    )
    def ask(self):
        """The form for a licence in paper."""
        lang = use_public_language()
        title = request.env._("Verify a licence")
        return render_public_page("shenpi_base.licence_form_body", title, lang)

    # It changes nothing, so a token against forged requests would protect nothing.
    @http.route(
        "/shenpi/licence",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
    )
    def typed(self, number="", ending="", **_ignored):
        """The answer to a typed number; unknown numbers and wrong endings get the same one."""
        return self._answer(lambda licences: licences._find_by_number(number, ending), "typed")

    def _answer(self, find, way):
        lang = use_public_language()
        title = request.env._("Verify a licence")
        visitor = request.httprequest.remote_addr or ""
        rates = request.env["shenpi.rate"]
        if not rates._allow("licence", visitor, MOST_QUESTIONS, WINDOW_SECONDS):
            return render_public_page("shenpi_base.licence_busy_body", title, lang, status=429)
        licence = find(request.env["shenpi.licence"])
        return render_public_page(
            "shenpi_base.licence_body",
            title,
            lang,
            status=200 if licence else 404,
            licence=licence._get_verification() if licence else None,
            way=way,
        )
