from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools import barcodes
from ..tools.localtime import local_date


class ShenpiSupervisionDocument(models.AbstractModel):
    """The words of a supervision order 督办单 and of its reply 督办回复单."""

    _name = "shenpi.supervision.document"
    _description = "Printed supervision order"

    @api.model
    def _prepare(self, kind, order):
        """Everything a page shows.

        :param str kind: order or reply
        :return: dict with title, addressee, rows, date, code (SVG)
        :raise UserError: the order has no such document
        """
        lang = self.env["shenpi.application.document"]._get_lang()
        order = order.with_context(lang=lang)
        document = self.with_env(order.env)
        if not order.number:
            raise UserError(document.env._("%s has not been dispatched yet.", order.display_name))
        page = getattr(document, f"_prepare_{kind}")(order)
        page["date"] = document._show(page["date"])
        page["code"] = barcodes.code128(order.number)
        return page

    def _prepare_order(self, order):
        return {
            "title": self.env._("Supervision Order"),
            "addressee": order.department_id.name,
            "date": order.dispatched_at,
            "rows": [
                *self._get_matter(order),
                (self.env._("What is asked"), order.demand),
                (self.env._("Answer by"), self._show(order.due_date)),
                (self.env._("Dispatched by"), order.dispatched_by_id.name),
                (self.env._("Signed for"), self._get_person(order.signed_by_id, order.signed_at)),
            ],
            "seal": order.company_id.name,
        }

    def _prepare_reply(self, order):
        if not order.answer:
            raise UserError(self.env._("%s has not been answered yet.", order.display_name))
        answered = self._get_person(order.answered_by_id, order.answered_at)
        rows = [
            *self._get_matter(order),
            (self.env._("Answer"), order.answer),
            (self.env._("Answered by"), answered),
            (self.env._("Answered in time"), self._get_punctuality(order)),
            (self.env._("Check"), order.finding or ""),
            (self.env._("State"), dict(order._get_state_labels())[order.state]),
        ]
        return {
            "title": self.env._("Reply to a Supervision Order"),
            "addressee": order.company_id.name,
            "date": order.answered_at,
            "rows": rows,
            "seal": order.department_id.name,
        }

    # === Helpers === #

    def _get_matter(self, order):
        kinds, severities = (
            dict(order._fields[name]._description_selection(order.env))
            for name in ("kind", "severity")
        )
        rows = [
            (self.env._("Matter"), order.matter),
            (self.env._("Signal"), f"{kinds[order.kind]} · {severities[order.severity]}"),
            (self.env._("Person"), order.user_id.name or ""),
        ]
        if order.application_id:
            number = order.sudo().application_id.number or ""
            rows.insert(1, (self.env._("Application number"), number))
        return rows

    def _get_punctuality(self, order):
        return self.env._("No, late") if order.answered_late else self.env._("Yes")

    def _get_person(self, person, moment):
        return f"{person.name}  {self._show(moment)}" if person else ""

    def _show(self, day):
        """A date as documents write it: 2026年1月5日."""
        if not day:
            return ""
        day = local_date(day) if hasattr(day, "hour") else day
        return format_date(self.env, day, lang_code=self.env.lang, date_format="long")
