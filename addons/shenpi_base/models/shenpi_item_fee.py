from odoo import fields, models


class ShenpiItemFee(models.Model):
    """A fee of an item: what it is for, how much, on what basis."""

    _name = "shenpi.item.fee"
    _inherit = ["shenpi.item.part"]
    _description = "Fee of an item"

    name = fields.Char(string="Fee", required=True)
    standard = fields.Char(string="Rate", required=True)
    legal_basis = fields.Char()
    reducible = fields.Boolean(string="Can be reduced")
