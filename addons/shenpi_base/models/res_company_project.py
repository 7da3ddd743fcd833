from odoo import fields, models


class ResCompany(models.Model):
    """How a bureau assists its key projects."""

    _inherit = "res.company"

    shenpi_follow_up_days = fields.Integer(
        string="Visit after a permit (working days)",
        default=10,
        help="So many working days after a permit of a key project has been granted, the investor"
        " is visited. 0: no visit is planned.",
    )
    shenpi_construction_item_ids = fields.Many2many(
        "shenpi.item",
        "shenpi_company_construction_item_rel",
        "company_id",
        "item_id",
        string="Construction permits",
        domain="[('state', '=', 'published')]",
        help="The items that count as the construction permit in the bulletin of key projects,"
        " whatever their version.",
    )
    shenpi_bulletin_district_ids = fields.Many2many(
        "res.company",
        "shenpi_company_bulletin_district_rel",
        "company_id",
        "district_id",
        string="Districts in the bulletin",
        domain="[('id', '!=', id)]",
        help="Bureaus whose key projects the bulletin counts together with one's own.",
    )

    _shenpi_follow_up_days_positive = models.Constraint(
        "CHECK (shenpi_follow_up_days >= 0)", "Visit after a permit: not a negative number."
    )
