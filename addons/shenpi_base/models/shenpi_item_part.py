from odoo import fields, models


class ShenpiItemPart(models.AbstractModel):
    """A line of an item version: it can be changed only while the version is a draft."""

    _name = "shenpi.item.part"
    _inherit = ["shenpi.part"]
    _description = "Part of an item version"
    _order = "item_id, sequence, id"

    _whole_field = "item_id"

    item_id = fields.Many2one("shenpi.item", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
