from odoo import fields, models

from ..tools.localtime import local_date
from .shenpi_document_mixin import Move


class ShenpiLicence(models.Model):
    """What decisions that end a licence write."""

    _inherit = "shenpi.licence"

    def _prepare_revocation(self, ground, reason, at):
        writing = self._in_writing().env
        return Move(
            at=at,
            values={
                "revoked_on": local_date(at or fields.Datetime.now()),
                "revocation_ground": ground,
                "revocation_reason": reason,
            },
            event={
                "opinion": reason,
                "legal_basis": self._is_by_licensing_law()
                and writing._("Administrative Licensing Law, art. 69"),
                "data": {"ground": ground},
            },
        )

    def _prepare_cancellation(self, ground, reason, at):
        writing = self._in_writing().env
        return Move(
            at=at,
            values={
                "cancelled_on": local_date(at or fields.Datetime.now()),
                "cancellation_ground": ground,
                "cancellation_reason": reason,
            },
            event={
                "opinion": reason,
                "legal_basis": self._is_by_licensing_law()
                and writing._("Administrative Licensing Law, art. 70"),
                "data": {"ground": ground},
            },
        )

    def _is_by_licensing_law(self):
        """Whether the licence is an administrative licence; one whose item is not known is."""
        item = self.sudo().item_id
        return not item or item.item_type == "01"

    def _in_writing(self):
        """These licences in the language of documents: what is kept in words is read by all."""
        return self.with_context(lang=self.env["shenpi.application.document"]._get_lang())
