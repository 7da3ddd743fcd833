from odoo import fields, models


class ResCompany(models.Model):
    """How a bureau goes about reminding licence holders."""

    _inherit = "res.company"

    shenpi_visit_after = fields.Integer(
        string="Visit after calls in vain",
        default=3,
        help="A licence holder whom so many calls have not reached is visited. 0: never.",
    )

    _shenpi_visit_after = models.Constraint(
        "CHECK (shenpi_visit_after >= 0)", "Calls in vain: the number cannot be negative."
    )
