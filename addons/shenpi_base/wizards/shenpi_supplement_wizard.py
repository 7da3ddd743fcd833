from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ShenpiSupplementWizard(models.TransientModel):
    """Take in what the applicant supplied after he was told what is missing."""

    _name = "shenpi.supplement.wizard"
    _inherit = ["shenpi.application.wizard"]
    _description = "Take in a supplement"

    line_ids = fields.One2many(
        "shenpi.supplement.wizard.line",
        "wizard_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        precompute=True,
    )

    @api.depends("application_id")
    def _compute_line_ids(self):
        """Everything the notice asked for, then what else may be missing; nothing ticked."""
        for wizard in self:
            told = wizard.application_id.correction_ids[-1:].line_ids
            others = wizard.application_id.material_ids.filtered(
                lambda m, told=told: m.status == "missing" and m not in told.material_id
            )
            wizard.line_ids = [
                *(
                    fields.Command.create({"material_id": line.material_id.id, "text": line.text})
                    for line in told
                ),
                *(fields.Command.create({"material_id": material.id}) for material in others),
            ]

    def action_confirm(self):
        """Note the ticked materials as provided; the days for acceptance begin anew.

        :raise ValidationError: nothing is ticked
        """
        application = self._get_application()
        lines = self.line_ids.filtered("provided")
        if not lines:
            raise ValidationError(self.env._("Tick what the applicant has supplied."))
        application._do_supplement(
            {line.material_id: line._prepare_vals() for line in lines if line.material_id}
        )
        return {"type": "ir.actions.act_window_close"}
