from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..models.shenpi_application_step import ROLE_GROUPS


class ShenpiBulkWizard(models.TransientModel):
    """Assign, review or decide several applications, each for itself."""

    _name = "shenpi.bulk.wizard"
    _inherit = ["shenpi.selection.wizard"]
    _description = "Work on several applications"

    operation = fields.Selection(
        [("assign", "Assign"), ("review", "Review"), ("decide", "Decide")],
        required=True,
    )
    application_ids = fields.Many2many(
        "shenpi.application",
        "shenpi_bulk_wizard_application_rel",
        "wizard_id",
        "application_id",
        string="Applications",
    )
    application_count = fields.Integer(string="Selected", compute="_compute_application_count")
    candidate_ids = fields.Many2many("res.users", compute="_compute_candidate_ids")
    user_id = fields.Many2one(
        "res.users", string="Assign to", domain="[('id', 'in', candidate_ids)]", ondelete="cascade"
    )
    decision = fields.Selection(
        [
            ("pass", "Pass: on to the next step"),
            ("return", "Return: back to the step before"),
            ("reject", "Reject: to the decider, with the proposal to deny"),
        ],
        default="pass",
    )
    outcome = fields.Selection([("grant", "Grant"), ("deny", "Deny")], default="grant")
    reason = fields.Text(string="Opinion or reason")
    line_ids = fields.One2many("shenpi.bulk.wizard.line", "wizard_id", readonly=True)

    @api.depends("application_ids")
    def _compute_application_count(self):
        for wizard in self:
            wizard.application_count = len(wizard.application_ids)

    @api.depends("application_ids", "operation")
    def _compute_candidate_ids(self):
        """Whoever may act on the step in hand of one of the applications."""
        for wizard in self:
            steps = wizard.application_ids.sudo().step_id
            people = self.env["res.users"]
            for role, group in ROLE_GROUPS.items():
                departments = steps.filtered(lambda s, role=role: s.role == role).department_id
                holders = self.env.ref(group).sudo().all_user_ids
                people |= departments.visible_user_ids.filtered("active") & holders
            wizard.candidate_ids = people.with_env(self.env)

    @api.constrains("application_ids")
    def _check_application_ids(self):
        self.sudo(False).application_ids.check_access("read")

    def action_confirm(self):
        """Handle every application, then show what was refused and why."""
        if self.operation == "assign" and not self.user_id:
            raise ValidationError(self.env._("Assign to: name a person."))
        self.application_ids.check_access("read")
        return self._work_on(self.application_ids)

    def _prepare_refusal(self, application, reason):
        return {"application_id": application.id, "reason": reason}

    def _apply(self, application):
        if self.operation == "assign":
            application._do_assign(self.user_id)
        elif self.operation == "review":
            application._do_review(self.decision, self.reason or "")
        else:
            application._do_decide(self.outcome, self.reason or "")
