from odoo import fields, models


class ShenpiBundleField(models.Model):
    """A field of the one form 一表: filled in once, passed on to the forms of the items."""

    _name = "shenpi.bundle.field"
    _inherit = ["shenpi.bundle.part"]
    _description = "Field of a bundle's form"

    name = fields.Char(string="Label", required=True)
    required = fields.Boolean()
    hint = fields.Char()

    _name_unique = models.UniqueIndex(
        "(bundle_id, name)", "The form already has a field with that label."
    )
