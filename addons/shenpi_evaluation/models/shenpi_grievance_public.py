from odoo import api, models
from odoo.tools import consteq, format_date

from odoo.addons.shenpi_base.tools.localtime import local_date

MAX_LENGTH = 32


class ShenpiGrievance(models.Model):
    """What a person without a login reads of his grievance, with its number and query code."""

    _inherit = "shenpi.grievance"

    @api.model
    def _find_by_code(self, number, code):
        """The grievance with this number and query code, as sudo; empty when there is none."""
        number, code = (number or "").strip().upper(), (code or "").strip()
        for text in (number, code):
            if not text or not text.isascii() or len(text) > MAX_LENGTH:
                return self.browse()
        found = self.sudo().search([("number", "=", number), ("state", "!=", "draft")])
        return found.filtered(lambda grievance: consteq(grievance.query_token, code))[:1]

    def _get_progress(self):
        """Where the grievance stands, in words; no names of staff, no personal data."""
        self.ensure_one()
        grievance = self.sudo()
        handled = grievance.main_id or grievance
        refused = grievance.state == "not_accepted"
        return {
            "number": grievance.number,
            "title": grievance.title,
            "bureau": grievance.company_id.name,
            "headline": handled._get_headline(),
            "received": self._show_day(grievance.received_at),
            "unit": handled.department_id.name,
            "due": handled.state == "dispatched" and self._show_day(handled.due_date),
            "answer": handled.replied_at and handled.answer,
            "refusal": refused and grievance.refusal,
            "redirect": refused and grievance.reason_id.redirect,
        }

    def _get_headline(self):
        if self.replied_at and self.state in ("replied", "visited", "closed"):
            return self.env._("We have answered")
        headlines = {
            "received": self.env._("We have received it"),
            "dispatched": self.env._("A unit is working on it"),
            "answered": self.env._("The reply is being reviewed"),
            "escalated": self.env._("The leaders of the bureau are deciding"),
            "hard": self.env._("It takes longer: there is a plan for it"),
            "closed": self.env._("It has been closed"),
            "not_accepted": self.env._("We cannot handle it"),
            "withdrawn": self.env._("It has been withdrawn"),
        }
        return headlines.get(self.state, "")

    def _show_day(self, day):
        if not day:
            return ""
        day = local_date(day) if hasattr(day, "hour") else day
        return format_date(self.env, day, date_format="long")
