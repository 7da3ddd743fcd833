from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ShenpiDeferralWizard(models.TransientModel):
    """Let auxiliary materials follow by days that the applicant promises in writing (容缺)."""

    _name = "shenpi.deferral.wizard"
    _inherit = ["shenpi.application.wizard"]
    _description = "Let materials follow"

    latest_date = fields.Date(
        string="Not later than",
        compute="_compute_latest_date",
        help="The promised due date that the case has if it is accepted today.",
    )
    is_barred = fields.Boolean(compute="_compute_is_barred")
    line_ids = fields.One2many(
        "shenpi.deferral.wizard.line",
        "wizard_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        precompute=True,
    )

    @api.depends("application_id")
    def _compute_latest_date(self):
        now = fields.Datetime.now()
        for wizard in self:
            case = wizard.application_id
            wizard.latest_date = case and case._get_latest_promise(now)

    @api.depends("application_id")
    def _compute_is_barred(self):
        for wizard in self:
            case = wizard.application_id.sudo()
            credits = self.env["shenpi.credit"].with_company(case.company_id)
            barred = credits._get_barred({case.applicant_id_number_raw}, "deferral")
            wizard.is_barred = bool(barred)

    @api.depends("application_id")
    def _compute_line_ids(self):
        """Every missing material that may follow, with the last day it may be promised for."""
        for wizard in self:
            wizard.line_ids = [
                fields.Command.create(
                    {"material_id": material.id, "promised_date": wizard.latest_date}
                )
                for material in wizard.application_id._get_deferrable()
            ]

    def action_confirm(self):
        """Note the promises, and print the letter that the applicant signs.

        :raise ValidationError: nothing is ticked, or a day is not possible
        """
        application = self._get_application()
        lines = self.line_ids.filtered("follows")
        if not lines:
            raise ValidationError(self.env._("Tick the materials that follow."))
        application._do_defer([(line.material_id, line.promised_date) for line in lines])
        return application.action_print_deferral_letter()
