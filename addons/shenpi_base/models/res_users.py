from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    shenpi_department_ids = fields.Many2many(
        "shenpi.department",
        "shenpi_department_user_rel",
        "user_id",
        "department_id",
        string="Approval departments",
        help="The departments this person works in. Cases of these departments, and of all below"
        " them, are visible to him.",
    )
    shenpi_deputy_ids = fields.One2many(
        "shenpi.deputy", "principal_id", string="Deputies", help="Who stands in for this person."
    )
