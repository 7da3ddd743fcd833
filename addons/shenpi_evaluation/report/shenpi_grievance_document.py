from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.shenpi_base.tools import barcodes
from odoo.addons.shenpi_base.tools.localtime import local_date


class ShenpiGrievanceDocument(models.AbstractModel):
    """The words of a reply 答复书 and of a notice that a grievance is not accepted 不予受理告知书.

    A letter names the person: it is printed by those who may know him.
    """

    _name = "shenpi.grievance.document"
    _description = "Printed grievance"

    @api.model
    def _prepare(self, kind, grievance):
        """Everything a page shows.

        :param str kind: reply or refusal
        :return: dict with title, addressee, paragraphs, seal, date, code (SVG)
        :raise UserError: there is no such letter yet
        """
        lang = self.env["shenpi.application.document"]._get_lang()
        grievance = grievance.with_context(lang=lang)
        document = self.with_env(grievance.env)
        page = getattr(document, f"_prepare_{kind}")(grievance)
        return page | {
            "addressee": grievance.complainant_name or document.env._("To whom it may concern"),
            "seal": grievance.company_id.name,
            "date": document._show(page["date"]),
            "code": barcodes.code128(grievance.number),
        }

    def _prepare_reply(self, grievance):
        if not grievance.replied_at:
            raise UserError(
                self.env._("%s: the reply has not gone out yet.", grievance.display_name)
            )
        return {
            "title": self.env._("Letter of Reply"),
            "date": grievance.replied_at,
            "paragraphs": [
                self._get_reference(grievance),
                grievance.answer,
                self.env._(
                    "If you have anything to add, please tell us with the number of this letter."
                ),
            ],
        }

    def _prepare_refusal(self, grievance):
        if grievance.state != "not_accepted":
            raise UserError(self.env._("%s has not been refused.", grievance.display_name))
        reason = grievance.reason_id
        basis = reason.legal_basis and self.env._("Basis: %s", reason.legal_basis)
        paragraphs = [
            self._get_reference(grievance),
            self.env._("We cannot accept it: %s.", reason.name),
            grievance.refusal,
            reason.redirect,
            basis,
        ]
        return {
            "title": self.env._("Notice of Non-Acceptance"),
            "date": grievance.closed_at,
            "paragraphs": [text for text in paragraphs if text],
        }

    def _get_reference(self, grievance):
        return self.env._(
            "On %(day)s we received from you “%(title)s” (no. %(number)s).",
            day=self._show(grievance.received_at),
            title=grievance.title,
            number=grievance.number,
        )

    def _show(self, moment):
        """A date as documents write it: 2026年1月5日."""
        return format_date(
            self.env, local_date(moment), lang_code=self.env.lang, date_format="long"
        )
