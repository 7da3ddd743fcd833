from odoo import api, fields, models


class ShenpiGrievanceDispatchWizardLine(models.TransientModel):
    """A unit that helps, and its days."""

    _name = "shenpi.grievance.dispatch.wizard.line"
    _description = "Helping unit of a dispatch"

    wizard_id = fields.Many2one(
        "shenpi.grievance.dispatch.wizard", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="wizard_id.company_id")
    department_id = fields.Many2one(
        "shenpi.department",
        string="Unit",
        required=True,
        domain="[('company_id', '=', company_id)]",
    )
    days = fields.Integer(
        string="Working days",
        compute="_compute_days",
        store=True,
        readonly=False,
        precompute=True,
        aggregator=None,
    )

    @api.depends("wizard_id.tier_id")
    def _compute_days(self):
        """A day less than who leads, so that he can put the parts together."""
        for line in self:
            line.days = max(line.wizard_id.tier_id.days - 1, 0)
