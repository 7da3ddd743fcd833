import math

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import plan

HOURS_A_DAY = 24
# As many working days as a month can have: a promise errs on the long side.
MOST_WORKDAYS_A_MONTH = 23


class ShenpiBundleLine(models.Model):
    """An item of a bundle, and what it waits for."""

    _name = "shenpi.bundle.line"
    _inherit = ["shenpi.bundle.part"]
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

    def _schedule(self):
        """When each of these lines runs, by its id as text (``tools.plan.schedule``); ties to lines
        that are not among them do not count.

        :raise plan.CycleError: lines wait for each other
        """
        return plan.schedule(
            plan.Task(str(line.id), line._get_promised_days(), line._get_requirements(self))
            for line in self
        )

    def _get_requirements(self, lines):
        """Groups of keys of which one must be done first, within ``lines``."""
        groups = [frozenset({str(before.id)}) for before in self.after_all_ids & lines]
        any_of = self.after_any_ids & lines
        if any_of:
            groups.append(frozenset(str(before.id) for before in any_of))
        return tuple(groups)

    def _get_ties(self):
        """(key before, key after, whether it is one of several) for the picture."""
        return [
            *((str(b.id), str(line.id), False) for line in self for b in line.after_all_ids & self),
            *((str(b.id), str(line.id), True) for line in self for b in line.after_any_ids & self),
        ]

    def _get_promised_days(self):
        """The promise in working days, other units rounded up."""
        limit = self.item_id.promised_limit
        match self.item_id.limit_unit:
            case "hours":
                return math.ceil(limit / HOURS_A_DAY)
            case "months":
                return limit * MOST_WORKDAYS_A_MONTH
        return limit
