import time

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.shenpi_base.controllers.public_page import (
    render_public_page,
    use_public_language,
)

from ..models.shenpi_rating_submit import TEXT_LIMIT
from ..tools import tokens
from ..tools.levels import LEVELS
from ..tools.plain import without_field
from ..tools.uploads import MIMETYPES, MOST_BYTES, MOST_FILES
from .visitors import is_allowed, render_busy

PAGE = "shenpi_evaluation.rating_body"
CHANNELS = ("qr", "sms", "pc", "mobile")
# Dead addresses that one visitor may try within ten minutes; whoever holds a live one is not asked.
MOST_DEAD = 20
# A form is sent back by a person: not at once, and not days later.
LEAST_SECONDS = 2
MOST_SECONDS = 24 * 3600
SMILES = dict(zip(LEVELS, "😄😊😐😞😠", strict=True))


class RatingController(http.Controller):
    """The page on which whoever holds its address rates a service once, without a login.

    An address that was used, has expired or never was gets one and the same answer. A form carries
    a stamp that only this server can make for this address: nobody else's page can send it, and a
    script that sends it at once is not heard. No user is needed for any of it (``auth="none"``
    spares every visitor the look-up of the public one): who holds a live token is who may rate.
    """

    @http.route(
        "/shenpi/rate/<string:token>",
        type="http",
        auth="none",
        readonly=False,
        methods=["GET"],
        save_session=False,
    )
    def ask(self, token, by="", **_ignored):
        """The form."""
        lang = use_public_language()
        if self._is_staff():
            return self._refuse_staff(lang)
        live = request.env["shenpi.rating.token"]._find_live(token)
        if not live:
            return self._answer_dead(lang)
        return self._show(lang, live, token, {"by": by})

    # The stamp in the form does what Odoo's token would do, for visitors without a session.
    @http.route(
        "/shenpi/rate/<string:token>",
        type="http",
        auth="none",
        readonly=False,
        methods=["POST"],
        csrf=False,
        save_session=False,
        max_content_length=MOST_FILES * MOST_BYTES + 64 * 1024,
    )
    def answer(self, token, **form):
        """Take the rating; what is not in order is shown beside what was entered."""
        lang = use_public_language()
        if self._is_staff():
            return self._refuse_staff(lang)
        live = request.env["shenpi.rating.token"]._find_live(token)
        if not live or form.get("website"):
            return self._answer_dead(lang)
        secret = live._get_secret()
        now = int(time.time())
        stamp = form.get("stamp") or ""
        if not tokens.is_stamp(stamp, secret, token, now, LEAST_SECONDS, MOST_SECONDS):
            error = request.env._("Please look it over and send it once more.")
            return self._show(lang, live, token, form, error)
        ratings = request.env["shenpi.rating"]
        service = live.service_id
        try:
            vals = ratings._check(service, self._read(service, form), live.turn)
        except UserError as error:
            return self._show(lang, live, token, form, without_field(str(error)))
        if not live._use():
            return self._answer_dead(lang)
        ratings._write_down(service, vals, live.turn)
        return self._thank(lang, live)

    def _read(self, service, form):
        """What the form says, as values of a rating."""
        level = form.get("level")
        files = request.httprequest.files.getlist("files")
        by = form.get("by")
        return {
            "level": self._require_level(level),
            "tags": request.env["shenpi.rating"]._find_tags(
                request.httprequest.form.getlist(f"tag_{level}")
            ),
            "scores": self._read_scores(service, form),
            "text": form.get("text"),
            "channel": by if by in CHANNELS else "mobile",
            "name": form.get("name"),
            "phone": form.get("phone") if form.get("name") else "",
            "files": [(file.filename, file.read()) for file in files if file],
        }

    def _require_level(self, level):
        if level not in LEVELS:
            raise UserError(request.env._("Please choose how satisfied you are."))
        return level

    def _read_scores(self, service, form):
        names = request.env["shenpi.rating"]._get_scores(service)
        given = {name: form.get(name) or "" for name in names}
        return {name: int(text) for name, text in given.items() if text in tuple("12345")}

    # === Pages === #

    def _show(self, lang, live, token, form, error=""):
        env = request.env
        service = live.service_id.with_context(lang=lang)
        ratings = env["shenpi.rating"].with_context(lang=lang).sudo()
        tags = env["shenpi.rating.tag"].with_context(lang=lang).sudo().search([])
        return self._render(
            lang,
            "shenpi_evaluation.rating_form_body",
            status=422 if error else 200,
            service=service,
            about=service._get_about(),
            turn=live.turn,
            levels=get_levels(tags),
            scores=[
                (name, ratings._fields[name]._description_string(env(context={"lang": lang})))
                for name in ratings._get_scores(service)
            ],
            form=form,
            ticked=request.httprequest.form.getlist(f"tag_{form.get('level')}"),
            error=error,
            stamp=tokens.make_stamp(live._get_secret(), token, int(time.time())),
            text_limit=TEXT_LIMIT,
            accept=",".join(MIMETYPES),
        )

    def _thank(self, lang, live):
        """Thanks, and where to add to the rating later."""
        addition = None
        if live.turn == "first":
            issuer = request.env["shenpi.rating.token"]
            added = issuer._issue(live.service_id, "addition", live.expires_at)
            addition = added._get_url("mobile")
        return self._render(lang, "shenpi_evaluation.rating_thanks_body", addition=addition)

    def _answer_dead(self, lang):
        if not is_allowed("rating", MOST_DEAD):
            return render_busy(lang)
        return self._render(lang, "shenpi_evaluation.rating_dead_body", status=404)

    def _refuse_staff(self, lang):
        return self._render(lang, "shenpi_evaluation.rating_staff_body", status=403)

    @staticmethod
    def _render(lang, body, status=200, **values):
        title = request.env._("Rate our service")
        return render_public_page(body, title, lang, status, **values)

    @staticmethod
    def _is_staff():
        """Whoever is logged in here works here: nobody rates in the place of those he serves."""
        user = request.env["res.users"].sudo().browse(request.session.uid or ())
        return bool(user) and user._is_internal()


def get_levels(tags):
    """The levels as the pages show them: key, name, face, tags."""
    names = dict(tags._fields["level"]._description_selection(tags.env))
    by_level = tags.grouped("level")
    return [
        {
            "key": level,
            "name": names[level],
            "face": SMILES[level],
            "tags": by_level.get(level, tags.browse()),
        }
        for level in LEVELS
    ]
