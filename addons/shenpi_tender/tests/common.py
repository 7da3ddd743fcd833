"""Fixtures shared by the tests of this addon."""

from contextlib import contextmanager
from unittest.mock import patch

import psycopg2

from odoo import Command
from odoo.tests import freeze_time, new_test_user
from odoo.tools import mute_logger

from odoo.addons.shenpi_base.tests.common import ShenpiCommon, moment
from odoo.addons.shenpi_base.tools import signed_http
from odoo.addons.shenpi_base.tools.identifiers import uscc_check_digit

ROLES = ("officer", "cashier", "checker", "supervisor", "manager")
ACCOUNT = "6228480000000001"
PUBLISHED = "2026-06-01 09:00:00"
DEADLINE = "2026-06-10 09:00:00"
OPENING = "2026-06-10 09:30:00"
BASIC = "62220000{:06d}"


def iso(text):
    """A wall-clock time in Shanghai as the API takes it."""
    return text.replace(" ", "T") + "+08:00"


def at(text):
    """Let time stand still at a wall-clock time in Shanghai."""
    return freeze_time(moment(text))


class TenderCommon(ShenpiCommon):
    """The bureau of the approvals with a trade desk: a user for each role (``t_trade_officer`` and
    so on), the trading platform (``integrator``), one bank account with a pool of sub-accounts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.trade = {role: cls._create_trader(role) for role in ROLES}
        cls.account = cls.env["shenpi.bank.account"].create(
            {
                "name": "Bid security",
                "number": ACCOUNT,
                "bank_name": "Bank of the city",
                "company_id": cls.company.id,
            }
        )
        cls.account._add_subaccounts(30)

    @classmethod
    def _create_trader(cls, *roles, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env,
            login=f"t_trade_{'_'.join(roles)}_{company.id}",
            groups=",".join(f"shenpi_tender.group_tender_{role}" for role in roles),
            lang="en_US",
            tz="Asia/Shanghai",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    # === Callers === #

    def _api(self, model, user=None):
        return self._as(user or self.integrator, self.env[model])

    def _publish(self, time=PUBLISHED, **changes):
        """A published lot: works of 3 million yuan, 60,000 yuan of security."""
        number = next(self.serial)
        payload = {
            "client_ref": f"lot-{number}",
            "tender": {
                "code": f"P{number}",
                "name": "青云大道改造工程",
                "regime": "bidding",
                "owner": "青云市住建局",
            },
            "code": f"P{number}-1",
            "name": "一标段",
            "kind": "works",
            "estimate": "3000000.00",
            "amount": "60000.00",
            "deadline": iso(DEADLINE),
            "opening": iso(OPENING),
        } | changes
        payload = {key: value for key, value in payload.items() if value is not None}
        with at(time):
            answer = self._api("shenpi.tender.lot").api_publish(payload)
        return self.env["shenpi.tender.lot"].search([("code", "=", answer["code"])])

    def _register(self, lot, time="2026-06-05 10:00:00", **changes):
        """A bidder's answer of ``api_register``, with what he is called and pays from."""
        number = next(self.serial)
        body = f"91370200M{number:08d}"
        payload = {
            "client_ref": f"bidder-{number}",
            "lot": lot.code,
            "bidder": {"name": f"青云建工{number}有限公司", "uscc": body + uscc_check_digit(body)},
            "basic_account": BASIC.format(number),
        } | changes
        with at(time):
            answer = self._api("shenpi.deposit").api_register(payload)
        return dict(answer, name=payload["bidder"]["name"], account=payload["basic_account"])

    def _line(self, bidder, amount="60000.00", time="2026-06-08 15:00:00", **changes):
        """A line of the bank that pays for a bidder."""
        return {
            "txn_no": f"T{next(self.serial)}",
            "amount": amount,
            "payer_account": bidder["account"],
            "payer_name": bidder["name"],
            "sub_account": bidder["sub_account"],
            "at": iso(time),
        } | changes

    def _import(self, *lines, user=None, **keywords):
        return self._api("shenpi.bank.line", user or self.trade["cashier"]).api_import(
            ACCOUNT, list(lines), **keywords
        )

    def _event(self, lot, event, time, user=None, **values):
        with at(time):
            return self._api("shenpi.tender.lot", user).api_event(
                lot.code, {"event": event, **values}
            )

    def _open(self, lot, time=OPENING):
        """The scheduled action finds the lot at its moment."""
        self._run("open_lots", time)
        self.assertEqual(lot.state, "opened")

    def _run(self, cron, time):
        """Run a scheduled action at a moment."""
        with at(time), self.enter_registry_test_mode():
            self.env.ref(f"shenpi_tender.cron_{cron}").method_direct_trigger()

    @contextmanager
    def _refused(self, reason):
        """PostgreSQL refuses what is done here, naming ``reason``; the test goes on."""
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(psycopg2.Error, reason),
            self.cr.savepoint(),
        ):
            yield
        self.env.invalidate_all()

    def _deposit(self, bidder):
        return self.env["shenpi.deposit"].search([("number", "=", bidder["number"])])


class FakeBank:
    """Stands in for the bank: keeps its book of instructions, answers as it is told."""

    def __init__(self):
        self.book, self.calls, self.faults, self.status = {}, [], [], "accepted"

    def post(self, service, payload):
        path = service.url.rsplit("/", 1)[1]
        self.calls.append(path)
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "down":
            return None, "unreachable"
        if path == "query":
            rows = [{"id": i, "status": self.book.get(i, "not_found")} for i in payload["ids"]]
            return {"instructions": rows}, ""
        for instruction in payload["instructions"]:
            if instruction["id"] in self.book:
                raise AssertionError("given twice")
            self.book[instruction["id"]] = self.status
        if fault == "lost":
            return None, "timeout"
        rows = [{"id": i["id"], "status": self.status} for i in payload["instructions"]]
        return {"instructions": rows}, ""


class RefundCommon(TenderCommon):
    """A lot that was opened, with three bidders who paid: one who will win, one who will not, and
    one who paid a fen too little. The account is connected to a bank that the tests play."""

    def setUp(self):
        super().setUp()
        self.account.sudo().write(
            {"connector": "http", "gateway_url": "http://bank.test", "gateway_key": "k" * 16}
        )
        self.bank = FakeBank()
        patcher = patch.object(signed_http, "post", self.bank.post)
        patcher.start()
        self.addCleanup(patcher.stop)
        self.lot = self._publish()
        self.winner, self.loser, self.short = (self._register(self.lot) for _ in range(3))
        self._import(
            self._line(self.winner, payer_bank="B"),
            self._line(self.loser),
            self._line(self.short, "59999.99"),
        )
        self._open(self.lot)

    def _refunds(self, bidder):
        return self.env["shenpi.refund"].search([("deposit_id.number", "=", bidder["number"])])

    def _contract(self):
        numbers = [self.winner["number"]]
        self._event(self.lot, "award", "2026-06-15 09:00:00", winners=numbers)
        self._event(self.lot, "contract", "2026-06-22 09:00:00")

    def _refund(self):
        """The loser's refund, due by the contract."""
        self._contract()
        return self._refunds(self.loser)

    def _by(self, role, refunds):
        return self._as(self.trade[role], refunds)

    def _send(self, refund):
        self._by("cashier", refund)._do_approve()
        self._by("checker", refund)._do_check()
        self._by("cashier", refund)._do_send()
        return refund

    def _deliver(self):
        """What the job does."""
        self.env["shenpi.refund.order"]._outbox_send_chunk(self.company.id)

    def _later(self):
        """The next attempt is due."""
        self.env.flush_all()
        self.cr.execute("UPDATE shenpi_refund_order SET next_attempt_at = '2026-01-01'")
        self.env.invalidate_all()

    def _money(self, bidder):
        deposit = self._deposit(bidder)
        return deposit.held, deposit.in_refund, deposit.refunded

    def _hold(self, role="officer", **values):
        vals = {
            "name": "Complaint no. 1",
            "kind": "complaint",
            "lot_id": self.lot.id,
            "document": b"UERG",
            "date_from": "2026-06-01",
            "date_to": "2026-07-10",
        } | values
        return self._as(self.trade[role], self.env["shenpi.hold"]).create(vals)
