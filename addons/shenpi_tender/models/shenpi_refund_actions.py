from odoo import models


class ShenpiRefund(models.Model):
    """The buttons of refunds, of one or of what is selected in a list."""

    _inherit = "shenpi.refund"

    def action_approve(self):
        """Approve them, all or none."""
        self.check_access("read")
        self._do_approve()
        return True

    def action_check(self):
        """Check them, all or none."""
        self.check_access("read")
        self._do_check()
        return True

    def action_send(self):
        """Hand them over to the bank, all or none."""
        self.check_access("read")
        self._do_send()
        return True

    def action_send_back(self):
        """Ask why it goes back to the cashier."""
        return self._open_wizard("send_back", self.env._("Send back"))

    def action_renew(self):
        """Ask to which account the new one goes."""
        return self._open_wizard("renew", self.env._("Make anew"))

    def action_add_delay(self):
        """Ask on which days the bidder held it up, and by what."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Delay by the bidder"),
            "res_model": "shenpi.refund.delay",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_refund_id": self.id},
        }

    def _open_wizard(self, action, title):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "shenpi.refund.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_refund_id": self.id, "default_action": action},
        }
