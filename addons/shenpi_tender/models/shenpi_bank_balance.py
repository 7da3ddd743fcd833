from odoo import fields, models

from .fields import Fen


class ShenpiBankBalance(models.Model):
    """What the bank says stood on an account at the end of a day.

    Read by the balance proof only: a balance divided by the security would tell how many have
    paid. The newest word of a day counts.
    """

    _name = "shenpi.bank.balance"
    _inherit = ["shenpi.append.only"]
    _description = "Closing balance by the bank"
    _order = "date desc, id desc"

    account_id = fields.Many2one("shenpi.bank.account", required=True, ondelete="restrict")
    date = fields.Date(required=True)
    amount = Fen(required=True)

    _latest = models.Index("(account_id, date, id)")
