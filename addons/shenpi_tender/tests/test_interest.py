"""Interest and penalty on the ledger, and the bank's reckoning against ours."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ACCOUNT, RefundCommon, at, iso


@tagged("post_install", "-at_install")
class TestInterest(RefundCommon):
    def setUp(self):
        super().setUp()
        rates = self.env["shenpi.interest.rate"]
        rates.search([]).unlink()
        for kind, day, percent in (
            ("deposit", "2020-01-01", 0.35),
            ("deposit", "2026-06-18", 0.7),
            ("benchmark", "2020-01-01", 4.35),
        ):
            rates.create({"kind": kind, "date_from": day, "percent": percent})

    def _settle(self, refund, time):
        with at(time):
            self._send(refund)
            words = [{"number": refund.number, "status": "settled", "at": iso(time)}]
            self._api("shenpi.refund").api_result(words)
        self.assertEqual(refund.state, "settled")

    def _report(self, refund):
        self.env.flush_all()
        reports = self._as(self.trade["cashier"], self.env["shenpi.refund.interest"])
        reports.invalidate_model()
        return reports.search([("refund_id", "=", refund.id)])

    def _proof(self):
        api = self._api("shenpi.deposit", self.trade["checker"])
        rows = api.api_balance_proof("2026-06-30")["accounts"]
        (row,) = [row for row in rows if row["account"] == ACCOUNT]
        return row["ledger"], row["difference"]

    def test_from_the_arrival_to_the_settlement_rounded_once(self):
        """8 to 18 June at 0.35 %, to 25 June at 0.7 %: 60,000 x (10 x 0.35 + 7 x 0.7) % / 360."""
        refund = self._refund()
        self._settle(refund, "2026-06-25 10:00:00")
        report = self._report(refund)
        self.assertEqual((report.owed, report.paid, report.difference), (14, 0, 14))
        entry = refund.sudo().entry_ids.filtered(lambda e: e.kind == "accrue_interest")
        self.assertEqual((entry.debit, entry.credit), ("interest", "interest_owed"))
        self.assertEqual(self._by("cashier", refund).interest, 14)
        self.assertEqual(self._money(self.loser), (0, 0, 60000))

    def test_what_the_bank_pays_is_held_against_it(self):
        refund = self._refund()
        self._settle(refund, "2026-06-25 10:00:00")
        out = {"direction": "out", "at": iso("2026-06-25 10:00:00"), "instruction": refund.number}
        interest = out | {"purpose": "interest"}
        self._import(
            {"txn_no": "Q", "amount": "20.00", "at": iso("2026-06-21 01:00:00")}
            | {"purpose": "interest"},
            out | {"txn_no": "O", "amount": "60000.00"},
            interest | {"txn_no": "I", "amount": "13.99"},
        )
        report = self._report(refund)
        self.assertEqual((report.owed, report.paid, report.difference), (14, 13.99, 0.01))
        self.assertEqual(self._proof(), ("120006.00", "0.00"))
        again = self._import(interest | {"txn_no": "I", "amount": "13.99"})
        self.assertEqual((again["new"], again["duplicate"]), (0, 1))
        conflict = self._import(out | {"txn_no": "I", "amount": "13.99"})
        self.assertEqual(conflict["conflict"], 1)
        self._check_books()

    def test_interest_that_nobody_can_explain_is_a_difference(self):
        line = {"direction": "out", "at": iso("2026-06-25 10:00:00"), "purpose": "interest"}
        self._import(line | {"txn_no": "X", "amount": "1.00", "instruction": "TK0"})
        self.assertEqual(self._proof()[1], "1.00")

    def test_a_withdrawn_bid_and_money_without_effect_earn_none(self):
        self._settle(self._refunds(self.short), "2026-06-25 10:00:00")
        self.assertFalse(self._report(self._refunds(self.short)))

    def test_what_comes_back_takes_its_interest_with_it(self):
        refund = self._refund()
        self._settle(refund, "2026-06-25 10:00:00")
        words = [{"number": refund.number, "status": "returned"}]
        with at("2026-06-28 10:00:00"):
            self._api("shenpi.refund").api_result(words)
            new = self._by("cashier", refund)._do_renew("Again")
        self.assertEqual(self._report(refund).owed, 0)
        self._settle(new, "2026-06-30 10:00:00")
        # Five days more at 0.7 %: 60,000 x (3.5 + 8.4) % / 360 = 19.83.
        self.assertEqual(self._report(new).owed, 19.83)
        self._check_books()

    def test_each_part_from_its_own_arrival(self):
        lot = self._publish(tender={"code": "X", "name": "X", "regime": "other", "owner": "O"})
        bidder = self._register(lot)
        self._import(
            self._line(bidder, "20000.00", time="2026-06-07 10:00:00"),
            self._line(bidder, "40000.00", time="2026-06-08 10:00:00"),
        )
        self._open(lot)
        vals = {"kind": "refund", "amount": 30000, "reason": "R", "document": b"UERG"}
        deposit = self._by("officer", self._deposit(bidder))
        decisions = self._as(self.trade["officer"], self.env["shenpi.deposit.decision"])
        decision = decisions._do_propose(deposit, vals)
        self._by("manager", decision)._do_approve()
        self._by("checker", decision)._do_confirm()
        self._event(lot, "fail", "2026-06-15 09:00:00", reason="x")
        first, second = self._refunds(bidder).sudo().sorted("id")
        days = [[(fen, str(day)) for fen, day in r._get_slices()] for r in (first, second)]
        self.assertEqual(days[0], [(2000000, "2026-06-07"), (1000000, "2026-06-08")])
        self.assertEqual(days[1], [(3000000, "2026-06-08")])

    def test_no_rate_is_guessed(self):
        self.env["shenpi.interest.rate"].search([("kind", "=", "deposit")]).unlink()
        refund = self._refund()
        self._settle(refund, "2026-06-25 10:00:00")
        self.assertIn("2026-06-08", refund.trouble)
        self.assertFalse(self._report(refund))

    # === Penalty === #

    def _late(self):
        """A refund of a procurement that is due on 23 June."""
        rules = self.env["shenpi.tender.rule"]
        tender = {"code": "G", "name": "G", "regime": "procurement", "owner": "O"}
        draft = self.env["shenpi.tender"].new(
            {"regime": "procurement", "company_id": self.company.id, "name": "G"}
        )
        rules._find(draft, "goods", "2026-06-01").sudo().penalty_percent = 120
        lot = self._publish(tender=tender, kind="goods")
        winner, loser = self._register(lot), self._register(lot)
        self._import(self._line(winner), self._line(loser))
        self._open(lot)
        self._event(lot, "award", "2026-06-15 09:00:00", winners=[winner["number"]])
        return self._refunds(loser)

    def _delay(self, refund, first, last, role="cashier"):
        vals = {"refund_id": refund.id, "date_from": first, "date_to": last, "reason": "No papers"}
        return self._as(self.trade[role], self.env["shenpi.refund.delay"]).create(vals)

    def test_late_without_what_the_bidder_delayed(self):
        """Seven days at 4.35 % x 1.2: 60.90 yuan; two of them were the bidder's."""
        refund = self._late()
        self._settle(refund, "2026-06-30 10:00:00")
        self.assertEqual(refund.penalty, 60.9)
        self._delay(refund, "2026-06-24", "2026-06-25")
        self.assertEqual(refund.penalty, 43.5)
        self.assertEqual(self._report(refund).penalty, 43.5)

    def test_in_time_costs_nothing(self):
        refund = self._late()
        self._settle(refund, "2026-06-23 23:59:59")
        self.assertFalse(refund.penalty)

    def test_delays_are_for_cashier_and_manager_and_stay(self):
        refund = self._late()
        for role in ("officer", "checker", "supervisor"):
            with self.assertRaises(AccessError):
                self._delay(refund, "2026-06-24", "2026-06-25", role)
        delay = self._delay(refund, "2026-06-24", "2026-06-25", "manager")
        with self.assertRaises(AccessError):
            self._by("manager", delay).write({"date_to": "2026-07-01"})
        with self.assertRaises(AccessError):
            self._by("manager", delay).unlink()
        with self._refused("in_order"):
            self._delay(refund, "2026-06-25", "2026-06-24")
        lot = self._publish()
        bidder = self._register(lot)
        self._import(self._line(bidder))
        with at("2026-06-09 10:00:00"):
            self._api("shenpi.deposit").api_withdraw(bidder["number"], {"reason": "x"})
        with self.assertRaises(UserError):
            self._delay(self._refunds(bidder), "2026-06-24", "2026-06-25")

    def test_rates_are_the_managers(self):
        rates = self.env["shenpi.interest.rate"]
        vals = {"kind": "deposit", "date_from": "2026-07-01", "percent": 0.1}
        for role in ("officer", "cashier", "checker", "supervisor"):
            with self.assertRaises(AccessError):
                self._as(self.trade[role], rates).create(vals)
        self._as(self.trade["manager"], rates).create(vals)
        with self._refused("rate_once"):
            self._as(self.trade["manager"], rates).create(vals)
        with self._refused("rate_range"):
            self._as(self.trade["manager"], rates).create(
                vals | {"date_from": "2026-08-01", "percent": -1}
            )

    def _check_books(self):
        """Whose money it is adds up to what the bank holds."""
        self.env.flush_all()
        self.cr.execute(
            """SELECT side, SUM(fen) FROM (
                      SELECT debit AS side, fen FROM shenpi_ledger_entry WHERE account_id = %(id)s
                      UNION ALL
                      SELECT credit, -fen FROM shenpi_ledger_entry WHERE account_id = %(id)s) sides
             GROUP BY side""",
            {"id": self.account.id},
        )
        balances = dict(self.cr.fetchall())
        self.assertEqual(sum(balances.values()), 0)
        self.env.cr.execute(
            "SELECT SUM(CASE direction WHEN 'in' THEN fen ELSE -fen END) FROM shenpi_bank_line"
            " WHERE account_id = %s",
            [self.account.id],
        )
        self.assertEqual(balances["bank"], self.cr.fetchone()[0])
