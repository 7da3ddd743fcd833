from odoo import fields, models


class ShenpiMenuWizardChoice(models.TransientModel):
    """A permit that waits for one of several, and which of them the project takes."""

    _name = "shenpi.menu.wizard.choice"
    _description = "Choice between permits"

    wizard_id = fields.Many2one("shenpi.menu.wizard", required=True, index=True, ondelete="cascade")
    menu_line_id = fields.Many2one(
        "shenpi.menu.line", string="Permit", required=True, ondelete="cascade"
    )
    option_ids = fields.Many2many(related="menu_line_id.after_any_ids", string="Possible")
    chosen_id = fields.Many2one(
        "shenpi.menu.line",
        string="Waits for",
        domain="[('id', 'in', option_ids)]",
        ondelete="cascade",
    )
