import base64
from decimal import Decimal

from odoo import api, fields, models

from odoo.addons.shenpi_base.tools import sheets

from ..tools.money import from_float


class ShenpiRefundBatch(models.Model):
    """What was handed over to a bank together: one list for one account, with its file.

    Made when a cashier hands refunds over; changed by nobody. For a bank that takes files the file
    is the order: its refunds count as sent from then on, and what became of them is told by the
    statement, which quotes their numbers. Read by all who handle money.
    """

    _name = "shenpi.refund.batch"
    _inherit = ["shenpi.flow.fields"]
    _description = "Payment list"
    _order = "id desc"
    _rec_name = "filename"

    account_id = fields.Many2one(
        "shenpi.bank.account", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", string="Bureau", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Handed over by", required=True, readonly=True, ondelete="restrict"
    )
    handed_at = fields.Datetime(string="Handed over on", required=True, readonly=True)
    refund_count = fields.Integer(string="Number of refunds", readonly=True)
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.ref("base.CNY")
    )
    total = fields.Monetary(readonly=True)
    file = fields.Binary(string="List", attachment=True, readonly=True)
    filename = fields.Char(readonly=True)
    refund_ids = fields.One2many("shenpi.refund", "batch_id", string="Refunds", readonly=True)

    @api.model
    def _hand_over(self, refunds):
        """One list for each account; answers the lists."""
        batches = self.browse()
        for account, own in refunds.sudo().grouped("account_id").items():
            now = fields.Datetime.now()
            local = fields.Datetime.context_timestamp(self.with_context(tz="Asia/Shanghai"), now)
            total = sum(from_float(refund.amount) for refund in own)
            batch = self.sudo().create(
                {
                    "account_id": account.id,
                    "company_id": account.company_id.id,
                    "user_id": self.env.uid,
                    "handed_at": now,
                    "refund_count": len(own),
                    "total": total / 100,
                    "file": base64.b64encode(self._write_list(own)),
                    "filename": f"{account.number[-4:]}-{local:%Y%m%d-%H%M%S}.xlsx",
                }
            )
            own.write({"batch_id": batch.id})
            batches |= batch
        return batches

    @api.model
    def _write_list(self, refunds):
        lang = self.env["shenpi.application.document"]._get_lang()
        env = self.with_context(lang=lang).env
        headings = [
            env._("Refund no."),
            env._("Payee"),
            env._("Payee account"),
            env._("Payee's bank"),
            env._("Amount in yuan"),
            env._("Lot no."),
            env._("Back by"),
        ]
        rows = (
            (
                refund.number,
                refund.payee_name,
                refund.payee_account,
                refund.payee_bank,
                Decimal(from_float(refund.amount)) / 100,
                refund.lot_id.code,
                refund.due_date,
            )
            for refund in refunds
        )
        return sheets.write_workbook([(env._("Payment list"), headings, rows)])
