from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ShenpiSupplementWizard(models.TransientModel):
    """Take in what the applicant supplied after he was told what is missing, or what he promised
    to hand in later."""

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
        """Everything the notice asked for, what was promised for later, then what else may be
        missing; nothing ticked."""
        for wizard in self:
            wizard.line_ids = [
                fields.Command.create({"material_id": material.id, "text": text})
                for material, text in wizard._get_wanted()
            ]

    def _get_wanted(self):
        """The materials that may be supplied now, with what the applicant was told of each."""
        application = self.application_id
        promised = [
            (material, self.env._("Promised by %s", material.promised_date))
            for material in application.material_ids
            if material.status == "deferred"
        ]
        spared = [
            (material, self.env._("Spared by the commitment"))
            for material in application.material_ids
            if material.status == "spared" and material.spared_way == "commitment"
        ]
        if application.state != "correcting":
            return [*promised, *spared]
        told = application.correction_ids[-1:].line_ids
        others = application.material_ids.filtered(
            lambda m: m.status == "missing" and m not in told.material_id
        )
        return [
            *((line.material_id, line.text) for line in told),
            *promised,
            *spared,
            *((material, False) for material in others),
        ]

    def action_confirm(self):
        """Note the ticked materials as provided; after a correction the days for acceptance begin
        anew.

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
