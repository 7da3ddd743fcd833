from odoo import api, fields, models


class ShenpiCorrectionWizard(models.TransientModel):
    """Tell the applicant once everything that is missing (行政许可法 art. 32(4))."""

    _name = "shenpi.correction.wizard"
    _inherit = ["shenpi.application.wizard"]
    _description = "Request a correction"

    is_repeated = fields.Boolean(compute="_compute_is_repeated")
    override_reason = fields.Char(
        string="Why a second notice", help="The law allows one; a second one must be answered for."
    )
    correction_due_date = fields.Date(related="application_id.correction_due_date")
    line_ids = fields.One2many(
        "shenpi.correction.wizard.line",
        "wizard_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        precompute=True,
    )

    @api.depends("application_id")
    def _compute_is_repeated(self):
        for wizard in self:
            wizard.is_repeated = bool(wizard.application_id.sudo().correction_ids)

    @api.depends("application_id")
    def _compute_line_ids(self):
        """One line for every required material that is missing; the clerk says what exactly."""
        for wizard in self:
            wizard.line_ids = [
                fields.Command.create(
                    {"material_id": material.id, "text": wizard._get_text(material)}
                )
                for material in wizard.application_id._get_missing()
            ]

    def _get_text(self, material):
        wanted = material.item_material_id
        forms = dict(wanted._fields["form"]._description_selection(self.env))
        return self.env._(
            "Supply “%(name)s” (%(form)s, copies: %(copies)s).",
            name=material.name,
            form=forms.get(wanted.form, ""),
            copies=wanted.copies,
        )

    def action_confirm(self):
        """Tell the applicant, and print the notice.

        :raise UserError: the applicant has been told once already and no reason is given why he
            is told again, or there is nothing to tell
        """
        application = self._get_application()
        application._do_request_correction(
            [{"text": line.text, "material": line.material_id} for line in self.line_ids],
            override_reason=self.override_reason or "",
        )
        return application.action_print_correction()
