from odoo import api, fields, models


class ShenpiBundleWizardMaterial(models.TransientModel):
    _name = "shenpi.bundle.wizard.material"
    _description = "Material handed in once"

    wizard_id = fields.Many2one("shenpi.bundle.wizard", required=True, ondelete="cascade")
    material_id = fields.Many2one("shenpi.bundle.material", required=True, ondelete="cascade")
    name = fields.Char(related="material_id.name")
    provided = fields.Boolean(string="Handed in")
    digital_ref = fields.Char(string="Digital reference")
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "shenpi_bundle_wizard_material_attachment_rel",
        "line_id",
        "attachment_id",
        string="Files",
    )

    @api.onchange("attachment_ids", "digital_ref")
    def _onchange_content(self):
        if self.attachment_ids or self.digital_ref:
            self.provided = True
