from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import OPENING, TenderCommon, iso


@tagged("post_install", "-at_install")
class TestDeposit(TenderCommon):
    def test_registered(self):
        lot = self._publish()
        one, two = self._register(lot), self._register(lot)
        self.assertEqual(one["amount"], "60000.00")
        self.assertNotEqual(one["sub_account"], two["sub_account"])
        self.assertTrue(one["sub_account"].startswith(self.account.number))
        status = self._api("shenpi.deposit").api_status(one["number"])
        self.assertEqual((status["state"], status["lot"]), ("sealed", lot.code))
        self.assertFalse({"received", "bidder", "code"} & status.keys())

    def test_registered_once(self):
        lot = self._publish()
        uscc = "91350100M000100Y43"
        bidder = {"name": "青云建工有限公司", "uscc": uscc}
        one = self._register(lot, client_ref="r", bidder=bidder, basic_account="1")
        again = self._register(lot, client_ref="r", bidder=bidder, basic_account="1")
        self.assertTrue(again["duplicate"])
        self.assertEqual(again["sub_account"], one["sub_account"])
        with self.assertRaisesRegex(ValidationError, "uscc"):
            self._register(lot, bidder=bidder)
        self._register(self._publish(), bidder=bidder)

    def test_refused_by_name(self):
        lot = self._publish()
        for changes, field in (
            ({"bidder": {"name": "N", "uscc": "91350100M000100Y44"}}, "uscc"),
            ({"basic_account": None}, "basic_account"),
            ({"classes": ["large"]}, "classes"),
        ):
            with self.assertRaisesRegex(ValidationError, field), self.cr.savepoint():
                self._register(lot, **changes)
        with self.assertRaisesRegex(UserError, "lot"):
            self._register(lot, "2026-06-10 09:00:01")
        with self.assertRaisesRegex(UserError, "no lot"):
            self._register(self.env["shenpi.tender.lot"].new({"code": "none"}))
        guarantees = self._publish(forms=["guarantee"])
        with self.assertRaisesRegex(UserError, "transfer"):
            self._register(guarantees)

    def test_only_the_platform_registers(self):
        lot = self._publish()
        for user in self.trade.values():
            with self.assertRaises(AccessError):
                self._api("shenpi.deposit", user).api_register({"lot": lot.code})

    def test_small_firms_owe_less(self):
        rule = self.env.ref("shenpi_tender.rule_bidding_works")
        rule.write({"small_reduction": 50, "credit_reduction": 20})
        lot = self._publish(amount="59999.99")
        for classes, owed in (
            ([], "59999.99"),
            (["credit"], "47999.99"),
            (["small", "credit"], "29999.99"),
        ):
            self.assertEqual(self._register(lot, classes=classes)["amount"], owed)

    def test_the_pool_runs_dry(self):
        lot = self._publish()
        self.cr.execute("UPDATE shenpi_bank_subaccount SET deposit_id = NULL WHERE FALSE")
        self.cr.execute(
            "DELETE FROM shenpi_bank_subaccount WHERE account_id = %s AND deposit_id IS NULL",
            [self.account.id],
        )
        with self.assertRaisesRegex(UserError, "sub-account"):
            self._register(lot)
        self.account.with_user(self.trade["cashier"]).action_add_subaccounts()
        self._register(lot)

    def test_the_verdicts_of_the_opening(self):
        lot = self._publish()
        ok, short, over, late, other, basic, none, parts = (self._register(lot) for _ in range(8))
        self._import(
            self._line(ok),
            self._line(short, "59999.99"),
            self._line(over, "60000.01"),
            self._line(late, time="2026-06-10 09:00:01"),
            self._line(other, payer_name="别的公司"),
            self._line(basic, payer_account="999"),
            self._line(parts, "40000.00"),
            self._line(parts, "20000.00", time="2026-06-10 09:00:00"),
        )
        self._open(lot)
        expected = {
            "ok": (ok, "effective", 0),
            "amount_short": (short, "ineffective", 59999.99),
            "amount_over": (over, "effective", 0.01),
            "late": (late, "ineffective", 60000),
            "payer_other_party": (other, "ineffective", 60000),
            "payer_not_basic": (basic, "ineffective", 60000),
            "unpaid": (none, "ineffective", 0),
        }
        for code, (bidder, state, surplus) in expected.items():
            deposit = self._deposit(bidder)
            told = (deposit.code, deposit.state, deposit.surplus)
            self.assertEqual(told, (code, state, surplus), code)
        self.assertEqual(self._deposit(parts).code, "ok")
        self.assertEqual(self._deposit(parts).held, 60000)
        self.assertEqual((lot.registered_count, lot.effective_count), (8, 3))
        status = self._api("shenpi.deposit", self.trade["officer"]).api_status(over["number"])
        self.assertEqual(status["held"], "60000.01")
        self.assertEqual(status["code"], "amount_over")

    def test_a_statement_that_comes_late_changes_the_verdict(self):
        """What counts is when the bank received it, not when we were told."""
        lot = self._publish()
        bidder = self._register(lot)
        self._open(lot)
        deposit = self._deposit(bidder)
        self.assertEqual(deposit.code, "unpaid")
        answer = self._import(self._line(bidder))
        self.assertEqual(answer["matched"], {"ok": 1})
        self.assertEqual((deposit.code, deposit.state), ("ok", "effective"))
        self.assertFalse(self.env["shenpi.event"]._get_broken(deposit))
        late = self._import(self._line(bidder, "1.00", time="2026-06-11 09:00:00"))
        self.assertEqual(late["matched"], {"late": 1})
        self.assertEqual((deposit.code, deposit.surplus, deposit.held), ("ok", 1, 60001))

    def test_withdrawn_before_the_deadline(self):
        lot = self._publish()
        bidder, late = self._register(lot), self._register(lot)
        api = self._api("shenpi.deposit")
        values = {"reason": "Letter of 6 June", "at": iso("2026-06-09 10:00:00")}
        self.assertEqual(api.api_withdraw(bidder["number"], values)["state"], "withdrawn")
        with self.assertRaises(UserError):
            api.api_withdraw(late["number"], values | {"at": iso("2026-06-10 09:00:01")})
        self._import(self._line(bidder, time="2026-06-09 11:00:00"))
        self._open(lot)
        deposit = self._deposit(bidder)
        self.assertEqual((deposit.state, deposit.code), ("withdrawn", "after_withdrawal"))
        self.assertEqual(deposit.surplus, 60000)

    def test_one_account_for_two_bidders_is_a_signal(self):
        lot = self._publish()
        one, two, three = (self._register(lot) for _ in range(3))
        self._import(
            self._line(one),
            self._line(two, "1.00", payer_account=one["account"]),
            self._line(two),
            self._line(three),
        )
        self._open(lot)
        marked = [self._deposit(bidder).same_payer for bidder in (one, two, three)]
        self.assertEqual(marked, [True, True, False])
        self.assertEqual(lot.same_payer_count, 2)
        self._find_another_payment(lot, one["account"], three)

    def _find_another_payment(self, lot, payer, bidder):
        """What was unclear at the opening, and is found to be of one bidder, is a signal too."""
        told = lot.activity_ids
        self.assertTrue(told)
        for txn_no, account in (("U1", "62999"), ("U2", payer)):
            unclear = {"amount": "1.00", "at": iso("2026-06-08 10:00:00"), "payer_account": account}
            self._import(unclear | {"txn_no": txn_no})
            domain = [("account_id", "=", self.account.id), ("txn_no", "=", txn_no)]
            line = self.env["shenpi.bank.line"].search(domain)
            self._deposit(bidder).sudo()._do_assign(line.sudo(), "Letter")
            if txn_no == "U1":
                self.assertEqual((lot.same_payer_count, lot.activity_ids), (2, told))
        self.assertEqual(lot.same_payer_count, 3)
        self.assertGreater(lot.activity_ids, told)
        told = lot.activity_ids.user_id
        self.assertEqual(told, self.trade["supervisor"])

    def test_winners_have_an_effective_security(self):
        lot, other = self._publish(), self._publish()
        good, bad, foreign = self._register(lot), self._register(lot), self._register(other)
        self._import(self._line(good), self._line(foreign))
        self._open(lot)
        for bidder in (bad, foreign):
            with self.assertRaisesRegex(ValidationError, "winners"):
                self._event(lot, "award", "2026-06-15 09:00:00", winners=[bidder["number"]])
        self._event(lot, "award", "2026-06-15 09:00:00", winners=[good["number"]])
        self.assertTrue(self._deposit(good).is_winner)

    def test_nobody_writes_it(self):
        lot = self._publish()
        bidder = self._register(lot)
        self._open(lot, OPENING)
        deposit = self._deposit(bidder)
        for user in (*self.trade.values(), self.integrator):
            for values in ({"held": 1}, {"code": "ok"}, {"is_winner": True}):
                with self.assertRaises(AccessError):
                    deposit.with_user(user).write(values)
            with self.assertRaises(AccessError):
                deposit.with_user(user).unlink()
