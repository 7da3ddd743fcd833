from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.localtime import start_of_day
from .shenpi_blocker_flow import LEADS

OPEN, DONE = "01_in_progress", "1_done"


class ProjectTask(models.Model):
    """A to-do of a key project: a plain task of Odoo's beside the permits, which a meeting has
    decided. It is in no plan and counts in no progress.

    Seen by those who see the project, and by its owner; done by its owner, the navigator of the
    project, supervisors and bureau heads, who may open it again. Who did what stands in its
    messages.
    """

    _inherit = "project.task"

    is_key_to_do = fields.Boolean(string="To-do of a key project", readonly=True, copy=False)
    to_do_state = fields.Selection(
        [("open", "To be done"), ("done", "Done")],
        string="To-do",
        compute="_compute_to_do_state",
        search="_search_to_do_state",
    )
    decision_ids = fields.One2many("shenpi.meeting.decision", "to_do_id", string="Decided as")
    can_finish = fields.Boolean(compute="_compute_can_finish")

    _key_to_dos = models.Index("(project_id) WHERE is_key_to_do")

    # === Compute methods === #

    @api.depends("is_key_to_do", "state")
    def _compute_to_do_state(self):
        for task in self:
            task.to_do_state = task.is_key_to_do and ("done" if task.state == DONE else "open")

    @api.model
    def _search_to_do_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        of_to_dos = fields.Domain("is_key_to_do", "=", True)
        by_state = {
            "open": of_to_dos & fields.Domain("state", "!=", DONE),
            "done": of_to_dos & fields.Domain("state", "=", DONE),
            False: ~of_to_dos,
        }
        return fields.Domain.OR(by_state[one] for one in value)

    @api.depends_context("uid")
    @api.depends("is_key_to_do", "user_ids", "project_id.user_id")
    def _compute_can_finish(self):
        leads = any(self.env.user.has_group(group) for group in LEADS)
        for task in self:
            people = task.sudo().user_ids | task.sudo().project_id.user_id
            task.can_finish = task.is_key_to_do and (leads or self.env.user in people)

    # === Actions === #

    def action_finish(self):
        """It has been done."""
        return self._do_set_to_do(OPEN, DONE)

    def action_take_up(self):
        """It has not been done after all."""
        return self._do_set_to_do(DONE, OPEN)

    # === Business methods === #

    def _do_set_to_do(self, before, after):
        self.check_access("read")
        for task in self:
            if not task.is_key_to_do:
                raise UserError(self.env._("%s is not a to-do.", task.name))
            if not task.can_finish:
                raise AccessError(
                    self.env._("“%s” is up to its owner or the navigator.", task.name)
                )
            task.sudo().lock_for_update()
            if task.state != before:
                raise UserError(self.env._("“%s” has been changed meanwhile.", task.name))
            task.sudo().state = after
            if after == DONE:
                task.sudo().activity_feedback(["mail.mail_activity_data_todo"])
            else:
                task._plan_to_do()
        return True

    def _plan_to_do(self):
        """Call its owner to it, in his language."""
        for user in self.sudo().user_ids:
            self.sudo().with_context(lang=user.lang).activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=fields.Datetime.context_timestamp(
                    self.with_context(tz="Asia/Shanghai"), self.date_deadline
                ).date(),
                summary=self.name,
                user_id=user.id,
            )


class ProjectProject(models.Model):
    _inherit = "project.project"

    to_do_ids = fields.One2many(
        "project.task",
        "project_id",
        string="To-dos",
        domain=[("is_key_to_do", "=", True)],
        readonly=True,
    )
    open_to_do_count = fields.Integer(string="Open to-dos", compute="_compute_open_to_do_count")

    @api.depends("to_do_ids.state")
    def _compute_open_to_do_count(self):
        tasks = self.env["project.task"]
        domain = [("project_id", "in", self.ids), ("to_do_state", "=", "open")]
        counts = dict(tasks._read_group(domain, ["project_id"], ["__count"]))
        for project in self:
            project.open_to_do_count = counts.get(project._origin, 0)

    def action_open_to_dos(self):
        """The to-dos of this project."""
        return self._open_parts("key_to_do_action", search_default_open=1)

    def _add_to_do(self, name, user, due_date):
        """Add something to be done that is no permit.

        :param res.users user: whose it is; :param date due_date: the last day for it
        :return: the task
        """
        self.ensure_one()
        to_do = (
            self.env["project.task"]
            .sudo()
            .with_context(mail_auto_subscribe_no_notify=True)
            .create(
                {
                    "project_id": self.id,
                    "company_id": self.company_id.id,
                    "name": name,
                    "is_key_to_do": True,
                    "user_ids": [fields.Command.set(user.ids)],
                    "date_deadline": start_of_day(due_date) + timedelta(hours=23, minutes=59),
                    "stage_id": False,
                    "state": OPEN,
                }
            )
        )
        to_do._plan_to_do()
        return to_do
