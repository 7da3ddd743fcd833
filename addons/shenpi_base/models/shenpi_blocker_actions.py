from odoo import api, fields, models
from odoo.fields import Domain


class ShenpiBlocker(models.Model):
    """The buttons of a blocker, asked of the transition table, and who sees it."""

    _inherit = "shenpi.blocker"

    can_raise = fields.Boolean(compute="_compute_can")
    can_reassign = fields.Boolean(compute="_compute_can")
    can_postpone = fields.Boolean(compute="_compute_can")
    can_answer = fields.Boolean(compute="_compute_can")
    can_send_back = fields.Boolean(compute="_compute_can")
    can_strike_off = fields.Boolean(compute="_compute_can")
    can_reopen = fields.Boolean(compute="_compute_can")
    can_drop = fields.Boolean(compute="_compute_can")

    @api.depends("state", "user_id", "department_id", "answered_by_id")
    @api.depends_context("uid")
    def _compute_can(self):
        for blocker in self:
            allowed = blocker._get_allowed_actions()
            for action in self._transitions:
                blocker[f"can_{action}"] = action in allowed

    # === Who sees it === #

    @api.model
    def _get_sight_domain(self):
        """Those of the projects that the user sees, and those that he or his department owns."""
        visible_ids = self.env["shenpi.department"]._get_visible_ids()
        return (
            Domain("project_id.in_sight", "=", True)
            | Domain("user_id", "=", self.env.uid)
            | Domain("department_id", "in", visible_ids)
        )

    # === Buttons === #

    def action_raise(self):
        """Put the blocker on the ledger."""
        self.ensure_one()
        return self._do_raise()

    def action_open_reassign(self):
        """Hand it to another owner."""
        return self._open_wizard("reassign", self.env._("Another owner"))

    def action_open_postpone(self):
        """Grant more time."""
        return self._open_wizard("postpone", self.env._("More time"))

    def action_open_answer(self):
        """Say how it was cleared."""
        return self._open_wizard("answer", self.env._("Cleared"))

    def action_open_send_back(self):
        """Ask for it again."""
        return self._open_wizard("send_back", self.env._("Send back"))

    def action_open_strike_off(self):
        """Strike it off."""
        return self._open_wizard("strike_off", self.env._("Strike off"))

    def action_open_reopen(self):
        """Open it again."""
        return self._open_wizard("reopen", self.env._("Open again"))

    def action_open_drop(self):
        """Drop it."""
        return self._open_wizard("drop", self.env._("Drop the blocker"))

    def _open_wizard(self, action, title):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "shenpi.blocker.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_blocker_id": self.id, "default_action": action},
        }
