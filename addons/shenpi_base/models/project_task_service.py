from odoo import fields, models

from ..tools.localtime import local_date


class ProjectTask(models.Model):
    """What goes with a permit besides its application: blockers, visits, letters of authority."""

    _inherit = "project.task"

    blocker_ids = fields.One2many("shenpi.blocker", "task_id", string="Blockers")
    follow_up_id = fields.Many2one(
        "shenpi.home.service",
        string="Follow-up visit",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    mandate_id = fields.Many2one(
        "shenpi.mandate", string="Letter of authority", compute="_compute_mandate_id"
    )

    def _compute_mandate_id(self):
        """The letter by which the navigator may act today."""
        mandates = self.env["shenpi.mandate"]
        today = mandates._get_today()
        for task in self:
            task.mandate_id = task.key_project and mandates._find(task, today)

    def _is_complete(self):
        """What is filed on behalf waits for its letter of authority too."""
        agent = self.application_id.agent_user_id
        return super()._is_complete() and (not agent or bool(self.mandate_id))

    def action_add_blocker(self):
        """Write down what blocks this permit."""
        self.ensure_one()
        action = self.project_id.action_add_blocker()
        return dict(action, context={**action["context"], "default_task_id": self.id})

    def _plan_follow_ups(self):
        """Have the investor visited, so many working days after the grant of each of these permits
        as the bureau has set; 0: it makes none. Whoever comes on a day asks about every permit that
        is due on it."""
        visits = self.env["shenpi.home.service"]
        for task in self:
            project = task.project_id
            days = project.company_id.shenpi_follow_up_days
            if task.key_project and days > 0:
                day = task._get_follow_up_date(days)
                visit = visits._find_follow_up(project, day)
                task.follow_up_id = visit or visits.create(
                    project._prepare_follow_up_vals() | {"wanted_date": day}
                )

    def _get_follow_up_date(self, days):
        """A grant entered long afterwards asks for a visit now, not in the past."""
        now = fields.Datetime.now()
        granted = local_date(self.application_id.decided_at or now)
        due = self.env["shenpi.workday"]._get_due("wanted_date", granted, days)
        return max(due, local_date(now))
