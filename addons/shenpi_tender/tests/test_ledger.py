import random
from datetime import date, timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.shenpi_base.tests.common import moment

from ..tools.money import from_float
from .common import ACCOUNT, TenderCommon, iso

TOTALS = ("received", "held", "in_refund", "refunded", "forfeited", "transferred")


@tagged("post_install", "-at_install")
class TestLedger(TenderCommon):
    def setUp(self):
        super().setUp()
        self.lot = self._publish()
        self.bidder = self._register(self.lot)

    def _proof(self, day="2026-06-30", user=None):
        api = self._api("shenpi.deposit", user or self.trade["checker"])
        (row,) = [r for r in api.api_balance_proof(day)["accounts"] if r["account"] == ACCOUNT]
        return row["ledger"], row["bank"], row["difference"]

    def _post(self, debit, credit, fen, kind="receipt", **values):
        deposit = self._deposit(self.bidder)
        return self.env["shenpi.ledger.entry"]._post_all(
            [
                {
                    "kind": kind,
                    "account_id": self.account.id,
                    "company_id": self.company.id,
                    "deposit_id": deposit.id,
                    "debit": debit,
                    "credit": credit,
                    "fen": fen,
                    "booked_at": moment("2026-06-09 10:00:00"),
                    **values,
                }
            ]
        )

    def test_totals_are_sums_over_the_ledger(self):
        """Whatever is posted in whatever order, and what is refused leaves nothing."""
        deposit = self._deposit(self.bidder)
        chance = random.Random(20260610)
        moves = [
            ("bank", "held"),
            ("held", "in_refund"),
            ("in_refund", "refunded"),
            ("in_refund", "held"),
            ("refunded", "held"),
            ("held", "forfeited"),
            ("held", "transferred"),
        ]
        balances = dict.fromkeys(("held", "in_refund", "refunded", "forfeited", "transferred"), 0)
        received = 0
        for _turn in range(60):
            debit, credit = chance.choice(moves)
            fen = chance.randint(1, 5_000_000)
            possible = debit == "bank" or balances[debit] >= fen or debit == "refunded"
            if not possible:
                with self._refused("held_range|in_balance"):
                    self._post(debit, credit, fen)
                deposit.invalidate_recordset()
            else:
                self._post(debit, credit, fen)
                received += fen if debit == "bank" else 0
                for name, sign in ((debit, -1), (credit, 1)):
                    if name in balances:
                        balances[name] += sign * fen
            told = {name: from_float(deposit[name]) for name in TOTALS}
            self.assertEqual(told, {"received": received, **balances})

    def test_more_than_an_integer_holds(self):
        self._post("bank", "held", 9_000_000_000_001)
        self.assertEqual(self._deposit(self.bidder).held, 90_000_000_000.01)

    def test_entries_are_facts(self):
        entry = self._post("bank", "held", 1)
        with self.assertRaises(AccessError):
            entry.sudo().write({"fen": 2})
        for query in (
            "UPDATE shenpi_ledger_entry SET fen = 2",
            "DELETE FROM shenpi_ledger_entry",
            "TRUNCATE shenpi_ledger_entry CASCADE",
        ):
            with self._refused("append-only"):
                self.cr.execute(query)

    def test_no_row_that_makes_no_sense(self):
        for debit, credit, fen in (("bank", "held", 0), ("bank", "held", -1), ("held", "held", 1)):
            with self._refused("fen_positive|two_sides"):
                self._post(debit, credit, fen)

    def test_a_bank_line_is_posted_once(self):
        self._import(self._line(self.bidder))
        line = self.env["shenpi.bank.line"].search([("deposit_id.number", "!=", False)], limit=1)
        with self._refused("received_once"):
            line.sudo()._post()

    def test_balance_proof(self):
        self._import(
            self._line(self.bidder, time="2026-06-08 15:00:00"),
            {"amount": "0.30", "at": iso("2026-06-09 00:00:00"), "txn_no": "U"},
        )
        self._open(self.lot)
        self.assertEqual(self._proof("2026-06-07"), ("0.00", "0.00", "0.00"))
        self.assertEqual(self._proof("2026-06-08"), ("60000.00", "60000.00", "0.00"))
        self.assertEqual(self._proof("2026-06-09"), ("60000.30", "60000.30", "0.00"))

    def test_what_the_bank_says_counts(self):
        self._import(self._line(self.bidder), balances={"2026-06-08": "60000.01"})
        self._open(self.lot)
        self.assertEqual(self._proof("2026-06-08"), ("60000.00", "60000.01", "-0.01"))
        self._import(balances={"2026-06-08": "60000.00"})
        self.assertEqual(self._proof("2026-06-08")[2], "0.00")

    def test_money_of_sealed_lots_is_left_out_of_both_sides(self):
        self._import(
            self._line(self.bidder),
            {"amount": "5.00", "at": iso("2026-06-08 10:00:00"), "txn_no": "U"},
            balances={"2026-06-08": "60005.00"},
        )
        self.assertEqual(self._proof("2026-06-08"), ("5.00", "5.00", "0.00"))

    def test_a_difference_blocks_and_its_end_releases(self):
        out = {"amount": "7.00", "at": iso("2026-06-08 10:00:00"), "direction": "out"}
        self._import(self._line(self.bidder), out | {"txn_no": "FEE"})
        self._open(self.lot)
        self.assertEqual(self._proof("2026-06-08")[2], "7.00")
        self._run("prove_balance", "2026-06-11 01:00:00")
        self.assertEqual((self.account.blocked, self.account.blocked_by), (True, "proof"))
        self._import(out | {"txn_no": "BACK", "direction": "in", "amount": "7.00"})
        self._run("prove_balance", "2026-06-11 01:30:00")
        # What came back lies in suspense: the difference stays until people have cleared it.
        self.assertTrue(self.account.blocked)

    def test_a_proof_does_not_release_a_contradiction_of_the_bank(self):
        """Also not when a difference was found, and ended, in between."""
        self.account._block("bank", "The bank contradicts itself")
        self._import(self._line(self.bidder), balances={"2026-06-10": "60000.01"})
        self._open(self.lot)
        self._run("prove_balance", "2026-06-11 01:00:00")
        told = [activity.summary for activity in self.account.activity_ids]
        self.assertTrue(any("-0.01" in summary for summary in told), told)
        self._import(balances={"2026-06-10": "60000.00"})
        self._run("prove_balance", "2026-06-11 01:30:00")
        found = (self.account.blocked, self.account.blocked_by, self.account.blocked_reason)
        self.assertEqual(found, (True, "bank", "The bank contradicts itself"))

    def test_a_copied_account_begins_with_nothing(self):
        """It has not been proved: no rule sends money from it, and its pool is empty."""
        self._import(self._line(self.bidder))
        self._open(self.lot)
        self._run("prove_balance", "2026-06-11 01:00:00")
        self.account._block("bank", "The bank contradicts itself")
        copy = self.account.with_user(self.trade["manager"]).copy({"number": "6228480000000077"})
        names = sorted(copy._flow_fields)
        self.assertTrue(all(self.account[n] for n in names), names)
        self.assertFalse(any(copy[name] for name in names))
        copy._add_subaccounts(2)
        numbers = self.env["shenpi.bank.subaccount"].search([("account_id", "=", copy.id)])
        self.assertEqual(
            sorted(numbers.mapped("number")), [f"6228480000000077{n:06d}" for n in (1, 2)]
        )

    def test_an_archived_account_is_proved_too(self):
        self._import(self._line(self.bidder), balances={"2026-06-10": "60000.01"})
        self._open(self.lot)
        self.account.action_archive()
        self.assertEqual(self._proof("2026-06-10")[2], "-0.01")
        self._run("prove_balance", "2026-06-11 01:00:00")
        self.assertTrue(self.account.blocked)

    def test_money_that_stays_unclear_is_told_of_once(self):
        self._import({"amount": "5.00", "at": iso("2026-06-08 10:00:00"), "txn_no": "U"})
        self._run("prove_balance", "2026-06-18 23:00:00")
        self.assertFalse(self.account.activity_ids)
        for day in ("2026-06-19", "2026-06-20"):
            self._run("prove_balance", f"{day} 01:00:00")
        told = self.account.activity_ids.filtered(
            lambda activity: activity.user_id == self.trade["cashier"]
        )
        self.assertEqual(len(told), 1)
        self.assertFalse(self.account.blocked)

    def test_who_proves(self):
        with self.assertRaises(AccessError):
            self._proof(user=self.trade["officer"])
        self.assertEqual(self._proof(user=self.integrator)[2], "0.00")

    def test_sealed_in_a_chain(self):
        self._post("bank", "held", 100)
        self._post("held", "in_refund", 40)
        seals = self.env["shenpi.ledger.seal"]
        self._run("seal_ledger", "2026-06-09 10:30:00")
        self.assertEqual(seals.search_count([("account_id", "=", self.account.id)]), 2)
        self._post("in_refund", "held", 1)
        self._run("seal_ledger", "2026-06-09 11:00:00")
        self._run("seal_ledger", "2026-06-09 11:10:00")
        self.assertEqual(seals.search_count([("account_id", "=", self.account.id)]), 3)
        self.assertEqual(seals._get_first_broken(self.account), 0)
        # “Every posting” is said of the one of this moment too.
        self._post("held", "in_refund", 2)
        told = self.account.with_user(self.trade["supervisor"]).action_verify_ledger()
        self.assertEqual(told["params"]["type"], "success")
        self.assertEqual(seals.search_count([("account_id", "=", self.account.id)]), 4)
        self.cr.execute("ALTER TABLE shenpi_ledger_entry DISABLE TRIGGER USER")
        self.cr.execute("UPDATE shenpi_ledger_entry SET fen = 41 WHERE fen = 40")
        self.cr.execute("ALTER TABLE shenpi_ledger_entry ENABLE TRIGGER USER")
        self.assertEqual(seals._get_first_broken(self.account), 2)
        told = self.account.with_user(self.trade["supervisor"]).action_verify_ledger()
        self.assertEqual(told["params"]["type"], "danger")
        with self.assertRaises(AccessError):
            self.account.with_user(self.trade["cashier"]).action_verify_ledger()

    def test_value_dates_are_days_of_shanghai(self):
        late = moment("2026-06-08 23:59:59")
        self._post("bank", "held", 100, booked_at=late)
        self._post("bank", "held", 10, booked_at=late + timedelta(seconds=1))
        proof = self.env["shenpi.deposit"].sudo()._sum_entries
        end = moment("2026-06-09 00:00:00")
        self.assertEqual(dict(proof(self.account.ids, end)), {self.account.id: 100})


@tagged("post_install", "-at_install")
class TestReplay(TenderCommon):
    """Every file is told twice, in parts that overlap and in no order: no fen is left over."""

    BIDDERS = 25

    def test_all_that_came_goes_back_once(self):
        dice = random.Random(7)
        lot = self._publish()
        bidders = [self._register(lot) for _ in range(self.BIDDERS)]
        amounts = [dice.choice(("60000.00", "59999.99", "60000.01")) for _ in bidders]
        lines = [self._line(b, amount) for b, amount in zip(bidders, amounts, strict=True)]
        self._tell(dice, lines[: self.BIDDERS // 2])
        self._open(lot)
        self._tell(dice, lines)
        self._event(lot, "fail", "2026-06-11 10:00:00", reason="Too few bids")
        refunds = self.env["shenpi.refund"].search([("lot_id", "=", lot.id)])
        self._as(self.trade["cashier"], refunds)._do_approve()
        self._as(self.trade["checker"], refunds)._do_check()
        self._as(self.trade["cashier"], refunds)._do_send()
        words = [{"number": number, "status": "settled"} for number in refunds.mapped("number")]
        told = [self._api("shenpi.refund").api_result(words) for _ in range(2)]
        self.assertEqual([answer["applied"] for answer in told], [len(refunds), 0])
        self._tell(dice, [self._out_line(refund) for refund in refunds])
        deposits = self.env["shenpi.deposit"].search([("lot_id", "=", lot.id)])
        self.assertEqual(sorted(f"{deposit.refunded:.2f}" for deposit in deposits), sorted(amounts))
        self.assertFalse(any(deposit.held or deposit.in_refund for deposit in deposits))
        (proof,) = self.env["shenpi.deposit"]._prove(self.account, date(2026, 6, 30)).values()
        self.assertEqual(proof, (0, 0))
        self.assertFalse(self.account.blocked)

    def _out_line(self, refund):
        return {
            "txn_no": f"O{refund.number}",
            "direction": "out",
            "amount": f"{refund.amount:.2f}",
            "at": iso("2026-06-20 10:00:00"),
            "instruction": refund.number,
        }

    def _tell(self, dice, lines):
        parts = [lines[start : start + 7] for start in range(0, len(lines), 4)] * 2
        dice.shuffle(parts)
        for part in parts:
            self.assertEqual(self._import(*part)["conflict"], 0)
