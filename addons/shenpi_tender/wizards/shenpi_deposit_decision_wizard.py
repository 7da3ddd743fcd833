from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..models.shenpi_deposit_decision import GROUNDS


class ShenpiDepositDecisionWizard(models.TransientModel):
    """What a decision on bid security asks for: ground, amount, document and payee of a proposal,
    or the reason why one is dropped."""

    _name = "shenpi.deposit.decision.wizard"
    _inherit = ["shenpi.document.wizard"]
    _description = "Decision on bid security: question"

    _document_field = "deposit_id"

    deposit_id = fields.Many2one("shenpi.deposit", required=True, ondelete="cascade")
    decision_id = fields.Many2one("shenpi.deposit.decision", ondelete="cascade")
    action = fields.Selection(
        [
            ("forfeit", "Forfeiture"),
            ("transfer", "Conversion to performance security"),
            ("refund", "Refund of a part"),
            ("reverse", "Reversal"),
            ("drop", "Dropped"),
        ],
        required=True,
    )
    currency_id = fields.Many2one(related="deposit_id.currency_id")
    held = fields.Monetary(related="deposit_id.held", string="Held now")
    amount = fields.Monetary()
    ground = fields.Selection(GROUNDS)
    reason = fields.Text()
    legal_basis = fields.Char()
    document = fields.Binary(string="Stamped document")
    filename = fields.Char()
    owner_document = fields.Binary(string="Decision of the tenderer")
    owner_filename = fields.Char()
    payee_name = fields.Char(string="Payee")
    payee_account = fields.Char()
    payee_bank = fields.Char()

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        deposit = self.env["shenpi.deposit"].browse(values.get("deposit_id"))
        if values.get("action") in ("forfeit", "transfer") and deposit:
            values["amount"] = deposit.held
        lot = deposit.lot_id
        if values.get("action") == "forfeit" and lot and lot._get_forfeit_payee() == "owner":
            values["payee_name"] = lot.owner_name
        return values

    def action_confirm(self):
        """Propose it, or drop the proposal."""
        deposit = self._get_document()
        if self.decision_id:
            self.decision_id.check_access("read")
            if self.decision_id.deposit_id != deposit:
                raise AccessError(self.env._("The decision is about another bid security."))
        if self.action == "drop":
            self.decision_id._do_drop(self.reason)
            return {"type": "ir.actions.act_window_close"}
        if self.action == "reverse":
            new = self.decision_id._do_reverse(self.reason, self.document, self.filename)
        else:
            new = self.env["shenpi.deposit.decision"]._do_propose(deposit, self._get_values())
        return {
            "type": "ir.actions.act_window",
            "res_model": "shenpi.deposit.decision",
            "res_id": new.id,
            "views": [(False, "form")],
        }

    def _get_values(self):
        names = ["amount", "reason", "legal_basis", "document", "filename"]
        if self.action == "forfeit":
            names += ["ground", "owner_document", "owner_filename"]
            names += [name for name in ("payee_name", "payee_account", "payee_bank") if self[name]]
        return {"kind": self.action} | {name: self[name] for name in names}
