import hashlib
import json
from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from odoo.addons.shenpi_base.models.shenpi_api_mixin import REQUIRED, in_callers_language
from odoo.addons.shenpi_base.tools.localtime import format_moment, parse_moment

from ..tools.money import from_float, to_fen
from ..tools.refunds import Word
from .shenpi_tender_lot_flow import CASHIER, INTEGRATOR

LINE = {
    "txn_no": str,
    "direction": frozenset({"in", "out"}),
    "amount": (str, REQUIRED),
    "currency": str,
    "payer_account": str,
    "payer_name": str,
    "payer_bank": str,
    "sub_account": str,
    "at": (str, REQUIRED),
    "text": str,
    "instruction": str,
    "purpose": frozenset({"interest"}),
}
CONTENT = (
    "direction",
    "fen",
    "payer_account",
    "payer_name",
    "payer_bank",
    "subaccount",
    "arrived_at",
    "text",
    "instruction",
)
# What a line may quote by its number.
QUOTED = ("shenpi.refund", "shenpi.deposit.decision")
MOST_LINES = 20_000


class ShenpiBankLine(models.Model):
    """Lines of a statement on their way in: each once, however often it is told."""

    _name = "shenpi.bank.line"
    _inherit = ["shenpi.bank.line", "shenpi.api.mixin"]

    @api.model
    @in_callers_language
    def api_import(self, account, lines, balances=None):
        """Take in a statement, or a part of one; parts may overlap.

        :param str account: number of the bureau's account
        :param list lines: up to 20,000 of {txn_no?, direction?: in (when left out) or out, amount:
            yuan as text, currency?: CNY, payer_account?, payer_name?, payer_bank?, sub_account?,
            at: ISO 8601 with offset, to the second, text?, instruction?: number of the refund or
            decision that left, or that came back, purpose?: interest, for what the bank credits as
            interest, or paid as interest with the refund that it quotes}
        :param dict balances: closing balances that the statement tells, {YYYY-MM-DD: yuan}
        :return: {new, duplicate, conflict, matched: {code: count}}. Lines that name a lot which has
            not been opened count as ``sealed``. With a conflict (a known number with other content)
            nothing is taken in, and the account's refunds are blocked until it is cleared up
        :raise ValidationError: naming the line and field, as in ``lines[3].amount: ...``; nothing
            has been taken in
        :raise AccessError: the caller is neither cashier nor integrator
        """
        self._api_check_groups(CASHIER, INTEGRATOR)
        bank_account = self.env["shenpi.bank.account"]._api_find(account or "-")
        if not isinstance(lines, list) or len(lines) > MOST_LINES:
            raise ValidationError(
                self.env._("lines: must be a list of at most %s lines.", MOST_LINES)
            )
        closing = self._read_balances(balances)
        rows = self._identify(
            [self._read_line(line, f"lines[{place}].") for place, line in enumerate(lines)]
        )
        return self._take_in(bank_account, rows, closing)

    # === Reading === #

    @api.model
    def _read_line(self, line, path):
        """The columns of a line as it is told."""
        values = self._api_read(line, LINE, path)
        if values.get("currency", "CNY") != "CNY":
            raise ValidationError(self.env._("%scurrency: only CNY is kept here.", path))
        try:
            fen = to_fen(values["amount"])
        except ValueError as error:
            raise ValidationError(
                self.env._("%samount: must be yuan with at most two places.", path)
            ) from error
        if fen <= 0:
            raise ValidationError(self.env._("%samount: must be more than nothing.", path))
        try:
            arrived_at = parse_moment(values["at"])
        except ValueError as error:
            raise ValidationError(
                self.env._("%sat: must be an ISO 8601 date and time with its offset.", path)
            ) from error
        return {
            "txn_no": values.get("txn_no", ""),
            "direction": values.get("direction", "in"),
            "fen": fen,
            "payer_account": values.get("payer_account", ""),
            "payer_name": values.get("payer_name", ""),
            "payer_bank": values.get("payer_bank", ""),
            "subaccount": values.get("sub_account", ""),
            "arrived_at": arrived_at,
            "text": values.get("text", ""),
            "instruction": values.get("instruction", ""),
            "purpose": values.get("purpose"),
        }

    @api.model
    def _read_balances(self, balances):
        if not isinstance(balances or {}, dict):
            raise ValidationError(self.env._("balances: must be an object."))
        closing = {}
        for day, amount in (balances or {}).items():
            date = self._api_read_date(day, f"balances.{day}")
            try:
                closing[date] = to_fen(amount)
            except ValueError as error:
                raise ValidationError(
                    self.env._("%s: must be yuan with at most two places.", f"balances.{day}")
                ) from error
        return closing

    @api.model
    def _identify(self, rows):
        """Add identity and digest: the bank's number, or the fingerprint and how many lines of the
        same content the file has told up to here."""
        seen = Counter()
        for row in rows:
            told = [
                format_moment(row[name]) if name == "arrived_at" else row[name] for name in CONTENT
            ]
            if row["purpose"]:
                told.append(row["purpose"])
            text = json.dumps(told, ensure_ascii=False)
            row["digest"] = hashlib.sha256(text.encode()).hexdigest()
            if row["txn_no"]:
                row["identity"] = f"T:{row['direction']}:{row['txn_no']}"
            else:
                seen[row["digest"]] += 1
                row["identity"] = f"F:{row['digest']}:{seen[row['digest']]}"
        return rows

    # === Taking in === #

    @api.model
    def _take_in(self, account, rows, closing):
        """Insert what is new and post it; see :meth:`api_import` for the answer."""
        lines_sudo = self.sudo()
        account._lock_for_import()
        known = lines_sudo._get_known(account, [row["identity"] for row in rows])
        new, duplicate, conflict = {}, 0, 0
        for row in rows:
            earlier = known.get(row["identity"]) or new.get(row["identity"], {}).get("digest")
            if not earlier:
                new[row["identity"]] = row
            elif earlier == row["digest"]:
                duplicate += 1
            else:
                conflict += 1
        answer = {"new": 0, "duplicate": duplicate, "conflict": conflict, "matched": {}}
        if conflict:
            account._block(
                "bank",
                self.env._("The bank tells known transactions with other content: %s.", conflict),
            )
            return answer
        lines_sudo._keep_balances(account, closing)
        lines = lines_sudo._insert_lines(account, list(new.values()))
        return answer | {"new": len(lines), "matched": lines._post()}

    @api.model
    def _get_known(self, account, identities):
        rows = self.env.execute_query(
            SQL(
                "SELECT identity, digest FROM shenpi_bank_line"
                " WHERE account_id = %s AND identity = ANY(%s)",
                account.id,
                identities,
            )
        )
        return dict(rows)

    @api.model
    def _insert_lines(self, account, rows):
        """Insert lines; whose they are is looked up here: by the sub-account, or by the number
        that a line quotes. So the line that shows a refund is sealed as long as its lot is."""
        numbers = {row["subaccount"] for row in rows if row["subaccount"]}
        self.env["shenpi.bank.subaccount"].flush_model()
        owners = dict(
            self.env.execute_query(
                SQL(
                    "SELECT number, deposit_id FROM shenpi_bank_subaccount"
                    " WHERE account_id = %s AND number = ANY(%s) AND deposit_id IS NOT NULL",
                    account.id,
                    list(numbers),
                )
            )
        )
        told = [row["instruction"] for row in rows]
        quoted = {
            document.number: document.deposit_id.id
            for name in QUOTED
            for document in self._find_quoted(name, account, told)
        }
        now = fields.Datetime.now()
        common = {
            "account_id": account.id,
            "company_id": account.sudo().company_id.id,
            "recorded_at": now,
        }
        return self._insert_all(
            [
                row
                | common
                | {"deposit_id": quoted.get(row["instruction"], owners.get(row["subaccount"]))}
                for row in rows
            ]
        )

    @api.model
    def _find_quoted(self, model, accounts, numbers):
        """The refunds or decisions of accounts with these numbers."""
        domain = [("account_id", "in", accounts.ids), ("number", "in", list(filter(None, numbers)))]
        return self.env[model].sudo().search(domain)

    @api.model
    def _keep_balances(self, account, closing):
        self.env["shenpi.bank.balance"].sudo()._insert_all(
            [
                {"account_id": account.id, "date": day, "amount": fen}
                for day, fen in sorted(closing.items())
            ]
        )

    def _post(self):
        """Post new lines to the ledger.

        What a bidder's sub-account received is his; what names none is in suspense. What left the
        account is posted by the refund it names; one that names none is not posted: it stands as a
        difference in the proof of the day until people have found out.

        :return: {code: count} of what came in
        """
        refunds, decisions = (
            {
                document.number: document
                for document in self._find_quoted(name, self.account_id, self.mapped("instruction"))
            }
            for name in QUOTED
        )
        interest = self.filtered("purpose")
        interest._post_interest(refunds)
        others = self - interest
        shown = others._post_refunds(refunds) | others._post_decisions(decisions)
        received = others.filtered(lambda line: line.direction == "in") - shown
        # What quotes a number of ours and is not its amount is for people to find out about.
        owned = received.filtered(
            lambda line: line.deposit_id and line.instruction not in refunds | decisions
        )
        suspended = received - owned
        entries = self.env["shenpi.ledger.entry"]
        entries._post_all(
            [line._prepare_entry("receipt", "bank", "held") for line in owned]
            + [line._prepare_entry("suspend", "bank", "suspense") for line in suspended]
        )
        codes = Counter(owned.deposit_id._judge_lines(owned))
        if suspended:
            codes["no_subaccount"] = len(suspended)
        return dict(codes)

    def _post_refunds(self, by_number):
        """Post the lines that show a refund leaving, or coming back; answers these lines.

        :param by_number: the refunds that the lines quote
        A line whose amount is not that of the refund it quotes is not that refund.
        """
        shown = self.filtered(
            lambda line: (
                (refund := by_number.get(line.instruction))
                and refund.account_id == line.account_id
                and from_float(refund.amount) == line.fen
            )
        )
        entries = []
        for line in shown:
            refund = by_number[line.instruction]
            entry = (
                line._prepare_entry("book_out", "refunded", "bank")
                if line.direction == "out"
                else line._prepare_entry("book_back", "bank", "refunded")
            )
            entries.append(entry | {"refund_id": refund.id, "deposit_id": refund.deposit_id.id})
        self.env["shenpi.ledger.entry"]._post_all(entries)
        self.env["shenpi.refund"].sudo()._hear_in_order(
            [
                (
                    by_number[line.instruction],
                    Word("settled" if line.direction == "out" else "returned", line.arrived_at),
                )
                for line in shown.sorted("arrived_at")
            ]
        )
        return shown

    def _post_interest(self, by_number):
        """Post interest that the bank credits, or has paid with a refund, or that came back. What
        was paid and quotes no refund stands as a difference."""
        entries = []
        for line in self:
            refund = by_number.get(line.instruction)
            if refund and line.direction == "out":
                sides = ("pay_interest", "interest_owed", "bank")
            elif refund:
                sides = ("return_interest", "bank", "interest_owed")
            elif line.direction == "in":
                sides = ("receive_interest", "bank", "interest")
            else:
                continue
            entry = line._prepare_entry(*sides) | {"refund_id": refund.id if refund else None}
            entries.append(entry)
        self.env["shenpi.ledger.entry"]._post_all(entries)

    def _post_decisions(self, by_number):
        """Post the lines that show decided money leaving, or coming back, as with refunds."""
        shown = self.browse()
        for line in self.sorted("arrived_at"):
            decision = by_number.get(line.instruction)
            state = "in_force" if line.direction == "out" else "paid"
            if not decision or decision.state != state or from_float(decision.amount) != line.fen:
                continue
            account = {"forfeit": "forfeited", "transfer": "transferred"}.get(decision.kind)
            if not account:
                continue
            sides = ("book_out", account, "bank")
            if line.direction == "in":
                sides = ("book_back", "bank", account)
            entry = line._prepare_entry(*sides) | {"decision_id": decision.id}
            self.env["shenpi.ledger.entry"]._post_all([entry])
            decision._show(line)
            shown |= line
        return shown

    def _prepare_entry(self, kind, debit, credit):
        self.ensure_one()
        return {
            "kind": kind,
            "account_id": self.account_id.id,
            "company_id": self.company_id.id,
            "deposit_id": self.deposit_id.id,
            "line_id": self.id,
            "debit": debit,
            "credit": credit,
            "fen": self.fen,
            "booked_at": self.arrived_at,
        }
