from odoo import fields, models


class ResCompany(models.Model):
    """How long regulators have to sign for what is pushed to them, and the bureau to answer."""

    _inherit = "res.company"

    shenpi_push_sign_days = fields.Integer(
        string="Days to sign for a push",
        default=2,
        help="Working days within which a regulator signs for a decision pushed to it.",
    )
    shenpi_feedback_days = fields.Integer(
        string="Days to handle feedback",
        default=5,
        help="Working days within which the handling department deals with what a regulator"
        " reports.",
    )

    _shenpi_push_days = models.Constraint(
        "CHECK (shenpi_push_sign_days >= 1 AND shenpi_feedback_days >= 1)",
        "Regulators and departments have at least one working day.",
    )
