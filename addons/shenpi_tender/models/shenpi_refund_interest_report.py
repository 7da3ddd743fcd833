from odoo import fields, models
from odoo.tools import SQL


class ShenpiRefundInterest(models.Model):
    """The interest of refunds: what we have reckoned, what the statement shows as paid, and the
    difference, which is for the cashier to take up with the bank. A sum over the ledger; read by
    all who handle money."""

    _name = "shenpi.refund.interest"
    _description = "Interest of refunds"
    _auto = False
    _order = "settled_at desc, id desc"
    _rec_name = "refund_id"

    refund_id = fields.Many2one("shenpi.refund", readonly=True)
    deposit_id = fields.Many2one("shenpi.deposit", string="Bid security", readonly=True)
    lot_id = fields.Many2one("shenpi.tender.lot", readonly=True)
    company_id = fields.Many2one("res.company", string="Bureau", readonly=True)
    account_id = fields.Many2one("shenpi.bank.account", string="Paid from", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    payee_name = fields.Char(string="Payee", readonly=True)
    amount = fields.Monetary(readonly=True)
    settled_at = fields.Datetime(string="Paid on", readonly=True)
    owed = fields.Monetary(string="Interest, reckoned", readonly=True)
    paid = fields.Monetary(string="Interest, paid by the bank", readonly=True)
    difference = fields.Monetary(
        readonly=True, help="More than nothing: the bank has paid less than we have reckoned."
    )
    penalty = fields.Monetary(string="Penalty for lateness", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """SELECT refund.id, refund.id AS refund_id, refund.deposit_id, refund.lot_id,
                      refund.company_id, refund.account_id, refund.currency_id,
                      refund.payee_name, refund.amount, refund.settled_at,
                      COALESCE(sums.owed, 0) / 100.0 AS owed,
                      COALESCE(sums.paid, 0) / 100.0 AS paid,
                      COALESCE(sums.owed - sums.paid, 0) / 100.0 AS difference,
                      COALESCE(refund.penalty, 0) AS penalty
                 FROM shenpi_refund refund
                 LEFT JOIN (
                      SELECT refund_id,
                             SUM(CASE kind WHEN 'accrue_interest' THEN fen
                                           WHEN 'cancel_interest' THEN -fen ELSE 0 END) AS owed,
                             SUM(CASE kind WHEN 'pay_interest' THEN fen
                                           WHEN 'return_interest' THEN -fen ELSE 0 END) AS paid
                        FROM shenpi_ledger_entry
                       WHERE 'interest_owed' IN (debit, credit) AND refund_id IS NOT NULL
                    GROUP BY refund_id) sums ON sums.refund_id = refund.id
                WHERE sums.refund_id IS NOT NULL OR refund.penalty > 0"""
        )
