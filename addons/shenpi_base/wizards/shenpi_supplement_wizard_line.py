from odoo import api, fields, models


class ShenpiSupplementWizardLine(models.TransientModel):
    _name = "shenpi.supplement.wizard.line"
    _description = "Material supplied"

    wizard_id = fields.Many2one("shenpi.supplement.wizard", required=True, ondelete="cascade")
    material_id = fields.Many2one("shenpi.application.material", readonly=True, ondelete="cascade")
    required = fields.Boolean(related="material_id.required")
    text = fields.Char(string="Told", readonly=True)
    provided = fields.Boolean(string="Supplied")
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "shenpi_supplement_wizard_line_attachment_rel",
        "line_id",
        "attachment_id",
        string="Files",
    )
    digital_ref = fields.Char(string="Digital reference")

    @api.constrains("material_id")
    def _check_material_id(self):
        self.sudo(False).material_id.check_access("read")

    @api.onchange("attachment_ids", "digital_ref")
    def _onchange_content(self):
        if self.attachment_ids or self.digital_ref:
            self.provided = True

    def _prepare_vals(self):
        """Values of the application's material; its files are handed over by their author."""
        self.attachment_ids.check_access("write")
        vals = {
            "status": "provided",
            "provided_at": fields.Datetime.now(),
            "attachment_ids": [fields.Command.link(file.id) for file in self.attachment_ids],
        }
        if self.digital_ref:
            vals["digital_ref"] = self.digital_ref
        self.attachment_ids.sudo().write({"res_model": False, "res_id": False})
        return vals
