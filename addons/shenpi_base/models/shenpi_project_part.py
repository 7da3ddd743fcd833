from odoo import fields, models


class ShenpiProjectPart(models.AbstractModel):
    """Something that hangs on a key project: whoever sees the project sees it."""

    _name = "shenpi.project.part"
    _inherit = ["shenpi.project.link"]
    _description = "Part of a key project"

    project_id = fields.Many2one(
        "project.project",
        string="Key project",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('is_key_project', '=', True)]",
    )
    company_id = fields.Many2one(
        related="project_id.company_id", string="Bureau", store=True, index=True
    )
