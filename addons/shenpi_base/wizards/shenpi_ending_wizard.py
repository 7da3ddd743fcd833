from odoo import fields, models


class ShenpiEndingWizard(models.TransientModel):
    """End an open case without a decision: the applicant withdraws, or it cannot go on."""

    _name = "shenpi.ending.wizard"
    _inherit = ["shenpi.application.wizard"]
    _description = "End an application"

    action = fields.Selection(
        [("withdraw", "The applicant withdraws"), ("terminate", "The case cannot go on")],
        required=True,
        readonly=True,
        default="withdraw",
    )
    reason = fields.Text(required=True)

    def action_confirm(self):
        """End the case."""
        application = self._get_application()
        if self.action == "terminate":
            application._do_terminate(self.reason)
        else:
            application._do_withdraw(self.reason)
        return {"type": "ir.actions.act_window_close"}
