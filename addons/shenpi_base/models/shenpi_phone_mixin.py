from odoo import api, fields, models

from ..tools import identifiers


class ShenpiPhoneMixin(models.AbstractModel):
    """A telephone number of somebody outside the bureau: in clear for those who work with him,
    masked for all others, as on applications."""

    _name = "shenpi.phone.mixin"
    _description = "Somebody's telephone number"

    phone = fields.Char(compute="_compute_phone", inverse="_inverse_phone")
    phone_raw = fields.Char(groups=fields.NO_ACCESS, copy=False)

    @api.depends("phone_raw")
    @api.depends_context("uid")
    def _compute_phone(self):
        known = self if self.env.su else self._filter_phone_known()
        for record in self:
            phone = record.sudo().phone_raw
            record.phone = phone if not phone or record in known else identifiers.mask_phone(phone)

    def _inverse_phone(self):
        for record in self:
            phone = identifiers.normalise(record.phone or "") or False
            self.env["shenpi.application"]._check_phone("phone", phone)
            record.sudo().phone_raw = phone

    def _filter_phone_known(self):
        """Hook: the records whose number the user reads in clear."""
        return self.filtered(lambda record: record.create_uid == self.env.user)
