from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .project_task import PHASES


class ShenpiMenuLine(models.Model):
    """A permit on a menu: an item of the catalogue, or the name of one that another body grants."""

    _name = "shenpi.menu.line"
    _inherit = ["shenpi.plan.mixin"]
    _description = "Permit on a menu"
    _order = "menu_id, phase, sequence, id"

    menu_id = fields.Many2one("shenpi.menu", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    phase = fields.Selection(PHASES, required=True, default="1")
    item_id = fields.Many2one(
        "shenpi.item",
        ondelete="restrict",
        domain="[('company_id', '=', parent.company_id), ('state', '=', 'published')]",
    )
    name = fields.Char(
        compute="_compute_name", store=True, readonly=False, required=True, precompute=True
    )
    department_id = fields.Many2one(related="item_id.department_id", string="Handled by")
    elsewhere_body = fields.Char(
        string="Body in charge", help="Of a permit that is granted outside this system."
    )
    elsewhere_days = fields.Integer(
        string="Days elsewhere", help="Working days that the other body usually takes."
    )
    days = fields.Integer(
        string="Workdays", compute="_compute_days", help="The promise, or the days elsewhere."
    )
    after_all_ids = fields.Many2many(
        "shenpi.menu.line",
        "shenpi_menu_line_after_all_rel",
        "line_id",
        "before_id",
        string="After all of",
        domain="[('menu_id', '=', menu_id), ('id', '!=', id)]",
        help="Starts when every one of these has been granted.",
    )
    after_any_ids = fields.Many2many(
        "shenpi.menu.line",
        "shenpi_menu_line_after_any_rel",
        "line_id",
        "before_id",
        string="After any of",
        domain="[('menu_id', '=', menu_id), ('id', '!=', id)]",
        help="Starts when one of these has been granted.",
    )

    _item_unique = models.UniqueIndex(
        "(menu_id, item_id) WHERE item_id IS NOT NULL", "This item is on the menu already."
    )
    _name_unique = models.UniqueIndex("(menu_id, name)", "A permit of this name is on the menu.")
    _days_positive = models.Constraint(
        "CHECK (elsewhere_days >= 0)", "Days elsewhere: must not be negative."
    )

    # === Compute methods === #

    @api.depends("item_id")
    def _compute_name(self):
        for line in self:
            line.name = line.item_id.name or line.name

    @api.depends("item_id.promised_limit", "item_id.limit_unit", "elsewhere_days")
    def _compute_days(self):
        for line in self:
            line.days = line._get_plan_days()

    # === Constraint methods === #

    @api.constrains("after_all_ids", "after_any_ids", "menu_id")
    def _check_ties(self):
        for line in self:
            if (line.after_all_ids | line.after_any_ids).menu_id - line.menu_id:
                raise ValidationError(
                    self.env._("%s can only wait for permits of the same menu.", line.name)
                )
        for menu in self.menu_id:
            menu.line_ids._check_loops()

    @api.constrains("item_id", "menu_id")
    def _check_item(self):
        for line in self:
            if line.item_id and line.item_id.company_id != line.menu_id.company_id:
                raise ValidationError(
                    self.env._("%s is an item of another bureau.", line.item_id.name)
                )

    # === Business methods === #

    def _get_plan_days(self):
        return self.item_id._get_promised_days() if self.item_id else self.elsewhere_days

    def _get_plan_name(self):
        return self.name

    def _get_retired(self):
        return self.filtered(lambda line: line.item_id and line.item_id.state != "published")

    def _get_newer(self):
        """The published version of the item of each line, where there is one."""
        published = self.env["shenpi.item"].search(
            [("code", "in", self.item_id.mapped("code")), ("state", "=", "published")]
        )
        by_code = {item.code: item for item in published}
        return {line: by_code[line.item_id.code] for line in self if line.item_id.code in by_code}

    def _get_key(self, there):
        """The key of a line in what a project is opened with: that of its permit, if it has one."""
        return str(there[self].id) if self in there else f"new {self.id}"

    def _prepare_permits(self, left_out=None, there=None):
        """What a project is opened with (``project.project._do_open``).

        :param dict left_out: line -> reason, for those that the project does not need
        :param dict there: line -> ``project.task``, for those that the project has already
        """
        left_out, there = left_out or {}, there or {}
        lines = self | self.browse().union(*left_out)
        known = lines | self.browse().union(*there)
        return [
            {
                "key": line._get_key(there),
                "name": line.name,
                "phase": line.phase,
                "item_id": line.item_id.id,
                "elsewhere_body": False if line.item_id else line.elsewhere_body,
                "days": line._get_plan_days(),
                "after_all": [b._get_key(there) for b in line.after_all_ids & known],
                "after_any": [b._get_key(there) for b in line.after_any_ids & known],
                "left_out": left_out.get(line),
            }
            for line in lines.sorted()
        ]

    def _match_permits(self, tasks):
        """The permit of each line among the tasks of a project: of the same item, whatever its
        version, or of the same name where another body grants it."""
        by_code = {task.item_id.code: task for task in tasks if task.item_id}
        by_name = {task.name: task for task in tasks if not task.item_id}
        found = {}
        for line in self:
            task = by_code.get(line.item_id.code) if line.item_id else by_name.get(line.name)
            if task:
                found[line] = task
        return found
