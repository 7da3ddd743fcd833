from odoo import fields, models


class ShenpiReviewWizard(models.TransientModel):
    """Give an opinion on the step in hand."""

    _name = "shenpi.review.wizard"
    _inherit = ["shenpi.application.wizard"]
    _description = "Review an application"

    step_id = fields.Many2one(related="application_id.step_id")
    decision = fields.Selection(
        [
            ("pass", "Pass: on to the next step"),
            ("return", "Return: back to the step before"),
            ("reject", "Reject: to the decider, with the proposal to deny"),
        ],
        string="Conclusion",
        required=True,
        default="pass",
    )
    opinion = fields.Text()

    def action_confirm(self):
        """Give the opinion.

        :raise ValidationError: a return or rejection without reasons
        """
        self._get_application()._do_review(self.decision, self.opinion or "")
        return {"type": "ir.actions.act_window_close"}
