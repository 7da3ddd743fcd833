from odoo import fields, models


class ShenpiPushAnswerWizard(models.TransientModel):
    """Answer what a regulator reported."""

    _name = "shenpi.push.answer.wizard"
    _inherit = ["shenpi.document.wizard"]
    _description = "Answer a regulator"

    _document_field = "feedback_id"

    feedback_id = fields.Many2one("shenpi.push.feedback", required=True, ondelete="cascade")
    kind = fields.Selection(related="feedback_id.kind")
    text = fields.Text(related="feedback_id.text")
    outcome = fields.Selection(
        [("done", "Done as asked"), ("other", "Handled otherwise"), ("declined", "Not warranted")],
        required=True,
    )
    answer = fields.Text(required=True)

    def action_confirm(self):
        """Answer: it is pushed back to the regulator."""
        self._get_document()._do_handle(self.outcome, self.answer)
        return {"type": "ir.actions.act_window_close"}
