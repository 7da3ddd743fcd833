from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.shenpi_base.models.shenpi_api_mixin import in_callers_language
from odoo.addons.shenpi_base.tools.localtime import local_date, start_of_day

from ..tools.money import to_yuan
from .shenpi_tender_lot_flow import CASHIER, CHECKER, INTEGRATOR, MANAGER, SUPERVISOR

READERS = (CASHIER, CHECKER, SUPERVISOR, MANAGER, INTEGRATOR)


class ShenpiDeposit(models.Model):
    """The balance proof: ledger against bank, account by account, at the end of a day."""

    _inherit = "shenpi.deposit"

    @api.model
    @api.readonly
    @in_callers_language
    def api_balance_proof(self, date):
        """Hold the ledger against the bank.

        :param str date: YYYY-MM-DD; what arrived up to the end of that day in Shanghai counts
        :return: {accounts: [{account, ledger, bank, difference}]}, yuan as text. ``bank`` is the
            closing balance that the bank told, or the sum of its lines where it told none. Money
            for lots that have not been opened is left out on both sides
        """
        self._api_check_groups(*READERS)
        day = self._api_read_date(date, "date")
        accounts = self.sudo()._get_proved([("company_id", "in", self.env.companies.ids)])
        proof = self._prove(accounts, day)
        return {
            "accounts": [
                {
                    "account": account.number,
                    "ledger": to_yuan(ledger),
                    "bank": to_yuan(bank),
                    "difference": to_yuan(ledger - bank),
                }
                for account, (ledger, bank) in proof.items()
            ]
        }

    @api.model
    def _get_proved(self, domain):
        """Accounts of a domain, archived ones too: money lies on them as before."""
        return self.env["shenpi.bank.account"].with_context(active_test=False).search(domain)

    @api.model
    def _prove(self, accounts, day):
        """Ledger and bank of accounts in fen at the end of a day, without what is sealed:
        {account: (ledger, bank)}."""
        self.env.flush_all()
        end = start_of_day(day + timedelta(days=1))
        ids = list(accounts.ids)
        posted = dict(self._sum_entries(ids, end))
        told = dict(self._sum_lines(ids, end))
        closing = dict(self._get_closing(ids, day))
        sealed = dict(self._sum_sealed(ids, end))
        proof = {}
        for account in accounts:
            hidden = sealed.get(account.id, 0)
            bank = closing.get(account.id, told.get(account.id, 0))
            proof[account] = (posted.get(account.id, 0) - hidden, bank - hidden)
        return proof

    @api.model
    def _sum_entries(self, account_ids, end):
        return self.env.execute_query(
            SQL(
                """SELECT account_id,
                          SUM(CASE WHEN debit = 'bank' THEN fen ELSE -fen END)::bigint
                     FROM shenpi_ledger_entry
                    WHERE account_id = ANY(%s) AND booked_at < %s
                      AND (debit = 'bank' OR credit = 'bank')
                 GROUP BY account_id""",
                account_ids,
                end,
            )
        )

    @api.model
    def _sum_lines(self, account_ids, end):
        return self.env.execute_query(
            SQL(
                """SELECT account_id,
                          SUM(CASE direction WHEN 'in' THEN fen ELSE -fen END)::bigint
                     FROM shenpi_bank_line WHERE account_id = ANY(%s) AND arrived_at < %s
                 GROUP BY account_id""",
                account_ids,
                end,
            )
        )

    @api.model
    def _get_closing(self, account_ids, day):
        return self.env.execute_query(
            SQL(
                """SELECT DISTINCT ON (account_id) account_id, amount FROM shenpi_bank_balance
                    WHERE account_id = ANY(%s) AND date = %s ORDER BY account_id, id DESC""",
                account_ids,
                day,
            )
        )

    @api.model
    def _sum_sealed(self, account_ids, end):
        return self.env.execute_query(
            SQL(
                """SELECT entry.account_id,
                          SUM(CASE WHEN debit = 'bank' THEN fen ELSE -fen END)::bigint
                     FROM shenpi_tender_lot lot
                     JOIN shenpi_deposit deposit ON deposit.lot_id = lot.id
                     JOIN shenpi_ledger_entry entry ON entry.deposit_id = deposit.id
                    WHERE lot.state = 'published' AND lot.sealed
                      AND entry.account_id = ANY(%s) AND entry.booked_at < %s
                      AND (debit = 'bank' OR credit = 'bank')
                 GROUP BY entry.account_id""",
                account_ids,
                end,
            )
        )

    @api.model
    def _cron_prove(self):
        """Prove yesterday for every account: a difference blocks its refunds and alarms, a proof
        without one releases what an earlier difference has blocked. What has been unclear for too
        long is told of beside it."""
        accounts = self._get_proved([])
        today = local_date(fields.Datetime.now())
        yesterday = today - timedelta(days=1)
        accounts._tell_unclear(today)
        for account, (ledger, bank) in self._prove(accounts, yesterday).items():
            own = account.with_context(lang=self._get_lang())
            if ledger != bank:
                own._block(
                    "proof",
                    own.env._(
                        "Balance proof of %(day)s: ledger and bank differ by %(amount)s yuan.",
                        day=yesterday,
                        amount=to_yuan(ledger - bank),
                    ),
                )
                continue
            account.proved_date = yesterday
            if account.blocked_by == "proof":
                own._release(own.env._("Balance proof of %s: no difference.", yesterday))

    @api.model
    def _get_lang(self):
        return self.env["shenpi.application.document"]._get_lang()
