from odoo import api, fields, models


class ShenpiGrievancePlanWizard(models.TransientModel):
    """The plan of a hard case: what is done, by whom, until when."""

    _name = "shenpi.grievance.plan.wizard"
    _inherit = ["shenpi.document.wizard"]
    _description = "Plan of a hard case"

    _document_field = "grievance_id"

    grievance_id = fields.Many2one("shenpi.grievance", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="grievance_id.company_id")
    title = fields.Char(related="grievance_id.title")
    plan = fields.Text(
        compute="_compute_plan", store=True, readonly=False, precompute=True, required=True
    )
    owner_id = fields.Many2one(
        "res.users",
        compute="_compute_plan",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    day = fields.Date(string="Until", required=True)

    @api.depends("grievance_id")
    def _compute_plan(self):
        for wizard in self:
            wizard.plan = wizard.grievance_id.plan or ""
            wizard.owner_id = wizard.grievance_id.plan_owner_id

    def action_confirm(self):
        """Put it on the list of hard cases, or change its plan there."""
        grievance = self._get_document()
        grievance._do_plan(self.plan, self.owner_id, self.day)
        return {"type": "ir.actions.act_window_close"}
