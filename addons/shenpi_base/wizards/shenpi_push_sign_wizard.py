from odoo import fields, models


class ShenpiPushSignWizard(models.TransientModel):
    """What became of a selection of pushes: how many are signed for, which were refused and why."""

    _name = "shenpi.push.sign.wizard"
    _description = "Pushes signed for"

    done_count = fields.Integer(string="Signed for", readonly=True)
    line_ids = fields.One2many("shenpi.push.sign.wizard.line", "wizard_id", readonly=True)
