from odoo import fields, models

LEVELS = [
    ("5", "Very satisfied"),
    ("4", "Satisfied"),
    ("3", "Fair"),
    ("2", "Dissatisfied"),
    ("1", "Very dissatisfied"),
]
SATISFIED = ("4", "5")


class ShenpiGrievanceVisit(models.Model):
    """A call to the person after the reply: reached or not, and what he thinks of the way it was
    handled and of the result. Written by the flow of the grievance only."""

    _name = "shenpi.grievance.visit"
    _description = "Call-back on a grievance"
    _order = "grievance_id, id"
    _rec_name = "visited_at"

    grievance_id = fields.Many2one(
        "shenpi.grievance", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(related="grievance_id.company_id")
    visited_at = fields.Datetime(string="Called on", required=True)
    visited_by_id = fields.Many2one(
        "res.users", string="Called by", required=True, ondelete="restrict"
    )
    is_reached = fields.Boolean(string="Reached")
    process_level = fields.Selection(LEVELS, string="The way it was handled")
    result_level = fields.Selection(LEVELS, string="The result")
    is_resolved = fields.Boolean(string="Resolved")
    note = fields.Text()

    _both_asked = models.Constraint(
        "CHECK (NOT is_reached OR (process_level IS NOT NULL AND result_level IS NOT NULL))",
        "Ask about the way and about the result.",
    )
