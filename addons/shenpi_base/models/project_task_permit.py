from dataclasses import replace

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL

from ..tools import diagrams
from ..tools.localtime import local_date

BEGUN = ("filed", "elsewhere", "granted")
RELATIONS = {
    "all": ("task_dependencies_rel", "depends_on_id"),
    "any": ("shenpi_task_after_any_rel", "before_id"),
}


class ProjectTask(models.Model):
    """The life of a permit: waiting, its turn, its application, its end."""

    _name = "project.task"
    _inherit = ["project.task", "shenpi.plan.mixin"]

    _all_of_field = "depend_on_ids"

    application_state = fields.Selection(
        related="application_id.state", string="State of the application"
    )
    application_number = fields.Char(related="application_id.number", string="Number")
    application_due = fields.Date(related="application_id.due_date", string="Due")
    missing_names = fields.Char(
        string="Missing materials",
        compute="_compute_missing_names",
        help="What the prepared application still lacks.",
    )
    waits_for = fields.Char(compute="_compute_waits_for")
    can_file = fields.Boolean(compute="_compute_can")
    can_precheck = fields.Boolean(compute="_compute_can")
    can_refile = fields.Boolean(compute="_compute_can")
    can_verify = fields.Boolean(compute="_compute_can")
    can_remove = fields.Boolean(compute="_compute_can")

    # === Compute methods === #

    @api.depends("application_id.material_ids.status", "application_id.state")
    def _compute_missing_names(self):
        for task in self:
            application = task.sudo().application_id
            missing = application._get_missing() if application.state == "draft" else ()
            task.missing_names = "、".join(material.name for material in missing)

    @api.depends_context("lang")
    @api.depends("permit_state", "depend_on_ids.permit_state", "after_any_ids.permit_state")
    def _compute_waits_for(self):
        for task in self:
            names = []
            if task.permit_state in ("waiting", "prechecking"):
                names = task._get_planned_ties("depend_on_ids").filtered(
                    lambda before: before.permit_state != "granted"
                ).mapped("name")  # fmt: skip
                any_of = task._get_planned_ties("after_any_ids")
                if any_of and "granted" not in any_of.mapped("permit_state"):
                    names.append(self.env._(" or ").join(any_of.mapped("name")))
            task.waits_for = "、".join(names)

    @api.depends_context("uid")
    @api.depends(
        "permit_state", "project_id.key_state", "handled_elsewhere", "application_id.state"
    )
    def _compute_can(self):
        for project, tasks in self.grouped("project_id").items():
            allowed = project._get_allowed_actions() if project.is_key_project else set()
            for task in tasks:
                state, own = task.permit_state, not task.handled_elsewhere
                task.can_precheck = "precheck" in allowed and own and state == "waiting"
                task.can_file = "start_permit" in allowed and own and state == "ready"
                task.can_refile = "reopen_permit" in allowed and own and state == "failed"
                task.can_verify = (
                    "verify_permit" in allowed and not own and state not in ("granted", "skipped")
                )
                task.can_remove = "remove_permit" in allowed and state in (
                    "waiting",
                    "ready",
                    "prechecking",
                    "failed",
                )

    # === Plan === #

    def _get_planned(self):
        return self.filtered(
            lambda task: (
                task.key_project and not task.is_key_to_do and task.permit_state != "skipped"
            )
        )

    def _get_plan_days(self):
        return self.days

    def _get_plan_name(self):
        return self.name

    def _get_planned_ties(self, name):
        """What the permit waits for, in ``depend_on_ids`` or ``after_any_ids``: permits left out do
        not count, nor does an alternative that was refused while others are left."""
        before = (self[name] & self.project_id.permit_ids)._get_planned()
        if name == "after_any_ids":
            before = before.filtered(lambda task: task.permit_state != "failed") or before
        return before

    def _get_requirements(self, lines):
        groups = [
            frozenset({str(before.id)})
            for before in self._get_planned_ties("depend_on_ids") & lines
        ]
        any_of = self._get_planned_ties("after_any_ids") & lines
        if any_of:
            groups.append(frozenset(str(before.id) for before in any_of))
        return tuple(groups)

    def _prepare_plan_tasks(self, day=None):
        """The permits of one project as the planner sees them on a day, today when it is absent:
        what has begun or ended is a fact, what has not lies ahead."""
        calendar = self.env["shenpi.workday"]._get_calendar()
        first = self.project_id.planned_start
        today = calendar.count(first, day or local_date(fields.Datetime.now()))
        return [
            task._add_facts(task._prepare_plan_task(self), first, today, calendar) for task in self
        ]

    def _add_facts(self, task, first, today, calendar):
        if self.permit_state not in BEGUN:
            earliest = max(today, 0)
            if self.not_before:
                earliest = max(earliest, calendar.count(first, self.not_before))
            return replace(task, earliest=earliest)
        start = calendar.count(first, self.actual_start)
        if self.actual_end:
            return replace(task, start=start, end=calendar.count(first, self.actual_end))
        due = self.sudo().application_id.promised_due_date
        end = calendar.count(first, due) if due else start + task.days
        return replace(task, start=start, end=max(end, today))

    def _get_plan_light(self, end):
        if not self.baseline_end:
            return "none"
        if end <= self.baseline_end:
            return "green"
        return "yellow" if end <= self.baseline_latest_end else "red"

    def _get_bar(self, first, calendar):
        """The permit in the picture of the plan, with its baseline."""
        labels = dict(self._fields["permit_state"]._description_selection(self.env))
        days = [
            calendar.count(first, day) if day else None
            for day in (self.plan_start, self.plan_end, self.baseline_start, self.baseline_end)
        ]
        color = self.light if self.permit_state in BEGUN or self.light != "green" else ""
        return diagrams.Bar(
            str(self.id),
            self.name,
            days[0],
            days[1],
            critical=self.is_critical,
            color="" if color == "none" else color or "",
            note=f"{labels[self.permit_state]} {self.plan_start} – {self.plan_end}",
            baseline=(days[2], days[3]) if days[3] is not None else None,
        )

    @api.model
    def _insert_ties(self, ties):
        """Tie tasks.

        :param list ties: of ("all" or "any", id of the task before, id of the task after)
        """
        for relation, (table, column) in RELATIONS.items():
            rows = [(after, before) for kind, before, after in ties if kind == relation]
            if rows:
                self.env.cr.execute(
                    SQL(
                        "INSERT INTO %s (task_id, %s) VALUES %s ON CONFLICT DO NOTHING",
                        SQL.identifier(table),
                        SQL.identifier(column),
                        SQL(", ").join(rows),
                    )
                )
        names = ["depend_on_ids", "dependent_ids", "after_any_ids"]
        self.invalidate_model(names)

    def _lift_tie(self, before):
        """Let the permit run beside ``before``; of alternatives all are lifted, one is enough."""
        if before in self.depend_on_ids:
            self.depend_on_ids = [Command.unlink(before.id)]
        if before in self.after_any_ids:
            self.after_any_ids = [Command.clear()]

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        # Odoo subscribes whoever creates a task even where it created it without subscribers; who
        # opens a project follows the whole, not each of its 84 permits.
        if self.env.context.get("mail_create_nosubscribe") and all(self.mapped("key_project")):
            return True
        return super().message_subscribe(partner_ids, subtype_ids)

    # === Its turn === #

    def _is_ready(self):
        any_of = self._get_planned_ties("after_any_ids").mapped("permit_state")
        all_of = set(self._get_planned_ties("depend_on_ids").mapped("permit_state"))
        return all_of <= {"granted"} and (not any_of or "granted" in any_of)
