from odoo import fields, models


class ShenpiGrievanceDispatch(models.Model):
    """One unit's part in a grievance: it leads or helps, by a day of its own.

    Written by the flow of the grievance only; read by whoever reads the grievance. A part stays on
    record when it is returned or called back, and a unit that gets the matter again gets a new one.
    """

    _name = "shenpi.grievance.dispatch"
    _description = "Dispatch of a grievance"
    _order = "grievance_id, id"
    _rec_name = "department_id"

    grievance_id = fields.Many2one(
        "shenpi.grievance", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(related="grievance_id.company_id")
    department_id = fields.Many2one(
        "shenpi.department", string="Unit", required=True, index=True, ondelete="restrict"
    )
    role = fields.Selection([("lead", "Leads"), ("helper", "Helps")], required=True)
    state = fields.Selection(
        [
            ("open", "To answer"),
            ("done", "Answered"),
            ("returned", "Returned"),
            ("recalled", "Called back"),
        ],
        default="open",
        required=True,
    )
    task = fields.Text(string="What is asked")
    due_date = fields.Date(string="Answer by", required=True)
    dispatched_at = fields.Datetime(string="Dispatched on", required=True)
    dispatched_by_id = fields.Many2one(
        "res.users", string="Dispatched by", required=True, ondelete="restrict"
    )
    answer = fields.Text(string="What the unit says")
    ended_at = fields.Datetime(string="Ended on")
    ended_by_id = fields.Many2one("res.users", string="Ended by", ondelete="restrict")
    is_late = fields.Boolean(string="Late")

    _one_lead = models.UniqueIndex(
        "(grievance_id) WHERE role = 'lead' AND state = 'open'", "One unit leads."
    )
    _one_part_each = models.UniqueIndex(
        "(grievance_id, department_id) WHERE state = 'open'", "A unit has one part only."
    )
    _open_by_unit = models.Index("(department_id, grievance_id) WHERE state = 'open'")
