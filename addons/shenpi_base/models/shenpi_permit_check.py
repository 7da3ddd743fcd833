from odoo import api, models

from .shenpi_api_mixin import in_callers_language


class ShenpiLicence(models.Model):
    _inherit = "shenpi.licence"

    @api.model
    @api.readonly
    @in_callers_language
    def api_verify(self, code):
        """As for a licence; the number or token of an industry licence is answered with

        :return: {valid, number, name, holder (masked), status: valid (every permit is granted and
            in force), partial, pending, void or invalid (a permit is not in force any more),
            licences: [the answer for each permit], missing: [items that are not granted]}
        """
        answer = super().api_verify(code)
        text = code.strip() if isinstance(code, str) else ""
        if answer["status"] != "unknown" or not text:
            return answer
        permits = self.env["shenpi.permit"]
        permit = permits._find_by_verify_token(text) or permits.sudo().search(
            [("number", "=", text)], limit=1
        )
        if not permit:
            return answer
        facts = permit._get_verification()
        return {
            **{key: facts[key] for key in ("valid", "number", "name", "holder", "missing")},
            "status": permit._get_status(),
            "licences": [
                super(ShenpiLicence, self).api_verify(n)
                for n in permit.licence_ids.mapped("number")
            ],
        }
