from odoo import fields, models
from odoo.exceptions import ValidationError

from odoo.addons.shenpi_base.tools.localtime import local_date

from .shenpi_grievance import OPEN_STATES


class ShenpiGrievance(models.Model):
    """What the evaluation desk does before a unit has answered: take in, dispatch, refuse, merge.

    Every worker takes ``at``, the naive UTC moment at which the fact happened (now when absent).
    """

    _inherit = "shenpi.grievance"

    def _do_receive(self, at=None):
        """Take a draft in: it gets its number and its day to be dispatched."""
        self._open()
        self._transition("receive", at=at)
        return True

    def _do_dispatch(self, lead, helpers=(), tier=None, task="", at=None):
        """Give the grievance to a unit that leads and others that help.

        :param lead: ``shenpi.department``; from now on it owns the matter
        :param helpers: list of (``shenpi.department``, working days)
        :param tier: ``shenpi.grievance.tier``; the proposed one when absent
        :param str task: what is asked of them
        :raise ValidationError: a unit is closed, of another bureau, complained of or named twice,
            or a helper would have longer than who leads
        """
        self._open()
        tier = tier or self._get_proposed_tier()
        self._check_units(lead, helpers, tier)
        moment = at or fields.Datetime.now()
        deadline = self._prepare_deadline(moment, tier.days)
        names = [lead.name, *(unit.name for unit, _days in helpers)]
        self._transition(
            "dispatch",
            at=at,
            values={
                "department_id": lead.id,
                "handler_id": False,
                "tier_id": tier.id,
                "dispatched_at": moment,
                **deadline,
            },
            event={"opinion": task, "data": {"units": names, "days": tier.days}},
        )
        self._add_part(lead, "lead", deadline["due_date"], moment, task)
        for unit, days in helpers:
            due = self._prepare_deadline(moment, days)["due_date"]
            self._add_part(unit, "helper", due, moment, task)
        self._tell_units()
        return True

    def _check_units(self, lead, helpers, tier):
        units = [lead, *(unit for unit, _days in helpers)]
        if not lead:
            raise ValidationError(self.env._("department: name the unit that leads."))
        if len({unit.id for unit in units}) < len(units):
            raise ValidationError(self.env._("helpers: a unit is named twice."))
        for unit in units:
            unit._check_takes_grievances(self.company_id)
            if self.sudo().accused_department_id & unit.sudo().ancestor_ids:
                raise ValidationError(
                    self.env._(
                        "department: %s is complained of, or part of a unit that is.", unit.name
                    )
                )
            if unit.sudo().manager_id & self.sudo().accused_user_id:
                raise ValidationError(
                    self.env._("department: %s is headed by the person complained of.", unit.name)
                )
        for unit, days in helpers:
            if not 0 <= days <= tier.days:
                raise ValidationError(
                    self.env._(
                        "helpers: %(unit)s gets between 0 and %(days)s working days.",
                        unit=unit.name,
                        days=tier.days,
                    )
                )

    def _add_part(self, unit, role, due, moment, task):
        self.env["shenpi.grievance.dispatch"].sudo().create(
            {
                "grievance_id": self.id,
                "department_id": unit.id,
                "role": role,
                "task": task,
                "due_date": due,
                "dispatched_at": moment,
                "dispatched_by_id": self.env.uid,
            }
        )

    def _get_open_parts(self):
        """The parts that units still have, as sudo."""
        self.ensure_one()
        return self.sudo().dispatch_ids.filtered(lambda part: part.state == "open")

    def _end_parts(self, parts, state, moment, answer=False):
        """Note what became of parts (as sudo)."""
        for part in parts:
            part.write(
                {
                    "state": state,
                    "answer": answer,
                    "ended_at": moment,
                    "ended_by_id": self.env.uid,
                    "is_late": local_date(moment) > part.due_date,
                }
            )

    def _do_not_accept(self, reason, explanation, at=None):
        """Refuse what has a way of its own, and say where to turn (潍坊市 12345 条例 §19).

        :param reason: ``shenpi.grievance.reason``; :param str explanation: told to the person
        """
        self._open()
        self._require_text(explanation)
        if not reason:
            raise ValidationError(self.env._("reason: choose one of the list."))
        self._transition(
            "not_accept",
            at=at,
            values={"reason_id": reason.id, "refusal": explanation},
            event={"opinion": explanation, "legal_basis": reason.legal_basis},
        )
        return True

    def _do_merge(self, main, reason="", at=None):
        """Handle it together with another grievance about the same matter; both stay on record.

        :param main: the ``shenpi.grievance`` that is handled
        """
        self._open()
        main._open()
        main._guard_impartial()
        if main == self or main.state not in OPEN_STATES:
            raise ValidationError(
                self.env._("main: %s is not a grievance being handled.", main.display_name)
            )
        if main.company_id != self.company_id:
            raise ValidationError(self.env._("main: it belongs to another bureau."))
        moment = at or fields.Datetime.now()
        self._end_parts(self._get_open_parts(), "recalled", moment)
        self._transition(
            "merge",
            at=at,
            values={"main_id": main.id},
            event={"opinion": reason, "data": {"main": main.number}},
        )
        self.sudo().merged_ids.write({"main_id": main.id})
        self._drop_activities()
        main.sudo().message_post(body=self.env._("%s has been merged into this one.", self.number))
        return True

    def _do_withdraw(self, reason, at=None):
        """End it because the person does not want it handled any more."""
        self._open()
        self._require_text(reason)
        self._end_parts(self._get_open_parts(), "recalled", at or fields.Datetime.now())
        self._transition("withdraw", at=at, event={"opinion": reason})
        self._drop_activities()
        return True

    def _require_text(self, text):
        if not (text or "").strip():
            raise ValidationError(self.env._("text: give the reasons in writing."))

    def _get_proposed_tier(self):
        return self.env["shenpi.grievance.tier.rule"]._get_tier(self.source_id, self.kind)

    def _get_proposed_unit(self):
        """The unit that leads, as far as it can be told: the one that had it, that of the case, the
        window where it failed, or whoever handled the most similar one."""
        grievance = self.sudo()
        similar = self._get_similar().filtered("department_id")[:1]
        for unit in (
            grievance.department_id,
            grievance.application_id.department_id,
            grievance.window_id,
            similar.sudo().department_id,
        ):
            if unit and unit.active and not (grievance.accused_department_id & unit.ancestor_ids):
                return unit.with_env(self.env)
        return self.env["shenpi.department"]

    # === Telling === #

    def _tell_units(self):
        """An activity for the head of each unit that has a part, or for its people."""
        self._drop_activities()
        for part in self._get_open_parts():
            unit = part.department_id
            people = (unit.manager_id or unit.user_ids).filtered("active")
            for person in people - self.sudo().accused_user_id:
                grievance = self.sudo().with_context(lang=person.lang)
                grievance.activity_schedule(
                    "mail.mail_activity_data_todo",
                    date_deadline=part.due_date,
                    summary=grievance.env._("Grievance: answer by %s", part.due_date),
                    user_id=person.id,
                )

    def _tell_leaders(self):
        """An activity for the heads of the bureau."""
        self._drop_activities()
        for person in self.sudo().company_id._get_shenpi_heads() - self.sudo().accused_user_id:
            grievance = self.sudo().with_context(lang=person.lang)
            grievance.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=grievance.due_date,
                summary=grievance.env._("Grievance: not satisfied after all, decide"),
                user_id=person.id,
            )

    def _drop_activities(self):
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
