from odoo import api, fields, models


class ShenpiGrievanceDispatchWizard(models.TransientModel):
    """Who leads, who helps, until when; begun with the tier of the rules and the unit that is
    likely to be right."""

    _name = "shenpi.grievance.dispatch.wizard"
    _inherit = ["shenpi.document.wizard"]
    _description = "Dispatch a grievance"

    _document_field = "grievance_id"

    grievance_id = fields.Many2one("shenpi.grievance", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="grievance_id.company_id")
    accused_department_id = fields.Many2one(related="grievance_id.accused_department_id")
    title = fields.Char(related="grievance_id.title")
    said = fields.Text(related="grievance_id.text", string="The matter")
    similar_ids = fields.Many2many(related="grievance_id.similar_ids")
    tier_id = fields.Many2one(
        "shenpi.grievance.tier",
        compute="_compute_proposal",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    lead_id = fields.Many2one(
        "shenpi.department",
        string="Leading unit",
        compute="_compute_proposal",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('company_id', '=', company_id), ('id', '!=', accused_department_id)]",
    )
    due_date = fields.Date(string="Answer by", compute="_compute_due_date")
    line_ids = fields.One2many(
        "shenpi.grievance.dispatch.wizard.line", "wizard_id", string="Helping units"
    )
    task = fields.Text(string="What is asked of them")

    @api.depends("grievance_id")
    def _compute_proposal(self):
        for wizard in self:
            grievance = wizard.grievance_id
            wizard.tier_id = grievance and (grievance.tier_id or grievance._get_proposed_tier())
            wizard.lead_id = grievance and grievance._get_proposed_unit()

    @api.depends("tier_id")
    def _compute_due_date(self):
        grievances = self.env["shenpi.grievance"]
        now = fields.Datetime.now()
        for wizard in self:
            wizard.due_date = (
                wizard.tier_id
                and grievances._prepare_deadline(now, wizard.tier_id.days)["due_date"]
            )

    def action_confirm(self):
        """Dispatch."""
        grievance = self._get_document()
        helpers = [(line.department_id, line.days) for line in self.line_ids]
        grievance._do_dispatch(self.lead_id, helpers, self.tier_id, self.task or "")
        return {"type": "ir.actions.act_window_close"}
