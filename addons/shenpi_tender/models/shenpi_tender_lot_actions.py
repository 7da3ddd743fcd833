from odoo import models


class ShenpiTenderLot(models.Model):
    """The buttons of a lot."""

    _inherit = "shenpi.tender.lot"

    def action_publish(self):
        """Publish it."""
        self._do_publish()
        return True

    def action_open_bids(self):
        """Open it now, when the scheduled action has not done so yet."""
        self.ensure_one()
        self.check_access("read")
        self._do_open()
        return True

    def action_name_candidates(self):
        """Announce the candidates."""
        self._do_name_candidates()
        return True

    def action_sign_contract(self):
        """Enter that the contract has been signed today."""
        self._do_sign_contract()
        return True

    def action_change_deadline(self):
        """Ask for the new deadline."""
        return self._open_wizard("change_deadline", self.env._("Change the deadline"))

    def action_award(self):
        """Ask for the winners."""
        return self._open_wizard("award", self.env._("Award notice"))

    def action_fail(self):
        """Ask why the lot has failed."""
        return self._open_wizard("fail_lot", self.env._("The lot has failed"))

    def action_terminate(self):
        """Ask why the lot is terminated."""
        return self._open_wizard("terminate_lot", self.env._("Terminate the lot"))

    def action_hold(self):
        """Ask for the document of a complaint, an objection or an order."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hold refunds"),
            "res_model": "shenpi.hold",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_lot_id": self.id, "default_kind": "complaint"},
        }

    def action_open_deposits(self):
        """The bid securities of this lot, as far as they are shown."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("shenpi_tender.shenpi_deposit_action")
        return action | {"domain": [("lot_id", "=", self.id)], "context": {}}

    def _open_wizard(self, action, title):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "shenpi.tender.lot.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_lot_id": self.id, "default_action": action},
        }
