from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ..tools import flow
from ..tools.localtime import local_date
from .shenpi_application_flow import MANAGER
from .shenpi_blocker_flow import NAVIGATOR, STAFF

TRANSITIONS = flow.table(
    flow.Transition(action, frozenset(sources.split()), target, frozenset({STAFF}), guard)
    for action, sources, target, guard in (
        ("plan_visit", "requested", "planned", "_guard_plan"),
        ("finish_visit", "planned", "done", "_guard_goes"),
        ("cancel", "requested planned", "cancelled", None),
    )
)


class ShenpiHomeService(models.Model):
    """The life of a visit: the transition table above and the workers that apply it."""

    _inherit = "shenpi.home.service"

    _transitions = TRANSITIONS

    can_finish = fields.Boolean(compute="_compute_can")
    can_cancel = fields.Boolean(compute="_compute_can")
    is_mine = fields.Boolean(
        string="Mine", store=False, compute="_compute_is_mine", search="_search_is_mine"
    )

    @api.depends("state", "staff_ids")
    @api.depends_context("uid")
    def _compute_can(self):
        for service in self:
            allowed = service._get_allowed_actions()
            service.can_finish = "finish_visit" in allowed
            service.can_cancel = "cancel" in allowed

    @api.depends("staff_ids")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for service in self:
            service.is_mine = self.env.user in service.staff_ids

    @api.model
    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain("staff_ids", "in", self.env.uid)
        return Domain.OR(domain if wanted else ~domain for wanted in value)

    # === Guards === #

    def _guard_plan(self):
        lacking = {
            "date_start": self.env._("a time from"),
            "date_stop": self.env._("a time to"),
            "staff_ids": self.env._("who goes"),
            "address": self.env._("an address"),
        }
        missing = [label for name, label in lacking.items() if not self[name]]
        if missing:
            raise UserError(
                self.env._(
                    "%(visit)s cannot be planned without: %(missing)s.",
                    visit=self.number,
                    missing="、".join(missing),
                )
            )
        return self.env.user

    def _guard_goes(self):
        user = self.env.user
        if user in self.staff_ids or any(user.has_group(g) for g in (NAVIGATOR, MANAGER)):
            return user
        raise AccessError(self.env._("The result is noted by those who go."))

    # === Workers === #

    def _do_plan(self, at=None):
        """The time is fixed, and those who go are told."""
        self._open()
        self._transition(
            "plan_visit",
            at=at,
            event={
                "data": {
                    "from": fields.Datetime.to_string(self.date_start),
                    "to": fields.Datetime.to_string(self.date_stop),
                    "staff": self.staff_ids.ids,
                }
            },
        )
        self.sudo()._tell_staff()
        return True

    def _do_finish(self, result, satisfaction=None, note="", at=None):
        """The visit has been made.

        :param str result: what was done and found
        :param str satisfaction: "5" (very satisfied) to "1", None when nobody was asked
        """
        self._open()
        if not (result or "").strip():
            raise ValidationError(self.env._("result: say what was done and found."))
        self._transition(
            "finish_visit",
            at=at,
            values={
                "result": result,
                "satisfaction": satisfaction,
                "satisfaction_note": note,
                "done_at": at or fields.Datetime.now(),
                "done_by_id": self.env.uid,
            },
            event={"opinion": result, "data": {"satisfaction": satisfaction or ""}},
        )
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        return True

    def _do_cancel(self, reason, at=None):
        """The visit is not made."""
        self._open()
        if not (reason or "").strip():
            raise ValidationError(self.env._("reason: say why the visit is not made."))
        self._transition("cancel", at=at, event={"opinion": reason})
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        return True

    def _tell_staff(self):
        self.activity_unlink(["mail.mail_activity_data_todo"])
        for person in self.staff_ids:
            service = self.with_context(lang=person.lang)
            service.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=local_date(self.date_start),
                summary=service.display_name,
                user_id=person.id,
            )

    # === Buttons === #

    def action_plan(self):
        """Fix the time."""
        self.ensure_one()
        return self._do_plan()

    def action_open_result(self):
        """Note the result."""
        return self._open_wizard("finish", self.env._("Result of the visit"))

    def action_open_cancel(self):
        """Call it off."""
        return self._open_wizard("cancel", self.env._("Cancel the visit"))

    def _open_wizard(self, action, title):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "shenpi.home.service.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_service_id": self.id, "default_action": action},
        }
