from odoo import fields, models


class ShenpiBundleQuestion(models.Model):
    """A question about the applicant's situation, whose answer selects items of the bundle."""

    _name = "shenpi.bundle.question"
    _inherit = ["shenpi.bundle.part"]
    _description = "Situation of a bundle"

    name = fields.Char(string="Question", required=True)
    code = fields.Char(required=True, help="How integrators name the question.")
    answer_ids = fields.One2many("shenpi.bundle.answer", "question_id", string="Choices", copy=True)

    _code_unique = models.UniqueIndex(
        "(bundle_id, code)", "Another question of this bundle has that code."
    )
