from odoo import models


class ShenpiDepositDecision(models.Model):
    """The buttons of a decision."""

    _inherit = "shenpi.deposit.decision"

    def action_approve(self):
        """Approve it."""
        self._do_approve()
        return True

    def action_confirm(self):
        """Confirm it: it comes into force."""
        self._do_confirm()
        return True

    def action_drop(self):
        """Ask why it is dropped."""
        self.ensure_one()
        return self.deposit_id._open_decision("drop", self.env._("Drop the proposal"), self)

    def action_reverse(self):
        """Ask for the document of the reversal."""
        self.ensure_one()
        return self.deposit_id._open_decision("reverse", self.env._("Reverse"), self)


class ShenpiDeposit(models.Model):
    _inherit = "shenpi.deposit"

    def action_propose_forfeit(self):
        """Ask for ground, amount and document of a forfeiture."""
        return self._open_decision("forfeit", self.env._("Propose a forfeiture"))

    def action_propose_transfer(self):
        """Ask for amount and document of a conversion to performance security."""
        title = self.env._("Convert to performance security")
        return self._open_decision("transfer", title)

    def action_propose_refund(self):
        """Ask for amount and document of the refund of a part."""
        return self._open_decision("refund", self.env._("Refund a part"))

    def _open_decision(self, action, title, decision=None):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "shenpi.deposit.decision.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_deposit_id": self.id,
                "default_decision_id": decision and decision.id,
                "default_action": action,
            },
        }
