from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.localtime import local_date
from .shenpi_bundle_case_line import FAILED_STATES

PERMIT_ACTIVITY = "shenpi_base.mail_activity_permit"
DEAD_PROJECT = ("closed", "cancelled")
# What the state at another body means for the permit.
ELSEWHERE = {"filed": "elsewhere", "granted": "granted", "refused": "failed"}


class ProjectTask(models.Model):
    """What becomes of a permit: its application is prepared, filed, followed, filed again."""

    _inherit = "project.task"

    # === Actions === #

    def action_precheck(self):
        """Early entry 提前介入: prepare the application before its turn, and open it."""
        self.ensure_one()
        self._do_precheck()
        return self.action_open_application()

    def action_file(self):
        """File the application; one that is not complete is prepared and opened."""
        self.ensure_one()
        self._do_file()
        return self.action_open_application()

    def action_refile(self):
        """Prepare the application anew from the one that was not granted, and open it."""
        self.ensure_one()
        self._do_refile()
        return self.action_open_application()

    def action_open_application(self):
        """The application of this permit."""
        self.ensure_one()
        if not self.application_id:
            raise UserError(self.env._("%s has no application.", self.name))
        return {
            "type": "ir.actions.act_window",
            "res_model": "shenpi.application",
            "res_id": self.application_id.id,
            "views": [(False, "form")],
        }

    def action_open_verify(self):
        """Note what the other body has done."""
        return self._open_permit_wizard("verify", self.env._("State elsewhere"))

    def action_open_remove(self):
        """Leave the permit out."""
        return self._open_permit_wizard("remove", self.env._("Leave out"))

    def _open_permit_wizard(self, operation, title):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "shenpi.project.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_project_id": self.project_id.id,
                "default_task_id": self.id,
                "default_operation": operation,
            },
        }

    # === Applications === #

    def _do_precheck(self):
        """Write the application before the permit's turn, so that its materials are prepared and
        what is missing is known."""
        project = self._open_project()
        self._check_permit_state("waiting")
        project._transition("precheck", event={"data": {"permit": self.name}})
        self._write_application(self.sudo()._prepare_application_vals())
        self.sudo().permit_state = "prechecking"
        return True

    def _do_file(self, at=None):
        """File the application of a permit whose turn has come; while required materials are
        missing it stays a draft.

        :param datetime at: naive UTC, the past moment of a filing on paper
        :return: whether it has been filed
        """
        project = self._open_project()
        self._check_permit_state("ready")
        task = self.sudo()
        if not task.application_id:
            project._check_actor(project._transitions["start_permit"])
            self._write_application(task._prepare_application_vals())
        if task.application_id._get_missing():
            return False
        project._transition("start_permit", event={"data": {"permit": task.name}})
        # As with the parts of a bundle the system receives it, at the desk of the item's office.
        task.application_id.with_user(SUPERUSER_ID)._do_receive(at=at)
        return True

    def _do_refile(self):
        """Write the application anew from the one that was not granted, its papers included."""
        project = self._open_project()
        self._check_permit_state("failed")
        if self.handled_elsewhere:
            raise UserError(self.env._("%s is handled elsewhere.", self.name))
        task = self.sudo()
        project._transition("reopen_permit", event={"data": {"permit": task.name}})
        vals = task.application_id._prepare_refile_vals()
        self._write_application(vals | {"project_name": project.name})
        task.write({"permit_state": "waiting", "actual_start": False, "actual_end": False})
        project._advance()
        project._replan()
        return True

    def _do_verify(self, state, day):
        """Note what the body in charge has done with a permit that is handled elsewhere.

        :param str state: not_filed, filed, granted or refused; :param date day: when it happened
        :raise ValidationError: the day lies in the future or before the day it was filed
        """
        project = self._open_project()
        task, today = self.sudo(), local_date(fields.Datetime.now())
        if not task.handled_elsewhere or task.permit_state in ("granted", "skipped"):
            raise UserError(self.env._("%s is not waiting for another body.", task.name))
        if day > today:
            raise ValidationError(self.env._("date: %s lies in the future.", day))
        started = task.actual_start if state in ("granted", "refused") else False
        if started and day < started:
            raise ValidationError(
                self.env._(
                    "date: %(day)s lies before it was filed on %(start)s.", day=day, start=started
                )
            )
        data = {"permit": task.name, "state": state, "date": day.isoformat()}
        project._transition("verify_permit", event={"data": data})
        task.write(
            {
                "elsewhere_state": state,
                "last_verified_on": today,
                "last_verified_by_id": self.env.uid,
                "permit_state": ELSEWHERE.get(state, "waiting"),
                "actual_start": state != "not_filed" and (started or day),
                "actual_end": state == "granted" and day,
                "state": "1_done" if state == "granted" else "01_in_progress",
            }
        )
        if state in ("granted", "filed"):
            task._drop_activities()
        project._begin_work()
        project._advance()
        project._replan()
        return True

    def _open_project(self):
        """The project of one permit that the user sees."""
        self.ensure_one()
        self.check_access("read")
        if not self.key_project or self.is_key_to_do:
            raise UserError(self.env._("%s is not a permit of a key project.", self.name))
        return self.project_id

    def _check_permit_state(self, state):
        if self.permit_state == state:
            return
        labels = dict(self._fields["permit_state"]._description_selection(self.env))
        raise UserError(
            self.env._(
                "%(permit)s is in state “%(state)s”, it must be in “%(needed)s”.",
                permit=self.name,
                state=labels[self.permit_state],
                needed=labels[state],
            )
        )

    def _prepare_application_vals(self):
        """What the project knows, for a draft of the version that is in force now."""
        project, applications = self.project_id, self.env["shenpi.application"]
        if not self.item_id:
            raise UserError(self.env._("%s is handled elsewhere.", self.name))
        if not project.applicant_name:
            raise ValidationError(
                self.env._("applicant.name: enter the investor of %s first.", project.name)
            )
        code = self.item_id.code
        item = applications._check_item_code(code, applications._get_items({code}))
        phone = project.applicant_phone_raw
        return {
            "item_id": item.id,
            "company_id": item.company_id.id,
            "department_id": item.department_id.id,
            "channel": "window",
            "applicant_kind": "organisation",
            "applicant_name": project.applicant_name,
            "applicant_id_type": "uscc",
            "applicant_id_number_raw": project.applicant_id_number_raw,
            "applicant_phone_raw": phone,
            "applicant_phone_end": phone and phone[-4:],
            "agent_name": project.applicant_contact,
            "project_name": project.name,
            "investment_code": project.investment_code,
        }

    def _write_application(self, vals):
        """A draft of the permit's application, in the hands of the user."""
        applications = self.env["shenpi.application"].sudo().with_company(self.sudo().company_id)
        vals = dict(vals, permit_id=self.id, filed_by_id=self.env.uid)
        self.sudo().application_id = applications.create(vals)

    def _is_complete(self):
        """Hook: whether the application can be filed by itself, nothing is missing from it."""
        return bool(self.application_id) and not self.application_id._get_missing()

    def _drop_draft(self):
        draft = self.application_id
        if draft.state == "draft":
            self.application_id = False
            draft.permit_id = False
            draft.unlink()

    # === Following === #

    def _follow(self):
        """The application has moved: note what that means for the permit, and go on."""
        for task in self.with_user(SUPERUSER_ID):
            before, values = task.permit_state, task._prepare_outcome_vals()
            project = task.project_id
            if values["permit_state"] != before:
                task._note_outcome(values)
            if project.key_state not in DEAD_PROJECT:
                project._begin_work()
                project._advance()
            project._move_plan()

    def _prepare_outcome_vals(self):
        application = self.application_id
        start = application.received_at and local_date(application.received_at)
        if (
            application.state in FAILED_STATES
            or application.outcome == "deny"
            or application.revoked_at
        ):
            return {"permit_state": "failed", "actual_start": False, "actual_end": False,
                    "state": "02_changes_requested"}  # fmt: skip
        if application.state in ("granted", "closed"):
            return {
                "permit_state": "granted",
                "actual_start": start,
                "actual_end": local_date(application.decided_at),
                "state": "1_done",
            }
        if application.state == "draft":
            return {"permit_state": self.permit_state}
        return {"permit_state": "filed", "actual_start": start, "state": "01_in_progress"}

    def _note_outcome(self, values):
        actions = {"granted": "grant_permit", "failed": "fail_permit"}
        action = actions.get(values["permit_state"])
        if action and self.project_id.key_state not in DEAD_PROJECT:
            number = self.application_id.number
            self.project_id._transition(
                action, event={"data": {"permit": self.name, "application": number}}
            )
        self.write(values)
        self._drop_activities()
        if values["permit_state"] == "failed":
            self._call_navigator(self.env._("Not granted, to be filed again: %s", self.name))

    # === Activities === #

    def _call_navigator(self, summary):
        """One activity for the navigator of the project, in his language."""
        navigator = self.project_id.user_id
        if navigator:
            self.with_context(
                lang=navigator.lang, mail_activity_quick_update=True
            ).activity_schedule(
                PERMIT_ACTIVITY,
                date_deadline=local_date(fields.Datetime.now()),
                user_id=navigator.id,
                summary=summary,
            )

    def _drop_activities(self):
        self.sudo().activity_unlink([PERMIT_ACTIVITY])


class ProjectProject(models.Model):
    _inherit = "project.project"

    def _begin_work(self):
        """The first permit has been filed."""
        if self.key_state == "preparing" and self.sudo().permit_ids.filtered("actual_start"):
            self.with_user(SUPERUSER_ID)._transition("begin_work")

    def _advance(self):
        """Give their turn to the permits that wait for nothing any more; tell the navigator, or
        file what is complete where the project wants it so."""
        system = self.with_user(SUPERUSER_ID)
        if system.key_state in DEAD_PROJECT:
            return
        waiting = system.permit_ids.filtered(
            lambda task: task.permit_state in ("waiting", "prechecking") and task._is_ready()
        )
        waiting.write({"permit_state": "ready"})
        for task in waiting:
            if system.auto_file and task._is_complete():
                task._do_file()
            else:
                navigator = system.user_id
                speaking = task.with_context(lang=navigator.lang)
                speaking._call_navigator(speaking.env._("Can be filed now: %s", task.name))
