from odoo import fields, models
from odoo.tools import SQL

AGES = [
    ("030", "Up to 30 days"),
    ("090", "31 to 90 days"),
    ("180", "91 to 180 days"),
    ("365", "181 to 365 days"),
    ("999", "More than a year"),
]

# Lots that are sealed are left out here, not by a rule only.
HOLDINGS = """WITH arrival AS (
       SELECT entry.deposit_id, min(line.arrived_at) AS arrived_at
         FROM shenpi_ledger_entry entry
         JOIN shenpi_deposit deposit ON deposit.id = entry.deposit_id
          AND (deposit.held > 0 OR deposit.in_refund > 0)
         JOIN shenpi_bank_line line ON line.id = entry.line_id
        WHERE entry.kind IN ('receipt', 'assign')
     GROUP BY entry.deposit_id
   ), holding AS (
       SELECT deposit.id * 3 + part.place AS id, deposit.company_id,
              deposit.account_id, deposit.id AS deposit_id, deposit.lot_id,
              lot.state AS lot_state, deposit.bidder_name AS owner_name,
              part.kind, arrival.arrived_at, part.amount
         FROM shenpi_deposit deposit
         JOIN arrival ON arrival.deposit_id = deposit.id
         JOIN shenpi_tender_lot lot ON lot.id = deposit.lot_id AND NOT lot.sealed
   CROSS JOIN LATERAL (VALUES (0, 'held', deposit.held),
                              (1, 'in_refund', deposit.in_refund))
              AS part(place, kind, amount)
        WHERE part.amount > 0
    UNION ALL
       SELECT line.id * 3 + 2, line.company_id, line.account_id, NULL, NULL, NULL,
              line.payer_name, 'suspense', line.arrived_at, line.fen / 100.0
         FROM shenpi_ledger_entry entry
         JOIN shenpi_bank_line line ON line.id = entry.line_id
        WHERE entry.kind = 'suspend'
          AND NOT EXISTS (SELECT 1 FROM shenpi_ledger_entry cleared
                           WHERE cleared.line_id = line.id
                             AND cleared.kind IN ('assign', 'send_back'))
   ), aged AS (
       SELECT holding.*,
              %s - (arrived_at AT TIME ZONE 'UTC' AT TIME ZONE 'Asia/Shanghai')::date
              AS days
         FROM holding
   )
   SELECT aged.*, %s AS currency_id,
          CASE WHEN days <= 30 THEN '030' WHEN days <= 90 THEN '090'
               WHEN days <= 180 THEN '180' WHEN days <= 365 THEN '365'
               ELSE '999' END AS age
     FROM aged"""


class ShenpiHolding(models.Model):
    """Money of other people that lies on our accounts, by the days since it arrived: held, on its
    way back, or unclear. What grows old here is where stranded money is born.

    Read by cashier, checker, trade supervisor and trade manager. Of lots that have not been opened
    there is no row, for nobody: the query leaves them out, whatever rules are in force.
    """

    _name = "shenpi.holding"
    _description = "Holding by age"
    _auto = False
    _order = "arrived_at, id"
    _rec_name = "owner_name"
    _depends = {
        "shenpi.deposit": [
            "lot_id",
            "company_id",
            "account_id",
            "bidder_name",
            "held",
            "in_refund",
        ],
        "shenpi.tender.lot": ["sealed", "state"],
        "shenpi.ledger.entry": ["deposit_id", "line_id", "kind", "fen"],
        "shenpi.bank.line": ["arrived_at", "payer_name", "account_id", "company_id"],
    }

    company_id = fields.Many2one("res.company", string="Bureau", readonly=True)
    account_id = fields.Many2one("shenpi.bank.account", string="Bank account", readonly=True)
    deposit_id = fields.Many2one("shenpi.deposit", string="Bid security", readonly=True)
    lot_id = fields.Many2one("shenpi.tender.lot", readonly=True)
    lot_state = fields.Selection(
        selection=lambda self: self.env["shenpi.tender.lot"]._fields["state"].selection,
        string="State of the lot",
        readonly=True,
    )
    owner_name = fields.Char(string="Bidder or payer", readonly=True)
    kind = fields.Selection(
        [("held", "Held"), ("in_refund", "In refund"), ("suspense", "Unclear")], readonly=True
    )
    arrived_at = fields.Datetime(string="At the bank", readonly=True, help="The first payment.")
    days = fields.Integer(readonly=True, aggregator="max", help="Since it arrived.")
    age = fields.Selection(AGES, readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(readonly=True)

    @property
    def _table_query(self):
        return SQL(
            HOLDINGS,
            self.env["shenpi.application"]._get_today(),
            self.env.ref("base.CNY").id,
        )
