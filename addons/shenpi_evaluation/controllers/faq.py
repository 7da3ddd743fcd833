from odoo import http
from odoo.http import request

from odoo.addons.shenpi_base.controllers.public_page import (
    render_public_page,
    use_public_language,
)

from .visitors import is_allowed, render_busy

MOST_QUESTIONS = 60


class FaqController(http.Controller):
    """Questions and answers for everybody: found by words, those read most often first."""

    @http.route("/shenpi/faq", type="http", auth="public", methods=["GET"], save_session=False)
    def find(self, q="", **_ignored):
        """The questions of all bureaus that have these words; without words, those read most
        often."""
        lang = use_public_language()
        if not is_allowed("faq", MOST_QUESTIONS):
            return render_busy(lang)
        bureaus = request.env["res.company"]._get_public_bureaus()
        found = self._get_published()._find(q, bureaus, only_published=True)
        title = request.env._("Questions and answers")
        return render_public_page(
            "shenpi_evaluation.faq_list_body",
            title,
            lang,
            found=found,
            query=q[:100],
            several=len(bureaus) > 1,
        )

    @http.route(
        "/shenpi/faq/<int:faq_id>", type="http", auth="public", methods=["GET"], save_session=False
    )
    def show(self, faq_id):
        """One answer; it is counted."""
        lang = use_public_language()
        if not is_allowed("faq", MOST_QUESTIONS):
            return render_busy(lang)
        domain = [("id", "=", faq_id), ("state", "=", "published")]
        faq = self._get_published().search(domain)
        faq._count_use()
        return render_public_page(
            "shenpi_evaluation.faq_body",
            faq.question or request.env._("Questions and answers"),
            lang,
            status=200 if faq else 404,
            faq=faq,
        )

    def _get_published(self):
        return request.env["shenpi.faq"].sudo()
