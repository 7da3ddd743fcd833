from odoo import api, models


class ShenpiPart(models.AbstractModel):
    """A line of a whole (an item version, a bundle) that is changed only while the whole is a draft
    (its ``_check_editable`` says so)."""

    _name = "shenpi.part"
    _description = "Part of a draft"

    _whole_field = ""

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts[self._whole_field]._check_editable()
        return parts

    def write(self, vals):
        self[self._whole_field]._check_editable()
        result = super().write(vals)
        if self._whole_field in vals:
            self[self._whole_field]._check_editable()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self[self._whole_field]._check_editable()
