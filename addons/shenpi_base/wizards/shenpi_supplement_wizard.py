from odoo import api, fields, models


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
        """What the notice asked for and what is still missing, nothing ticked."""
        for wizard in self:
            told = {
                line.material_id: line.text
                for line in wizard.application_id.correction_line_ids
                if line.material_id
            }
            missing = wizard.application_id.material_ids.filtered(lambda m: m.status == "missing")
            materials = (missing | self.env["shenpi.application.material"].union(*told)).sorted()
            wizard.line_ids = [
                fields.Command.create({"material_id": material.id, "text": told.get(material)})
                for material in materials
            ]

    def action_confirm(self):
        """Note the ticked materials as provided; the days for acceptance begin anew."""
        application = self._get_application()
        lines = self.line_ids.filtered("provided")
        application._do_supplement({line.material_id: line._prepare_vals() for line in lines})
        return {"type": "ir.actions.act_window_close"}
