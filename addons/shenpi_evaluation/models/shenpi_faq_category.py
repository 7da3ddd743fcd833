from odoo import fields, models


class ShenpiFaqCategory(models.Model):
    """A stage of life or of a business that questions belong to. The same for all bureaus."""

    _name = "shenpi.faq.category"
    _description = "Category of questions"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
