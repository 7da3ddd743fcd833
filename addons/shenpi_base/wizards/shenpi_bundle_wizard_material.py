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
    needed = fields.Boolean(compute="_compute_needed")
    spared = fields.Char(string="Instead of paper", compute="_compute_needed")

    @api.depends("material_id", "wizard_id.bundle_id", "wizard_id.question_ids.answer_id")
    def _compute_needed(self):
        """Whether an item that is needed asks for it, and how nobody has to bring it."""
        labels = dict(
            self.env["shenpi.application.material"]
            ._fields["spared_way"]
            ._description_selection(self.env)
        )
        for wizard in self.wizard_id:
            asked = wizard._get_needed_lines().item_id.material_ids
            for line in self & wizard.material_ids:
                names = line.material_id._get_names()
                own = asked.filtered(lambda m, names=names: m.name in names)
                ways = dict.fromkeys(own.mapped("spared_by"))
                line.needed = bool(own)
                words = [labels[way] for way in ways if way in labels]
                line.spared = "、".join(words) or False

    @api.onchange("attachment_ids", "digital_ref")
    def _onchange_content(self):
        if self.attachment_ids or self.digital_ref:
            self.provided = True
