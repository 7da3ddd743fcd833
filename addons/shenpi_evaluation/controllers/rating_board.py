from odoo import http
from odoo.http import request

from odoo.addons.shenpi_base.controllers.public_page import (
    render_public_page,
    use_public_language,
)

from .visitors import is_allowed, render_busy

MOST_LOOKS = 60


class RatingBoardController(http.Controller):
    """What the public may know of the ratings of a bureau: numbers, and replies that were
    published."""

    @http.route(
        ["/shenpi/ratings", "/shenpi/ratings/<int:company_id>"],
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
    )
    def board(self, company_id=0, **_ignored):
        """The figures of this and last month and of the year, and the ranking of departments."""
        lang = use_public_language()
        if not is_allowed("ratings", MOST_LOOKS):
            return render_busy(lang)
        bureaus = request.env["res.company"]._get_public_bureaus()
        company = bureaus.filtered(lambda bureau: not company_id or bureau.id == company_id)[:1]
        board = request.env["shenpi.rating.ranking"]._get_board(company) if company else None
        return render_public_page(
            "shenpi_evaluation.rating_board_body",
            request.env._("How our services are rated"),
            lang,
            status=200 if board else 404,
            board=board,
            others=bureaus - company,
        )
