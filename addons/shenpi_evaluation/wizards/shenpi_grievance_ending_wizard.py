from odoo import api, fields, models


class ShenpiGrievanceEndingWizard(models.TransientModel):
    """Refuse a grievance for a reason of the list, or close it with an outcome."""

    _name = "shenpi.grievance.ending.wizard"
    _inherit = ["shenpi.document.wizard"]
    _description = "End a grievance"

    _document_field = "grievance_id"

    grievance_id = fields.Many2one("shenpi.grievance", required=True, ondelete="cascade")
    action = fields.Selection([("not_accept", "Do not accept"), ("close", "Close")], required=True)
    title = fields.Char(related="grievance_id.title")
    state = fields.Selection(related="grievance_id.state")
    reason_id = fields.Many2one("shenpi.grievance.reason")
    redirect = fields.Text(related="reason_id.redirect")
    outcome = fields.Selection(
        selection="_selection_outcome",
        compute="_compute_outcome",
        store=True,
        readonly=False,
        precompute=True,
    )
    text = fields.Text()

    @api.model
    def _selection_outcome(self):
        return self.env["shenpi.grievance"]._fields["outcome"]._description_selection(self.env)

    @api.depends("grievance_id")
    def _compute_outcome(self):
        """What follows from the call-back."""
        for wizard in self:
            grievance = wizard.grievance_id
            if grievance.state == "replied":
                wizard.outcome = "unreachable"
            else:
                wizard.outcome = "resolved" if grievance.is_resolved else False

    def action_confirm(self):
        """End it; a refusal is printed at once."""
        grievance = self._get_document()
        if self.action == "not_accept":
            grievance._do_not_accept(self.reason_id, self.text or "")
            return grievance.action_print_refusal()
        grievance._do_close(self.outcome, self.text or "")
        return {"type": "ir.actions.act_window_close"}
