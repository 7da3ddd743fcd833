from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class ShenpiBankSubaccount(models.Model):
    """A virtual sub-account: money that names it is that of one bidder for one lot.

    Nobody reads these rows: which of them are taken would tell how many bidders there are. They are
    given away at random, for the same reason, and no number is given twice: money that comes late
    still names the bidder who was told the number.
    """

    _name = "shenpi.bank.subaccount"
    _inherit = ["shenpi.bulk.insert"]
    _description = "Virtual sub-account"
    _rec_name = "number"
    _log_access = False

    account_id = fields.Many2one(
        "shenpi.bank.account", required=True, index=True, ondelete="restrict"
    )
    number = fields.Char(required=True)
    deposit_id = fields.Many2one("shenpi.deposit", ondelete="restrict")

    _number_unique = models.UniqueIndex("(number)", "This sub-account exists.")
    _deposit_unique = models.UniqueIndex("(deposit_id) WHERE deposit_id IS NOT NULL")
    _free = models.Index("(account_id, id) WHERE deposit_id IS NULL")

    @api.model
    def _take(self, account):
        """Lock a free sub-account, any; two callers at the same moment get different ones.

        :raise UserError: all have been given away
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM shenpi_bank_subaccount
                    WHERE account_id = %s AND deposit_id IS NULL
                 ORDER BY random() LIMIT 1 FOR UPDATE SKIP LOCKED""",
                account.id,
            )
        )
        if not rows:
            raise UserError(self.env._("account: has no free sub-account; more must be laid out."))
        return self.browse(rows[0])
