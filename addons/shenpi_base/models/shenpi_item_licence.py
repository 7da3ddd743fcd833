from odoo import fields, models


class ShenpiItem(models.Model):
    """The kind of licence that an item makes; frozen with the version like everything it has."""

    _inherit = "shenpi.item"

    licence_type_id = fields.Many2one(
        "shenpi.licence.type",
        index="btree_not_null",
        ondelete="restrict",
        domain="['|', ('company_id', '=', False), ('company_id', '=', company_id)]",
        help="Says how long a licence runs, when it is to be renewed and who is reminded.",
    )
