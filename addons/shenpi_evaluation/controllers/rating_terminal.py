import time

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.shenpi_base.controllers.public_page import (
    render_public_page,
    use_public_language,
)

from ..tools import tokens
from ..tools.levels import LEVELS
from .rating import get_levels
from .visitors import is_allowed, render_busy

COOKIE = "shenpi_terminal"
PATH = "/shenpi/terminal"
COOKIE_SECONDS = 365 * 24 * 3600
MOST_CODES = 10
# More than anybody rates at one counter, less than a script would.
MOST_RATINGS = 120
THANKS_SECONDS = 4
IDLE_SECONDS = 60
FORM_SECONDS = 12 * 3600


class RatingTerminalController(http.Controller):
    """The full screen of a counter tablet: five faces, what was good or bad, thanks, and back."""

    @http.route(PATH, type="http", auth="public", methods=["GET"], save_session=False)
    def start(self, **_ignored):
        """Five faces; on a tablet that is not paired the question for its code."""
        lang = use_public_language()
        terminal = self._find()
        if not terminal:
            return self._render(lang, "shenpi_evaluation.terminal_pair_body", error="")
        return self._show_faces(lang, terminal)

    # A forged form could pair somebody's own tablet only, by a code that he would have to know.
    @http.route(
        f"{PATH}/pair",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
    )
    def pair(self, code="", **_ignored):
        """Take the code that the head of the window was shown."""
        lang = use_public_language()
        if not is_allowed("terminal", MOST_CODES):
            return render_busy(lang)
        digits = "".join(filter(str.isdigit, code))
        device = request.env["shenpi.rating.terminal"]._pair(digits)
        if not device:
            error = request.env._("This code is not valid, or no longer.")
            return self._render(lang, "shenpi_evaluation.terminal_pair_body", 422, error=error)
        response = request.redirect(PATH, code=303)
        response.set_cookie(
            COOKIE,
            device,
            max_age=COOKIE_SECONDS,
            path=PATH,
            httponly=True,
            samesite="Strict",
            secure=request.httprequest.scheme == "https",
        )
        return response

    # The tablet's cookie is never sent from another site's page, and the form carries a stamp.
    @http.route(
        f"{PATH}/rate",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
    )
    def rate(self, **form):
        """The second tap asks what it was about, the third sends."""
        lang = use_public_language()
        terminal = self._find()
        level = form.get("level")
        if not terminal or level not in LEVELS or not self._is_own(form.get("stamp")):
            return request.redirect(PATH, code=303)
        if form.get("step") != "send":
            return self._show_tags(lang, level)
        if not is_allowed("terminal-rating", MOST_RATINGS, self._get_device()):
            return render_busy(lang)
        ratings = request.env["shenpi.rating"]
        try:
            with request.env.cr.savepoint():
                codes = request.httprequest.form.getlist("tag")
                terminal._take_rating(level, ratings._find_tags(codes))
        except UserError:
            # Only a form that was tampered with gets here: the tablet starts anew.
            return request.redirect(PATH, code=303)
        return self._render(lang, "shenpi_evaluation.terminal_thanks_body", seconds=THANKS_SECONDS)

    # === Pages === #

    def _show_faces(self, lang, terminal):
        return self._render(
            lang,
            "shenpi_evaluation.terminal_faces_body",
            terminal=terminal,
            levels=get_levels(self._get_tags(lang)),
            stamp=self._make_stamp(),
        )

    def _show_tags(self, lang, level):
        levels = get_levels(self._get_tags(lang))
        return self._render(
            lang,
            "shenpi_evaluation.terminal_tags_body",
            seconds=IDLE_SECONDS,
            level=next(entry for entry in levels if entry["key"] == level),
            stamp=self._make_stamp(),
        )

    @staticmethod
    def _render(lang, body, status=200, seconds=0, **values):
        title = request.env._("Rate our service")
        response = render_public_page(body, title, lang, status, **values)
        if seconds:
            response.headers["Refresh"] = f"{seconds}; url={PATH}"
        return response

    # === Helpers === #

    @staticmethod
    def _get_device():
        return request.httprequest.cookies.get(COOKIE) or ""

    def _find(self):
        return request.env["shenpi.rating.terminal"]._find_device(self._get_device())

    @staticmethod
    def _get_tags(lang):
        return request.env["shenpi.rating.tag"].with_context(lang=lang).sudo().search([])

    def _get_secret(self):
        return request.env["shenpi.rating.token"]._get_secret()

    def _make_stamp(self):
        return tokens.make_stamp(self._get_secret(), self._get_device(), int(time.time()))

    def _is_own(self, stamp):
        now = int(time.time())
        device = self._get_device()
        return tokens.is_stamp(stamp or "", self._get_secret(), device, now, 0, FORM_SECONDS)
