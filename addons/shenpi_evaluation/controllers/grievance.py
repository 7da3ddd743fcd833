from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.shenpi_base.controllers.public_page import (
    render_public_page,
    use_public_language,
)

from ..tools.plain import without_field
from .visitors import is_allowed, render_busy

# What one visitor may send, and how often he may ask, within ten minutes.
MOST_SENT = 5
MOST_QUESTIONS = 20
# Three files of five megabytes and the words.
MOST_BYTES = 16 * 1024 * 1024
# A field that people do not see and programs fill in.
TRAP = "website"
SAID = ("source", "kind", "title", "text")
PERSON = ("name", "phone", "address")


class GrievanceController(http.Controller):
    """The public page: say what is wrong, and see what became of it. No login, no script; forged
    requests are refused by Odoo's token, floods by the rate limit, programs by a trap."""

    @http.route(
        ["/shenpi/grievance", "/shenpi/grievance/<int:company_id>"],
        type="http",
        auth="public",
        methods=["GET"],
    )
    def form(self, company_id=0, **_ignored):
        """The form; of one bureau when the address names it, else the person chooses."""
        use_public_language()
        if company_id and not self._find_bureau(str(company_id)):
            problem = request.env._("There is no bureau at this address: please choose one.")
            return self._render_form({}, problem, status=404)
        return self._render_form({"bureau": str(company_id or "")})

    @http.route(
        "/shenpi/grievance/send",
        type="http",
        auth="public",
        methods=["POST"],
        max_content_length=MOST_BYTES,
    )
    def send(self, files=None, **values):
        """Take in what somebody wrote; he is told its number and the code to ask with."""
        lang = use_public_language()
        if values.get(TRAP):
            return self._render_form({}, request.env._("Please try again."), status=400)
        if not is_allowed("grievance", MOST_SENT):
            return render_busy(lang)
        uploads = request.httprequest.files.getlist("files")
        try:
            with request.env.cr.savepoint():
                grievance = request.env["shenpi.grievance"]._take_in_public(
                    self._find_bureau(values.get("bureau") or ""),
                    self._read(values),
                    [(f.filename, f.read()) for f in uploads if f.filename],
                )
        except UserError as error:
            return self._render_form(values, without_field(str(error)), status=422)
        secret = grievance.sudo()
        return self._render(
            "shenpi_evaluation.grievance_sent_body",
            request.env._("Thank you"),
            number=secret.number,
            code=secret.query_token,
            anonymous=secret.is_anonymous,
        )

    @http.route(
        "/shenpi/grievance/status",
        type="http",
        auth="public",
        methods=["GET"],
        readonly=True,
        save_session=False,
    )
    def ask(self):
        """The form to ask with."""
        return self._render_status_form()

    # It changes nothing, so a token against forged requests would protect nothing.
    @http.route(
        "/shenpi/grievance/status",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
    )
    def status(self, number="", code="", **_ignored):
        """Where it stands; unknown numbers and wrong codes get the same answer."""
        lang = use_public_language()
        if not is_allowed("grievance-status", MOST_QUESTIONS):
            return render_busy(lang)
        found = request.env["shenpi.grievance"]._find_by_code(number, code)
        return self._render(
            "shenpi_evaluation.grievance_status_body",
            request.env._("How it stands"),
            status=200 if found else 404,
            progress=found._get_progress() if found else None,
        )

    def _find_bureau(self, text):
        """The bureau that was chosen, as sudo; empty when there is no such one."""
        bureaus = request.env["res.company"]._get_public_bureaus()
        return bureaus.filtered(lambda bureau: str(bureau.id) == text)

    def _read(self, values):
        """What was said, of the fields that the form has; what is left empty is left out."""
        said = {name: (values.get(name) or "").strip() for name in SAID}
        if not said["title"] or not said["text"]:
            raise UserError(request.env._("Please say what it is about, in a line and in full."))
        if not values.get("anonymous"):
            for name in PERSON:
                value = (values.get(name) or "").strip()
                if value:
                    said[f"complainant_{name}"] = value
        return said

    def _render_form(self, values, problem="", status=200):
        lang = use_public_language()
        grievances = request.env["shenpi.grievance"]
        sources = request.env["shenpi.grievance.source"].sudo().with_context(lang=lang)
        bureaus = request.env["res.company"]._get_public_bureaus()
        chosen = self._find_bureau(values.get("bureau") or "")
        return self._render(
            "shenpi_evaluation.grievance_form_body",
            request.env._("Tell us"),
            status=status,
            bureaus=bureaus,
            bureau=chosen or (bureaus if len(bureaus) == 1 else bureaus.browse()),
            sources=sources.search([("is_public", "=", True)]),
            kinds=grievances._fields["kind"]._description_selection(request.env),
            values=values,
            problem=problem,
            token=request.csrf_token(),
        )

    def _render_status_form(self):
        use_public_language()
        return self._render("shenpi_evaluation.grievance_ask_body", request.env._("How it stands"))

    def _render(self, body, title, status=200, **values):
        return render_public_page(body, title, use_public_language(), status=status, **values)
