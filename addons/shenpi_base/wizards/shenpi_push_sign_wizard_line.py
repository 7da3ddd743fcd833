from odoo import fields, models


class ShenpiPushSignWizardLine(models.TransientModel):
    _name = "shenpi.push.sign.wizard.line"
    _inherit = ["shenpi.document.wizard"]
    _description = "Push that was refused"

    _document_field = "push_id"

    wizard_id = fields.Many2one("shenpi.push.sign.wizard", required=True, ondelete="cascade")
    push_id = fields.Many2one("shenpi.push", required=True, ondelete="cascade")
    reason = fields.Text(required=True)
