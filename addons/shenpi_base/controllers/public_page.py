from odoo.http import request

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}


def use_public_language():
    """Let the rest of the request speak the language of the bureau's documents."""
    lang = request.env["shenpi.application.document"]._get_lang()
    request.update_context(lang=lang)
    return lang


def render_public_page(body, title, lang, status=200, **values):
    """A page for people without a login: no script, no bundle, nothing kept by the browser.

    :param str body: external id of the template of its content
    """
    values |= {"body": body, "title": title, "lang": lang}
    response = request.render("shenpi_base.public_page", values, headers=HEADERS)
    response.status_code = status
    return response
