from odoo import fields, models

from ..models.shenpi_grievance_visit import LEVELS


class ShenpiGrievanceVisitWizard(models.TransientModel):
    """What the person says of the way it was handled and of the result."""

    _name = "shenpi.grievance.visit.wizard"
    _inherit = ["shenpi.document.wizard"]
    _description = "Call-back"

    _document_field = "grievance_id"

    grievance_id = fields.Many2one("shenpi.grievance", required=True, ondelete="cascade")
    title = fields.Char(related="grievance_id.title")
    answer = fields.Text(related="grievance_id.answer", string="Reply")
    complainant_name = fields.Char(related="grievance_id.complainant_name")
    complainant_phone = fields.Char(related="grievance_id.complainant_phone")
    process_level = fields.Selection(LEVELS, string="The way it was handled", required=True)
    result_level = fields.Selection(LEVELS, string="The result", required=True)
    is_resolved = fields.Boolean(string="It has been resolved")
    note = fields.Text(string="What he says")

    def action_confirm(self):
        """Note it: satisfied with both, it may be closed, else it goes on."""
        grievance = self._get_document()
        grievance._do_visit(
            self.process_level, self.result_level, self.is_resolved, self.note or ""
        )
        return {"type": "ir.actions.act_window_close"}
