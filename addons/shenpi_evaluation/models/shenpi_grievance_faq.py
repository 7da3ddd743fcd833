from odoo import models


class ShenpiGrievance(models.Model):
    """From a reply that went out to a question that everybody may read."""

    _inherit = "shenpi.grievance"

    def action_open_faq(self):
        """Write a question and answer from this reply; the person is left out by the writer, and
        somebody else publishes it."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Question and answer"),
            "res_model": "shenpi.faq",
            "views": [(False, "form")],
            "context": {
                "default_question": self.title,
                "default_answer": self.answer,
                "default_grievance_id": self.id,
                "default_company_id": self.company_id.id,
            },
        }
