from odoo import fields, models

from ..models.shenpi_push_feedback import FEEDBACK_KINDS


class ShenpiPushFeedbackWizard(models.TransientModel):
    """Report to the bureau what a regulator found."""

    _name = "shenpi.push.feedback.wizard"
    _inherit = ["shenpi.document.wizard"]
    _description = "Report to the bureau"

    _document_field = "push_id"

    push_id = fields.Many2one("shenpi.push", required=True, ondelete="cascade")
    holder_name = fields.Char(related="push_id.holder_name")
    item_name = fields.Char(related="push_id.item_name")
    kind = fields.Selection(FEEDBACK_KINDS, string="The decision is to be", required=True)
    text = fields.Text(string="Facts", required=True)
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "shenpi_push_feedback_wizard_attachment_rel",
        "wizard_id",
        "attachment_id",
        string="Files",
    )

    def action_confirm(self):
        """Report it: the handling department has a task."""
        push = self._get_document()
        self.env["shenpi.push.feedback"]._do_report(push, self.kind, self.text, self.attachment_ids)
        return {"type": "ir.actions.act_window_close"}
