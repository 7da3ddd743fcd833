from odoo import fields, models


class ShenpiHomeServiceWizard(models.TransientModel):
    """One question about one visit: its result, or why it is not made."""

    _name = "shenpi.home.service.wizard"
    _inherit = ["shenpi.document.wizard"]
    _description = "Question about a visit"

    _document_field = "service_id"

    service_id = fields.Many2one("shenpi.home.service", required=True, ondelete="cascade")
    action = fields.Selection([("finish", "Result"), ("cancel", "Cancel")], required=True)
    beneficiary = fields.Char(related="service_id.beneficiary")
    text = fields.Text(required=True)
    satisfaction = fields.Selection(
        selection=lambda self: (
            self.env["shenpi.home.service"]._fields["satisfaction"]._description_selection(self.env)
        ),
        string="How satisfied",
    )
    satisfaction_note = fields.Char(string="What they said")

    def action_confirm(self):
        """Pass the answer to the visit's worker, which checks everything once more."""
        service = self._get_document()
        if self.action == "finish":
            service._do_finish(self.text, self.satisfaction or None, self.satisfaction_note)
        else:
            service._do_cancel(self.text)
        return {"type": "ir.actions.act_window_close"}
