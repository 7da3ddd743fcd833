from odoo import models

from ..tools import barcodes


class ShenpiLicence(models.Model):
    """The licence on paper."""

    _inherit = "shenpi.licence"

    def _prepare_page(self):
        """What the printed licence shows: title, rows, number, bureau, seal, date, code and qr."""
        self.ensure_one()
        licence = self.with_context(lang=self.env["shenpi.application.document"]._get_lang())
        application = licence.application_id
        rows = [
            (licence.env._("Holder"), licence.holder_name),
            (licence.env._("Item"), licence.item_id.name),
            (licence.env._("Project"), application.project_name),
            (licence.env._("Valid from"), application._show_long(licence.valid_from)),
            (
                licence.env._("Valid until"),
                application._show_long(licence.valid_to) or licence.env._("Without limit"),
            ),
        ]
        return {
            "title": licence.name,
            "rows": [row for row in rows if row[1]],
            "number": licence.number,
            "bureau": licence.company_id.name,
            "seal": licence.company_id.shenpi_seal_name or licence.env._("(special seal)"),
            "date": application._show_long(licence.valid_from),
            "void": "" if licence.state == "valid" else licence.env._("Revoked"),
            "code": barcodes.code128(licence.number),
            "qr": barcodes.qr(licence._get_verify_url()),
        }
