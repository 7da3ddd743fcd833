from odoo.http import request

from odoo.addons.shenpi_base.controllers.public_page import render_public_page

# Within these a visitor may do something so often.
WINDOW_SECONDS = 600


def is_allowed(purpose, most, visitor=None):
    """Whether a visitor, known by his address where nothing else is, may do this once more."""
    visitor = visitor or request.httprequest.remote_addr or ""
    return request.env["shenpi.rate"]._allow(purpose, visitor, most, WINDOW_SECONDS)


def render_busy(lang):
    """The answer to who does it too often."""
    title = request.env._("Please wait")
    return render_public_page("shenpi_base.licence_busy_body", title, lang, status=429)
