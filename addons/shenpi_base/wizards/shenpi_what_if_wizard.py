from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from ..tools import diagrams, plan
from ..tools.workdays import CalendarRangeError


class ShenpiWhatIfWizard(models.TransientModel):
    """Try a plan before it is saved: start later, take fewer days, run beside another permit. What
    is saved becomes a further baseline; the ones before it stay."""

    _name = "shenpi.what.if.wizard"
    _description = "What if"

    project_id = fields.Many2one("project.project", required=True, ondelete="cascade")
    line_ids = fields.One2many(
        "shenpi.what.if.wizard.line",
        "wizard_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        precompute=True,
    )
    not_before = fields.Date(
        string="Nothing begins before", help="Permits that have not begun wait for this day."
    )
    reason = fields.Text()
    days_before = fields.Integer(string="Working days now", compute="_compute_outcome")
    days_after = fields.Integer(string="Working days then", compute="_compute_outcome")
    end_before = fields.Date(string="Last permit now", compute="_compute_outcome")
    end_after = fields.Date(string="Last permit then", compute="_compute_outcome")
    path_before = fields.Char(string="Critical path now", compute="_compute_outcome")
    path_after = fields.Char(string="Critical path then", compute="_compute_outcome")
    chart = fields.Html(compute="_compute_outcome", sanitize=False)

    # === Compute methods === #

    @api.depends("project_id")
    def _compute_line_ids(self):
        for wizard in self:
            tasks = wizard.project_id.permit_ids._get_planned().filtered(
                lambda t: not t.actual_start
            )
            wizard.line_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {"task_id": task.id, "days": task.days, "not_before": task.not_before}
                    )
                    for task in tasks.sorted(lambda task: (task.plan_start, task.id))
                ),
            ]

    @api.depends("not_before", "line_ids.days", "line_ids.not_before", "line_ids.parallel_ids")
    def _compute_outcome(self):
        for wizard in self:
            now = wizard.project_id._plan()
            then = wizard.project_id._plan(wizard._get_changes())
            wizard.days_before, wizard.days_after = now.total, then.total
            wizard.end_before, wizard.end_after = now.end, then.end
            wizard.path_before, wizard.path_after = map(wizard._name_path, (now, then))
            wizard.chart = wizard._draw(now, then)

    @api.constrains("project_id")
    def _check_project_id(self):
        # Constraints run with sudo.
        self.sudo(False).project_id.check_access("read")

    # === Actions === #

    def action_confirm(self):
        """Save what has been tried.

        :raise ValidationError: nothing has been changed, or no reason is given
        """
        self.ensure_one()
        changes = self._get_changes()
        if not (changes.days or changes.not_before or changes.parallel):
            raise ValidationError(self.env._("Nothing has been changed."))
        self.project_id._do_replan(changes, self.reason)
        return {"type": "ir.actions.act_window_close"}

    # === Business methods === #

    def _get_changes(self):
        days, not_before, parallel = {}, {}, set()
        for line in self.line_ids:
            task = line.task_id
            key = str(task._origin.id)
            if line.days < 0:
                raise ValidationError(self.env._("%s: days must not be negative.", task.name))
            if line.days != task.days:
                days[key] = line.days
            first_day = self._get_first_day(line)
            if first_day and first_day != task.not_before:
                not_before[key] = self._count_first_day(task, first_day)
            parallel |= {(str(before._origin.id), key) for before in line.parallel_ids}
        return plan.Changes(not_before, days, frozenset(parallel))

    def _get_first_day(self, line):
        """The first day tried with a permit: its own, or the one of all where it is later."""
        later = self.not_before
        if later and line.plan_start < later and (not line.not_before or line.not_before < later):
            return later
        return line.not_before

    def _count_first_day(self, task, day):
        calendar = self.env["shenpi.workday"]._get_calendar()
        if day < self.env["shenpi.application"]._get_today():
            raise ValidationError(
                self.env._("%(permit)s: %(day)s has passed.", permit=task.name, day=day)
            )
        try:
            return calendar.count(self.project_id.planned_start, day)
        except CalendarRangeError as error:
            raise ValidationError(
                self.env["shenpi.workday"]._range_message(task.name, error)
            ) from error

    def _name_path(self, counted):
        names = {str(task.id): task.name for task in self.project_id.sudo().permit_ids}
        return " → ".join(names[key] for key in counted.get_path())

    def _draw(self, now, then):
        """The bars as they would be, each with a line where it is now."""
        names = {str(task.id): task.name for task in self.project_id.sudo().permit_ids}
        slots = sorted(then.slots.items(), key=lambda pair: (pair[1].start, pair[1].end))
        bars = [
            diagrams.Bar(
                key,
                names[key],
                slot.start,
                slot.end,
                slot.critical,
                baseline=(now.slots[key].start, now.slots[key].end),
            )
            for key, slot in slots
        ]
        ties = [
            (before, task.key, len(group) > 1)
            for task in then.tasks
            for group in task.requires
            for before in group
        ]
        return diagrams.timeline(bars, ties, self.env._("working days"))
