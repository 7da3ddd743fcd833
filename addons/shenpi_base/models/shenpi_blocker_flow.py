from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..tools import flow
from ..tools.localtime import local_date
from .shenpi_application_flow import MANAGER, SUPERVISOR

STAFF = "shenpi_base.group_shenpi_user"
NAVIGATOR = "shenpi_base.group_shenpi_navigator"
LEADS = (SUPERVISOR, MANAGER)
CHECKERS = (NAVIGATOR, *LEADS)

TRANSITIONS = flow.table(
    flow.Transition(action, frozenset(sources.split()), target, frozenset(groups), guard)
    for action, sources, target, groups, guard in (
        ("raise", "draft", "raised", (STAFF,), None),
        ("reassign", "raised", None, LEADS, None),
        ("postpone", "raised", None, LEADS, "_guard_not_owner"),
        ("answer", "raised", "answered", (STAFF,), "_guard_owner"),
        ("send_back", "answered", "raised", CHECKERS, "_guard_checker"),
        ("strike_off", "answered", "struck_off", CHECKERS, "_guard_checker"),
        ("reopen", "struck_off", "raised", CHECKERS, None),
        ("drop", "raised answered", "dropped", LEADS, None),
    )
)


class ShenpiBlocker(models.Model):
    """The life of a blocker: the transition table above and the workers that apply it."""

    _inherit = "shenpi.blocker"

    _transitions = TRANSITIONS

    # === Guards: raise, or answer the person on whose behalf the user acts === #

    def _guard_owner(self):
        """The owner, who stands in for him, or a captain of the team."""
        blocker, user = self.sudo(), self.env.user
        owners = blocker.user_id | blocker.project_id._get_team("captain")
        if user in owners:
            return user
        deputies = self.env["shenpi.deputy"]
        principals = deputies._principals_of(user, self._get_today(), blocker.department_id)
        if principals & owners:
            return (principals & owners)[0]
        raise AccessError(
            self.env._(
                "%(blocker)s is answered for by %(owner)s.",
                blocker=self.display_name,
                owner=blocker.user_id.name,
            )
        )

    def _guard_checker(self):
        if self.env.user in (self.sudo().user_id, self.answered_by_id):
            raise AccessError(self.env._("Nobody strikes off what he is to clear himself."))
        return self.env.user

    def _guard_not_owner(self):
        if self.env.user == self.sudo().user_id:
            raise AccessError(self.env._("Nobody grants himself more time."))
        return self.env.user

    # === Values === #

    def _prepare_transition_vals(self, row, moment, **details):
        """Who and when; a running deadline while the owner has to act, none otherwise."""
        vals = self._prepare_deadline(moment, details["days"]) if details.get("days") else {}
        if row.target and row.target != "raised":
            vals |= {"warn_date": False, "alarm_date": False}
        stamps = {"raise": "raised", "answer": "answered", "strike_off": "struck_off"}
        if row.action in stamps:
            name = stamps[row.action]
            vals |= {f"{name}_at": moment, f"{name}_by_id": self.env.uid}
        return vals

    # === Workers === #

    def _do_raise(self, at=None):
        """Put the blocker on the ledger; the owner's time runs."""
        self._open()
        moment = at or fields.Datetime.now()
        counter = self.env["shenpi.application.counter"]
        self._transition(
            "raise",
            at=at,
            days=self.due_days,
            values={"number": counter._reserve_yearly("blocker", "DX", self.company_id, moment)},
            event={"opinion": self.description, "data": self._get_owner_data()},
        )
        self.sudo()._tell_owner()
        return True

    def _do_reassign(self, user, department, reason, days=0, at=None):
        """Hand the blocker to another owner.

        :param user: res.users; :param department: the owner's shenpi.department
        :param int days: working days that he has from now; 0 leaves the due date
        """
        self._open()
        self._require_text(reason)
        if self.company_id not in user.company_ids or department.company_id != self.company_id:
            raise ValidationError(self.env._("owner: does not work at this bureau."))
        self._transition(
            "reassign",
            at=at,
            days=days,
            values={"user_id": user.id, "department_id": department.id},
            event={"opinion": reason, "data": {"before": self._get_owner_data()}},
        )
        self.sudo()._tell_owner()
        return True

    def _do_postpone(self, reason, days, at=None):
        """Grant more time, counted from today, for a reason that is kept."""
        return self._do_ask_again("postpone", reason, days, at)

    def _do_answer(self, answer, at=None):
        """Say how the blocker was cleared."""
        self._open()
        if not (answer or "").strip():
            raise ValidationError(self.env._("answer: say how it was cleared."))
        late = local_date(at or fields.Datetime.now()) > self.due_date
        self._transition(
            "answer",
            at=at,
            values={"answer": answer, "answered_late": self.answered_late or late},
            event={"opinion": answer},
        )
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        return True

    def _do_send_back(self, reason, days, at=None):
        """It has not been cleared: it is asked for again."""
        return self._do_ask_again("send_back", reason, days, at)

    def _do_strike_off(self, finding, at=None):
        """Somebody else than the owner has seen that it is gone."""
        self._open()
        self._require_text(finding)
        calendar = self.env["shenpi.workday"]._get_calendar()
        today = local_date(at or fields.Datetime.now())
        days = calendar.count(local_date(self.raised_at), today)
        self._transition(
            "strike_off",
            at=at,
            values={"finding": finding, "days_open": days},
            event={"opinion": finding},
        )
        return True

    def _do_reopen(self, reason, days, at=None):
        """It is there again after it had been struck off."""
        count = self.reopen_count + 1
        values = {
            "reopen_count": count,
            "struck_off_at": False,
            "struck_off_by_id": False,
            "days_open": False,
        }
        return self._do_ask_again("reopen", reason, days, at, values)

    def _do_drop(self, reason, at=None):
        """It was none, or the project has gone another way."""
        self._open()
        self._require_text(reason)
        self._transition("drop", at=at, event={"opinion": reason})
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        return True

    def _do_ask_again(self, action, text, days, at, values=None):
        self._open()
        self._require_text(text)
        if days < 1:
            raise ValidationError(self.env._("days: must be at least one working day."))
        self._transition(
            action,
            at=at,
            days=days,
            values=values,
            event={"opinion": text, "data": {"days": days}},
        )
        self.sudo()._tell_owner()
        return True

    def _require_text(self, text):
        if not (text or "").strip():
            raise ValidationError(self.env._("text: give the reasons in writing."))

    def _get_owner_data(self):
        blocker = self.sudo()
        return {"owner": blocker.user_id.id, "department": blocker.department_id.id}

    # === Telling === #

    def _tell_owner(self):
        """An activity for the owner, or for who stands in for him while he is away."""
        self.activity_unlink(["mail.mail_activity_data_todo"])
        people = self.env["shenpi.absence"]._get_present(self.user_id, self.department_id)
        for person in people or self.user_id:
            blocker = self.with_context(lang=person.lang)
            blocker.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=self.due_date,
                summary=blocker.env._("Blocker: clear by %s", self.due_date),
                user_id=person.id,
            )

    # === Questions === #

    @api.model
    def _get_ledger(self, domain):
        """How many have been listed, and how many struck off: 113 listed, 109 struck off."""
        groups = dict(
            self._read_group(
                [("state", "not in", ("draft", "dropped")), *domain], ["state"], ["__count"]
            )
        )
        return {"listed": sum(groups.values()), "struck_off": groups.get("struck_off", 0)}
