from odoo import api, fields, models

from ..tools import tiers
from .shenpi_grievance_flow import TRANSITIONS

WIZARDS = {
    "dispatch": "dispatch",
    "visit": "visit",
    "not_accept": "ending",
    "close": "ending",
    "plan": "plan",
    "merge": "merge",
}


class ShenpiGrievance(models.Model):
    """The buttons of a grievance, asked of the transition table."""

    _inherit = "shenpi.grievance"

    can_receive = fields.Boolean(compute="_compute_can")
    can_not_accept = fields.Boolean(compute="_compute_can")
    can_dispatch = fields.Boolean(compute="_compute_can")
    can_take = fields.Boolean(compute="_compute_can")
    can_return = fields.Boolean(compute="_compute_can")
    can_contribute = fields.Boolean(compute="_compute_can")
    can_ask_extension = fields.Boolean(compute="_compute_can")
    can_extend = fields.Boolean(compute="_compute_can")
    can_refuse_extension = fields.Boolean(compute="_compute_can")
    can_answer = fields.Boolean(compute="_compute_can")
    can_send_back = fields.Boolean(compute="_compute_can")
    can_approve_reply = fields.Boolean(compute="_compute_can")
    can_visit = fields.Boolean(compute="_compute_can")
    can_miss = fields.Boolean(compute="_compute_can")
    can_plan = fields.Boolean(compute="_compute_can")
    can_close = fields.Boolean(compute="_compute_can")
    can_merge = fields.Boolean(compute="_compute_can")
    can_withdraw = fields.Boolean(compute="_compute_can")
    age_days = fields.Integer(string="Open for (days)", compute="_compute_age_days")

    @api.depends("state", "department_id", "dispatch_ids", "answered_by_id", "extension_state")
    @api.depends_context("uid")
    def _compute_can(self):
        now = fields.Datetime.now()
        for grievance in self:
            allowed = grievance._get_allowed_actions()
            for action in TRANSITIONS:
                grievance[f"can_{action}"] = action in allowed
            hours = grievance.sudo().company_id.shenpi_grievance_return_hours
            if grievance.can_return:
                grievance.can_return = tiers.may_return(grievance.dispatched_at, now, hours)
            # The form offers what was asked for; days of its own accord come over the API.
            grievance.can_extend &= grievance.extension_state == "asked"

    @api.depends("received_at", "closed_at")
    def _compute_age_days(self):
        now = fields.Datetime.now()
        for grievance in self:
            begin, end = grievance.received_at, grievance.closed_at or now
            grievance.age_days = (end - begin).days if begin else 0

    # === Buttons === #

    def action_receive(self):
        """Take the draft in."""
        self.ensure_one()
        return self._do_receive()

    def action_take(self):
        """Take it in hand."""
        self.ensure_one()
        return self._do_take()

    def action_approve_reply(self):
        """Let the reply go out."""
        self.ensure_one()
        return self._do_approve_reply()

    def action_extend(self):
        """Grant the days that were asked for."""
        self.ensure_one()
        return self._do_extend()

    def action_open_dispatch(self):
        """Give it to a unit that leads and others that help."""
        return self._open_wizard("dispatch", self.env._("Dispatch"))

    def action_open_not_accept(self):
        """Refuse what has a way of its own."""
        return self._open_wizard("not_accept", self.env._("Do not accept"))

    def action_open_return(self):
        """Give it back to the desk."""
        return self._open_wizard("return", self.env._("Return"))

    def action_open_contribute(self):
        """Hand in the part of a helping unit."""
        return self._open_wizard("contribute", self.env._("Hand in our part"))

    def action_open_ask_extension(self):
        """Ask for more days."""
        return self._open_wizard("ask_extension", self.env._("Ask for more days"))

    def action_open_refuse_extension(self):
        """Leave the day as it is."""
        return self._open_wizard("refuse_extension", self.env._("Refuse more days"))

    def action_open_answer(self):
        """Write the reply."""
        return self._open_wizard("answer", self.env._("Reply"))

    def action_open_send_back(self):
        """Have the reply written again."""
        return self._open_wizard("send_back", self.env._("Send back"))

    def action_open_visit(self):
        """Note what the person says of the reply."""
        return self._open_wizard("visit", self.env._("Call-back"))

    def action_open_miss(self):
        """Note that the person was not reached."""
        return self._open_wizard("miss", self.env._("Not reached"))

    def action_open_plan(self):
        """Put it on the list of hard cases."""
        return self._open_wizard("plan", self.env._("Hard case"))

    def action_open_close(self):
        """End it with an outcome."""
        return self._open_wizard("close", self.env._("Close"))

    def action_open_merge(self):
        """Handle it together with another one."""
        return self._open_wizard("merge", self.env._("Merge"))

    def action_open_withdraw(self):
        """End it because the person asks for it."""
        return self._open_wizard("withdraw", self.env._("Withdraw"))

    def _open_wizard(self, action, title):
        self.ensure_one()
        kind = WIZARDS.get(action)
        context = {"default_grievance_id": self.id}
        if kind in (None, "ending"):
            context["default_action"] = action
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": f"shenpi.grievance.{kind}.wizard" if kind else "shenpi.grievance.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": context,
        }

    def action_open_similar(self):
        """The similar ones."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Similar ones"),
            "res_model": self._name,
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", self._get_similar().ids)],
            "context": {"create": False},
        }

    # === Documents === #

    def action_print_reply(self):
        """Reply letter 答复书."""
        return self._print("shenpi_evaluation.action_report_grievance_reply")

    def action_print_refusal(self):
        """Notice that it is not accepted 不予受理告知书."""
        return self._print("shenpi_evaluation.action_report_grievance_refusal")

    def _print(self, xmlid):
        self.check_access("read")
        return self.env.ref(xmlid).report_action(self, config=False)
