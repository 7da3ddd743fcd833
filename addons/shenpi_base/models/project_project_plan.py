import logging
from collections.abc import Mapping
from dataclasses import dataclass

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..tools import diagrams, plan
from ..tools.localtime import local_date
from ..tools.workdays import CalendarRangeError

_logger = logging.getLogger(__name__)

OPEN = ("waiting", "ready", "prechecking", "filed", "elsewhere", "failed")
# States of a project whose plan moves.
LIVE = ("preparing", "under_way", "open")
# What a plan writes on a permit, with the type of its column.
COLUMNS = {
    "plan_start": "date",
    "plan_end": "date",
    "latest_start": "date",
    "latest_end": "date",
    "slack": "int4",
    "is_critical": "bool",
    "light": "varchar",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan of one project: its tasks by id as text, the slots, and days as dates."""

    tasks: list[plan.Task]
    slots: Mapping[str, plan.Slot]
    dates: Mapping[int, object]

    @property
    def total(self):
        return max(plan.total_days(self.slots), 0)

    @property
    def end(self):
        return self.dates[self.total]

    def get_path(self):
        return plan.critical_path(self.tasks)


class ProjectProject(models.Model):
    """The plan of a key project: what is counted, what is frozen, what is tried."""

    _inherit = "project.project"

    chart = fields.Html(compute="_compute_chart", sanitize=False, string="Plan")
    next_steps = fields.Char(compute="_compute_next_steps", help="What can be done now.")
    path_names = fields.Char(compute="_compute_next_steps", string="Critical path")
    baseline_version = fields.Integer(compute="_compute_baseline_version", string="Baseline no.")

    # === Compute methods === #

    @api.depends(
        "permit_ids.plan_start",
        "permit_ids.plan_end",
        "permit_ids.light",
        "permit_ids.permit_state",
    )
    def _compute_chart(self):
        calendar = self.env["shenpi.workday"]._get_calendar()
        for project in self:
            tasks = project.permit_ids._get_planned()
            project.chart = tasks and project._draw(tasks, calendar)

    def _draw(self, tasks, calendar):
        ordered = tasks.sorted(lambda task: (task.plan_start, task.plan_end, task.id))
        first = self.planned_start
        today = calendar.count(first, local_date(fields.Datetime.now()))
        bars = [task._get_bar(first, calendar) for task in ordered]
        return diagrams.timeline(bars, tasks._get_ties(), self.env._("working days"), today)

    @api.depends_context("lang")
    @api.depends("permit_ids.permit_state", "permit_ids.is_critical", "permit_ids.plan_end")
    def _compute_next_steps(self):
        for project in self:
            permits = project.permit_ids
            ready = permits.filtered(lambda task: task.permit_state in ("ready", "failed"))
            running = permits.filtered(lambda task: task.permit_state in ("filed", "elsewhere"))
            steps = []
            if ready:
                steps.append(self.env._("File: %s.", "、".join(ready.mapped("name"))))
            if running:
                steps.append(self.env._("Under way: %s.", "、".join(running.mapped("name"))))
            project.next_steps = " ".join(steps)
            critical = permits._get_planned().filtered("is_critical").sorted("plan_end")
            project.path_names = " → ".join(critical.mapped("name"))

    @api.depends("baseline_ids")
    def _compute_baseline_version(self):
        for project in self:
            project.baseline_version = project.baseline_ids[:1].version

    # === Counting === #

    def _plan(self, changes=None, day=None):
        """Count the plan from what is known.

        :param date day: the day to count from, today when absent
        :param changes: ``tools.plan.Changes`` to try; keys are ids of tasks as text
        :return: ``Plan``
        :raise ValidationError: permits wait for each other, or the calendar does not reach so far
        """
        self.ensure_one()
        permits = self.sudo().permit_ids._get_planned()
        calendar = self.env["shenpi.workday"]._get_calendar()
        try:
            planned = permits._prepare_plan_tasks(day)
            planned = plan.change(planned, changes) if changes else planned
            slots = plan.schedule(planned)
            dates = self._get_dates(slots, calendar)
        except plan.CycleError as error:
            loop = permits._describe_loop(error)
            raise ValidationError(self.env._("These wait for each other: %s.", loop)) from error
        except CalendarRangeError as error:
            raise ValidationError(
                self.env["shenpi.workday"]._range_message(self.env._("Plan"), error)
            ) from error
        return Plan(planned, slots, dates)

    def _get_dates(self, slots, calendar):
        days = {0, max(plan.total_days(slots), 0)}
        for slot in slots.values():
            days |= {slot.start, slot.end, slot.latest_start, slot.latest_end}
        return {day: calendar.add(self.planned_start, day) for day in days}

    def _replan(self, day=None):
        """Write the plans of projects as they follow from the facts, in one statement.

        :param date day: the day to count from, today when absent
        """
        rows = []
        for project in self.sudo():
            counted = project._plan(day=day)
            own_rows = project._prepare_plan_rows(counted)
            project.write(project._prepare_plan_vals(counted, own_rows))
            rows += own_rows
        self._write_plan_rows(rows)

    def _prepare_plan_rows(self, counted):
        """(task id, then the values of ``COLUMNS``) of every permit in the plan."""
        by_id = {task.id: task for task in self.permit_ids}
        rows = []
        for key, slot in counted.slots.items():
            task, dates = by_id[int(key)], counted.dates
            start = task.actual_start or dates[slot.start]
            end = task.actual_end or dates[slot.end]
            rows.append(
                (
                    task.id,
                    start,
                    end,
                    dates[slot.latest_start],
                    dates[slot.latest_end],
                    slot.slack,
                    slot.critical,
                    task._get_plan_light(end),
                )
            )
        return rows

    def _prepare_plan_vals(self, counted, rows):
        permits = self.permit_ids._get_planned()
        granted = permits.filtered(lambda task: task.permit_state == "granted")
        granted_keys = {str(task.id) for task in granted}
        path = counted.get_path()
        length = {key: slot.end - slot.start for key, slot in counted.slots.items()}
        whole = sum(length[key] for key in path)
        done = sum(length[key] for key in path if key in granted_keys)
        complete = bool(permits) and granted == permits
        return {
            "permit_needed": len(permits),
            "permit_granted": len(granted),
            "progress": 100 * len(granted) / (len(permits) or 1),
            "path_progress": 100 * done / whole if whole else 100 * complete,
            "working_days_total": counted.total,
            "critical_end": counted.end,
            "date_start": self.planned_start,
            "date": counted.end,
            "light": self._get_light(counted.end, {row[0]: row[-1] for row in rows}),
        }

    def _get_light(self, end, light_by_task):
        baseline = self.baseline_ids[:1]
        if not baseline:
            return "none"
        if end > baseline.critical_end:
            return "red"
        # A permit that is late by itself has used the slack of the whole, as long as that holds; a
        # baseline that was frozen after its end has taken that in.
        settled = self.permit_ids.filtered(
            lambda task: task.actual_end and task.actual_end <= baseline.frozen_on
        )
        lights = {light for task, light in light_by_task.items() if task not in settled._ids}
        return "yellow" if lights & {"yellow", "red"} else "green"

    def _write_plan_rows(self, rows):
        if not rows:
            return
        tasks = self.env["project.task"].sudo()
        tasks.flush_model()
        names = list(COLUMNS)
        self.env.cr.execute(
            SQL(
                "UPDATE project_task task SET %s FROM (VALUES %s) AS plan (id, %s)"
                " WHERE task.id = plan.id::int4",
                SQL(", ").join(
                    SQL(
                        "%s = plan.%s::%s",
                        SQL.identifier(name),
                        SQL.identifier(name),
                        SQL.identifier(kind),
                    )
                    for name, kind in COLUMNS.items()
                ),
                SQL(", ").join(rows),
                SQL(", ").join(map(SQL.identifier, names)),
            )
        )
        changed = tasks.browse([row[0] for row in rows])
        changed.invalidate_recordset(names)
        changed.modified(names)

    # === Baselines === #

    def _do_freeze(self, reason):
        """Freeze the plan of today as a further baseline.

        :raise ValidationError: no reason is given
        """
        self._open()
        if not (reason or "").strip():
            raise ValidationError(
                self.env._("reason: a baseline is changed with a reason only; say why.")
            )
        self._transition(
            "baseline",
            event={"opinion": reason, "data": {"version": self.baseline_version + 1}},
        )
        self._freeze(reason)
        self._replan()
        return True

    def _freeze(self, reason, day=None):
        """Keep the plan as a baseline. A permit that has ended stays measured by the one it ended
        under: what was late does not become punctual by a new plan."""
        project = self.sudo()
        permits = project.permit_ids._get_planned()
        baseline = self.env["shenpi.project.baseline"].sudo().create(
            {
                "project_id": project.id,
                "version": project.baseline_ids[:1].version + 1,
                "frozen_on": day or local_date(fields.Datetime.now()),
                "frozen_by_id": self.env.uid,
                "reason": reason,
                "working_days_total": project.working_days_total,
                "critical_end": project.critical_end,
            }
        )  # fmt: skip
        self.env["shenpi.project.baseline.line"].sudo()._insert_all(
            [
                {
                    "baseline_id": baseline.id,
                    "task_id": task.id,
                    "days": task.days,
                    "date_start": task.plan_start,
                    "date_end": task.plan_end,
                    "latest_end": task.latest_end,
                    "is_critical": task.is_critical,
                }
                for task in permits
            ]
        )
        self.env.cr.execute(
            SQL(
                """UPDATE project_task SET baseline_start = plan_start, baseline_end = plan_end,
                          baseline_latest_end = latest_end, light = 'green'
                    WHERE id = ANY(%s) AND (baseline_end IS NULL OR actual_end IS NULL)""",
                permits.ids,
            )
        )
        permits.invalidate_recordset(
            ["baseline_start", "baseline_end", "baseline_latest_end", "light"]
        )
        project.invalidate_recordset(["baseline_ids"])
        project.light = "green"

    # === What if === #

    def _do_replan(self, changes, reason):
        """Save what has been tried: first days, durations, and ties that are lifted; what comes of
        it is frozen as a further baseline.

        :param changes: ``tools.plan.Changes``, keys are ids of tasks as text, first days counted
            from the start of the project
        :raise UserError: a permit that has begun is not planned any more
        """
        self._open()
        self._check_reason(reason)
        tried = self._plan(changes)
        by_key = {str(task.id): task for task in self.sudo().permit_ids}
        touched = {
            *changes.not_before,
            *changes.days,
            *(after for _before, after in changes.parallel),
        }
        begun = [by_key[key].name for key in touched if by_key[key].actual_start]
        if begun:
            raise UserError(
                self.env._("These have begun and are planned no more: %s.", "、".join(begun))
            )
        data = {
            "days": {by_key[key].name: days for key, days in changes.days.items()},
            "not_before": {
                by_key[key].name: tried.dates[tried.slots[key].start].isoformat()
                for key in changes.not_before
            },
            "parallel": [[by_key[b].name, by_key[a].name] for b, a in sorted(changes.parallel)],
            "working_days": [self.working_days_total, tried.total],
        }
        self._transition("replan", event={"opinion": reason, "data": data})
        calendar = self.env["shenpi.workday"]._get_calendar()
        for key, day in changes.not_before.items():
            by_key[key].not_before = calendar.add(self.planned_start, day)
        for key, days in changes.days.items():
            by_key[key].days = days
        for before, after in changes.parallel:
            by_key[after]._lift_tie(by_key[before])
        self._advance()
        self._replan()
        return self._do_freeze(reason)

    # === Cron === #

    @api.model
    def _cron_move_plans(self, batch=100):
        """Count again the plans that the passing of days has overtaken: a permit should have begun
        or ended by now and has not."""
        last_id = 0
        while True:
            projects = self.search(
                [
                    ("id", ">", last_id),
                    ("is_key_project", "=", True),
                    ("key_state", "in", LIVE),
                    ("permit_ids", "any", self._get_overtaken_domain()),
                ],
                order="id",
                limit=batch,
            )
            for project in projects:
                project._move_plan()
            last_id = projects[-1:].id
            time_left = self.env["ir.cron"]._commit_progress(len(projects), remaining=0)
            if len(projects) < batch or not time_left:
                break

    @api.model
    def _recount_plans(self, first_day):
        """Days of the calendar from ``first_day`` on have changed: count the plans that reach them
        again, by jobs."""
        if self.sudo().search_count(self._get_reaching_domain(first_day), limit=1):
            self.sudo().with_delay()._job_recount_plans(first_day, 0)

    def _job_recount_plans(self, first_day, last_id, batch=100):
        """Count the next plans behind ``last_id``, then hand the rest to the next job."""
        domain = self._get_reaching_domain(first_day) & fields.Domain("id", ">", last_id)
        projects = self.search(domain, order="id", limit=batch)
        for project in projects:
            project._move_plan()
        if len(projects) == batch:
            self.with_delay()._job_recount_plans(first_day, projects[-1].id)

    @api.model
    def _get_reaching_domain(self, day):
        """Projects under way with a permit that is not planned, or planned to ``day`` or later."""
        permits = fields.Domain("permit_state", "in", OPEN) & (
            fields.Domain("plan_end", "=", False) | fields.Domain("latest_end", ">=", day)
        )
        return (
            fields.Domain("is_key_project", "=", True)
            & fields.Domain("key_state", "in", LIVE)
            & fields.Domain("permit_ids", "any", permits)
        )

    def _move_plan(self):
        """Count the plan again. One that cannot be counted must not hold up what moves it: the
        navigator is told, once."""
        try:
            self._replan()
        except ValidationError as error:
            permit = self.sudo().permit_ids[:1]
            if str(error) not in permit.activity_ids.mapped("summary"):
                permit._call_navigator(str(error))

    @api.model
    def _get_overtaken_domain(self):
        today = local_date(fields.Datetime.now())
        planned, begun = (
            fields.Domain("plan_start", "<", today),
            fields.Domain("plan_end", "<", today),
        )
        waiting = fields.Domain("permit_state", "in", ("waiting", "ready", "prechecking", "failed"))
        running = fields.Domain("permit_state", "in", ("filed", "elsewhere"))
        return (waiting & planned) | (running & begun)
