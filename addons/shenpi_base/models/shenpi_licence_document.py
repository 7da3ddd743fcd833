from odoo import models

from ..tools import barcodes


class ShenpiLicence(models.Model):
    """The licence on paper."""

    _inherit = "shenpi.licence"

    def _prepare_page(self):
        """What the printed licence shows: title, rows, number, electronic_id, version, bureau,
        seal, date, void, code and qr."""
        self.ensure_one()
        licence = self.with_context(lang=self.env["shenpi.application.document"]._get_lang())
        show = licence.env["shenpi.application"]._show_long
        rows = [
            (licence.env._("Holder"), licence.holder_name),
            (licence.env._("Item"), licence.item_id.name or licence.type_id.name),
            (licence.env._("Project"), licence.application_id.project_name),
            (licence.env._("Place"), licence.place),
            (licence.env._("Scope"), licence.scope),
            (licence.env._("Conditions"), licence.conditions),
            (licence.env._("Valid from"), show(licence.valid_from)),
            (
                licence.env._("Valid until"),
                show(licence.valid_to) or licence.env._("Without limit"),
            ),
        ]
        return {
            "title": licence.name,
            "rows": [row for row in rows if row[1]],
            "number": licence.number,
            "electronic_id": licence.electronic_id,
            "version": licence.version,
            "bureau": licence.company_id.name,
            "seal": licence.company_id.shenpi_seal_name or licence.env._("(special seal)"),
            "date": show(licence.application_id.decided_at or licence.valid_from),
            "void": licence._get_void(),
            "code": barcodes.code128(licence.number),
            "qr": barcodes.qr(licence._get_verify_url()),
        }

    def _get_void(self):
        """The word stamped across a licence that is not good any more."""
        if self.status in ("suspended", "changed", "revoked", "cancelled", "expired"):
            return dict(self._fields["status"]._description_selection(self.env))[self.status]
        return ""
