"""Decisions on bid security: documents, two people, postings, what they do to refunds."""

import random

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..tools.money import from_float
from .common import ACCOUNT, RefundCommon, at, iso

TOTALS = ("held", "in_refund", "refunded", "forfeited", "transferred")
PAYEE = {"payee_name": "青云市住建局", "payee_account": "9"}


@tagged("post_install", "-at_install")
class TestDecision(RefundCommon):
    def _propose(self, bidder, kind="forfeit", role="officer", **values):
        vals = {"kind": kind, "amount": 60000, "reason": "R", "document": b"UERG"}
        if kind == "forfeit":
            vals |= {"ground": "refused_contract"} | PAYEE
        decisions = self._as(self.trade[role], self.env["shenpi.deposit.decision"])
        return decisions._do_propose(self._by(role, self._deposit(bidder)), vals | values)

    def _decide(self, bidder, kind="forfeit", **values):
        return self._pass(self._propose(bidder, kind, **values))

    def _pass(self, decision):
        self._by("manager", decision)._do_approve()
        self._by("checker", decision)._do_confirm()
        return decision

    def _totals(self, bidder):
        deposit = self._deposit(bidder)
        return {name: deposit[name] for name in TOTALS if deposit[name]}

    def _award(self):
        numbers = [self.winner["number"]]
        self._event(self.lot, "award", "2026-06-15 09:00:00", winners=numbers)

    # === Forfeiture === #

    def test_forfeited_by_two_people(self):
        self._award()
        decision = self._propose(self.winner)
        for role in ("officer", "cashier", "checker", "supervisor"):
            with self.assertRaises(AccessError):
                self._by(role, decision)._do_approve()
        self.assertEqual(self._totals(self.winner), {"held": 60000})
        self._by("manager", decision)._do_approve()
        for role in ("officer", "cashier", "manager", "supervisor"):
            with self.assertRaises(AccessError):
                self._by(role, decision)._do_confirm()
        self._by("checker", decision)._do_confirm()
        self.assertEqual(decision.state, "in_force")
        self.assertEqual(self._totals(self.winner), {"forfeited": 60000})
        self.assertEqual((decision.payee_kind, decision.payee_name), ("owner", "青云市住建局"))
        self._event(self.lot, "terminate", "2026-06-22 09:00:00", reason="x")
        self.assertFalse(self._refunds(self.winner))
        self.assertEqual(self._refunds(self.loser).amount, 60000)
        self.assertFalse(self.env["shenpi.event"]._get_broken(decision))

    def test_never_one_person(self):
        both = self._create_trader("officer", "manager", "checker")
        decisions = self._as(both, self.env["shenpi.deposit.decision"])
        vals = {"kind": "forfeit", "ground": "other", "amount": 1, "reason": "R"} | PAYEE
        deposit = self._as(both, self._deposit(self.winner))
        decision = decisions._do_propose(deposit, vals | {"document": b"UERG"})
        with self.assertRaises(AccessError):
            decision._do_approve()
        self._by("manager", decision)._do_approve()
        with self.assertRaises(AccessError):
            decision._do_confirm()
        with self._refused("three_people"):
            decision.sudo().confirmed_by_id = both
            decision.flush_recordset()
        with self._refused("answered_for"):
            decision.sudo().state = "in_force"
            decision.flush_recordset()

    def test_a_part_is_forfeited_and_the_rest_goes_back(self):
        self._contract()
        self.assertEqual(self._refunds(self.loser).amount, 60000)
        self._decide(self.loser, amount=15000.01, ground="other")
        old, new = self._refunds(self.loser).sorted("id")
        self.assertEqual((old.state, new.state, new.amount), ("dropped", "due", 44999.99))
        lights = old.browse()._read_group([("id", "=", old.id)], ["light"])
        self.assertEqual((old.light, lights), ("none", [("none",)]))
        self._send(new)
        self.bank.status = "settled"
        self._deliver()
        self.assertEqual(self._totals(self.loser), {"refunded": 44999.99, "forfeited": 15000.01})

    def test_open_proposals_hold_refunds(self):
        refund = self._refund()
        decision = self._propose(self.loser, ground="other")
        self.assertTrue(refund.is_held)
        with self.assertRaisesRegex(UserError, "hold"):
            self._by("cashier", refund)._do_approve()
        with self.assertRaisesRegex(ValidationError, "reason"):
            self._by("officer", decision)._do_drop("")
        self._by("officer", decision)._do_drop("The tenderer gives it back")
        refund.invalidate_recordset()
        self._by("cashier", refund)._do_approve()
        with self.assertRaisesRegex(ValidationError, "amount"):
            self._propose(self.loser, ground="other")

    def test_approved_in_between(self):
        """A refund that was approved before the decision is not taken back unseen."""
        refund = self._refund()
        decision = self._propose(self.loser, "refund", amount=60000)
        self._by("manager", decision)._do_approve()
        self._by("cashier", refund)._do_approve()
        with self.assertRaisesRegex(ValidationError, "held"):
            self._by("checker", decision)._do_confirm()

    def test_bad_proposals(self):
        for values, word in (
            ({"document": False}, "document"),
            ({"reason": ""}, "reason"),
            ({"ground": False}, "ground"),
            ({"amount": 0}, "amount"),
            ({"amount": -1}, "amount"),
            ({"amount": 60000.01}, "amount"),
        ):
            with self.assertRaisesRegex(ValidationError, word):
                self._propose(self.winner, **values)
        with self.assertRaisesRegex(ValidationError, "winner"):
            self._propose(self.winner, "transfer")
        for role in ("cashier", "checker", "supervisor"):
            with self.assertRaises(AccessError):
                self._propose(self.winner, role=role)
        decision = self._propose(self.winner, payee_account=False)
        with self.assertRaisesRegex(UserError, "payee"):
            self._by("manager", decision)._do_approve()
        for field, value in (("amount", 1), ("state", "in_force"), ("reason", "x")):
            with self.assertRaises(AccessError):
                self._by("officer", decision).write({field: value})
        self._by("officer", decision).write({"payee_account": "9"})
        self._by("manager", decision)._do_approve()
        with self.assertRaises(ValidationError):
            self._by("manager", decision).write({"payee_account": "8"})

    def test_the_payee_is_that_of_the_regime(self):
        tender = {"code": "G", "name": "G", "regime": "procurement", "owner": "O"}
        lot = self._publish(tender=tender, kind="goods")
        bidder = self._register(lot)
        self._import(self._line(bidder))
        self._open(lot)
        decision = self._propose(bidder, payee_name=False)
        self.assertEqual((decision.payee_kind, decision.payee_name), ("treasury", False))

    # === Revocation === #

    def test_revoked_after_the_deadline_the_tenderer_decides(self):
        api = self._api("shenpi.deposit")
        values = {"reason": "Miscalculated", "content": "UERG", "filename": "n.pdf"}
        answer = api.api_revoke(self.loser["number"], values)
        self.assertEqual((answer["state"], answer["amount"]), ("proposed", "60000.00"))
        decision = self.env["shenpi.deposit.decision"].search([("number", "=", answer["decision"])])
        self._by("officer", decision).write({"payee_account": "9"})
        with self.assertRaisesRegex(UserError, "tenderer"):
            self._by("manager", decision)._do_approve()
        self._by("officer", decision).write({"owner_document": b"UERG"})
        self._pass(decision)
        self.assertEqual(self._totals(self.loser), {"forfeited": 60000})
        with self.assertRaisesRegex(ValidationError, "content"):
            api.api_revoke(self.winner["number"], {"reason": "x"})
        with self.assertRaisesRegex(ValidationError, "content"):
            api.api_revoke(self.winner["number"], {"reason": "x", "content": "§"})
        with self.assertRaisesRegex(ValidationError, "amount"):
            api.api_revoke(self.loser["number"], values)
        for user in self.trade.values():
            with self.assertRaises(AccessError):
                self._api("shenpi.deposit", user).api_revoke(self.winner["number"], values)

    def test_nothing_is_decided_before_the_opening(self):
        bidder = self._register(self._publish())
        values = {"reason": "x", "content": "UERG"}
        with self.assertRaisesRegex(UserError, "opening"):
            self._api("shenpi.deposit").api_revoke(bidder["number"], values)
        with self.assertRaises(UserError):
            self._propose(bidder, amount=1)

    def test_the_notice_of_withdrawal_is_kept_and_sealed(self):
        lot = self._publish()
        bidder = self._register(lot)
        values = {"reason": "x", "content": "UERG", "filename": "撤回函.pdf"}
        with at("2026-06-09 10:00:00"):
            self._api("shenpi.deposit").api_withdraw(bidder["number"], values)
        deposit = self._deposit(bidder)
        self.assertEqual(deposit.with_context(bin_size=False).notice, b"UERG")
        attachments = self.env["ir.attachment"].sudo()
        self.assertFalse(attachments.search([("res_field", "=", "notice")]))
        self.assertEqual(self._by("manager", deposit).read(["notice"]), [])
        self._open(lot)
        self.assertTrue(self._by("manager", deposit).read(["notice"]))

    # === Conversion, parts, reversal === #

    def test_converted_to_performance_security(self):
        self._award()
        self._decide(self.winner, "transfer", amount=50000)
        self._event(self.lot, "contract", "2026-06-22 09:00:00")
        self.assertEqual(self._totals(self.winner), {"held": 10000, "transferred": 50000})
        self.assertEqual(self._refunds(self.winner).amount, 10000)

    def test_parts_go_back_one_after_the_other(self):
        for amount in (20000, 15000):
            decision = self._decide(self.loser, "refund", amount=amount)
            self.assertEqual(
                (decision.refund_ids.amount, decision.refund_ids.state), (amount, "due")
            )
        self._contract()
        self.assertEqual(self._refunds(self.loser).mapped("amount"), [20000, 15000, 25000])
        decision = self._propose(self.loser, "refund", amount=1)
        self._by("manager", decision)._do_approve()
        with self.assertRaisesRegex(UserError, "amount"):
            self._by("checker", decision)._do_confirm()

    def test_reversed_by_a_new_entry(self):
        self._contract()
        decision = self._decide(self.loser, ground="other")
        entry = decision.sudo().entry_ids
        reversal = self._by("officer", decision)._do_reverse("Court", b"UERG")
        with self.assertRaisesRegex(UserError, "already"):
            self._by("officer", decision)._do_reverse("Court", b"UERG")
        self._pass(reversal)
        self.assertEqual((decision.state, reversal.state), ("reversed", "in_force"))
        with self.assertRaises(UserError):
            self._by("officer", decision)._do_reverse("Court", b"UERG")
        self.assertEqual(self._totals(self.loser), {"held": 60000})
        self.assertEqual(decision.sudo().entry_ids, entry)
        self.assertEqual(reversal.sudo().entry_ids.kind, "reverse")
        live = self._refunds(self.loser).filtered(lambda refund: refund.state == "due")
        self.assertEqual(live.amount, 60000)

    def test_the_statement_shows_what_was_paid_out(self):
        decision = self._decide(self.winner)
        out = {"direction": "out", "amount": "60000.00", "instruction": decision.number}
        out |= {"txn_no": "O", "at": iso("2026-06-12 10:00:00")}
        self._import(out)
        self.assertEqual(decision.state, "paid")
        with self.assertRaises(UserError):
            self._by("officer", decision)._do_reverse("x", b"UERG")
        self.assertEqual(self._totals(self.winner), {"forfeited": 60000})
        self.assertEqual(self._proof(), ("119999.99", "0.00"))
        self._import(out | {"txn_no": "I", "direction": "in", "at": iso("2026-06-13 10:00:00")})
        self.assertEqual((decision.state, self._proof()), ("in_force", ("179999.99", "0.00")))
        self._import(out | {"txn_no": "O2", "amount": "1.00"})
        self.assertEqual(self._proof()[1], "1.00")
        self.assertEqual(decision.state, "in_force")

    def _proof(self):
        api = self._api("shenpi.deposit", self.trade["checker"])
        rows = api.api_balance_proof("2026-06-30")["accounts"]
        (row,) = [row for row in rows if row["account"] == ACCOUNT]
        return row["ledger"], row["difference"]

    # === Invariants === #

    def test_whatever_is_done_in_whatever_order(self):
        """After every step: totals are not negative and add up, no more is planned and under way
        than was received and is not kept, and the ledger balances."""
        for seed in range(3):
            chance = random.Random(20260610 + seed)
            for _turn in range(25):
                step = chance.choice(
                    (self._walk_propose, self._walk_decision, self._walk_refund, self._walk_lot)
                )
                bidder = chance.choice((self.winner, self.loser, self.short))
                try:
                    with self.cr.savepoint():
                        step(chance, bidder)
                except UserError:
                    self.env.invalidate_all()
                self._check_invariants()

    def _walk_propose(self, chance, bidder):
        kind = chance.choice(("forfeit", "transfer", "refund"))
        self._propose(bidder, kind, amount=chance.randint(1, 6_000_000) / 100)

    def _walk_decision(self, chance, bidder):
        for decision in self._deposit(bidder).decision_ids.filtered(
            lambda d: d.state in ("proposed", "approved", "in_force")
        ):
            if decision.state == "proposed":
                self._by("manager", decision)._do_approve()
            elif decision.state == "approved":
                self._by("checker", decision)._do_confirm()
            elif chance.random() < 0.5:
                self._by("officer", decision)._do_reverse("R", b"UERG")

    def _walk_refund(self, chance, bidder):
        for refund in self._by("cashier", self._refunds(bidder)):
            if refund.state == "due":
                self._by("cashier", refund)._do_approve()
            elif refund.state == "approved" and chance.random() < 0.3:
                self._by("checker", refund)._do_send_back("R")
            elif refund.state == "approved":
                self._by("checker", refund)._do_check()
            elif refund.state == "checked":
                self._by("cashier", refund)._do_send()
            elif refund.state == "batched":
                word = chance.choice(("settled", "rejected", "returned"))
                refund.sudo()._hear(word)
            elif refund.can_renew:
                self._by("cashier", refund)._do_renew("R")

    def _walk_lot(self, chance, bidder):
        if self.lot.state == "opened":
            self._event(self.lot, "award", "2026-06-15 09:00:00", winners=[self.winner["number"]])
        else:
            self._event(self.lot, "contract", "2026-06-22 09:00:00")

    def _check_invariants(self):
        self.env.flush_all()
        for bidder in (self.winner, self.loser, self.short):
            deposit = self._deposit(bidder)
            deposit.invalidate_recordset()
            fen = {name: from_float(deposit[name]) for name in (*TOTALS, "received")}
            self.assertGreaterEqual(min(fen.values()), 0)
            self.assertEqual(fen["received"], sum(fen[name] for name in TOTALS))
            planned = self.env["shenpi.refund"]._get_live(deposit)[deposit.id]
            self.assertLessEqual(
                planned.total(), fen["received"] - fen["forfeited"] - fen["transferred"]
            )
        self.cr.execute(
            """SELECT SUM(CASE WHEN debit = 'bank' THEN fen WHEN credit = 'bank' THEN -fen END),
                      SUM(CASE WHEN credit <> 'bank' THEN fen ELSE 0 END)
                      - SUM(CASE WHEN debit <> 'bank' THEN fen ELSE 0 END)
                 FROM shenpi_ledger_entry WHERE account_id = %s""",
            [self.account.id],
        )
        bank, others = self.cr.fetchone()
        self.assertEqual(bank, others)
