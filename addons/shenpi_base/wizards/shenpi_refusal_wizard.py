from odoo import api, fields, models


class ShenpiRefusalWizard(models.TransientModel):
    """Do not accept an application, on one of the grounds the law knows (行政许可法 art. 32)."""

    _name = "shenpi.refusal.wizard"
    _inherit = ["shenpi.application.wizard"]
    _description = "Do not accept an application"

    refusal_code = fields.Selection(
        [
            ("not_needed", "The matter needs no permit by law (art. 32(1))"),
            ("not_ours", "The matter is not within this bureau's power by law (art. 32(2))"),
            ("incomplete", "Incomplete or not in due form after the correction (art. 32(4))"),
        ],
        string="Ground",
        required=True,
        compute="_compute_refusal_code",
        store=True,
        readonly=False,
        precompute=True,
    )
    reason = fields.Text(required=True)
    redirect = fields.Char(string="Authority in charge", help="Where the applicant should turn to.")

    @api.depends("application_id")
    def _compute_refusal_code(self):
        for wizard in self:
            told = wizard.application_id.sudo().correction_ids
            wizard.refusal_code = "incomplete" if told else False

    def action_confirm(self):
        """Refuse, and print the decision not to accept.

        :raise ValidationError: the reason is empty, or the authority in charge is not named
        """
        application = self._get_application()
        application._do_not_accept(self.refusal_code, self.reason, self.redirect)
        return application.action_print_refusal()
