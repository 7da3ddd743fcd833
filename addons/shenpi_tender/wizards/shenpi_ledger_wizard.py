from urllib.parse import urlencode

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ShenpiLedgerWizard(models.TransientModel):
    """The ledger of a period as a workbook, for the bookkeeping: cashier, checker, trade supervisor
    and trade manager, as far as they read it."""

    _name = "shenpi.ledger.wizard"
    _description = "Export of the ledger"

    account_id = fields.Many2one(
        "shenpi.bank.account", string="Bank account", ondelete="cascade", help="Empty: all."
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self._get_today().replace(day=1),
    )
    date_to = fields.Date(
        string="Up to", required=True, default=lambda self: self._get_today(), help="Inclusive."
    )

    @api.model
    def _get_today(self):
        return self.env["shenpi.application"]._get_today()

    @api.constrains("date_from", "date_to")
    def _check_period(self):
        for wizard in self:
            if wizard.date_to < wizard.date_from:
                raise ValidationError(self.env._("Up to: lies before the first day."))

    def action_export(self):
        """Have the file made and sent."""
        self.ensure_one()
        self.env["shenpi.ledger.entry"].check_access("read")
        query = {"date_from": self.date_from, "date_to": self.date_to}
        if self.account_id:
            query["account_id"] = self.account_id.id
        return {
            "type": "ir.actions.act_url",
            "url": f"/shenpi/ledger.xlsx?{urlencode(query)}",
            "target": "download",
        }
