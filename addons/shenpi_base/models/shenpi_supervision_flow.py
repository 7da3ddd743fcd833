from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools import flow
from ..tools.localtime import local_date
from .shenpi_application_flow import MANAGER, SUPERVISOR

STAFF = "shenpi_base.group_shenpi_user"
LEADS = (SUPERVISOR, MANAGER)

ANSWERED = "answered rectified"
OPEN = "dispatched signed answered rectifying rectified checked"
# States in which the department addressed has to do something by the due date.
RUNNING_STATES = ("dispatched", "signed", "rectifying")

TRANSITIONS = flow.table(
    flow.Transition(action, frozenset(sources.split()), target, frozenset(groups), guard)
    for action, sources, target, groups, guard in (
        ("dispatch", "draft", "dispatched", LEADS, None),
        ("sign", "dispatched", "signed", (STAFF,), "_guard_addressee"),
        ("answer", "signed", "answered", (STAFF,), "_guard_addressee"),
        ("rectify", "answered", "rectifying", LEADS, "_guard_checker"),
        ("rectified", "rectifying", "rectified", (STAFF,), "_guard_addressee"),
        ("send_back", ANSWERED, "signed", LEADS, "_guard_checker"),
        ("check", ANSWERED, "checked", LEADS, "_guard_checker"),
        ("close", "checked", "closed", LEADS, None),
        ("cancel", f"draft {OPEN}", "cancelled", LEADS, None),
    )
)


class ShenpiSupervision(models.Model):
    """The life of a supervision order: the transition table above and the workers that apply it."""

    _inherit = "shenpi.supervision"

    _transitions = TRANSITIONS

    # === Guards: raise, or answer the person on whose behalf the user acts === #

    def _guard_addressee(self):
        """The person addressed, the head of the department, or who stands in for one of them; with
        nobody named, the members of the department."""
        order, user = self.sudo(), self.env.user
        department = order.department_id
        people = order.user_id or department.user_ids
        addressed = people | department.manager_id
        if user in addressed:
            return user
        deputies = self.env["shenpi.deputy"]
        principals = deputies._principals_of(user, self._get_today(), department) & addressed
        if principals:
            return principals[0]
        raise AccessError(
            self.env._(
                "%(order)s is addressed to %(addressee)s.",
                order=self.display_name,
                addressee=order.user_id.name or department.name,
            )
        )

    def _guard_checker(self):
        if self.answered_by_id == self.env.user:
            raise AccessError(self.env._("Nobody checks his own answer."))
        return self.env.user

    # === Values === #

    def _prepare_transition_vals(self, row, moment, **details):
        """Who and when; a running deadline while the addressee has to act, none otherwise."""
        vals = self._prepare_deadline(moment, details["days"]) if details.get("days") else {}
        if row.target not in RUNNING_STATES:
            vals |= {"warn_date": False, "alarm_date": False}
        stamps = {"dispatch": "dispatched", "sign": "signed"}
        stamps |= dict.fromkeys(("answer", "rectified"), "answered")
        if row.action in stamps:
            name = stamps[row.action]
            vals |= {f"{name}_at": moment, f"{name}_by_id": self.env.uid}
        if row.action in ("close", "cancel"):
            vals["closed_at"] = moment
        return vals

    @api.model
    def _reserve_number(self, company, moment):
        """A serial per bureau and year: DB2026-0017."""
        counter = self.env["shenpi.application.counter"]
        return counter._reserve_yearly("supervision", "DB", company, moment)

    # === Workers === #

    def _do_dispatch(self, at=None):
        """Send the order to the department addressed; its time to answer runs."""
        self._open()
        moment = at or fields.Datetime.now()
        self._transition(
            "dispatch",
            at=at,
            days=self.due_days,
            values={"number": self._reserve_number(self.company_id, moment)},
            event={"opinion": self.demand, "data": {"kind": self.kind, "severity": self.severity}},
        )
        if self.source == "manual":
            # The ladder gathers what it has to tell a person in one reminder.
            self.sudo()._tell_addressee()
        return True

    def _do_sign(self, at=None):
        """Sign for the order: it has been read."""
        self._open()
        self._transition("sign", at=at)
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        return True

    def _do_answer(self, answer, at=None):
        """Answer the order, or report that it has been rectified."""
        self._open()
        if not (answer or "").strip():
            raise ValidationError(self.env._("answer: say what was found and done."))
        late = local_date(at or fields.Datetime.now()) > self.due_date if self.due_date else False
        self._transition(
            "rectified" if self.state == "rectifying" else "answer",
            at=at,
            values={"answer": answer, "answered_late": self.answered_late or late},
            event={"opinion": answer},
        )
        return True

    def _do_rectify(self, demand, days, at=None):
        """The answer shows something to be put right: say what, and by when."""
        return self._do_ask_again("rectify", demand, days, at)

    def _do_send_back(self, reason, days, at=None):
        """The answer does not do: it is asked for again."""
        return self._do_ask_again("send_back", reason, days, at)

    def _do_ask_again(self, action, text, days, at):
        self._open()
        self._require_text(text)
        if days < 1:
            raise ValidationError(self.env._("days: must be at least one working day."))
        self._transition(action, at=at, days=days, event={"opinion": text, "data": {"days": days}})
        self.sudo()._tell_addressee()
        return True

    def _do_check(self, finding, at=None):
        """Note that the answer has been checked, and what was found."""
        self._open()
        self._require_text(finding)
        self._transition("check", at=at, values={"finding": finding}, event={"opinion": finding})
        return True

    def _do_close(self, at=None):
        """The matter is settled."""
        self._open()
        self._transition("close", at=at)
        return True

    def _do_cancel(self, reason, at=None):
        """Take the order back."""
        self._open()
        self._require_text(reason)
        self._transition("cancel", at=at, event={"opinion": reason})
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        return True

    def _require_text(self, text):
        if not (text or "").strip():
            raise ValidationError(self.env._("text: give the reasons in writing."))

    # === Telling === #

    def _get_addressees(self):
        """Who is to sign: the person named, else the head of the department, else its members."""
        self.ensure_one()
        department = self.department_id
        people = self.user_id or department.manager_id or department.user_ids
        return people.filtered("active")

    def _tell_addressee(self):
        """An activity for whoever is to answer."""
        self.activity_unlink(["mail.mail_activity_data_todo"])
        for person in self._get_addressees():
            order = self.with_context(lang=person.lang)
            order.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=self.due_date,
                summary=order.env._("Supervision order: answer by %s", self.due_date),
                user_id=person.id,
            )

    # === Made by others === #

    @api.model
    def _issue(self, document, **values):
        """Write an order about a document and dispatch it.

        :param document: a record of a model that inherits ``shenpi.supervised.mixin``
        :param values: values of the order, over those that follow from the document
        :raise UserError: the document has an open order for the same signal
        :return: the order
        """
        vals = document._prepare_supervision_vals() | values
        kind = vals.get("kind", "overdue")
        if self._find_open(document, kind):
            raise UserError(
                self.env._(
                    "%s: an order for the same signal is open already.", document.display_name
                )
            )
        order = self.create(vals)
        order._do_dispatch()
        return order

    @api.model
    def _find_open(self, document, kind):
        return self.sudo().search(
            [
                ("document_model", "=", document._name),
                ("document_id", "=", document.id),
                ("kind", "=", kind),
                ("state", "in", OPEN.split()),
            ],
            limit=1,
        )
