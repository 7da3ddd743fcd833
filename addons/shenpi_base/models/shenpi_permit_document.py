from odoo import models

from ..tools import barcodes


class ShenpiPermit(models.Model):
    """The industry licence on paper."""

    _inherit = "shenpi.permit"

    def _prepare_page(self):
        """What the printed industry licence shows: title, rows, permits, codes and seal."""
        self.ensure_one()
        permit = self.with_context(lang=self.env["shenpi.application.document"]._get_lang())
        case = permit.bundle_case_id.sudo()
        show = case.line_ids.application_id[:1]._show_long
        licences = permit.sudo().licence_ids
        return {
            "title": permit.name,
            "rows": [
                (permit.env._("Holder"), permit.holder_name),
                (permit.env._("Matter"), case.bundle_id.name),
                (permit.env._("Handled by"), case.department_id.name),
            ],
            "permits": [licence._get_verification() for licence in licences],
            "number": permit.number,
            "bureau": permit.company_id.name,
            "seal": permit.company_id.shenpi_seal_name or permit.env._("(special seal)"),
            "date": show(permit.issued_on),
            "void": "" if permit.state != "void" else permit.env._("Void"),
            "code": barcodes.code128(permit.number),
            "qr": barcodes.qr(permit._get_verify_url()),
        }
