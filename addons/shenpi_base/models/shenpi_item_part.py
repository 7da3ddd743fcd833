from odoo import api, fields, models


class ShenpiItemPart(models.AbstractModel):
    """A line of an item version: it can be changed only while the version is a draft."""

    _name = "shenpi.item.part"
    _description = "Part of an item version"
    _order = "item_id, sequence, id"

    item_id = fields.Many2one("shenpi.item", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts.item_id._check_editable()
        return parts

    def write(self, vals):
        self.item_id._check_editable()
        result = super().write(vals)
        if "item_id" in vals:
            self.item_id._check_editable()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self.item_id._check_editable()
