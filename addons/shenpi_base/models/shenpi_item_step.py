from odoo import api, fields, models


class ShenpiItemStep(models.Model):
    """A step of the approval chain: one to three, the last one decides, the others review."""

    _name = "shenpi.item.step"
    _inherit = ["shenpi.item.part"]
    _description = "Step of an approval chain"

    name = fields.Char(required=True)
    kind = fields.Selection(
        [("review", "Review"), ("decide", "Decision")], required=True, default="review"
    )
    role = fields.Selection(
        [("reviewer", "Reviewer"), ("decider", "Decider")],
        compute="_compute_role",
        store=True,
        precompute=True,
        help="The role whoever acts on the step must hold.",
    )
    assign = fields.Selection(
        [
            ("role", "Role in the item's department"),
            ("department", "Another department"),
            ("person", "Named person"),
        ],
        string="Acted on by",
        required=True,
        default="role",
    )
    department_id = fields.Many2one(
        "shenpi.department",
        index="btree_not_null",
        ondelete="restrict",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Person",
        index="btree_not_null",
        ondelete="restrict",
        domain=[("share", "=", False)],
    )

    _department_named = models.Constraint(
        "CHECK (assign <> 'department' OR department_id IS NOT NULL)",
        "Name the department that acts on this step.",
    )
    _person_named = models.Constraint(
        "CHECK (assign <> 'person' OR user_id IS NOT NULL)",
        "Name the person who acts on this step.",
    )

    @api.depends("kind")
    def _compute_role(self):
        for step in self:
            step.role = "decider" if step.kind == "decide" else "reviewer"

    @api.onchange("assign")
    def _onchange_assign(self):
        """Only what the choice asks for is kept."""
        if self.assign != "department":
            self.department_id = False
        if self.assign != "person":
            self.user_id = False
