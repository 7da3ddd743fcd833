from odoo import api, fields, models

from .shenpi_rating_case_flow import TRANSITIONS


class ShenpiRatingCase(models.Model):
    """The buttons of a case, asked of the transition table."""

    _inherit = "shenpi.rating.case"

    can_contact = fields.Boolean(compute="_compute_can")
    can_settle = fields.Boolean(compute="_compute_can")
    can_rectify = fields.Boolean(compute="_compute_can")
    can_rectified = fields.Boolean(compute="_compute_can")
    can_send_back = fields.Boolean(compute="_compute_can")
    can_verify = fields.Boolean(compute="_compute_can")
    can_appeal = fields.Boolean(compute="_compute_can")
    can_uphold = fields.Boolean(compute="_compute_can")
    can_overrule = fields.Boolean(compute="_compute_can")
    can_visit = fields.Boolean(compute="_compute_can")
    can_ask_again = fields.Boolean(compute="_compute_can")
    can_draft_reply = fields.Boolean(compute="_compute_can")
    can_release_reply = fields.Boolean(compute="_compute_can")
    can_close = fields.Boolean(compute="_compute_can")

    @api.depends("state", "outcome", "visited_at", "reply", "reply_released_at", "asked_again_at")
    @api.depends_context("uid")
    def _compute_can(self):
        for case in self:
            allowed = case._get_allowed_actions()
            for action in TRANSITIONS.keys() - {"open"}:
                case[f"can_{action}"] = action in allowed

    def action_open_contact(self):
        """Note the contact with whoever rated."""
        return self._open_wizard("contact", self.env._("Contact"))

    def action_open_settle(self):
        """Nothing is to be put right."""
        return self._open_wizard("settle", self.env._("Explained"))

    def action_open_rectify(self):
        """Ask the office to put something right."""
        return self._open_wizard("rectify", self.env._("Ask to rectify"))

    def action_open_rectified(self):
        """Report what was put right."""
        return self._open_wizard("rectified", self.env._("Report as rectified"))

    def action_open_send_back(self):
        """What was reported does not do."""
        return self._open_wizard("send_back", self.env._("Send back"))

    def action_open_verify(self):
        """Note what the check found."""
        return self._open_wizard("verify", self.env._("Verify"))

    def action_open_appeal(self):
        """Object to the rating."""
        return self._open_wizard("appeal", self.env._("Appeal"))

    def action_open_uphold(self):
        """The appeal is right."""
        return self._open_wizard("uphold", self.env._("Uphold the appeal"))

    def action_open_overrule(self):
        """The appeal is not right."""
        return self._open_wizard("overrule", self.env._("Refuse the appeal"))

    def action_open_visit(self):
        """Note what whoever rated says now."""
        return self._open_wizard("visit", self.env._("Follow-up visit"))

    def action_open_draft_reply(self):
        """Write the public reply."""
        return self._open_wizard("draft_reply", self.env._("Public reply"))

    def action_ask_again(self):
        """Ask whoever rated to rate once more."""
        self.ensure_one()
        return self._do_ask_again()

    def action_release_reply(self):
        """Publish the reply."""
        self.ensure_one()
        return self._do_release_reply()

    def action_close(self):
        """The matter is settled."""
        self.ensure_one()
        return self._do_close()

    def _open_wizard(self, action, title):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "shenpi.rating.case.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_case_id": self.id, "default_action": action},
        }
