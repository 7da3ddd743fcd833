from odoo import fields, models


class ShenpiBundleWizardQuestion(models.TransientModel):
    _name = "shenpi.bundle.wizard.question"
    _description = "Question about the applicant's situation"

    wizard_id = fields.Many2one("shenpi.bundle.wizard", required=True, ondelete="cascade")
    question_id = fields.Many2one("shenpi.bundle.question", required=True, ondelete="cascade")
    answer_id = fields.Many2one(
        "shenpi.bundle.answer", domain="[('question_id', '=', question_id)]", ondelete="cascade"
    )
