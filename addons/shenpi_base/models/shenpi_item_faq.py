from odoo import fields, models


class ShenpiItemFaq(models.Model):
    """A question that applicants ask about an item, with its answer."""

    _name = "shenpi.item.faq"
    _inherit = ["shenpi.item.part"]
    _description = "Question about an item"
    _rec_name = "question"

    question = fields.Char(required=True)
    answer = fields.Text(required=True)
