"""Before the opening nobody learns who has registered or paid, nor how many: every role, every
door."""

import functools
import logging
import re
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.shenpi_base.tools import signed_http

from .common import BASIC, FakeBank, TenderCommon, at, iso

MODELS = ("shenpi.deposit", "shenpi.bank.line", "shenpi.ledger.entry", "shenpi.event")
OURS = [("model", "=like", "shenpi.%")]


@tagged("post_install", "-at_install")
class TestSealed(TenderCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls.env.ref("base.user_admin")
        cls.admin.company_ids |= cls.company
        exporters = cls.env.ref("base.group_allow_export")
        exporters.user_ids |= cls.env["res.users"].union(*cls.trade.values()) | cls.integrator
        # One who holds every role of the floor, and those who lead bureau and system.
        cls.all_roles = cls._create_trader(*cls.trade)
        cls.everybody = (
            *cls.trade.values(),
            cls.all_roles,
            cls.integrator,
            cls.manager,
            cls.admin,
        )

    def setUp(self):
        super().setUp()
        self.lot = self._publish()
        nobodys = {"account": BASIC.format(0), "name": "x", "sub_account": ""}
        self._import(self._line(nobodys), user=self.integrator)
        self.before = self._look_around()
        self.bidders = [self._register(self.lot) for _ in range(3)]
        self._import(*(self._line(bidder) for bidder in self.bidders), user=self.integrator)
        self.env.flush_all()
        self.env.invalidate_all()
        self.hidden = {
            "shenpi.deposit": self.env["shenpi.deposit"].search([("lot_id", "=", self.lot.id)]),
            "shenpi.bank.line": self.env["shenpi.bank.line"].search(
                [("deposit_id.lot_id", "=", self.lot.id)]
            ),
            "shenpi.ledger.entry": self.env["shenpi.ledger.entry"].search(
                [("deposit_id.lot_id", "=", self.lot.id)]
            ),
            "shenpi.event": self.env["shenpi.event"].search(
                [("deposit_id.lot_id", "=", self.lot.id)]
            ),
        }
        for name in MODELS:
            self.assertEqual(len(self.hidden[name]), 3, name)

    def _seen_by(self, user, model):
        return self._as(user, self.env[model])

    def _look_around(self):
        """All that counts can tell each of them."""
        self.env.flush_all()
        self.env.invalidate_all()
        return [
            (user.login, question, answer)
            for user in self.everybody
            for question, answer in self._ask(user)
        ]

    def _ask(self, user):
        lots = self._seen_by(user, "shenpi.tender.lot")
        lot_domain = [("id", "=", self.lot.id)]
        questions = {
            "deposits": lambda: self._seen_by(user, "shenpi.deposit").search_count([]),
            "lines": lambda: self._seen_by(user, "shenpi.bank.line").search_count([]),
            "entries": lambda: self._seen_by(user, "shenpi.ledger.entry").search_count([]),
            "events": lambda: self._seen_by(user, "shenpi.event").search_count([]),
            "seals": lambda: self._seen_by(user, "shenpi.ledger.seal").search_count([]),
            "refunds": lambda: self._seen_by(user, "shenpi.refund").search_count([]),
            "orders": lambda: self._seen_by(user, "shenpi.refund.order").search_count([]),
            "due": lambda: self._api("shenpi.refund", user).api_due("2026-12-31"),
            "subaccounts": lambda: self._seen_by(user, "shenpi.bank.subaccount").search_count([]),
            "batches": lambda: self._seen_by(user, "shenpi.refund.batch").search_count([]),
            "by rule": lambda: self._seen_by(user, "shenpi.refund.automation").search_count(
                [("refund_ids", "!=", False)]
            ),
            "jobs": lambda: self._seen_by(user, "queue.job").search_count([]),
            "attachments": lambda: self._seen_by(user, "ir.attachment").search_count(
                [("res_model", "=like", "shenpi.%"), ("res_field", "!=", "x")]
            ),
            "progress": lambda: self._seen_by(user, "ir.cron.progress").formatted_read_group(
                [], [], ["done:sum", "remaining:sum"]
            ),
            "table sizes": lambda: self._seen_by(user, "ir.model").search(OURS).mapped("count"),
            "balances": lambda: self._seen_by(user, "shenpi.bank.balance").search_count([]),
            "by lot": lambda: self._seen_by(user, "shenpi.deposit").formatted_read_group(
                [], ["lot_id"], ["__count", "held:sum", "received:sum"]
            ),
            "lines by account": lambda: self._seen_by(
                user, "shenpi.bank.line"
            ).formatted_read_group([], ["account_id"], ["__count"]),
            "has deposits": lambda: lots.search_count([("deposit_ids", "!=", False), *lot_domain]),
            "has none": lambda: lots.search_count([("deposit_ids", "=", False), *lot_domain]),
            "any held": lambda: lots.search_count([("deposit_ids.held", ">", 0), *lot_domain]),
            "any line": lambda: lots.search_count(
                [("deposit_ids.line_ids.fen", ">", 0), *lot_domain]
            ),
            "any event": lambda: lots.search_count(
                [("deposit_ids.event_ids.action", "=", "register"), *lot_domain]
            ),
            "read": lambda: lots.browse(self.lot.id).read(),
            "web_read": lambda: lots.browse(self.lot.id).web_read(
                {"deposit_ids": {"fields": {"bidder_name": {}}}, "event_ids": {}}
            ),
            "export": lambda: lots.browse(self.lot.id).export_data(
                ["code", "deposit_ids/number", "registered_count"]
            ),
            "account": lambda: (
                self._seen_by(user, "shenpi.bank.account").browse(self.account.id).read()
            ),
            "status": lambda: self._api("shenpi.tender.lot", user).api_status(self.lot.code),
            "proof": lambda: self._api("shenpi.deposit", user).api_balance_proof("2026-06-30"),
            "messages": lambda: self._seen_by(user, "mail.message").search_count(OURS),
        }
        return [(name, self._answer(question)) for name, question in questions.items()]

    def _answer(self, question):
        try:
            return question()
        except UserError as error:
            return str(error)

    def test_no_count_changes(self):
        """Registered, paid, three bidders: every answer is the one of before."""
        after = self._look_around()
        for before, now in zip(self.before, after, strict=True):
            self.assertEqual(now, before)

    def test_a_withdrawn_bid_is_paid_back_and_nobody_sees_it(self):
        """Notice, order to the bank, its word and its statement: every answer is the one of
        before."""
        self.account.sudo().write(
            {"connector": "http", "gateway_url": "http://bank.test", "gateway_key": "k" * 16}
        )
        rules = self._as(self.trade["manager"], self.env["shenpi.refund.automation"])
        rule = rules.create(
            {
                "account_id": self.account.id,
                "reason": "withdraw",
                "limit": 60000,
                "date_from": "2026-06-01",
            }
        )
        rule.action_propose()
        rule.with_user(self.trade["checker"]).action_confirm()
        self.account.sudo().proved_date = "2026-06-08"
        before = self._look_around()
        bank = FakeBank()
        bank.status = "settled"
        with at("2026-06-09 10:00:00"):
            self._api("shenpi.deposit").api_withdraw(self.bidders[0]["number"], {"reason": "x"})
        with patch.object(signed_http, "post", bank.post):
            self._run("automatic_refunds", "2026-06-09 10:10:00")
        refund = self.env["shenpi.refund"].search([("lot_id", "=", self.lot.id)])
        self.assertEqual((refund.state, bank.book), ("settled", {refund.number: "settled"}))
        line = {
            "txn_no": "OUT",
            "direction": "out",
            "amount": "60000.00",
            "payer_name": self.bidders[0]["name"],
            "at": iso("2026-06-09 10:20:00"),
            "instruction": refund.number,
        }
        self._import(line, user=self.integrator)
        back = line | {"txn_no": "IN", "direction": "in", "amount": "59990.00"}
        self._import(back, user=self.integrator)
        for earlier, now in zip(before, self._look_around(), strict=True):
            self.assertEqual(now, earlier)
        self.env.invalidate_all()
        for records in (refund, refund.sudo().entry_ids, self.hidden["shenpi.deposit"]):
            for user in self.everybody:
                self._assert_not_there(user, records, "read", ["display_name"])
        self._open(self.lot)
        seen = self._as(self.trade["cashier"], refund).read(["state", "amount"])
        self.assertEqual([(row["state"], row["amount"]) for row in seen], [("settled", 60000)])

    def test_no_record_is_there_by_its_id(self):
        """Whoever asks for one by its id reads what he reads of an id that was never given."""
        for user in self.everybody:
            for records in self.hidden.values():
                for method, *arguments in (
                    ("read", ["display_name"]),
                    ("read", None),
                    ("web_read", {"display_name": {}}),
                    ("export_data", ["display_name"]),
                    ("check_access", "read"),
                    ("has_access", "read"),
                ):
                    self._assert_not_there(user, records, method, *arguments)

    def _assert_not_there(self, user, records, method, *arguments):
        seen = self._seen_by(user, records._name)
        told = [
            str(self._answer(functools.partial(getattr(seen.browse(ids), method), *arguments)))
            for ids in (records.ids, (2**31 - 1,))
        ]
        told = [re.sub(r"\([\d, ]+\)", "", text) for text in told]
        self.assertEqual(*told, (user.login, records._name, method))

    def test_no_form_shows_a_name(self):
        """Odoo shows the name of what a form is given as its default, whoever reads it."""
        deposit = self.hidden["shenpi.deposit"][0]
        spec = {"deposit_id": {"fields": {"display_name": {}}}}
        for role, form in (
            ("officer", "shenpi.hold"),
            ("cashier", "shenpi.bidder.statement"),
            ("cashier", "shenpi.bank.line.wizard"),
        ):
            forms = self._seen_by(self.trade[role], form)
            told = forms.with_context(default_deposit_id=deposit.id).onchange({}, [], spec)
            self.assertEqual(told["value"]["deposit_id"]["display_name"], "Sealed")
        self._open(self.lot)
        self.assertIn(deposit.bidder_name, deposit.display_name)

    def test_no_error_tells(self):
        """Whoever asks for a number that is there reads what he reads for one that is not."""
        number = self.bidders[0]["number"]
        for user in self.trade.values():
            api = self._api("shenpi.deposit", user)
            told = []
            for asked in (number, "BZJ20260605000000000"):
                with self.assertRaises(UserError) as caught:
                    api.api_status(asked)
                told.append(str(caught.exception).replace(asked, ""))
            self.assertEqual(*told)

    def test_no_search_by_name(self):
        for user in (*self.trade.values(), self.integrator):
            deposits = self._seen_by(user, "shenpi.deposit")
            for text in (self.bidders[0]["name"], self.bidders[0]["sub_account"], ""):
                self.assertFalse(deposits.name_search(text))

    def test_numbers_are_no_serials(self):
        numbers = [int(bidder["number"][11:]) for bidder in self.bidders]
        self.assertNotEqual(sorted(numbers), list(range(min(numbers), min(numbers) + 3)))

    def test_nothing_in_the_log(self):
        lot = self._publish()
        with self.assertLogs("odoo.addons.shenpi_tender", "DEBUG") as log:
            logging.getLogger("odoo.addons.shenpi_tender").debug("begin")
            bidder = self._register(lot)
            self._import(self._line(bidder))
        self.assertEqual(len(log.output), 1)

    def test_nothing_in_chatter_and_mail(self):
        for name in (self.bidders[0]["name"], self.bidders[0]["number"]):
            for model, field in (("mail.message", "body"), ("mail.activity", "summary")):
                found = self.env[model].sudo().search_count([(field, "ilike", name)])
                self.assertFalse(found)

    def test_the_opening_reveals_all_at_once(self):
        self._open(self.lot)
        for user in self.trade.values():
            self.assertEqual(
                self._seen_by(user, "shenpi.deposit").search_count([("lot_id", "=", self.lot.id)]),
                3,
            )
        cashier = self.trade["cashier"]
        seen = self._as(cashier, self.hidden["shenpi.bank.line"]).read(["amount"])
        self.assertEqual([row["amount"] for row in seen], [60000] * 3)
        self.assertEqual(self.lot.effective_count, 3)
        with self.assertRaises(AccessError):
            self._as(self.trade["officer"], self.hidden["shenpi.bank.line"]).read(["amount"])
