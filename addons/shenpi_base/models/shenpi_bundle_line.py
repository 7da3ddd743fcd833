from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ShenpiBundleLine(models.Model):
    """An item of a bundle, and what it waits for."""

    _name = "shenpi.bundle.line"
    _inherit = ["shenpi.bundle.part", "shenpi.plan.mixin"]
    _description = "Item of a bundle"
    _rec_name = "name"

    item_id = fields.Many2one(
        "shenpi.item",
        required=True,
        ondelete="restrict",
        domain="[('company_id', '=', parent.company_id), ('state', '=', 'published')]",
    )
    name = fields.Char(related="item_id.name")
    department_id = fields.Many2one(related="item_id.department_id")
    limit_display = fields.Char(related="item_id.limit_display")
    after_all_ids = fields.Many2many(
        "shenpi.bundle.line",
        "shenpi_bundle_line_after_all_rel",
        "line_id",
        "before_id",
        string="After all of",
        domain="[('bundle_id', '=', bundle_id), ('id', '!=', id)]",
        help="Starts when every one of these has been granted.",
    )
    after_any_ids = fields.Many2many(
        "shenpi.bundle.line",
        "shenpi_bundle_line_after_any_rel",
        "line_id",
        "before_id",
        string="After any of",
        domain="[('bundle_id', '=', bundle_id), ('id', '!=', id)]",
        help="Starts when one of these has been granted.",
    )
    answer_ids = fields.Many2many(
        "shenpi.bundle.answer",
        "shenpi_bundle_answer_line_rel",
        "line_id",
        "answer_id",
        string="Needed when",
        domain="[('question_id.bundle_id', '=', bundle_id)]",
        help="Empty: always needed.",
    )

    _item_unique = models.UniqueIndex("(bundle_id, item_id)", "This item is in the bundle already.")

    @api.constrains("after_all_ids", "after_any_ids", "bundle_id")
    def _check_ties(self):
        for line in self:
            if (line.after_all_ids | line.after_any_ids).bundle_id - line.bundle_id:
                raise ValidationError(
                    self.env._("%s can only wait for items of the same bundle.", line.name)
                )

    # === Business methods === #

    def _get_plan_days(self):
        return self.item_id._get_promised_days()
