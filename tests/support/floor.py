"""The trading floor as its people use it over RPC, with an account at the fake bank."""

import itertools
import secrets
from datetime import UTC, datetime, timedelta

from .identity import uscc
from .server import wait_for

LOT, DEPOSIT, LINE = "shenpi.tender.lot", "shenpi.deposit", "shenpi.bank.line"
REFUND, ENTRY = "shenpi.refund", "shenpi.ledger.entry"
KEY = "the key that bureau and bank share"
OPENING = datetime.now(UTC).replace(microsecond=0) - timedelta(days=40)
_serial = itertools.count(secrets.randbelow(10**6) * 100)


def at(days=0.0, seconds=0):
    """A moment that lies so far from the opening, as the API takes it."""
    return (OPENING + timedelta(days=days, seconds=seconds)).isoformat()


def day(days):
    """The date in Shanghai of such a moment."""
    return (OPENING + timedelta(days=days, hours=8)).date().isoformat()


class Floor:
    """The trading floor of the city, with an account of its own at the fake bank."""

    def __init__(self, xmlrpc, sql, server, bank):
        self.client, self.sql, self.server, self.bank = xmlrpc, sql, server, bank
        self.account = str(6_000_000_000_000 + next(_serial))
        values = {"name": "专户", "number": self.account, "bank_name": "银行"}
        (self.account_id,) = self.client("tendermanager")("shenpi.bank.account", "create", [values])
        self.client("tendermanager")(
            "shenpi.bank.account", "action_add_subaccounts", [self.account_id]
        )
        values = {"connector": "http", "gateway_url": bank.url, "gateway_key": KEY}
        self.client("admin")("shenpi.bank.account", "write", [self.account_id], values)
        self.code = f"E2E{next(_serial)}"

    def publish(self, regime="bidding"):
        return self.client("integrator")(
            LOT,
            "api_publish",
            {
                "client_ref": self.code,
                "tender": {"code": self.code, "name": "项目", "regime": regime, "owner": "业主"},
                "code": self.code,
                "name": "标段",
                "kind": "works",
                "estimate": "5000000.00",
                "amount": "100000.00",
                "deadline": at(),
                "opening": at(),
                "account": self.account,
                "at": at(-20),
            },
        )

    def register(self, moment=None):
        number = next(_serial)
        bidder = {"name": f"投标人{number}有限公司", "uscc": uscc(6_000_000 + number % 10**6)}
        answer = self.client("integrator")(
            DEPOSIT,
            "api_register",
            {
                "client_ref": f"{self.code}-{number}",
                "lot": self.code,
                "bidder": bidder,
                "basic_account": f"62{number}",
                "at": moment or at(-10),
            },
        )
        return {**answer, "name": bidder["name"], "account": f"62{number}"}

    def line(self, bidder, amount="100000.00", moment=None):
        return {
            "txn_no": f"I{next(_serial)}",
            "amount": amount,
            "payer_account": bidder["account"],
            "payer_name": bidder["name"],
            "sub_account": bidder["sub_account"],
            "at": moment or at(-2),
        }

    def take_in(self, *lines):
        return self.client("cashier")(LINE, "api_import", self.account, list(lines))

    def event(self, name, days, **values):
        event = {"event": name, "at": at(days), **values}
        return self.client("integrator")(LOT, "api_event", self.code, event)

    def deposit(self, bidder, login="trade"):
        return self.client(login)(DEPOSIT, "api_status", bidder["number"])

    def refunds(self, bidder):
        domain = [("deposit_id.number", "=", bidder["number"])]
        fields = ["number", "state", "amount", "due_date", "payee_account"]
        return self.client("checker")(REFUND, "search_read", domain, fields, order="id")

    def send(self, *numbers):
        for login, step in (("cashier", "approve"), ("checker", "check"), ("cashier", "send")):
            self.client(login)(REFUND, f"api_{step}", list(numbers))
        self.wait_until_drained()

    def wait_until_drained(self):
        """Wait until the bank has answered for all that was handed to it."""
        wait_for(self.is_drained, 90, "the end of what is on its way to the bank")

    def is_drained(self):
        """Whether the bank has answered for all; no time passes until the next attempt."""
        waiting = "state IN ('pending', 'held')"
        self.sql(
            f"UPDATE shenpi_refund_order SET next_attempt_at = now() at time zone 'utc'"
            f" WHERE {waiting} AND next_attempt_at > now() at time zone 'utc' RETURNING id"
        )
        self.sql(
            "UPDATE queue_job SET eta = NULL WHERE state = 'pending' AND eta IS NOT NULL"
            " AND model_name = 'shenpi.refund.order' RETURNING id"
        )
        return not self.sql(f"SELECT 1 FROM shenpi_refund_order WHERE {waiting}")

    def run(self, cron):
        """Run a scheduled action."""
        admin = self.client("admin")
        domain = [("module", "=", "shenpi_tender"), ("name", "=", f"cron_{cron}")]
        (data,) = admin("ir.model.data", "search_read", domain, ["res_id"])
        admin("ir.cron", "method_direct_trigger", [data["res_id"]])

    def settle(self, *numbers):
        self.bank.control(move=dict.fromkeys(numbers, "settled"))
        self.run("ask_bank")

    def proof(self, days):
        answer = self.client("checker")(DEPOSIT, "api_balance_proof", day(days))
        (row,) = [row for row in answer["accounts"] if row["account"] == self.account]
        return row

    def show(self, refund, direction="out", days=31.0):
        """The statement shows a refund leaving, or coming back."""
        line = {
            "txn_no": f"O{next(_serial)}",
            "direction": direction,
            "amount": f"{refund['amount']:.2f}",
            "at": at(days),
            "instruction": refund["number"],
        }
        return self.take_in(line)
