from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.shenpi_base.tools import chain
from odoo.addons.shenpi_base.tools.localtime import format_moment

BATCH = 5000


class ShenpiLedgerSeal(models.Model):
    """The seals of the ledger: a SHA-256 chain for each bank account.

    Entries are sealed by a scheduled action, not when they are posted: a chain has one end, and
    whoever appended to it would wait for everybody else. The order is that of the sealing: an entry
    whose transaction took longer is sealed in a later run, and none is passed over.

    Read by nobody; the trade manager has the chain verified.
    """

    _name = "shenpi.ledger.seal"
    _inherit = ["shenpi.append.only"]
    _description = "Seal of a ledger entry"

    account_id = fields.Many2one("shenpi.bank.account", required=True, ondelete="restrict")
    sequence = fields.Integer(required=True)
    entry_id = fields.Many2one("shenpi.ledger.entry", required=True, ondelete="restrict")
    hash = fields.Char(required=True)

    _sequence_unique = models.UniqueIndex("(account_id, sequence)")
    _entry_unique = models.UniqueIndex("(entry_id)", "This entry is sealed.")

    @api.model
    def _cron_seal(self):
        """Seal what has been posted since the last run."""
        crons = self.env["ir.cron"]
        accounts = self.env["shenpi.bank.account"].with_context(active_test=False)
        for account in accounts.search([("number", "!=", False)]):
            while sealed := self._seal(account):
                if not crons._commit_progress(sealed):
                    return

    @api.model
    def _seal(self, account):
        """Seal up to ``BATCH`` entries of an account; answers how many."""
        self.env["shenpi.ledger.entry"].flush_model()
        self.env.cr.execute(
            SQL("SELECT 1 FROM shenpi_bank_account WHERE id = %s FOR NO KEY UPDATE", account.id)
        )
        last = self.search([("account_id", "=", account.id)], order="sequence desc", limit=1)
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT entry.* FROM shenpi_ledger_entry entry
                    WHERE account_id = %s AND NOT EXISTS (
                          SELECT 1 FROM shenpi_ledger_seal seal WHERE seal.entry_id = entry.id)
                 ORDER BY id LIMIT %s""",
                account.id,
                BATCH,
            )
        )
        previous, vals_list = last.hash or None, []
        for sequence, row in enumerate(rows, start=last.sequence + 1):
            previous = chain.seal(previous, self._get_payload(row))
            vals_list.append(
                {
                    "account_id": account.id,
                    "sequence": sequence,
                    "entry_id": row["id"],
                    "hash": previous,
                }
            )
        self._insert_all(vals_list)
        return len(rows)

    @api.model
    def _get_payload(self, row):
        """What a seal covers, from the row as read from the table."""
        # What an entry of before that column does not have is not in its seal.
        decision = {"decision": row["decision_id"]} if row["decision_id"] else {}
        return decision | {
            "entry": row["id"],
            "account": row["account_id"],
            "deposit": row["deposit_id"] or 0,
            "line": row["line_id"] or 0,
            "refund": row["refund_id"] or 0,
            "kind": row["kind"],
            "debit": row["debit"],
            "credit": row["credit"],
            "fen": row["fen"],
            "booked_at": format_moment(row["booked_at"]),
            "recorded_at": format_moment(row["recorded_at"]),
            "user": row["user_id"],
            "note": row["note"] or "",
        }

    @api.model
    def _get_first_broken(self, account):
        """The number of the first seal of an account that does not hold; 0 when all do."""
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT seal.sequence, seal.hash, entry.* FROM shenpi_ledger_seal seal
                     JOIN shenpi_ledger_entry entry ON entry.id = seal.entry_id
                    WHERE seal.account_id = %s ORDER BY seal.sequence""",
                account.id,
            )
        )
        for place, row in enumerate(rows, start=1):
            if row["sequence"] != place:
                return place
        broken = chain.first_broken((row["hash"], self._get_payload(row)) for row in rows)
        return 0 if broken is None else broken + 1
