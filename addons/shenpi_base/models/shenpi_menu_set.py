from odoo import fields, models

from .project_project import KINDS


class ShenpiMenuSet(models.Model):
    """A ready-made choice 套餐: what a project of this kind usually needs, ticked at once."""

    _name = "shenpi.menu.set"
    _description = "Set of permits"
    _order = "menu_id, sequence, id"

    menu_id = fields.Many2one("shenpi.menu", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    kind = fields.Selection(KINDS, string="Kind of project", required=True)
    line_ids = fields.Many2many(
        "shenpi.menu.line",
        "shenpi_menu_set_line_rel",
        "set_id",
        "line_id",
        string="Permits",
        domain="[('menu_id', '=', menu_id)]",
    )
