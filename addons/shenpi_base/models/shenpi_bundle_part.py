from odoo import fields, models


class ShenpiBundlePart(models.AbstractModel):
    """A line of a bundle: it can be changed only while the bundle is a draft."""

    _name = "shenpi.bundle.part"
    _inherit = ["shenpi.part"]
    _description = "Part of a bundle"
    _order = "bundle_id, sequence, id"

    _whole_field = "bundle_id"

    bundle_id = fields.Many2one("shenpi.bundle", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
