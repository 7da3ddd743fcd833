from datetime import date

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.shenpi_base.tools import flow
from odoo.addons.shenpi_base.tools.localtime import local_date

from ..tools.roles import DESK

STAFF = "shenpi_base.group_shenpi_user"

# States in which somebody has to do something by the due date.
RUNNING_STATES = ("open", "contacted", "rectifying", "rectified", "verified")
ANSWERABLE = "contacted rectifying rectified verified"

TRANSITIONS = flow.table(
    flow.Transition(action, frozenset(sources), target, frozenset(groups), guard)
    for action, sources, target, groups, guard in (
        ("open", [""], "open", DESK, None),
        ("contact", ["open"], "contacted", DESK, "_guard_impartial"),
        ("settle", ["contacted"], "verified", DESK, "_guard_impartial"),
        ("rectify", ["contacted", "verified"], "rectifying", DESK, "_guard_impartial"),
        ("rectified", ["rectifying"], "rectified", (STAFF,), "_guard_office"),
        ("send_back", ["rectified"], "rectifying", DESK, "_guard_verifier"),
        ("verify", ["rectified"], "verified", DESK, "_guard_verifier"),
        ("appeal", ["open", "contacted", "rectifying"], "appealed", (STAFF,), "_guard_appellant"),
        ("uphold", ["appealed"], "closed", DESK, "_guard_judge"),
        ("overrule", ["appealed"], None, DESK, "_guard_judge"),
        ("visit", ["verified"], None, DESK, "_guard_impartial"),
        ("ask_again", ["verified"], None, DESK, "_guard_reachable"),
        ("draft_reply", ANSWERABLE.split(), None, DESK, "_guard_impartial"),
        ("release_reply", ANSWERABLE.split(), None, DESK, "_guard_second_reader"),
        ("close", ["verified"], "closed", DESK, "_guard_finished"),
    )
)


class ShenpiRatingCase(models.Model):
    """The life of a bad-rating case: the transition table above and the workers that apply it."""

    _inherit = "shenpi.rating.case"

    _transitions = TRANSITIONS

    # === Guards: raise, or answer the person on whose behalf the user acts === #

    def _guard_impartial(self):
        case, user = self.sudo(), self.env.user
        if case.rating_id._concerns(user) or case.service_id._is_served_by(user):
            raise AccessError(
                self.env._("Nobody works on a rating of himself, of his office or of his own case.")
            )
        return user

    def _guard_office(self):
        """A member of the office (or of one above it), but not the person who was rated."""
        if self.sudo().clerk_id == self.env.user:
            raise AccessError(self.env._("Whoever was rated does not report what was put right."))
        return self._guard_appellant()

    def _guard_appellant(self):
        user, case = self.env.user, self.sudo()
        offices = case.department_id | case.window_id
        if user == case.clerk_id or any(office._is_visible_to(user) for office in offices):
            return user
        raise AccessError(self.env._("This is for %s.", offices[0].name))

    def _guard_verifier(self):
        if self.reported_by_id == self.env.user:
            raise AccessError(self.env._("Nobody verifies what he reported himself."))
        return self._guard_impartial()

    def _guard_judge(self):
        if self.env.user in self.handler_id | self.appealed_by_id:
            raise AccessError(self.env._("An appeal is decided by somebody who has no part in it."))
        return self._guard_impartial()

    def _guard_second_reader(self):
        if not self.reply or self.reply_released_at:
            raise UserError(self.env._("There is no reply that waits to be published."))
        if self.reply_by_id == self.env.user:
            raise AccessError(self.env._("Nobody publishes a reply that he wrote himself."))
        return self._guard_impartial()

    def _guard_reachable(self):
        if not self.sudo().rating_id.rater_phone_raw:
            raise UserError(self.env._("There is no phone number to send the question to."))
        if self.asked_again_at:
            raise UserError(self.env._("He has been asked to rate again already."))
        return self._guard_impartial()

    def _guard_finished(self):
        if not self.outcome:
            raise UserError(self.env._("Say first what came of it."))
        if not self.anonymous and not self.visited_at:
            raise UserError(
                self.env._("Whoever gave his name is visited or called before the case closes.")
            )
        if self.reply and not self.reply_released_at:
            raise UserError(self.env._("The reply has not been published yet."))
        return self._guard_impartial()

    # === Values === #

    def _prepare_transition_vals(self, row, moment, **details):
        """A running deadline while somebody has to act, none otherwise."""
        if row.target == "closed":
            return {"closed_at": moment, **self._prepare_no_deadline()}
        if row.target == "appealed":
            return self._prepare_no_deadline()
        if details.get("days"):
            return self._prepare_deadline(moment, details["days"])
        return {}

    @api.model
    def _prepare_no_deadline(self):
        return {"due_date": False, "warn_date": False, "alarm_date": False}

    @api.model
    def _prepare_deadline(self, moment, days):
        """The due date, the yellow light a working day before it, the red one when it is late."""
        day = local_date(moment)
        due = self.env["shenpi.workday"]._get_due("due", day, days)
        calendar = self.env["shenpi.workday"]._get_calendar()
        return {
            "due_date": due,
            "warn_date": max(calendar.add(due, -1), day) if days > 1 else due,
            "alarm_date": calendar.add(due, 1),
        }

    @api.model
    def _reserve_number(self, company, moment):
        """A serial per bureau and year: CP2026-0017."""
        year = local_date(moment).year
        counter = self.env["shenpi.application.counter"]
        serial = counter._reserve(f"rating_case/{company.id}", date(year, 1, 1))
        return f"CP{year}-{serial:04d}"

    # === Workers === #

    def _do_contact(self, way, text, at=None):
        """Note that whoever rated was contacted; the time to put the matter right begins.

        What was said is kept beside the event, not in it: it goes when the name goes.

        :param str way: phone, in_person, unreachable or anonymous
        :raise ValidationError: the way does not fit a rating with or without a name
        """
        self._open()
        self._require_text(text)
        if (way == "anonymous") != bool(self.anonymous):
            raise ValidationError(
                self.env._("way: “anonymous” is for ratings without a name, and only for them.")
            )
        moment = at or fields.Datetime.now()
        company = self.sudo().company_id
        self._transition(
            "contact",
            at=at,
            days=company.shenpi_rating_rectify_days,
            values={
                "handler_id": self.env.uid,
                "contacted_at": moment,
                "contact_way": way,
                "contact_note": text,
                "contact_late": bool(self.due_date and local_date(moment) > self.due_date),
            },
            event={"data": {"way": way}},
        )
        return True

    def _do_settle(self, text, at=None):
        """The office did right: that was explained, and nothing is to be put right."""
        self._open()
        self._require_text(text)
        self._transition(
            "settle",
            at=at,
            values={"finding": text, "outcome": "explained"},
            event={"opinion": text},
        )
        return True

    def _do_rectify(self, text, days, at=None):
        """Ask the office to put something right within working days."""
        self._open()
        self._require_text(text)
        self._require_days(days)
        moment = at or fields.Datetime.now()
        due = self._prepare_deadline(moment, days)["due_date"]
        self._transition(
            "rectify",
            at=at,
            days=days,
            values={
                "demand": text,
                "rectify_due_date": due,
                "rectified_on": False,
                "outcome": False,
                "visited_at": False,
                "visit_result": False,
            },
            event={"opinion": text, "data": {"days": days}},
        )
        self.sudo()._tell_office()
        return True

    def _do_rectified(self, text, at=None):
        """Report what was put right."""
        self._open()
        self._require_text(text)
        moment = at or fields.Datetime.now()
        self._transition(
            "rectified",
            at=at,
            values={
                "measure": text,
                "rectified_on": local_date(moment),
                "reported_by_id": self.env.uid,
            },
            event={"opinion": text},
        )
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        return True

    def _do_send_back(self, text, days, at=None):
        """What was reported does not do."""
        self._open()
        self._require_text(text)
        self._require_days(days)
        self._transition(
            "send_back",
            at=at,
            days=days,
            values={"rectified_on": False},
            event={"opinion": text, "data": {"days": days}},
        )
        self.sudo()._tell_office()
        return True

    def _do_verify(self, text, at=None):
        """Note that the matter has been put right, and how that was found out."""
        self._open()
        self._require_text(text)
        self._transition(
            "verify",
            at=at,
            values={"finding": text, "outcome": "rectified"},
            event={"opinion": text},
        )
        return True

    # === Appeal === #

    def _do_appeal(self, ground, text, at=None):
        """The office objects to the rating; no deadline runs until that is decided.

        :param str ground: false, malicious or mistaken
        """
        self._open()
        self._require_text(text)
        if ground not in dict(self._fields["appeal_ground"].selection):
            raise ValidationError(self.env._("ground: say on what ground."))
        if self.appealed_by_id:
            raise UserError(self.env._("There has been an appeal already."))
        self._transition(
            "appeal",
            at=at,
            values={
                "appeal_ground": ground,
                "appeal_text": text,
                "appealed_by_id": self.env.uid,
                "rectify_due_date": False,
            },
            event={"opinion": text, "data": {"ground": ground}},
        )
        return True

    def _do_uphold(self, text, at=None):
        """The appeal is right: the rating counts no more, and stays on record."""
        self._open()
        self._require_text(text)
        self._transition(
            "uphold",
            at=at,
            values={"finding": text, "outcome": "upheld"},
            event={"opinion": text},
        )
        self.sudo().rating_id._exclude()
        return True

    def _do_overrule(self, text, at=None):
        """The appeal is not right: the case goes on where it was, with its days anew."""
        self._open()
        self._require_text(text)
        company = self.sudo().company_id
        state, values = "open", {}
        days = company.shenpi_rating_contact_days
        if self.contacted_at:
            state = "rectifying" if self.demand else "contacted"
            days = company.shenpi_rating_rectify_days
        if state == "rectifying":
            due = self._prepare_deadline(at or fields.Datetime.now(), days)["due_date"]
            values["rectify_due_date"] = due
        event = {"opinion": text, "state_to": state}
        self._transition("overrule", at=at, days=days, values=values, event=event)
        if state == "rectifying":
            self.sudo()._tell_office()
        return True

    # === Afterwards === #

    def _do_visit(self, result, text, at=None):
        """Note what whoever rated says now."""
        self._open()
        if result not in dict(self._fields["visit_result"].selection):
            raise ValidationError(self.env._("result: say what came of the visit."))
        moment = at or fields.Datetime.now()
        self._transition(
            "visit",
            at=at,
            values={"visited_at": moment, "visit_result": result},
            event={"opinion": text, "data": {"result": result}},
        )
        return True

    def _do_ask_again(self, at=None):
        """Ask whoever rated, by SMS, to rate once more."""
        self._open()
        self._transition("ask_again", at=at, values={"asked_again_at": at or fields.Datetime.now()})
        self.sudo()._send_second_token()
        return True

    def _do_draft_reply(self, text, at=None):
        """Write what the public is told; another person publishes it."""
        self._open()
        self._require_text(text)
        self._transition(
            "draft_reply",
            at=at,
            values={"reply": text, "reply_by_id": self.env.uid, "reply_released_at": False},
            event={"opinion": text},
        )
        return True

    def _do_release_reply(self, at=None):
        """Publish the reply."""
        self._open()
        moment = at or fields.Datetime.now()
        self._transition("release_reply", at=at, values={"reply_released_at": moment})
        return True

    def _do_close(self, at=None):
        """The matter is settled."""
        self._open()
        self._transition("close", at=at)
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        return True

    # === Helpers === #

    def _require_text(self, text):
        if not (text or "").strip():
            raise ValidationError(self.env._("text: say so in writing."))

    def _require_days(self, days):
        if not isinstance(days, int) or not 1 <= days <= 60:
            raise ValidationError(self.env._("days: from 1 to 60 working days."))

    def _tell_office(self):
        """An activity for the head of the office, or whoever is there in his place."""
        self.activity_unlink(["mail.mail_activity_data_todo"])
        people = self.department_id._get_present_heads() - self.clerk_id
        for person in people.filtered(lambda user: user.id != SUPERUSER_ID):
            case = self.with_context(lang=person.lang)
            case.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=self.due_date,
                summary=case.env._("Bad rating: put right by %s", self.due_date),
                user_id=person.id,
            )
