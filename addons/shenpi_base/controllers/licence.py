from odoo import http
from odoo.http import request

from .public_page import render_public_page, use_public_language

# Questions that one visitor may ask within ten minutes.
MOST_QUESTIONS = 20
WINDOW_SECONDS = 600


def answer_question(find, way):
    """The page about what a visitor names, once he has not asked too often; questions about
    licences and industry licences are counted together.

    :param find: callable that gives the ``shenpi.licence`` or ``shenpi.permit``, as sudo; empty:
        there is none, and whatever was named is answered alike
    :param str way: scan or typed
    """
    lang = use_public_language()
    title = request.env._("Verify a licence")
    visitor = request.httprequest.remote_addr or ""
    rates = request.env["shenpi.rate"]
    if not rates._allow("licence", visitor, MOST_QUESTIONS, WINDOW_SECONDS):
        return render_public_page("shenpi_base.licence_busy_body", title, lang, status=429)
    found = find()
    if not found:
        return render_public_page(
            "shenpi_base.licence_body", title, lang, status=404, licence=None, way=way
        )
    facts = found._get_verification()
    if found._name == "shenpi.permit":
        return render_public_page("shenpi_base.permit_body", title, lang, permit=facts)
    return render_public_page("shenpi_base.licence_body", title, lang, licence=facts, way=way)


class LicenceController(http.Controller):
    """Whether a licence is in force: by the code printed on it, or by its number and the end of the
    holder's document number; an industry licence is asked for in the same form. Nothing can be
    listed, and guessing is slow."""

    @http.route(
        "/shenpi/licence/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
    )
    def scanned(self, token):
        """The answer to a scanned code; every code that leads nowhere gets the same one."""
        return answer_question(
            lambda: request.env["shenpi.licence"]._find_by_verify_token(token), "scan"
        )

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

        def find():
            licence = request.env["shenpi.licence"]._find_by_number(number, ending)
            return licence or request.env["shenpi.permit"]._find_by_number(number, ending)

        return answer_question(find, "typed")
