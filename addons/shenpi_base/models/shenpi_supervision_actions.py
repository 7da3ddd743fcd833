from odoo import api, fields, models
from odoo.fields import Domain


class ShenpiSupervision(models.Model):
    """The buttons of an order, asked of the transition table, and who sees it."""

    _inherit = "shenpi.supervision"

    can_dispatch = fields.Boolean(compute="_compute_can")
    can_sign = fields.Boolean(compute="_compute_can")
    can_answer = fields.Boolean(compute="_compute_can")
    can_rectified = fields.Boolean(compute="_compute_can")
    can_rectify = fields.Boolean(compute="_compute_can")
    can_send_back = fields.Boolean(compute="_compute_can")
    can_check = fields.Boolean(compute="_compute_can")
    can_close = fields.Boolean(compute="_compute_can")
    can_cancel = fields.Boolean(compute="_compute_can")
    is_mine = fields.Boolean(
        string="For me to answer", store=False, compute="_compute_is_mine", search="_search_is_mine"
    )

    @api.depends("state", "user_id", "department_id", "answered_by_id")
    @api.depends_context("uid")
    def _compute_can(self):
        for order in self:
            allowed = order._get_allowed_actions()
            for action in self._transitions:
                order[f"can_{action}"] = action in allowed

    # === Who sees it === #

    @api.model
    def _get_sight_domain(self):
        """What was dispatched to a department whose cases the user sees, or to himself."""
        visible_ids = self.env["shenpi.department"]._get_visible_ids()
        return Domain("state", "!=", "draft") & (
            Domain("department_id", "in", visible_ids) | Domain("user_id", "=", self.env.uid)
        )

    @api.depends_context("uid")
    def _compute_is_mine(self):
        mine = self.search([("id", "in", self.ids), ("is_mine", "=", True)])
        for order in self:
            order.is_mine = order in mine

    @api.model
    def _search_is_mine(self, operator, value):
        """Orders that this user is to sign for or answer now, for himself or for whom he stands
        in."""
        if operator != "in":
            return NotImplemented
        user = self.env.user
        deputies = self.env["shenpi.deputy"]
        people_ids = (user | deputies._principals_of(user, self._get_today())).ids
        return Domain("state", "in", ("dispatched", "signed", "rectifying")) & Domain.OR(
            [
                Domain("user_id", "in", people_ids),
                Domain("department_id.manager_id", "in", people_ids),
                Domain("user_id", "=", False) & Domain("department_id.user_ids", "in", people_ids),
            ]
        )

    # === Buttons === #

    def action_dispatch(self):
        """Send the order to the department addressed."""
        self.ensure_one()
        return self._do_dispatch()

    def action_sign(self):
        """Sign for the order."""
        self.ensure_one()
        return self._do_sign()

    def action_close(self):
        """The matter is settled."""
        self.ensure_one()
        return self._do_close()

    def action_open_answer(self):
        """Answer the order, or report that it has been rectified."""
        return self._open_wizard("answer", self.env._("Answer"))

    def action_open_rectify(self):
        """Ask for something to be put right."""
        return self._open_wizard("rectify", self.env._("Ask to rectify"))

    def action_open_send_back(self):
        """Ask for the answer again."""
        return self._open_wizard("send_back", self.env._("Send back"))

    def action_open_check(self):
        """Note what the check of the answer found."""
        return self._open_wizard("check", self.env._("Check"))

    def action_open_cancel(self):
        """Take the order back."""
        return self._open_wizard("cancel", self.env._("Cancel the order"))

    def action_open_bulk_dispatch(self):
        """Dispatch the selected orders."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Dispatch"),
            "res_model": "shenpi.supervision.bulk.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_supervision_ids": [fields.Command.set(self.ids)]},
        }

    def _open_wizard(self, action, title):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "shenpi.supervision.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_supervision_id": self.id, "default_action": action},
        }

    # === Documents === #

    def action_print_order(self):
        """Supervision order 督办单."""
        return self._print("shenpi_base.action_report_supervision")

    def action_print_reply(self):
        """Reply to a supervision order 督办回复单."""
        return self._print("shenpi_base.action_report_supervision_reply")

    def _print(self, xmlid):
        self.check_access("read")
        return self.env.ref(xmlid).report_action(self, config=False)
