from odoo import fields, models


class ShenpiMenuWizardLine(models.TransientModel):
    """A permit of the menu, to tick."""

    _name = "shenpi.menu.wizard.line"
    _description = "Permit to tick"
    _order = "wizard_id, phase, id"

    wizard_id = fields.Many2one("shenpi.menu.wizard", required=True, index=True, ondelete="cascade")
    menu_line_id = fields.Many2one("shenpi.menu.line", required=True, ondelete="cascade")
    phase = fields.Selection(related="menu_line_id.phase", store=True)
    name = fields.Char(related="menu_line_id.name")
    code = fields.Char(related="menu_line_id.item_id.code")
    department_id = fields.Many2one(related="menu_line_id.department_id")
    elsewhere_body = fields.Char(related="menu_line_id.elsewhere_body")
    days = fields.Integer(related="menu_line_id.days")
    ticked = fields.Boolean(string="Needed here")
    pulled = fields.Boolean()
    needed_by = fields.Char(readonly=True)
    left_out = fields.Boolean(string="Not needed")
    reason = fields.Char(string="Why not")
