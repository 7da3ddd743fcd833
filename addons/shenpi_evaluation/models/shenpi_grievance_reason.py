from odoo import fields, models


class ShenpiGrievanceReason(models.Model):
    """Why a grievance is not accepted, and where the person is sent instead: disputes have ways of
    their own that a help desk must not cut short."""

    _name = "shenpi.grievance.reason"
    _description = "Reason not to accept a grievance"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    redirect = fields.Text(
        string="Where to turn", translate=True, help="Goes into the notice to the person."
    )
    legal_basis = fields.Char()
