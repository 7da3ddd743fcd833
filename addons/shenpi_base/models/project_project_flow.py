from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import flow
from ..tools.localtime import local_date
from .shenpi_application_flow import INTEGRATOR, MANAGER

NAVIGATOR = "shenpi_base.group_shenpi_navigator"
LEADS = (NAVIGATOR, MANAGER, INTEGRATOR)
TEAM = (NAVIGATOR, MANAGER)
LIVE = "preparing under_way"
ENDED = ("granted", "skipped")

TRANSITIONS = flow.table(
    flow.Transition(action, frozenset(sources.split()), target, frozenset(groups), guard)
    for action, sources, target, groups, guard in (
        ("open_project", "preparing", "preparing", LEADS, None),
        ("amend", f"{LIVE} open", None, TEAM, None),
        ("add_permit", f"{LIVE} open", None, TEAM, None),
        ("remove_permit", f"{LIVE} open", None, TEAM, None),
        ("replan", LIVE, None, TEAM, None),
        ("baseline", LIVE, None, TEAM, None),
        ("precheck", f"{LIVE} open", None, TEAM, None),
        ("start_permit", f"{LIVE} open", None, TEAM, None),
        ("reopen_permit", f"{LIVE} open", None, TEAM, None),
        ("verify_permit", f"{LIVE} open", None, TEAM, None),
        # By the system, when the first permit is filed, and when an application is decided.
        ("begin_work", "preparing", "under_way", TEAM, None),
        ("grant_permit", f"{LIVE} open", None, TEAM, None),
        ("fail_permit", f"{LIVE} open", None, TEAM, None),
        ("operate", LIVE, "open", TEAM, None),
        ("close", f"{LIVE} open", "closed", TEAM, "_guard_no_open_permits"),
        ("cancel", LIVE, "cancelled", (MANAGER,), None),
    )
)


class ProjectProject(models.Model):
    """The life of a key project, from the menu to the last permit."""

    _inherit = "project.project"

    _transitions = TRANSITIONS

    can_amend = fields.Boolean(compute="_compute_can")
    can_add_permit = fields.Boolean(compute="_compute_can")
    can_replan = fields.Boolean(compute="_compute_can")
    can_operate = fields.Boolean(compute="_compute_can")
    can_close = fields.Boolean(compute="_compute_can")
    can_cancel = fields.Boolean(compute="_compute_can")

    @api.depends_context("uid")
    @api.depends("key_state", "permit_ids.permit_state")
    def _compute_can(self):
        for project in self:
            allowed = project._get_allowed_actions() if project.is_key_project else set()
            project.can_amend = "amend" in allowed
            project.can_add_permit = "add_permit" in allowed
            project.can_replan = "replan" in allowed
            project.can_operate = "operate" in allowed
            project.can_close = "close" in allowed
            project.can_cancel = "cancel" in allowed

    def _check_state(self, row):
        if not self.is_key_project:
            raise UserError(self.env._("%s is not a key project.", self.display_name))
        return super()._check_state(row)

    def _guard_no_open_permits(self):
        left = self.sudo().permit_ids.filtered(lambda task: task.permit_state not in ENDED)
        if left:
            raise UserError(
                self.env._(
                    "%(project)s still has open permits: %(permits)s.",
                    project=self.name,
                    permits="、".join(left.mapped("name")),
                )
            )
        return self.env.user

    # === Opening === #

    @api.model
    def _do_open(self, vals, permits, at=None):
        """Open a key project with the permits it needs, its plan and its first baseline.

        :param dict vals: name, key_kind, planned_start; key_level?, company_id?, department_id?,
            user_id?, investment?, investment_code?, applicant_name?, applicant_id_number?,
            applicant_phone?, applicant_contact?, auto_file?
        :param list permits: of dicts, see ``shenpi.menu.line._prepare_permits``; one with
            ``granted``: (start, end), two dates, has been granted before
        :param datetime at: naive UTC, the past moment it was opened on paper; the first plan is the
            one of that day
        :raise ValidationError: naming the field that is wrong, or the permits that wait for each
            other
        :return: the project
        """
        if not permits:
            raise ValidationError(self.env._("items: choose one permit at least."))
        project = self._begin("open_project", self._prepare_open_vals(vals), at=at)
        project._create_permits(permits)
        for permit in permits:
            if permit.get("left_out"):
                event = {"opinion": permit["left_out"], "data": {"permit": permit["name"]}}
                project._transition("remove_permit", event=event)
        project._begin_work()
        project._advance()
        day = at and local_date(at)
        project._replan(day)
        project._freeze(None, day)
        if at:
            project._replan()
        return project

    @api.model
    def _prepare_open_vals(self, vals):
        company = self.env["res.company"].browse(vals.get("company_id") or self.env.company.id)
        department = self.env["shenpi.department"].browse(vals.get("department_id"))
        if not department:
            department = self._get_own_department(company)
        if department.company_id != company:
            raise ValidationError(self.env._("department: belongs to another bureau."))
        day = local_date(fields.Datetime.now())
        serial = self.env["shenpi.application.counter"]._reserve(
            "key project", day.replace(month=1, day=1)
        )
        raw = self.env["shenpi.application"]._prepare_personal_vals(
            {key: vals.get(key) for key in ("applicant_id_number", "applicant_phone")}
        )
        raw.pop("applicant_phone_end", None)
        own = {
            key: value
            for key, value in vals.items()
            if key not in ("applicant_id_number", "applicant_phone")
        }
        return {
            "user_id": self.env.uid,
            **own,
            **raw,
            "company_id": company.id,
            "department_id": department.id,
            "is_key_project": True,
            "key_code": f"ZD{day.year}{serial:04d}",
            "opened_by_id": self.env.uid,
            "privacy_visibility": "followers",
            "light": "none",
        }

    @api.model
    def _get_own_department(self, company):
        """The office of the user that leads what he opens: the first one he is a member of."""
        department = (
            self.env["shenpi.department"]
            .sudo()
            .search([("company_id", "=", company.id), ("user_ids", "in", self.env.uid)], limit=1)
        )
        if not department:
            raise ValidationError(
                self.env._("department: name one, you are not a member of any of this bureau.")
            )
        return department

    def _create_permits(self, permits):
        """Make a task of each permit, and the ties between them and with those that are there.

        :return: the new tasks, in the order of ``permits``
        """
        self.ensure_one()
        tasks = (
            self.env["project.task"]
            .sudo()
            .with_context(tracking_disable=True)
            .create([self._prepare_permit_vals(*pair) for pair in enumerate(permits, start=1)])
        )
        by_key = {str(task.id): task for task in self.sudo().permit_ids}
        by_key |= {permit["key"]: task for permit, task in zip(permits, tasks, strict=True)}
        tasks._insert_ties(
            [
                (relation, by_key[before].id, by_key[permit["key"]].id)
                for permit in permits
                for relation, name in (("all", "after_all"), ("any", "after_any"))
                for before in permit[name]
            ]
        )
        return tasks

    def _prepare_permit_vals(self, place, permit):
        start, end = permit.get("granted") or (False, False)
        state = "granted" if end else "skipped" if permit.get("left_out") else "waiting"
        closed = {"granted": "1_done", "skipped": "1_canceled"}
        return {
            "project_id": self.id,
            "company_id": self.company_id.id,
            "stage_id": False,
            "user_ids": False,
            "name": permit["name"],
            "sequence": place,
            "phase": permit["phase"],
            "item_id": permit["item_id"],
            "handled_elsewhere": not permit["item_id"],
            "elsewhere_body": permit["elsewhere_body"],
            "elsewhere_state": False if permit["item_id"] else "granted" if end else "not_filed",
            "days": permit["days"],
            "permit_state": state,
            "actual_start": start,
            "actual_end": end,
            "light": "none",
            "state": closed.get(state, "01_in_progress"),
        }

    # === The list of permits === #

    def _do_add_permits(self, permits, reason):
        """Add permits later on.

        :param list permits: as of :meth:`_do_open`; ties may name the permits of the project by the
            ids of their tasks, as text
        :raise ValidationError: no reason, or permits that wait for each other
        """
        self._open()
        self._check_reason(reason)
        if not permits:
            raise ValidationError(self.env._("items: choose one permit at least."))
        names = [permit["name"] for permit in permits]
        self._transition("add_permit", event={"opinion": reason, "data": {"permits": names}})
        self._create_permits(permits)
        self._advance()
        self._replan()
        return True

    def _do_remove_permit(self, task, reason):
        """Leave a permit out: the project does not need it. What waited for it waits no more.

        :raise UserError: it has been granted, or its application is under way
        """
        self._open()
        self._check_reason(reason)
        task = task.sudo()
        if task.permit_state not in ("waiting", "ready", "prechecking", "failed"):
            raise UserError(
                self.env._(
                    "%s is under way or has ended: withdraw its application first.", task.name
                )
            )
        followers = (task.dependent_ids & self.sudo().permit_ids).mapped("name")
        self._transition(
            "remove_permit",
            event={"opinion": reason, "data": {"permit": task.name, "followers": followers}},
        )
        task._drop_activities()
        task._drop_draft()
        task.write({"permit_state": "skipped", "state": "1_canceled"})
        self._advance()
        self._replan()
        return True

    # === The end === #

    def _do_amend(self, values, reason):
        """Change what is known of a project.

        :param dict values: name, user_id, department_id, key_kind, key_level, investment,
            investment_code, applicant_name, applicant_contact, auto_file
        """
        self._open()
        self._check_reason(reason)
        changed = {
            name: value
            for name, value in values.items()
            if self._fields[name].convert_to_write(self.sudo()[name], self) != value
        }
        if changed:
            data = {"fields": sorted(changed)}
            self._transition("amend", values=changed, event={"opinion": reason, "data": data})
        if changed.get("auto_file"):
            self._advance()
        return True

    def _do_operate(self, day):
        """The project has opened its doors or begun to produce.

        :param date day: not in the future
        """
        self._open()
        if day > local_date(fields.Datetime.now()):
            raise ValidationError(self.env._("date: %s lies in the future.", day))
        self._transition("operate", values={"opened_on": day})
        return True

    def _do_close(self):
        """Close a project that needs nothing more.

        :raise UserError: permits are open, naming them
        """
        self._open()
        self._transition("close")
        return True

    def _do_cancel(self, reason):
        """The project does not go on; applications under way stay, they are the investor's."""
        self._open()
        self._check_reason(reason)
        self._transition("cancel", event={"opinion": reason})
        self.sudo().permit_ids._drop_activities()
        return True

    def _check_reason(self, reason):
        if not (reason or "").strip():
            raise ValidationError(self.env._("reason: say why."))
