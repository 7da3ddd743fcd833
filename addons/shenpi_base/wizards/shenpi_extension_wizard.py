from odoo import api, fields, models


class ShenpiExtensionWizard(models.TransientModel):
    """Extend the limit once (行政许可法 art. 42); the applicant is told the reason.

    Where several departments handle the item jointly, the head of the local government approves.
    """

    _name = "shenpi.extension.wizard"
    _inherit = ["shenpi.application.wizard"]
    _description = "Extend the limit"

    statutory_due_date = fields.Date(related="application_id.statutory_due_date")
    most_days = fields.Integer(related="application_id.item_id.extension_days")
    days = fields.Integer(
        required=True, compute="_compute_days", store=True, readonly=False, precompute=True
    )
    reason = fields.Text(required=True)
    handling = fields.Selection(related="application_id.item_id.handling")
    approver = fields.Char(string="Approved by")
    approval_reference = fields.Char(string="Number of the approval")

    @api.depends("most_days")
    def _compute_days(self):
        for wizard in self:
            wizard.days = wizard.most_days

    def action_confirm(self):
        """Extend, and print the notice."""
        application = self._get_application()
        application._do_extend(
            self.days,
            self.reason,
            approver=self.approver,
            approval_reference=self.approval_reference,
        )
        return application.action_print_extension()
