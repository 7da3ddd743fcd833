from datetime import timedelta
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.shenpi_base.tools import signing
from odoo.addons.shenpi_base.tools.localtime import start_of_day
from odoo.addons.shenpi_base.tools.signed_http import Service

from .shenpi_tender_lot_flow import CASHIER, MANAGER, SUPERVISOR

SYSTEM = "base.group_system"
# So many numbers are reserved at a time when a pool is laid out.
POOL_STEP = 1000
POOL_MOST = 100_000


class ShenpiBankAccount(models.Model):
    """An account on which the bureau keeps bid security, with a pool of virtual sub-accounts.

    The trade manager sets it up; trading staff read it. A difference between ledger and bank, or a
    bank that contradicts itself, blocks what leaves the account (``blocked``) until a proof without
    difference, or the trade manager who has cleared it up, releases it.
    """

    _name = "shenpi.bank.account"
    _inherit = ["shenpi.flow.fields", "mail.thread", "mail.activity.mixin"]
    _description = "Bank account of bid security"
    _order = "company_id, number"
    _rec_names_search = ["name", "number"]
    _check_company_auto = True

    _flow_fields = frozenset(
        {"blocked", "blocked_by", "blocked_reason", "imported_date", "pool_size", "proved_date"}
    )

    name = fields.Char(required=True)
    number = fields.Char(string="Account no.", required=True)
    bank_name = fields.Char(string="Bank", required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Bureau",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    connector = fields.Selection(
        [("file", "Files"), ("http", "Signed calls")],
        required=True,
        default="file",
        help="How refunds reach the bank.",
    )
    gateway_url = fields.Char(
        string="Address of the bank",
        groups=SYSTEM,
        copy=False,
        help="Where instructions are posted to.",
    )
    gateway_account = fields.Char(
        string="Known to the bank as", groups=SYSTEM, copy=False, help="Empty: the account number."
    )
    gateway_key = fields.Char(
        string="Shared key",
        groups=SYSTEM,
        copy=False,
        help="Signs what is posted, and the results that come back. Only the administrator reads"
        " it.",
    )
    pool_size = fields.Integer(
        string="Sub-accounts",
        readonly=True,
        copy=False,
        help="All that have been laid out; not how many are free.",
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.ref("base.CNY")
    )
    check_limit = fields.Monetary(
        string="Checkers check up to",
        tracking=True,
        help="Refunds above this amount are checked by the trade manager. 0: no limit.",
    )
    unclear_days = fields.Integer(
        string="Unclear money at most (days)",
        default=10,
        required=True,
        help="When money has been unclear for longer, cashiers and trade manager are told.",
    )
    # The day only: a bank that tells of each payment at once would tell it to whoever looks here.
    imported_date = fields.Date(string="Last statement", readonly=True, copy=False)
    blocked = fields.Boolean(string="Refunds blocked", readonly=True, copy=False)
    blocked_by = fields.Selection(
        [("proof", "Balance proof"), ("bank", "Contradiction of the bank")],
        readonly=True,
        copy=False,
    )
    blocked_reason = fields.Char(readonly=True, copy=False)

    _number_unique = models.UniqueIndex("(number)", "This account exists.")
    _unclear_range = models.Constraint(
        "CHECK (unclear_days >= 1)", "Unclear money at most: must be a day or more."
    )
    _limit_range = models.Constraint(
        "CHECK (check_limit >= 0)", "Checkers check up to: must not be negative."
    )

    @api.depends("name", "number")
    def _compute_display_name(self):
        for account in self:
            account.display_name = f"{account.name} ({(account.number or '')[-4:]})"

    @api.constrains("number")
    def _check_number(self):
        for account in self:
            if not account.number.isascii() or not account.number.isdigit():
                raise ValidationError(
                    self.env._("account: %s does not consist of digits.", account.number)
                )

    @api.constrains("gateway_url", "gateway_key", "connector")
    def _check_gateway(self):
        for account in self.sudo():
            parts = urlsplit(account.gateway_url or "https://-")
            if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
                raise ValidationError(
                    self.env._("Address of the bank: write https:// and its name.")
                )
            if account.gateway_url and len(account.gateway_key or "") < 16:
                raise ValidationError(self.env._("Shared key: it must have 16 characters or more."))

    # === Actions === #

    def action_add_subaccounts(self):
        """Lay out the next thousand sub-accounts."""
        self.ensure_one()
        self.check_access("read")
        if not any(self.env.user.has_group(group) for group in (MANAGER, CASHIER)):
            raise AccessError(self.env._("Sub-accounts are laid out by cashier or trade manager."))
        self._add_subaccounts(POOL_STEP)
        return True

    def action_release(self):
        """Let refunds leave the account again: the trade manager has cleared up what was wrong."""
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("The trade manager releases an account."))
        self._release(self.env._("Released by %s.", self.env.user.name))
        return True

    def action_verify_ledger(self):
        """Seal what has been posted since the last run, check every seal of the ledger of this
        account and say so."""
        self.ensure_one()
        self.check_access("read")
        if not any(self.env.user.has_group(group) for group in (SUPERVISOR, MANAGER)):
            raise AccessError(
                self.env._("The ledger is verified by trade supervisor or trade manager.")
            )
        seals = self.env["shenpi.ledger.seal"].sudo()
        while seals._seal(self):
            pass
        broken = seals._get_first_broken(self)
        if broken:
            message = self.env._("The ledger is broken at no. %s.", broken)
        else:
            message = self.env._("Every posting of this account is sealed and unchanged.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.display_name,
                "message": message,
                "type": "danger" if broken else "success",
                "sticky": bool(broken),
            },
        }

    # === Business methods === #

    def _add_subaccounts(self, count):
        """Lay out ``count`` more sub-accounts: the account's number with a serial behind it."""
        self.ensure_one()
        ((size,),) = self.env.execute_query(
            SQL(
                "UPDATE shenpi_bank_account SET pool_size = COALESCE(pool_size, 0) + %s"
                " WHERE id = %s RETURNING pool_size",
                count,
                self.id,
            )
        )
        if size > POOL_MOST:
            raise UserError(self.env._("An account has at most %s sub-accounts.", POOL_MOST))
        self.invalidate_recordset(["pool_size"])
        self.env["shenpi.bank.subaccount"].sudo()._insert_all(
            [
                {"account_id": self.id, "number": f"{self.number}{serial:06d}"}
                for serial in range(size - count + 1, size + 1)
            ]
        )

    def _lock_for_import(self):
        """One import of an account at a time. It is an UPDATE, so that the second one is refused
        its stale snapshot, runs again and knows what the first one took in."""
        self.env.cr.execute(
            SQL(
                "UPDATE shenpi_bank_account SET imported_date = %s WHERE id = %s",
                self.env["shenpi.application"]._get_today(),
                self.id,
            )
        )
        self.invalidate_recordset(["imported_date"])

    def _block(self, by, reason):
        """Stop what leaves these accounts and tell their cashiers and the trade manager.

        A contradiction of the bank stands until the manager has cleared it up: a difference that
        is found meanwhile is told, but does not take its place, else its end would release both.
        """
        for account in self.sudo():
            if account.blocked and account.blocked_reason == reason:
                continue
            if by != "proof" or account.blocked_by != "bank":
                account.write({"blocked": True, "blocked_by": by, "blocked_reason": reason})
            for person in account._get_keepers():
                account.activity_schedule(
                    "mail.mail_activity_data_warning", summary=reason, user_id=person.id
                )

    def _tell_unclear(self, today):
        """Tell the keepers of these accounts, once, of money that has been unclear for too long:
        there stranded money is born."""
        lines = self.env["shenpi.bank.line"].sudo()
        shown = Domain("deposit_id", "=", False) | Domain("deposit_id.lot_id.sealed", "=", False)
        for account in self.sudo():
            since = start_of_day(today - timedelta(days=account.unclear_days))
            count = lines.search_count(
                shown
                & Domain(
                    [
                        ("is_suspense", "=", True),
                        ("account_id", "=", account.id),
                        ("arrived_at", "<", since),
                    ]
                )
            )
            for person in account._get_keepers() if count else ():
                own = account.with_context(lang=person.lang)
                summary = own.env._(
                    "Unclear for more than %(days)s days: %(count)s payments.",
                    days=account.unclear_days,
                    count=count,
                )
                told = account.activity_ids.filtered(lambda known, to=person: known.user_id == to)
                if summary not in told.mapped("summary"):
                    own.activity_schedule(
                        "mail.mail_activity_data_warning", summary=summary, user_id=person.id
                    )

    def _release(self, note):
        for account in self.sudo().filtered("blocked"):
            account.write({"blocked": False, "blocked_by": False, "blocked_reason": False})
            account.activity_ids.unlink()
            account.message_post(body=note)

    def _get_keepers(self):
        keepers = self.env["res.users"]
        for group in (CASHIER, MANAGER):
            keepers |= self.env.ref(group).sudo().all_user_ids
        return keepers.filtered(
            lambda user: (
                user.active
                and self.company_id in user.company_ids
                and user != self.env.ref("base.user_root")
            )
        )

    def _get_gateway(self):
        """Where and as whom instructions are posted; None when this account is not connected."""
        self.ensure_one()
        account = self.sudo()
        if account.connector != "http" or not account.gateway_url or not account.gateway_key:
            return None
        name = account.gateway_account or account.number
        return Service(account.gateway_url, name, account.gateway_key)

    def _is_signed(self, headers, body, now):
        """Whether a call carries the signature of this account's bank.

        :param headers: mapping of the headers; :param bytes body: as received; :param now: seconds
        """
        key = self.sudo().gateway_key if self else ""
        return signing.verify_headers(key, headers, body, now)

    @api.model
    def _api_find(self, number, tender=None):
        """The account with a number; without one the only account of the tender's bureau, if any.

        :raise ValidationError: there is no such account, or several to choose from
        """
        company = tender.company_id if tender else self.env.company
        domain = [("company_id", "=", company.id)]
        if number:
            domain.append(("number", "=", number))
        accounts_sudo = self.sudo().search(domain, limit=2)
        if len(accounts_sudo) != 1 and (number or accounts_sudo):
            raise ValidationError(self.env._("account: names no bank account of this bureau."))
        return accounts_sudo.with_env(self.env)
