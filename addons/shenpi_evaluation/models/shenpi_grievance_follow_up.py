from odoo import fields, models
from odoo.exceptions import ValidationError

from ..tools import tiers
from .shenpi_grievance_visit import LEVELS, SATISFIED


class ShenpiGrievance(models.Model):
    """After the reply: the person is called, and what does not satisfy him goes on."""

    _inherit = "shenpi.grievance"

    def _do_visit(self, process_level, result_level, is_resolved, note="", at=None):
        """Note what the person says of the way and of the result, both from 1 (very dissatisfied)
        to 5 (very satisfied).

        Satisfied with both, it may be closed; else it is opened again, and after as many times as
        the bureau has settled it is put before the leaders.
        """
        self._open()
        levels = dict(LEVELS)
        for name, level in (("process", process_level), ("result", result_level)):
            if level not in levels:
                raise ValidationError(self.env._("%s: a level from 1 to 5.", name))
        moment = at or fields.Datetime.now()
        satisfied = process_level in SATISFIED and result_level in SATISFIED
        values = {
            "visited_at": moment,
            "is_resolved": bool(is_resolved),
            "is_satisfied": satisfied,
        }
        data = {"process": int(process_level), "result": int(result_level)}
        if satisfied:
            self._end_visit("visited", note, data, values, at)
        elif self.reopened_count < self.sudo().company_id.shenpi_grievance_reopenings:
            self._require_text(note)
            values |= {"reopened_count": self.reopened_count + 1, "missed_count": 0}
            days = (self.sudo().tier_id or self._get_proposed_tier()).days
            event = {"action": "reopen", "data": data}
            self._give_back("visit", note, days, at, event=event, values=values)
        else:
            self._require_text(note)
            self._end_visit("escalated", note, data, values, at, action="escalate")
            self._tell_leaders()
        self._add_visit(moment, note, process_level, result_level, is_resolved)
        return True

    def _end_visit(self, state, note, data, values, at, action="visit"):
        self._transition(
            "visit",
            at=at,
            state_to=state,
            values=values,
            event={"action": action, "opinion": note, "data": data, "state_to": state},
        )

    def _add_visit(self, moment, note, process_level=False, result_level=False, is_resolved=False):
        self.env["shenpi.grievance.visit"].sudo().create(
            {
                "grievance_id": self.id,
                "visited_at": moment,
                "visited_by_id": self.env.uid,
                "is_reached": bool(process_level),
                "process_level": process_level,
                "result_level": result_level,
                "is_resolved": bool(is_resolved),
                "note": note,
            }
        )

    def _do_miss(self, note="", at=None):
        """Note that the person was called in vain."""
        self._open()
        values = {"missed_count": self.missed_count + 1}
        self._transition("miss", at=at, values=values, event={"opinion": note})
        self._add_visit(at or fields.Datetime.now(), note)
        return True

    def _do_plan(self, plan, owner, day, at=None):
        """Put it on the list of hard cases 难点, or change its plan there.

        :param str plan: what is done; :param owner: ``res.users``; :param date day: until when
        """
        self._open()
        self._require_text(plan)
        if not owner or owner.share or not owner.active:
            raise ValidationError(self.env._("owner: name a person of the bureau."))
        if not day or day < self._get_today():
            raise ValidationError(self.env._("day: must not lie in the past."))
        self._check_owner(owner)
        deadline = self._prepare_lights(tiers.ending, day)
        self._transition(
            "plan",
            at=at,
            values={"plan": plan, "plan_owner_id": owner.id, **deadline},
            event={"opinion": plan, "data": {"owner": owner.name, "day": day.isoformat()}},
        )
        self._drop_activities()
        grievance = self.sudo().with_context(lang=owner.lang)
        grievance.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self.due_date,
            summary=grievance.env._("Hard case: carry out the plan by %s", self.due_date),
            user_id=owner.id,
        )
        return True

    def _check_owner(self, owner):
        """The owner belongs to the bureau and is not complained of."""
        if self.sudo().company_id not in owner.sudo().company_ids:
            raise ValidationError(self.env._("owner: %s does not work at this bureau.", owner.name))
        if self.with_user(owner)._is_about_user():
            raise ValidationError(
                self.env._("owner: %s is complained of, or works in such a unit.", owner.name)
            )

    def _do_close(self, outcome, note="", at=None):
        """End it; nothing is closed without an outcome.

        :param str outcome: a key of the field ``outcome``
        """
        self._open()
        if outcome not in dict(self._fields["outcome"].selection):
            raise ValidationError(self.env._("outcome: choose one of the list."))
        if self.state == "replied" and outcome != "unreachable":
            raise ValidationError(
                self.env._("outcome: nobody has been asked, so it is “not reached”.")
            )
        if self.state != "replied" and outcome == "unreachable":
            raise ValidationError(self.env._("outcome: the person has been reached."))
        values = {"outcome": outcome}
        if self.state in ("escalated", "hard"):
            self._require_text(note)
            values["is_resolved"] = outcome in ("resolved", "adopted")
        self._transition(
            "close", at=at, values=values, event={"opinion": note, "data": {"outcome": outcome}}
        )
        self._drop_activities()
        return True
