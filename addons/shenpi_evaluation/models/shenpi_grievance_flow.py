from datetime import date

from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.shenpi_base.models.shenpi_application_flow import CLERK, INTEGRATOR, MANAGER
from odoo.addons.shenpi_base.tools import flow
from odoo.addons.shenpi_base.tools.localtime import local_date
from odoo.addons.shenpi_base.tools.workdays import CalendarRangeError

from ..tools import tiers
from ..tools.roles import DESK, EVALUATION_MANAGER, OFFICER
from .shenpi_grievance import OPEN_STATES

STAFF = "shenpi_base.group_shenpi_user"
LEADERS = (EVALUATION_MANAGER, MANAGER)
INTAKE = (CLERK, OFFICER, EVALUATION_MANAGER, INTEGRATOR, MANAGER)
DISPATCH = (*DESK, INTEGRATOR, MANAGER)
UNIT = (STAFF,)

OPEN = " ".join(OPEN_STATES)
BEFORE_REPLY = "received dispatched answered"

TRANSITIONS = flow.table(
    flow.Transition(action, frozenset(sources.split()), target, frozenset(groups), guard)
    for action, sources, target, groups, guard in (
        ("receive", "draft", "received", INTAKE, "_guard_own_draft"),
        ("not_accept", "received", "not_accepted", (*DESK, MANAGER), "_guard_impartial"),
        ("dispatch", "received escalated hard", "dispatched", DISPATCH, "_guard_dispatch"),
        ("take", "dispatched", None, UNIT, "_guard_lead"),
        ("return", "dispatched", "received", UNIT, "_guard_return"),
        ("contribute", "dispatched", None, UNIT, "_guard_helper"),
        ("ask_extension", "dispatched", None, UNIT, "_guard_asking"),
        ("extend", "dispatched", None, UNIT, "_guard_extension"),
        ("refuse_extension", "dispatched", None, UNIT, "_guard_extension_asked"),
        ("answer", "received dispatched", "answered", UNIT, "_guard_answer"),
        ("send_back", "answered", None, (*DESK, MANAGER), "_guard_reviewer"),
        ("approve_reply", "answered", "replied", (*DESK, MANAGER), "_guard_reviewer"),
        ("visit", "replied", None, (*DESK, INTEGRATOR), "_guard_caller"),
        ("miss", "replied", None, (*DESK, INTEGRATOR), "_guard_caller"),
        ("plan", "escalated hard", "hard", LEADERS, "_guard_impartial"),
        ("close", "replied visited escalated hard", "closed", DISPATCH, "_guard_close"),
        ("merge", BEFORE_REPLY, "merged", DESK, "_guard_impartial"),
        ("withdraw", OPEN, "withdrawn", (*DESK, CLERK, INTEGRATOR, MANAGER), "_guard_withdrawal"),
    )
)
# What stands for a deadline in each state: a setting of the bureau.
SETTINGS = {
    "received": "shenpi_grievance_dispatch_days",
    "answered": "shenpi_grievance_review_days",
    "replied": "shenpi_grievance_visit_days",
    "visited": "shenpi_grievance_review_days",
    "escalated": "shenpi_grievance_dispatch_days",
}


class ShenpiGrievance(models.Model):
    """The life of a grievance: the transition table above, its guards, and what is written with
    every transition. The workers that apply it are in ``shenpi_grievance_unit.py``,
    ``shenpi_grievance_desk.py`` and ``shenpi_grievance_follow_up.py``."""

    _inherit = "shenpi.grievance"

    _transitions = TRANSITIONS

    # === Guards: raise, or answer the person on whose behalf the user acts === #

    def _guard_impartial(self):
        """Whoever is complained of, or works in a unit complained of, has no part in it (济南市
        12345 条例 §32)."""
        if self._is_about_user():
            raise AccessError(
                self.env._("%s: those complained of do not handle it.", self.number or self.title)
            )
        return self.env.user

    def _guard_own_draft(self):
        if self.filed_by_id != self.env.user:
            raise AccessError(self.env._("A draft is taken in by the person who wrote it."))
        return self._guard_impartial()

    def _guard_dispatch(self):
        """What has been put before the leaders is dispatched by them."""
        return self._guard_leader() if self.state != "received" else self._guard_impartial()

    def _guard_leader(self):
        if not self._has_one_of(LEADERS):
            raise AccessError(self.env._("%s: the leaders decide.", self.display_name))
        return self._guard_impartial()

    def _guard_lead(self):
        return self._guard_unit(self.department_id)

    def _guard_helper(self):
        parts = self.sudo().dispatch_ids.filtered(
            lambda part: part.role == "helper" and part.state == "open"
        )
        for unit in parts.department_id:
            principal = self._get_principal(unit)
            if principal:
                self._guard_impartial()
                return principal
        raise AccessError(self.env._("%s: your unit is not asked to help.", self.display_name))

    def _guard_return(self):
        """Once, and not by the unit that was named after a return (潍坊市 12345 条例 §22)."""
        principal = self._guard_lead()
        if self.returned or self.reopened_count:
            raise UserError(
                self.env._(
                    "%s has been dispatched anew: the unit that it was given to keeps it.",
                    self.display_name,
                )
            )
        return principal

    def _guard_asking(self):
        principal = self._guard_lead()
        if self.extension_state:
            raise UserError(self.env._("%s: more days are asked for once only.", self.display_name))
        return principal

    def _guard_extension(self):
        """The head of the unit, an officer or a leader, not the person who asked; once."""
        if self.extension_state in ("granted", "refused"):
            raise UserError(self.env._("%s: more days are granted once only.", self.display_name))
        if self.extension_asked_by_id == self.env.user:
            raise AccessError(self.env._("Nobody grants the days that he has asked for."))
        self._guard_impartial()
        head = self.sudo().department_id.manager_id
        if self._has_one_of(DISPATCH) or head == self.env.user:
            return self.env.user
        deputies = self.env["shenpi.deputy"]
        unit = self.sudo().department_id
        if head & deputies._principals_of(self.env.user, self._get_today(), unit):
            return head
        raise AccessError(
            self.env._("More days are granted by the head of the unit or the evaluation desk.")
        )

    def _guard_extension_asked(self):
        if self.extension_state != "asked":
            raise UserError(self.env._("%s: nobody has asked for more days.", self.display_name))
        return self._guard_extension()

    def _guard_answer(self):
        """The desk answers what it has not dispatched, else the unit that leads."""
        if self.state == "dispatched":
            return self._guard_lead()
        if not self._has_one_of(DESK):
            raise AccessError(
                self.env._("%s: the evaluation desk answers or dispatches.", self.display_name)
            )
        return self._guard_impartial()

    def _guard_reviewer(self):
        if self.answered_by_id == self.env.user:
            raise AccessError(self.env._("Nobody reviews his own reply."))
        return self._guard_impartial()

    def _guard_caller(self):
        if self.answered_by_id == self.env.user:
            raise AccessError(self.env._("Nobody calls back about his own reply."))
        return self._guard_impartial()

    def _guard_close(self):
        if self.state in ("escalated", "hard"):
            return self._guard_leader()
        if self.state == "replied" and not self._is_out_of_reach():
            raise UserError(self.env._("%s: call back before it is closed.", self.display_name))
        return self._guard_impartial()

    def _guard_withdrawal(self):
        if not self._has_one_of((*DESK, MANAGER)) and self.filed_by_id != self.env.user:
            raise AccessError(
                self.env._("A grievance is withdrawn where it was taken in, or at the desk.")
            )
        return self._guard_impartial()

    def _guard_unit(self, unit):
        principal = self._get_principal(unit)
        if not principal:
            raise AccessError(
                self.env._(
                    "%(grievance)s is handled by %(unit)s.",
                    grievance=self.display_name,
                    unit=unit.sudo().name or self.env._("the evaluation desk"),
                )
            )
        self._guard_impartial()
        return principal

    def _get_principal(self, unit):
        """On whose behalf the user acts for a unit; empty when he does not. An integrator who sees
        the unit's cases passes on what its own system says."""
        user, departments = self.env.user, self.env["shenpi.department"]
        if not unit:
            return user.browse()
        if unit.id in departments._get_staffed_ids(user):
            return user
        if self._has_one_of((INTEGRATOR,)) and unit.id in departments._get_visible_ids():
            return user
        deputies = self.env["shenpi.deputy"]
        people = unit.sudo().user_ids | unit.sudo().manager_id
        return (deputies._principals_of(user, self._get_today(), unit) & people)[:1]

    def _has_one_of(self, groups):
        return any(self.env.user.has_group(group) for group in groups)

    def _is_out_of_reach(self):
        """Whether there is nobody to call, or he was called in vain often enough."""
        grievance = self.sudo()
        most = grievance.company_id.shenpi_grievance_attempts
        return not grievance.complainant_phone_raw or grievance.missed_count >= most

    # === Values === #

    @api.model
    def _prepare_begin_vals(self, row, moment, vals):
        company = self.env["res.company"].browse(vals["company_id"])
        return self._prepare_receipt(company, moment)

    def _prepare_transition_vals(self, row, moment, **details):
        """The deadline of whoever has it next; none when nobody has."""
        if row.action == "receive":
            return self._prepare_receipt(self.company_id, moment)
        state = details.get("state_to") or row.target
        if state is None:
            return {}
        vals = {}
        if state in SETTINGS:
            vals |= self._prepare_deadline(moment, self.sudo().company_id[SETTINGS[state]])
        elif state not in ("dispatched", "hard"):
            vals |= {"warn_date": False, "alarm_date": False}
        if self.state == "received" and not self.dispatched_at:
            vals["responded_late"] = self._is_past_due(moment)
        if state in ("closed", "not_accepted", "merged", "withdrawn"):
            vals["closed_at"] = moment
        return vals

    @api.model
    def _prepare_receipt(self, company, moment):
        """Number, moment and the day by which it is to be dispatched."""
        days = company.sudo().shenpi_grievance_dispatch_days
        return {
            "number": self._reserve_number(company, moment),
            "received_at": moment,
            **self._prepare_deadline(moment, days),
        }

    @api.model
    def _prepare_deadline(self, moment, days):
        """The deadline of who gets it at a naive UTC moment, with its lights."""
        return self._prepare_lights(tiers.deadline, local_date(moment), days)

    @api.model
    def _prepare_lights(self, count, *arguments):
        """Due date and lights as a function of ``tools/tiers.py`` counts them.

        :raise ValidationError: they lie beyond the working days that have been entered
        """
        workdays = self.env["shenpi.workday"]
        try:
            deadline = count(workdays._get_calendar(), *arguments)
        except CalendarRangeError as error:
            raise ValidationError(workdays._range_message("day", error)) from error
        return {
            "due_date": deadline.due,
            "warn_date": deadline.warn,
            "alarm_date": deadline.alarm,
        }

    def _is_past_due(self, moment):
        return bool(self.due_date and local_date(moment) > self.due_date)

    @api.model
    def _reserve_number(self, company, moment):
        """A serial per bureau and year: SQ2026-00017."""
        year = local_date(moment).year
        counter = self.env["shenpi.application.counter"]
        serial = counter._reserve(f"grievance/{company.id}", date(year, 1, 1))
        return f"SQ{year}-{serial:05d}"
