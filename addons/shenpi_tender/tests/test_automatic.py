"""Refunds that no hand touches: what a rule of two people sends, and what it never does."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Date
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import RefundCommon, at, iso

NOW = "2026-06-22 10:00:00"


@tagged("post_install", "-at_install")
class TestAutomatic(RefundCommon):
    def _draft(self, **values):
        vals = {
            "account_id": self.account.id,
            "reason": "contract",
            "limit": 60000,
            "date_from": "2026-06-01",
        } | values
        return self._as(self.trade["manager"], self.env["shenpi.refund.automation"]).create(vals)

    def _rule(self, **values):
        """A rule in force."""
        rule = self._draft(**values)
        rule.action_propose()
        self._by("checker", rule).action_confirm()
        return rule

    def _prove(self, day="2026-06-21"):
        self.account.sudo().proved_date = day

    def _go(self, time=NOW):
        self._run("automatic_refunds", time)

    # === By itself === #

    def test_from_the_contract_to_the_bank(self):
        rule = self._rule()
        refund = self._refund()
        self._prove()
        self._go()
        self.assertEqual((refund.state, self._money(self.loser)), ("batched", (0, 60000, 0)))
        self.assertEqual(refund.automation_id, rule)
        self.assertFalse(refund.approved_by_id | refund.checked_by_id)
        batch = self._by("cashier", refund).batch_id
        self.assertEqual(batch, self._by("cashier", self._refunds(self.winner)).batch_id)
        self._later()
        self._deliver()
        self.assertEqual(refund.state, "accepted")
        event = refund.event_ids.filtered(lambda event: event.action == "clear_refund")
        told = {"proposed_by": "t_trade_manager", "confirmed_by": "t_trade_checker"}
        for name, login in told.items():
            self.assertTrue(event.data[name].startswith(login))
        self._go()
        self.assertEqual(len(self.bank.book), 2)

    def test_above_the_limit_people_approve(self):
        self._rule(limit=59999.99)
        refund = self._refund()
        self._prove()
        self._go()
        self.assertEqual(refund.state, "due")

    def test_what_is_never_sent_by_rule(self):
        """A hold, an unproved or blocked account, an ended or a future rule, other reasons."""
        rule = self._rule(date_from="2026-06-22", date_to="2026-06-22")
        refund = self._refund()
        winner = self._refunds(self.winner)
        self._go()
        self._prove("2026-06-20")
        self._go()
        self._prove()
        self._go("2026-06-21 23:59:59")
        self._prove("2026-06-22")
        self._go("2026-06-23 00:00:00")
        self.account._block("bank", "x")
        self._go()
        self.account._release("x")
        self.account.sudo().connector = "file"
        self._go()
        self.account.sudo().connector = "http"
        self.assertEqual((refund | winner).mapped("state"), ["due", "due"])
        hold = self._hold(deposit_id=self._deposit(self.loser).id)
        self._go()
        self.assertEqual((refund.state, winner.state), ("due", "batched"))
        self.assertEqual(self._refunds(self.short).state, "due")
        self._by("supervisor", hold)._do_release("Decided")
        self._go()
        self.assertEqual(refund.state, "batched")
        self._by("cashier", rule).action_end()
        self.assertEqual(rule.state, "ended")

    def test_returned_and_made_anew_is_for_people(self):
        self._rule()
        refund = self._refund()
        self._prove()
        self._go()
        self.bank.status = "rejected"
        self._later()
        self._deliver()
        self.assertEqual(refund.state, "rejected")
        new = self._by("cashier", refund)._do_renew("Again")
        self._go()
        self.assertEqual(new.state, "due")

    def test_sent_back_is_by_hand_from_then_on(self):
        self._rule()
        refund = self._refund()
        self._by("cashier", refund)._do_approve()
        self._by("checker", refund)._do_send_back("Look at it")
        self._prove()
        self._go()
        self.assertEqual((refund.state, refund.by_hand), ("due", True))

    def test_one_that_fails_takes_none_with_it(self):
        self._rule()
        refund = self._refund()
        self.env.flush_all()
        # Money that is not there: the totals are wrong, as no code of ours makes them.
        self.cr.execute(
            "UPDATE shenpi_deposit SET held = 1, received = 1 WHERE id = %s",
            [refund.deposit_id.id],
        )
        self.env.invalidate_all()
        self._prove()
        self._go()
        self.assertEqual((refund.state, self._refunds(self.winner).state), ("due", "batched"))
        self.assertIn("held", refund.trouble)

    def test_a_killed_run_goes_on_where_it_was(self):
        """Cleared and not handed over: the next run hands it over, and reserves nothing twice."""
        rule = self._rule()
        refund = self._refund()
        self._prove()
        refund.with_user(self.env.ref("base.user_root")).sudo()._clear(rule)
        self._go()
        self.assertEqual((refund.state, self._money(self.loser)), ("batched", (0, 60000, 0)))

    # === The rule === #

    def test_two_people_make_a_rule(self):
        both = self._create_trader("manager", "checker")
        rule = self._as(both, self._draft())
        rule.action_propose()
        with self.assertRaises(AccessError):
            rule.action_confirm()
        for role in ("officer", "cashier", "supervisor", "manager"):
            with self.assertRaises(AccessError):
                self._by(role, rule).action_confirm()
        with self.assertRaisesRegex(ValidationError, "limit"):
            self._by("manager", rule).write({"limit": 1})
        self._by("checker", rule).action_confirm()
        with self.assertRaises(UserError):
            self._by("manager", rule).unlink()
        with self._refused("two_people"):
            rule.sudo().confirmed_by_id = both
            rule.flush_recordset()
        with self._refused("one_in_force"):
            self._rule(limit=1)
        self.assertFalse(self.env["shenpi.event"]._get_broken(rule))

    def test_bad_rules(self):
        with self._refused("limit_positive"):
            self._draft(limit=0)
        with self._refused("in_order"):
            self._draft(date_to="2026-05-31")
        self.account.sudo().connector = "file"
        with self.assertRaisesRegex(ValidationError, "account"):
            self._draft().action_propose()
        for role in ("officer", "cashier", "checker", "supervisor"):
            rules = self._as(self.trade[role], self.env["shenpi.refund.automation"])
            with self.assertRaises(AccessError):
                rules.create({"account_id": self.account.id, "reason": "fail", "limit": 1})

    def test_nobody_sends_by_rule(self):
        rule = self._rule()
        refund = self._refund()
        self._prove()
        for role in ("cashier", "checker", "manager"):
            with self.assertRaises(AccessError):
                self._by(role, refund)._clear(rule)

    def test_nothing_goes_out_that_nobody_answers_for(self):
        refund = self._refund()
        with self._refused("answered_for"):
            refund.sudo().write({"state": "checked"})
            refund.flush_recordset()

    # === Limits === #

    def test_above_the_limit_of_the_account_the_manager_checks(self):
        refund = self._refund()
        self._by("cashier", refund)._do_approve()
        self.account.with_user(self.trade["manager"]).check_limit = 59999.99
        with self.assertRaisesRegex(AccessError, "limit"):
            self._by("checker", refund)._do_check()
        self.assertTrue(self._by("manager", refund).can_check_refund)
        self._by("manager", refund)._do_check()
        self.assertEqual(refund.checked_by_id, self.trade["manager"])
        other = self._refunds(self.winner)
        self.account.with_user(self.trade["manager"]).check_limit = 60000
        self._by("cashier", other)._do_approve()
        with self.assertRaises(AccessError):
            self._by("manager", other)._do_check()
        self._by("checker", other)._do_check()
        with self.assertRaises(AccessError):
            self.account.with_user(self.trade["checker"]).check_limit = 0

    # === Before the opening === #

    def _withdrawn(self):
        """A bidder who paid and has withdrawn; his lot is opened on 1 July."""
        opening = {"deadline": iso("2026-07-01 09:00:00"), "opening": iso("2026-07-01 09:30:00")}
        lot = self._publish(**opening)
        bidder = self._register(lot)
        self._import(self._line(bidder))
        with at("2026-06-19 10:00:00"):
            self._api("shenpi.deposit").api_withdraw(bidder["number"], {"reason": "x"})
        return lot, bidder

    def test_withdrawn_before_the_opening_within_five_days_and_unseen(self):
        self._rule(reason="withdraw")
        lot, bidder = self._withdrawn()
        refund = self._refunds(bidder)
        self.assertEqual(refund.due_date, Date.to_date("2026-06-24"))
        self._prove()
        self.bank.status = "settled"
        self._go()
        self.assertEqual((refund.state, self.bank.calls), ("settled", ["query", "instructions"]))
        self.assertEqual(self._money(bidder), (0, 0, 60000))
        self.assertFalse(refund.sudo().batch_id)
        self._open(lot, "2026-07-01 09:30:00")
        self.assertIn(refund, self._by("cashier", self.env["shenpi.refund"]).search([]))

    def test_money_after_the_withdrawal_goes_back_as_well(self):
        self._rule(reason="withdraw")
        _lot, bidder = self._withdrawn()
        self._import(self._line(bidder, "7.00", time="2026-06-20 10:00:00"))
        self.assertEqual(sorted(self._refunds(bidder).mapped("amount")), [7, 60000])

    def test_without_a_rule_it_waits_unseen(self):
        lot, bidder = self._withdrawn()
        self._prove()
        self._go()
        refund = self._refunds(bidder)
        self.assertEqual(refund.state, "due")
        self._open(lot, "2026-07-01 09:30:00")
        self.assertIn(refund, self._by("cashier", self.env["shenpi.refund"]).search([]))

    def test_a_silent_bank_does_not_tell_of_sealed_refunds(self):
        self._rule(reason="withdraw")
        _lot, bidder = self._withdrawn()
        self._prove()
        self.bank.faults = ["down"] * 20
        with mute_logger("odoo.addons.shenpi_base"):
            self._go()
            for _attempt in range(7):
                self._later()
                self._deliver()
        self.assertTrue(self.account.blocked)
        number = self._refunds(bidder).number
        for told in (self.account.blocked_reason, *self.account.activity_ids.mapped("summary")):
            self.assertNotIn(number, told)
            self.assertNotRegex(told, r"[0-9]")
