from odoo import fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_list

from odoo.addons.shenpi_base.tools.localtime import local_date

from ..tools import tiers


class ShenpiGrievance(models.Model):
    """What the units do with a grievance, and what is done with their replies."""

    _inherit = "shenpi.grievance"

    def _do_take(self, at=None):
        """Take the grievance in hand: this person is asked about it from now on."""
        self._open()
        self._transition("take", at=at, values={"handler_id": self.env.uid})
        return True

    def _do_return(self, reason, at=None):
        """Give it back to the desk: it is not the unit's (once, within 24 hours: 安阳条例 §50).

        :raise ValidationError: no reason, or the hours are over
        """
        self._open()
        self._require_text(reason)
        moment = at or fields.Datetime.now()
        hours = self.sudo().company_id.shenpi_grievance_return_hours
        if self.dispatched_at and not tiers.may_return(self.dispatched_at, moment, hours):
            raise ValidationError(
                self.env._(
                    "%(grievance)s can be returned within %(hours)s hours only: the unit keeps it.",
                    grievance=self.display_name,
                    hours=hours,
                )
            )
        parts = self._get_open_parts()
        lead = parts.filtered(lambda part: part.role == "lead")
        self._transition(
            "return",
            at=at,
            values={
                "returned": True,
                "department_id": False,
                "handler_id": False,
                # What this unit has asked for is nothing that the next one has.
                "extension_state": False,
                "extension_days": 0,
                "extension_reason": False,
                "extension_asked_by_id": False,
            },
            event={"opinion": reason, "data": {"unit": self.sudo().department_id.name}},
        )
        self._end_parts(lead, "returned", moment, reason)
        self._end_parts(parts - lead, "recalled", moment)
        self._drop_activities()
        return True

    def _do_contribute(self, text, at=None):
        """Hand in the part of a helping unit; the unit that leads puts it into the reply."""
        self._open()
        self._require_text(text)
        own = self._get_open_parts().filtered(
            lambda part: part.role == "helper" and self._get_principal(part.department_id)
        )[:1]
        self._transition(
            "contribute",
            at=at,
            event={"opinion": text, "data": {"unit": own.department_id.name}},
        )
        self._end_parts(own, "done", at or fields.Datetime.now(), text)
        return True

    def _do_ask_extension(self, days, reason, at=None):
        """Ask for more working days, before the day is over: at most as many again as there were.

        :param int days: working days to be added
        """
        self._open()
        self._check_extension(days, reason, at or fields.Datetime.now())
        self._transition(
            "ask_extension",
            at=at,
            values={
                "extension_state": "asked",
                "extension_days": days,
                "extension_reason": reason,
                "extension_asked_by_id": self.env.uid,
            },
            event={"opinion": reason, "data": {"days": days}},
        )
        return True

    def _do_extend(self, days=None, reason="", at=None):
        """Grant more working days: those asked for, or ``days`` of the desk's own accord.

        The days are added to the day by which it was due.
        """
        self._open()
        asked = self.extension_state == "asked"
        days = days or self.extension_days
        reason = reason or self.extension_reason
        # What was asked for in time is granted also when the day is over.
        self._check_extension(days, reason, None if asked else at or fields.Datetime.now())
        deadline = self._prepare_lights(tiers.extended, self.due_date, days)
        self._transition(
            "extend",
            at=at,
            values={
                "extension_state": "granted",
                "extension_days": days,
                "extension_reason": reason,
                **deadline,
            },
            event={"opinion": reason, "data": {"days": days}},
        )
        lead = self._get_open_parts().filtered(lambda part: part.role == "lead")
        lead.due_date = deadline["due_date"]
        return True

    def _do_refuse_extension(self, reason, at=None):
        """Leave the day as it is."""
        self._open()
        self._require_text(reason)
        self._transition(
            "refuse_extension",
            at=at,
            values={"extension_state": "refused"},
            event={"opinion": reason},
        )
        return True

    def _check_extension(self, days, reason, moment):
        self._require_text(reason)
        most = self.sudo().tier_id.days or 1
        if not 1 <= days <= most:
            raise ValidationError(
                self.env._("days: between 1 and %s working days, as many as there were.", most)
            )
        if moment and self._is_past_due(moment):
            raise ValidationError(
                self.env._("%s is late already: more days come too late.", self.display_name)
            )

    # === Reply === #

    def _do_answer(self, text, at=None):
        """Write the reply; it goes out when somebody else has reviewed it.

        :raise UserError: a helping unit has not handed in its part and still has time
        """
        self._open()
        self._require_text(text)
        moment = at or fields.Datetime.now()
        parts = self._get_open_parts()
        awaited = parts.filtered(
            lambda part: part.role == "helper" and local_date(moment) <= part.due_date
        )
        if awaited:
            names = format_list(self.env, awaited.department_id.mapped("name"))
            raise UserError(self.env._("These units still have time to hand in: %s.", names))
        late = self.state == "dispatched" and self._is_past_due(moment)
        self._transition(
            "answer",
            at=at,
            values={
                "answer": text,
                "answered_at": moment,
                "answered_by_id": self.env.uid,
                "answered_late": self.answered_late or late,
            },
            event={"opinion": text},
        )
        lead = parts.filtered(lambda part: part.role == "lead")
        self._end_parts(lead, "done", moment, text)
        self._end_parts(parts - lead, "recalled", moment)
        self._drop_activities()
        return True

    def _do_send_back(self, reason, days=1, at=None):
        """The reply does not do: whoever wrote it writes it again.

        :param int days: working days for it
        """
        self._open()
        self._require_text(reason)
        if days < 0:
            raise ValidationError(self.env._("days: must not be negative."))
        self._give_back("send_back", reason, days, at)
        return True

    def _do_approve_reply(self, at=None):
        """The reply goes out: the person reads it on his page, and is called within some days."""
        self._open()
        self._transition(
            "approve_reply",
            at=at,
            values={"reviewed_by_id": self.env.uid, "replied_at": at or fields.Datetime.now()},
        )
        return True

    def _give_back(self, action, reason, days, at, event=None, values=None):
        """To the unit that leads once more, or to the desk when it had answered itself."""
        moment = at or fields.Datetime.now()
        unit = self.sudo().department_id
        values = dict(values or {})
        if unit:
            values |= self._prepare_deadline(moment, days)
        state = "dispatched" if unit else "received"
        self._transition(
            action,
            at=at,
            state_to=state,
            values=values,
            event={"opinion": reason, "state_to": state, **(event or {})},
        )
        if unit:
            self._add_part(unit, "lead", values["due_date"], moment, reason)
            self._tell_units()
