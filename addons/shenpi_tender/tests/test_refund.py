import base64

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Date
from odoo.tests import tagged

from odoo.addons.shenpi_base.tools import sheets

from .common import RefundCommon, at, iso


@tagged("post_install", "-at_install")
class TestRefund(RefundCommon):
    def test_bars_of_the_kanban(self):
        """The kanban counts by light within each state; the list groups by it."""
        self._contract()
        refunds = self._as(self.trade["checker"], self.env["shenpi.refund"])
        domain = [("lot_id", "=", self.lot.id)]
        colors = {"green": "success", "yellow": "warning", "red": "danger"}
        expected = {
            "2026-06-22": {"green": 2, "yellow": 0, "red": 1},
            "2026-06-29": {"green": 0, "yellow": 2, "red": 1},
            "2026-06-30": {"green": 0, "yellow": 0, "red": 3},
        }
        for day, bars in expected.items():
            with at(f"{day} 12:00:00"):
                told = refunds.read_progress_bar(
                    domain, "state", {"field": "light", "colors": colors}
                )
                self.assertEqual(told["due"], bars, day)
                by_light = dict(refunds._read_group(domain, ["light"], ["__count"]))
                self.assertEqual(by_light, {light: n for light, n in bars.items() if n})
        refunds.search(domain)._move_all("drop_refund", {})
        self.assertEqual(refunds._read_group(domain, ["light"], ["__count"]), [("none", 3)])

    # === Due === #

    def test_money_without_effect_is_due_at_once(self):
        refund = self._refunds(self.short)
        self.assertEqual((refund.state, refund.amount), ("due", 59999.99))
        self.assertEqual(refund.due_date, Date.to_date("2026-06-10"))
        self.assertEqual(refund.payee_account, self.short["account"])
        self.assertFalse(self._refunds(self.loser) | self._refunds(self.winner))

    def test_five_days_after_the_contract(self):
        """22 June and five days is a Saturday: Monday."""
        self._contract()
        for bidder in (self.winner, self.loser):
            refund = self._refunds(bidder)
            self.assertEqual((refund.amount, refund.reason), (60000, "contract"))
            self.assertEqual(refund.due_date, Date.to_date("2026-06-29"))
        self.assertEqual(self._refunds(self.winner).payee_bank, "B")

    def test_government_procurement_pays_losers_first(self):
        tender = {"code": "G", "name": "G", "regime": "procurement", "owner": "O"}
        lot = self._publish(tender=tender, kind="goods")
        winner, loser = self._register(lot), self._register(lot)
        self._import(self._line(winner), self._line(loser))
        self._open(lot)
        self._event(lot, "award", "2026-06-15 09:00:00", winners=[winner["number"]])
        # 19 June is the Dragon Boat Festival.
        self.assertEqual(self._refunds(loser).due_date, Date.to_date("2026-06-23"))
        self.assertFalse(self._refunds(winner))
        self._event(lot, "contract", "2026-06-24 09:00:00")
        self.assertEqual(self._refunds(winner).due_date, Date.to_date("2026-07-01"))
        self.assertEqual(len(self._refunds(loser)), 1)

    def test_terminated_everything_goes_back_once(self):
        self._event(self.lot, "terminate", "2026-06-16 09:00:00", reason="x")
        amounts = {
            bidder["number"]: self._refunds(bidder).mapped("amount")
            for bidder in (self.winner, self.loser, self.short)
        }
        self.assertEqual(list(amounts.values()), [[60000], [60000], [59999.99]])

    def test_money_that_comes_when_all_is_over(self):
        self._contract()
        self._import(self._line(self.loser, "7.00", time="2026-06-20 09:00:00"))
        self.assertEqual(sorted(self._refunds(self.loser).mapped("amount")), [7, 60000])
        self._import(self._line(self.short, "0.01", time="2026-06-10 08:59:59"))
        deposit = self._deposit(self.short)
        self.assertEqual((deposit.code, deposit.state), ("ok", "effective"))
        self.assertEqual(sorted(self._refunds(self.short).mapped("amount")), [0.01, 59999.99])

    def test_each_payment_goes_back_where_it_came_from(self):
        lot = self._publish(tender={"code": "X", "name": "X", "regime": "other", "owner": "O"})
        bidder = self._register(lot)
        self._import(
            self._line(bidder, "50000.00", payer_account="1"),
            self._line(bidder, "20000.00", payer_account="2", time="2026-06-09 09:00:00"),
        )
        self._open(lot)
        self.assertEqual(self._refunds(bidder).mapped("payee_account"), ["2"])
        self.assertEqual(self._refunds(bidder).amount, 10000)
        self._event(lot, "fail", "2026-06-15 09:00:00", reason="x")
        paid = {(r.payee_account, r.amount) for r in self._refunds(bidder)}
        self.assertEqual(paid, {("1", 50000), ("2", 10000)})

    def test_withdrawn_money_is_planned_and_stays_sealed(self):
        lot = self._publish()
        bidder = self._register(lot)
        self._import(self._line(bidder))
        values = {"reason": "x", "at": iso("2026-06-09 10:00:00")}
        self._api("shenpi.deposit").api_withdraw(bidder["number"], values)
        refund = self._refunds(bidder)
        self.assertEqual(refund.due_date, Date.to_date("2026-06-15"))
        for user in (*self.trade.values(), self.integrator):
            self.assertFalse(self._as(user, self.env["shenpi.refund"]).search([]) & refund)
        self._open(lot)
        self.assertIn(refund, self._by("cashier", self.env["shenpi.refund"]).search([]))
        self.assertEqual(len(self._refunds(bidder)), 1)

    # === Four eyes === #

    def test_approved_checked_and_paid(self):
        refund = self._refund()
        self._by("cashier", refund)._do_approve()
        self.assertEqual(self._money(self.loser), (0, 60000, 0))
        self._by("checker", refund)._do_check()
        self._by("cashier", refund)._do_send()
        self.assertEqual(refund.state, "batched")
        self._deliver()
        self.assertEqual((refund.state, self.bank.calls), ("accepted", ["query", "instructions"]))
        self.bank.book[refund.number] = "settled"
        self._run("ask_bank", "2026-06-25 10:00:00")
        self.assertEqual(refund.state, "settled")
        self.assertEqual(self._money(self.loser), (0, 0, 60000))
        self.assertFalse(self.env["shenpi.event"]._get_broken(refund))

    def test_who_may(self):
        refund = self._refund()
        for role in ("officer", "checker", "supervisor", "manager"):
            with self.assertRaises(AccessError):
                self._by(role, refund)._do_approve()
        both = self._create_trader("cashier", "checker")
        self._as(both, refund)._do_approve()
        with self.assertRaises(AccessError):
            self._as(both, refund)._do_check()
        with self.assertRaises(AccessError):
            self._by("cashier", refund)._do_check()
        with self._refused("four_eyes"):
            refund.sudo().write({"checked_by_id": both.id})
            refund.flush_recordset()
        refund.invalidate_recordset()
        self._by("checker", refund)._do_check()
        with self.assertRaises(AccessError):
            self._by("checker", refund)._do_send()

    def test_sent_back_the_money_is_held_again(self):
        refund = self._refund()
        self._by("cashier", refund)._do_approve()
        self._by("checker", refund)._do_send_back("Wrong bank")
        self.assertEqual((refund.state, self._money(self.loser)), ("due", (60000, 0, 0)))
        self._send(refund)
        self.assertEqual(self._money(self.loser), (0, 60000, 0))

    def test_never_more_than_is_held(self):
        refund = self._refund()
        with self._refused("held_range"):
            refund.sudo().write({"amount": 60000.01})
            self._by("cashier", refund)._do_approve()

    def test_all_or_none(self):
        self._contract()
        refunds = self._refunds(self.winner) | self._refunds(self.loser)
        api = self._api("shenpi.refund", self.trade["cashier"])
        with self.assertRaises(UserError), self.cr.savepoint():
            api.api_approve([*refunds.mapped("number"), "TK0"])
        self.assertEqual(set(refunds.mapped("state")), {"due"})
        answer = api.api_approve(refunds.mapped("number"))
        self.assertEqual({row["state"] for row in answer}, {"approved"})
        with self.assertRaises(UserError):
            api.api_approve(refunds.mapped("number"))

    # === Holds === #

    def test_on_hold_until_it_is_released(self):
        refund = self._refund()
        hold = self._hold(deposit_id=self._deposit(self.loser).id)
        other = self._refunds(self.winner)
        self.assertEqual((refund.is_held, other.is_held), (True, False))
        with self.assertRaisesRegex(UserError, "hold"):
            self._by("cashier", refund)._do_approve()
        self._by("cashier", other)._do_approve()
        with self.assertRaises(AccessError):
            self._by("cashier", hold)._do_release("Decided")
        with self.assertRaisesRegex(ValidationError, "reason"):
            self._by("supervisor", hold)._do_release("")
        self._by("supervisor", hold)._do_release("Decided")
        with self.assertRaises(UserError):
            self._by("supervisor", hold)._do_release("Decided")
        refund.invalidate_recordset()
        self._by("cashier", refund)._do_approve()

    def test_a_hold_has_its_document_and_its_end(self):
        with self.assertRaisesRegex(ValidationError, "document"):
            self._hold(document=False)
        foreign = self._register(self._publish())
        with self.assertRaises(UserError):
            self._hold(deposit_id=self._deposit(foreign).id)
        hold = self._hold()
        with self.assertRaises(AccessError):
            hold.write({"date_to": "2027-01-01"})
        with at("2026-07-10 12:00:00"):
            hold.invalidate_recordset()
            self.assertTrue(hold.is_active)
        self._run("hold_last_day", "2026-07-10 06:00:00")
        self.assertEqual(self.lot.activity_ids.user_id, self.trade["officer"])
        with at("2026-07-11 12:00:00"):
            hold.invalidate_recordset()
            self.assertFalse(hold.is_active)

    def test_a_blocked_account_sends_nothing(self):
        refund = self._refund()
        self._by("cashier", refund)._do_approve()
        self._by("checker", refund)._do_check()
        self.account._block("proof", "Difference")
        with self.assertRaisesRegex(UserError, "blocked"):
            self._by("cashier", refund)._do_send()

    # === The bank === #

    def test_a_lost_answer_is_asked_for_never_sent_anew(self):
        refund = self._send(self._refund())
        self.bank.faults = ["", "lost"]
        self._deliver()
        self.assertEqual(refund.state, "unknown")
        self.bank.book[refund.number] = "settled"
        self._later()
        self._deliver()
        self.assertEqual(refund.state, "settled")
        self.assertEqual(self.bank.calls, ["query", "instructions", "query"])
        self.assertEqual(self._money(self.loser), (0, 0, 60000))

    def test_a_bank_that_is_down_has_taken_nothing(self):
        refund = self._send(self._refund())
        self.bank.faults = ["down"]
        self._deliver()
        self.assertEqual((refund.state, self.bank.book), ("batched", {}))
        self._later()
        self._deliver()
        self.assertEqual(refund.state, "accepted")

    def test_a_silent_bank_blocks_the_account(self):
        refund = self._send(self._refund())
        self.bank.faults = ["down"] * 20
        for _attempt in range(7):
            self._later()
            self._deliver()
        self.assertTrue(self.account.blocked)
        self.assertEqual(refund.state, "batched")

    def test_rejected_and_made_anew(self):
        refund = self._send(self._refund())
        self.bank.status = "rejected"
        self._deliver()
        self.assertEqual((refund.state, self._money(self.loser)), ("rejected", (60000, 0, 0)))
        cashier = self._by("cashier", refund)
        payee = {"payee_name": "N", "payee_account": "9", "payee_bank": "B"}
        with self.assertRaisesRegex(ValidationError, "proof"):
            cashier._do_renew("New account", payee)
        self.assertTrue(cashier.can_renew)
        new = cashier._do_renew("New account", payee, b"UERG")
        self.assertFalse(cashier.can_renew)
        self.assertEqual((new.previous_id, new.payee_account, new.state), (refund, "9", "due"))
        with self._refused("renewed_once"):
            cashier._do_renew("Once more")
            self.env.flush_all()
        self._deposit(self.loser)._plan_refunds()
        self.assertEqual(self._refunds(self.loser), refund | new)
        self.bank.status = "settled"
        self._send(new)
        self._deliver()
        self.assertEqual((new.state, self._money(self.loser)), ("settled", (0, 0, 60000)))

    def test_only_what_is_over_is_made_anew(self):
        refund = self._send(self._refund())
        for state in ("batched", "accepted"):
            self.assertEqual(refund.state, state)
            with self.assertRaises(UserError):
                self._by("cashier", refund)._do_renew("x")
            self._deliver()

    def test_words_in_any_order_and_twice(self):
        self._contract()
        api = self._api("shenpi.refund")
        for place, words in enumerate(
            (["accepted", "settled", "settled", "returned"], ["returned", "settled", "accepted"])
        ):
            bidder = (self.winner, self.loser)[place]
            refund = self._send(self._refunds(bidder))
            counts = [api.api_result([{"number": refund.number, "status": word}]) for word in words]
            self.assertEqual(refund.state, "returned")
            self.assertEqual(self._money(bidder), (60000, 0, 0))
            self.assertFalse(any(count["conflict"] for count in counts))
        kinds = self._refunds(self.loser).sudo().entry_ids.mapped("kind")
        self.assertEqual(sorted(kinds), ["reserve", "return", "settle"])

    def test_a_bank_that_contradicts_itself_blocks_its_account(self):
        refund = self._send(self._refund())
        api = self._api("shenpi.refund")
        for changes, count in (
            ({"status": "settled", "amount": "60000.01"}, "conflict"),
            ({"status": "settled", "amount": "60000.00"}, "applied"),
            ({"status": "rejected"}, "conflict"),
            ({"number": "TK0", "status": "settled"}, "unknown"),
        ):
            answer = api.api_result([{"number": refund.number} | changes])
            self.assertEqual(answer[count], 1, changes)
        self.assertTrue(self.account.blocked)
        self.assertEqual(self._money(self.loser), (0, 0, 60000))
        due = self._refunds(self.winner)
        self.assertEqual(
            api.api_result([{"number": due.number, "status": "settled"}])["conflict"], 1
        )
        self.assertEqual(due.state, "due")

    def test_the_statement_shows_it(self):
        """Word and line, whichever comes first: the ledger meets the bank in the end."""
        refund = self._send(self._refund())
        out = {
            "txn_no": "O1",
            "direction": "out",
            "amount": "60000.00",
            "at": iso("2026-06-24 10:00:00"),
            "instruction": refund.number,
        }
        self._import(out)
        self.assertEqual((refund.state, self._money(self.loser)), ("settled", (0, 0, 60000)))
        result = [{"number": refund.number, "status": "settled"}]
        self.assertEqual(self._api("shenpi.refund").api_result(result)["known"], 1)
        back = out | {"txn_no": "I1", "direction": "in", "at": iso("2026-06-26 10:00:00")}
        self._import(back)
        self.assertEqual((refund.state, self._money(self.loser)), ("returned", (60000, 0, 0)))
        proof = self._api("shenpi.deposit", self.trade["checker"])
        for day, ledger in (("2026-06-24", "119999.99"), ("2026-06-26", "179999.99")):
            (row,) = proof.api_balance_proof(day)["accounts"]
            self.assertEqual((row["ledger"], row["difference"]), (ledger, "0.00"))

    def test_an_unexplained_payment_is_a_difference(self):
        refund = self._send(self._refund())
        out = {"direction": "out", "amount": "1.00", "at": iso("2026-06-24 10:00:00")}
        self._import(out | {"txn_no": "O1", "instruction": refund.number}, out | {"txn_no": "O2"})
        self.assertEqual(refund.state, "batched")
        proof = self._api("shenpi.deposit", self.trade["checker"])
        (row,) = proof.api_balance_proof("2026-06-24")["accounts"]
        self.assertEqual(row["difference"], "2.00")

    def test_a_bank_that_takes_files(self):
        self.account.sudo().connector = "file"
        refund = self._send(self._refund())
        self.assertEqual(refund.state, "sent")
        self.assertFalse(self.bank.calls)
        batch = self._by("cashier", refund).batch_id
        self.assertEqual((batch.refund_count, batch.total), (1, 60000))
        rows = list(sheets.read_rows(base64.b64decode(batch.file), batch.filename))
        self.assertEqual(rows[1][1][0], refund.number)
        self.assertEqual(rows[1][1][4], "60000")
        out = {"direction": "out", "amount": "60000.00", "at": iso("2026-06-24 10:00:00")}
        self._import(out | {"txn_no": "O", "instruction": refund.number})
        self.assertEqual(refund.state, "settled")
        with self.assertRaises(AccessError):
            self._by("officer", batch).read(["total"])
