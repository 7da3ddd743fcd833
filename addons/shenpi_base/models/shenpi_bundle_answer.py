from odoo import api, fields, models


class ShenpiBundleAnswer(models.Model):
    """One answer to a question of a bundle, and the items that it makes necessary."""

    _name = "shenpi.bundle.answer"
    _inherit = ["shenpi.part"]
    _description = "Answer to a situation"
    _order = "question_id, sequence, id"

    _whole_field = "bundle_id"

    question_id = fields.Many2one(
        "shenpi.bundle.question", required=True, index=True, ondelete="cascade"
    )
    bundle_id = fields.Many2one(related="question_id.bundle_id")
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Answer", required=True)
    code = fields.Char(required=True, help="How integrators name the answer.")
    line_ids = fields.Many2many(
        "shenpi.bundle.line",
        "shenpi_bundle_answer_line_rel",
        "answer_id",
        "line_id",
        string="Makes necessary",
        domain="[('bundle_id', '=', bundle_id)]",
    )

    _code_unique = models.UniqueIndex(
        "(question_id, code)", "Another answer to this question has that code."
    )

    @api.depends("question_id.name", "name")
    @api.depends_context("beside_question")
    def _compute_display_name(self):
        """With its question, unless the screen shows that beside it."""
        alone = self.env.context.get("beside_question")
        for answer in self:
            question = "" if alone else answer.question_id.name or ""
            answer.display_name = f"{question} {answer.name or ''}".strip()
