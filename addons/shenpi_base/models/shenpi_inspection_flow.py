from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_datetime, format_list

from ..tools import flow
from ..tools.localtime import SHANGHAI, local_date
from .shenpi_application_flow import DECIDER, MANAGER, REVIEWER
from .shenpi_inspection import INSPECTOR, PENDING

STAFF = "shenpi_base.group_shenpi_user"

ORDER = (REVIEWER, DECIDER, MANAGER)
SCHEDULE = (REVIEWER, DECIDER, INSPECTOR, MANAGER)
INSPECT = (INSPECTOR,)

# On site and by video people look; the other modes are read from papers.
ATTENDED = ("on_site", "video")

# An inspection begins with one of the three orders: its own, or what follows from the flow of its
# case, whoever moved that on.
TRANSITIONS = flow.table(
    flow.Transition(action, frozenset(sources), target, frozenset(groups), guard)
    for action, sources, target, groups, guard in (
        ("order_inspection", ("",), "ordered", ORDER, None),
        ("order_by_item", ("",), "ordered", (STAFF,), None),
        ("order_again", ("",), "ordered", INSPECT, None),
        ("schedule", ("ordered",), "scheduled", SCHEDULE, None),
        ("reschedule", ("scheduled",), "scheduled", SCHEDULE, None),
        ("start_inspection", ("scheduled",), "underway", INSPECT, "_guard_start"),
        ("pass_inspection", ("underway",), "passed", INSPECT, "_guard_pass"),
        ("rectify", ("underway",), "rectify", INSPECT, "_guard_inspector"),
        ("fail_inspection", ("underway",), "failed", INSPECT, "_guard_inspector"),
        ("cancel_inspection", PENDING, "cancelled", ORDER, None),
        ("lapse", PENDING, "cancelled", (STAFF,), None),
        # A common inspection: cases of a bundle come and go.
        ("join_inspection", ("ordered", "scheduled"), None, (STAFF,), None),
        ("leave_inspection", PENDING, None, (STAFF,), None),
    )
)
RESULTS = {"pass": "pass_inspection", "rectify": "rectify", "fail": "fail_inspection"}


class ShenpiInspection(models.Model):
    """The inspection's life: the transition table above and the workers that apply it."""

    _inherit = "shenpi.inspection"

    _transitions = TRANSITIONS

    # === Guards: raise, or answer the person on whose behalf the user acts === #

    def _guard_inspector(self):
        if self.env.user not in self.inspector_ids:
            raise AccessError(
                self.env._("%s is inspected by those who are named on it.", self.display_name)
            )
        return self.env.user

    def _guard_start(self):
        user = self._guard_inspector()
        self._check_inspector_count()
        return user

    def _guard_pass(self):
        user = self._guard_inspector()
        self._check_inspector_count()
        problems = self.sudo().line_ids._get_problems()
        if problems:
            raise UserError(
                self.env._(
                    "%(document)s cannot pass yet:\n%(problems)s",
                    document=self.display_name,
                    problems="\n".join(problems),
                )
            )
        return user

    def _check_inspector_count(self):
        named = len(self.inspector_ids)
        if named < self.inspectors_needed:
            raise UserError(
                self.env._(
                    "inspectors: %(needed)s are needed (art. 34), %(named)s are named.",
                    needed=self.inspectors_needed,
                    named=named,
                )
            )

    # === Order === #

    @api.model
    def _do_order(self, action, application, at=None, **values):
        """Order an inspection of a case.

        :param str action: the row of the table: by hand, from the item, or looking again
        :param values: mode, note, and for a further round previous_id, due_date, line_ids
        """
        moment = at or fields.Datetime.now()
        item = application.sudo().item_id
        mode = values.get("mode") or item.inspection_mode
        workdays = self.env["shenpi.workday"]
        return self._begin(
            action,
            {
                "application_id": application.id,
                "item_id": item.id,
                "department_id": application.department_id.id,
                "company_id": application.company_id.id,
                "number": self._get_number(local_date(moment)),
                "ordered_at": moment,
                "ordered_by_id": self.env.uid,
                "due_date": values.get("due_date")
                or workdays._get_due("due_date", local_date(moment), item.inspection_days),
                "line_ids": self.env["shenpi.inspection.line"]._prepare_from_item(item),
                **values,
                "mode": mode,
                "inspectors_needed": self._get_needed(item, mode),
            },
            at=at,
        )

    @api.model
    def _get_number(self, day):
        serial = self.env["shenpi.application.counter"]._reserve("inspection", day)
        return f"KY{day:%Y%m%d}{serial:04d}"

    @api.model
    def _get_needed(self, item, mode):
        return item.inspector_count if mode in ATTENDED else 1

    def _count_needed(self, mode):
        """How many inspectors this inspection needs in a mode."""
        return self._get_needed(self.sudo().item_id, mode)

    # === Appointment === #

    def _do_schedule(self, vals, reason="", at=None):
        """Make the appointment, or move it.

        :param dict vals: date_start, date_stop (naive UTC), inspectors (``res.users``), place, mode
        :param str reason: why it is moved; needed once there is an appointment
        """
        self._open()
        moved = self.state == "scheduled"
        if moved and not (reason or "").strip():
            raise ValidationError(self.env._("reason: say why the inspection is moved."))
        vals = self._prepare_appointment_vals(vals, at or fields.Datetime.now())
        if moved:
            vals["reschedule_count"] = self.reschedule_count + 1
        self._transition(
            "reschedule" if moved else "schedule",
            at=at,
            values=vals,
            event={"opinion": reason, "data": self._get_appointment(vals)},
        )
        self._plan_activities()
        return True

    def _prepare_appointment_vals(self, vals, moment):
        start, stop, people = vals.get("date_start"), vals.get("date_stop"), vals.get("inspectors")
        mode, place = vals.get("mode") or self.mode, (vals.get("place") or "").strip()
        if not start or not stop:
            raise ValidationError(self.env._("from, to: say when the inspection takes place."))
        if stop <= start:
            raise ValidationError(self.env._("to: the inspection ends before it begins."))
        if start < moment:
            raise ValidationError(self.env._("from: the time lies in the past."))
        if not people:
            raise ValidationError(self.env._("inspectors: name at least one."))
        if mode == "on_site" and not place:
            raise ValidationError(self.env._("place: say where the inspectors have to go."))
        return {
            "date_start": start,
            "date_stop": stop,
            "inspector_ids": [fields.Command.set(people.ids)],
            "place": place,
            "mode": mode,
            "inspectors_needed": self._count_needed(mode),
        }

    def _get_appointment(self, vals):
        """The appointment as the event keeps it, the old one beside it when it is moved."""
        (command,) = vals["inspector_ids"]
        now = {
            "from": vals["date_start"].isoformat(),
            "to": vals["date_stop"].isoformat(),
            "place": vals["place"],
            "mode": vals["mode"],
            "inspectors": command[2],
        }
        if self.state != "scheduled":
            return now
        return now | {
            "before": {
                "from": self.date_start.isoformat(),
                "to": self.date_stop.isoformat(),
                "inspectors": self.inspector_ids.ids,
            }
        }

    # === The inspection itself === #

    def _do_start(self, at=None):
        """It takes place: as many inspectors as the item asks for are named."""
        self._open()
        self._transition(
            "start_inspection", at=at, values={"started_at": at or fields.Datetime.now()}
        )
        return True

    def _do_conclude(self, result, opinion="", rectify_date=None, at=None):
        """State the result; with it the checklist and its photos are sealed in the event.

        :param str result: pass, rectify or fail
        :param str opinion: what was found; needed unless it passes
        :param date rectify_date: by when the applicant puts right what was found
        """
        self._open()
        return self._conclude(result, opinion, rectify_date, at=at)

    def _conclude(self, result, opinion, rectify_date, at=None):
        if result not in RESULTS:
            raise ValidationError(self.env._("result: must be pass, rectify or fail."))
        if result != "pass" and not (opinion or "").strip():
            raise ValidationError(self.env._("findings: say what was found."))
        moment = at or fields.Datetime.now()
        if result != "rectify":
            rectify_date = None
        elif not rectify_date or rectify_date < local_date(moment):
            raise ValidationError(self.env._("rectify by: name a day from today on."))
        lines = self.sudo().line_ids
        self._transition(
            RESULTS[result],
            at=at,
            values={
                "concluded_at": moment,
                "opinion": opinion,
                "rectify_date": rectify_date,
                **self._prepare_figures(result, moment),
            },
            event={"opinion": opinion, "data": self._get_sealed_data(lines)},
        )
        self._drop_activities()
        if result == "rectify":
            self._order_again(lines, at)
        return True

    def _get_sealed_data(self, lines):
        return {"lines": lines._get_sealed()}

    def _prepare_figures(self, result, moment):
        calendar = self.env["shenpi.workday"]._get_calendar()
        days = calendar.count(local_date(self.ordered_at), local_date(moment))
        figures = {"days_taken": days}
        if self.round == 1:
            figures["first_pass_rate"] = 100.0 if result == "pass" else 0.0
        return figures

    def _order_again(self, lines, at, application=None):
        """Look again at what did not pass, after the day by which it is to be put right."""
        # The index that allows one pending inspection looks at the row of this one.
        self.flush_recordset(["state"])
        return self._do_order(
            "order_again",
            application or self.application_id,
            at=at,
            line_ids=(lines._get_open() or lines)._prepare_again(),
            **self._prepare_again_vals(),
        )

    def _prepare_again_vals(self):
        days = self.sudo().item_id.inspection_days
        return {
            "previous_id": self.id,
            "round": self.round + 1,
            "mode": self.mode,
            "place": self.place,
            "note": self.opinion,
            "due_date": self.env["shenpi.workday"]._get_due("rectify by", self.rectify_date, days),
        }

    # === End without a result === #

    def _do_cancel(self, reason, at=None):
        """Call the inspection off; a case whose item asks for one still waits for another."""
        self._open()
        if not (reason or "").strip():
            raise ValidationError(self.env._("reason: say why the inspection is cancelled."))
        return self._do_end("cancel_inspection", reason, at)

    def _do_lapse(self, reason, at=None):
        """The case has ended: there is nothing left to inspect."""
        return self._do_end("lapse", reason, at)

    def _do_end(self, action, reason, at):
        self._transition(action, at=at, event={"opinion": reason})
        self._drop_activities()
        return True

    # === Activities === #

    def _plan_activities(self):
        """One activity for each inspector, on the day of the appointment, in his language."""
        self._drop_activities()
        for person in self.inspector_ids:
            inspection = self.with_context(lang=person.lang, mail_activity_quick_update=True)
            inspection.sudo().activity_schedule(
                "shenpi_base.mail_activity_inspection",
                date_deadline=local_date(self.date_start),
                user_id=person.id,
                summary=inspection._describe_appointment(),
            )

    def _describe_appointment(self):
        modes = dict(self._fields["mode"]._description_selection(self.env))
        others = self.sudo().inspector_ids.mapped("name")
        return self.env._(
            "%(mode)s, %(time)s, %(place)s; inspectors: %(people)s",
            mode=modes[self.mode],
            time=format_datetime(self.env, self.date_start, tz=SHANGHAI.key),
            place=self.place or "-",
            people=format_list(self.env, others),
        )

    def _drop_activities(self):
        self.sudo().activity_unlink(["shenpi_base.mail_activity_inspection"])
