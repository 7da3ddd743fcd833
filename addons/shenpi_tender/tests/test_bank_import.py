import base64
from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.shenpi_base.tests.common import moment

from .common import ACCOUNT, TenderCommon, iso


@tagged("post_install", "-at_install")
class TestBankImport(TenderCommon):
    def _lines(self):
        return self.env["shenpi.bank.line"].search([("account_id", "=", self.account.id)])

    def _plain(self, amount="10.00", **changes):
        return {"amount": amount, "at": iso("2026-06-08 15:00:00"), "payer_name": "N"} | changes

    def test_told_again_nothing_changes(self):
        lot = self._publish()
        bidder = self._register(lot)
        line, unclear = self._line(bidder), self._plain(txn_no="U1")
        first = self._import(line, unclear)
        matched = {"sealed": 1, "no_subaccount": 1}
        self.assertEqual(first, {"new": 2, "duplicate": 0, "conflict": 0, "matched": matched})
        for lines in ((line,), (line, line), (unclear, line)):
            again = self._import(*lines)
            self.assertEqual((again["new"], again["duplicate"]), (0, len(lines)))
            self.assertEqual(again["matched"], {})
        self._open(lot)
        self.assertEqual(self._deposit(bidder).held, 60000)

    def test_equal_lines_of_one_file_are_two_payments(self):
        """Without a number of the bank the occurrence tells lines of the same content apart."""
        line = self._plain()
        self.assertEqual(self._import(line, line)["new"], 2)
        again = self._import(line, line, line)
        self.assertEqual((again["new"], again["duplicate"]), (1, 2))
        self.assertEqual(self._import(line)["new"], 0)

    def test_a_known_number_with_other_content_stops_all(self):
        self._import(self._plain(txn_no="A"))
        answer = self._import(self._plain(txn_no="B"), self._plain("10.01", txn_no="A"))
        self.assertEqual((answer["new"], answer["conflict"]), (0, 1))
        self.assertEqual(self._lines().mapped("txn_no"), ["A"])
        self.assertEqual((self.account.blocked, self.account.blocked_by), (True, "bank"))
        alarmed = self.account.activity_ids.user_id
        self.assertLessEqual(self.trade["cashier"] | self.trade["manager"], alarmed)
        with self.assertRaises(AccessError):
            self.account.with_user(self.trade["cashier"]).action_release()
        self.account.with_user(self.trade["manager"]).action_release()
        self.assertFalse(self.account.blocked)
        self.assertFalse(self.account.activity_ids)

    def test_in_and_out_may_have_the_same_number(self):
        out = self._plain(txn_no="A", direction="out")
        self.assertEqual(self._import(self._plain(txn_no="A"), out)["new"], 2)

    def test_refused_by_line_and_field(self):
        good = self._plain()
        for changes, field in (
            ({"amount": "0"}, "amount"),
            ({"amount": "-5.00"}, "amount"),
            ({"amount": "5.001"}, "amount"),
            ({"amount": 5}, "amount"),
            ({"currency": "USD"}, "currency"),
            ({"at": "2026-06-08 15:00:00"}, "at"),
            ({"direction": "sideways"}, "direction"),
            ({"colour": "red"}, "colour"),
        ):
            with self.assertRaisesRegex(ValidationError, rf"lines\[1\]\.{field}"):
                self._import(good, good | changes)
        with self.assertRaisesRegex(ValidationError, "account"):
            self._api("shenpi.bank.line", self.trade["cashier"]).api_import("404", [good])
        with self.assertRaisesRegex(ValidationError, "account"):
            self._api("shenpi.bank.line", self.trade["cashier"]).api_import("", [good])
        self.assertFalse(self._lines())

    def test_who_may(self):
        for role in ("officer", "checker", "supervisor", "manager"):
            with self.assertRaises(AccessError):
                self._import(self._plain(), user=self.trade[role])
        self._import(self._plain(), user=self.integrator)
        stranger = self._create_trader("cashier", company=self.district)
        with self.assertRaisesRegex(ValidationError, "account"):
            self._import(self._plain(txn_no="X"), user=stranger)

    def test_lines_are_facts(self):
        self._import(self._plain())
        line = self._lines()
        with self.assertRaises(AccessError):
            line.sudo().write({"text": "x"})
        for query in ("UPDATE shenpi_bank_line SET text = 'x'", "DELETE FROM shenpi_bank_line"):
            with self._refused("append-only"):
                self.cr.execute(query)

    def test_unclear_money_finds_its_bidder(self):
        lot = self._publish()
        bidder = self._register(lot)
        self._import(
            self._line(bidder, sub_account=ACCOUNT, txn_no="U1"),
            self._plain("1.00", txn_no="U2"),
        )
        lines = {line.txn_no: line for line in self._lines()}
        self.assertEqual(self._lines().filtered("is_suspense"), self._lines())
        self._open(lot)
        deposit = self._deposit(bidder)
        self.assertEqual(deposit.code, "unpaid")
        wizards = self.env["shenpi.bank.line.wizard"].with_user(self.trade["cashier"])
        vals = {"line_id": lines["U1"].id, "deposit_id": deposit.id, "reason": "Letter"}
        wizards.create(vals).action_confirm()
        self.assertEqual((deposit.code, deposit.held), ("ok", 60000))
        self.assertEqual(lot.effective_count, 1)
        self.assertEqual(self._lines().filtered("is_suspense"), lines["U2"])
        with self.assertRaisesRegex(UserError, "suspense"):
            wizards.create(vals).action_confirm()
        with self.assertRaises(AccessError):
            self.env["shenpi.bank.line.wizard"].with_user(self.trade["checker"]).create(vals)

    def test_unclear_money_goes_back_to_who_paid_it(self):
        """What left is no difference any more, and what lay in suspense is none of ours."""
        out = {"direction": "out", "at": iso("2026-06-09 10:00:00")}
        self._import(
            self._plain("7.00", txn_no="U1"),
            self._plain("7.00", txn_no="U2"),
            self._plain("7.00", txn_no="O1") | out,
            self._plain("6.99", txn_no="O2") | out,
        )
        lines = {line.txn_no: line for line in self._lines()}
        prove = self.env["shenpi.deposit"]._prove
        self.assertEqual(prove(self.account, date(2026, 6, 9))[self.account], (1400, 1))
        cashier = self.env["shenpi.bank.line.wizard"].with_user(self.trade["cashier"])
        vals = {"line_id": lines["U1"].id, "way": "sent_back", "reason": "Receipt of the bank"}
        with self.assertRaisesRegex(UserError, "Line that shows it leaving: is required"):
            cashier.create(vals).action_confirm()
        for other in ("O2", "U2"):
            with self.assertRaisesRegex(UserError, "of this account and amount"):
                cashier.create(vals | {"paid_id": lines[other].id}).action_confirm()
        vals["paid_id"] = lines["O1"].id
        cashier.create(vals).action_confirm()
        self.assertEqual(prove(self.account, date(2026, 6, 9))[self.account], (700, 1))
        self.assertEqual(self._lines().filtered("is_suspense"), lines["U2"])
        owned = self.env["shenpi.holding"].search([("account_id", "=", self.account.id)])
        self.assertEqual(owned.mapped("amount"), [7])
        with self.assertRaisesRegex(UserError, "suspense"):
            cashier.create(vals).action_confirm()
        with self.assertRaisesRegex(UserError, "not posted yet"):
            cashier.create(vals | {"line_id": lines["U2"].id}).action_confirm()

    def test_many_lines_in_time(self):
        """A statement of thousands of lines is one lock, one look-up and a few inserts."""
        lot = self._publish()
        bidders = [self._register(lot) for _ in range(3)]
        self._open(lot)
        lines = [self._line(bidders[place % 3], "1.00") for place in range(30)]
        with self.assertQueryCount(60):
            answer = self._import(*lines)
        self.assertEqual(answer["new"], 30)


@tagged("post_install", "-at_install")
class TestStatementFile(TenderCommon):
    def _take_in(self, text, role="cashier", filename="s.csv"):
        wizard = self._as(self.trade[role], self.env["shenpi.bank.import.wizard"]).create(
            {
                "account_id": self.account.id,
                "file": base64.b64encode(text.encode("gb18030")),
                "filename": filename,
            }
        )
        wizard.action_import()
        return wizard

    def test_taken_in_and_not_kept(self):
        bidder = self._register(self._publish())
        text = (
            "交易流水号,交易时间,借贷标志,交易金额,对方户名,对方账号,子账号\n"
            f'A1,2026/06/08 15:00:01,贷,"60,000.00",{bidder["name"]},'
            f"{bidder['account']},{bidder['sub_account']}\n"
            "A2,2026-06-08 16:00:00,贷,5.00,王某,1,\n"
        )
        wizard = self._take_in(text)
        self.assertIn("New: 2", wizard.summary)
        self.assertIn("Lots not opened yet: 1", wizard.summary)
        self.assertFalse(wizard.file)
        self.assertIn("Known already: 2", self._take_in(text).summary)
        line = self.env["shenpi.bank.line"].search([("txn_no", "=", "A1")])
        self.assertEqual(line.arrived_at, moment("2026-06-08 15:00:01"))

    def test_refused_by_row(self):
        for text, told in (
            ("金额\n1.00", "Time of arrival"),
            ("时间,金额\n2026-06-08,1.00", "Row 2"),
            ("时间,金额,方向\n2026-06-08 10:00:00,1.00,左", "Row 2"),
            ("时间,金额\n2026-06-08 10:00:00,一元", "amount"),
            ("", "table"),
        ):
            with self.assertRaisesRegex(UserError, told):
                self._take_in(text)

    def test_only_the_cashier(self):
        with self.assertRaises(AccessError):
            self._take_in("时间,金额\n", "manager")
