from odoo import api, models
from odoo.tools import format_date

from ..tools import barcodes


class ShenpiMandateDocument(models.AbstractModel):
    """The words of a letter of authority 委托书."""

    _name = "shenpi.mandate.document"
    _description = "Printed letter of authority"

    @api.model
    def _prepare(self, mandate):
        """Everything the page shows.

        :return: dict with title, rows, paragraphs, permits, code (SVG)
        """
        lang = self.env["shenpi.application.document"]._get_lang()
        mandate = mandate.with_context(lang=lang)
        return self.with_env(mandate.env)._prepare_letter(mandate)

    def _prepare_letter(self, mandate):
        project = mandate.project_id
        first, last = self._show(mandate.date_from), self._show(mandate.date_to)
        return {
            "title": self.env._("Letter of Authority"),
            "code": barcodes.code128(mandate.number),
            "rows": [
                (self.env._("Principal"), project.applicant_name or project.name),
                (self.env._("Key project"), project.name),
                (self.env._("Project code"), project.key_code or ""),
                (
                    self.env._("Authorised navigator"),
                    f"{mandate.agent_id.name}（{mandate.company_id.name}）",
                ),
                (
                    self.env._("Valid"),
                    self.env._("from %(first)s to %(last)s", first=first, last=last),
                ),
            ],
            "paragraphs": [
                self._get_scope(mandate),
                self.env._(
                    "The agent hands in and fetches papers, and signs for documents of the bureau,"
                    " in our name. We answer for the truth of what we hand over; the agent files"
                    " only when the papers are complete."
                ),
                self.env._(
                    "The service is voluntary and free of charge: the bureau and its staff take no"
                    " payment of any kind for it."
                ),
                self.env._("We may revoke this letter at any time in writing."),
            ],
            "permits": mandate.scope == "permits" and mandate.permit_ids.mapped("name"),
            "signatures": [
                self.env._("Principal (seal), legal representative or head: %s", mandate.signatory),
                self.env._("Agent: %s", mandate.agent_id.name),
            ],
            "date": self.env._("Date:"),
        }

    def _get_scope(self, mandate):
        if mandate.scope == "permits":
            return self.env._("We let the agent named above file the following permits for us:")
        return self.env._(
            "We let the agent named above file for us all permits that the project needs."
        )

    def _show(self, day):
        """A date as documents write it: 2026年1月5日."""
        return format_date(self.env, day, lang_code=self.env.lang, date_format="long")
