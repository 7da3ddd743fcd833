from odoo import fields, models

# Which answers a question needs beside the words.
WITH_DAYS = ("send_back",)
DAYS_FIRST = ("ask_extension",)


class ShenpiGrievanceWizard(models.TransientModel):
    """One question about one grievance: the words, and where a deadline is set, the days."""

    _name = "shenpi.grievance.wizard"
    _inherit = ["shenpi.document.wizard"]
    _description = "Question about a grievance"

    _document_field = "grievance_id"

    grievance_id = fields.Many2one("shenpi.grievance", required=True, ondelete="cascade")
    action = fields.Selection(
        [
            ("return", "Return"),
            ("contribute", "Hand in our part"),
            ("ask_extension", "Ask for more days"),
            ("refuse_extension", "Refuse more days"),
            ("answer", "Reply"),
            ("send_back", "Send back"),
            ("miss", "Not reached"),
            ("withdraw", "Withdraw"),
        ],
        required=True,
    )
    title = fields.Char(related="grievance_id.title")
    said = fields.Text(related="grievance_id.text", string="The matter")
    answer = fields.Text(related="grievance_id.answer")
    due_date = fields.Date(related="grievance_id.due_date")
    text = fields.Text()
    days = fields.Integer(string="Working days", default=1, aggregator=None)

    def action_confirm(self):
        """Pass the answer to the grievance's worker, which checks everything once more."""
        grievance = self._get_document()
        details = [self.text or ""]
        if self.action in WITH_DAYS:
            details.append(self.days)
        elif self.action in DAYS_FIRST:
            details.insert(0, self.days)
        getattr(grievance, f"_do_{self.action}")(*details)
        return {"type": "ir.actions.act_window_close"}
