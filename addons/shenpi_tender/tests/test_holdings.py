from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.shenpi_base.tools.localtime import format_moment, local_date

from .common import TenderCommon


@tagged("post_install", "-at_install")
class TestHoldings(TenderCommon):
    """Lots are published and paid so long ago."""

    def _ago(self, days):
        return fields.Datetime.now() - timedelta(days=days)

    def _held(self, days):
        """A bidder whose money arrived so long ago, for a lot that was opened the day after."""
        opening = self._ago(days - 1)
        lot = self._publish(
            time=f"{local_date(self._ago(days + 9))} 09:00:00",
            deadline=format_moment(opening),
            opening=format_moment(opening),
        )
        bidder = self._register(lot, time=f"{local_date(self._ago(days + 5))} 10:00:00")
        self._import(self._line(bidder) | {"at": format_moment(self._ago(days))})
        return lot, bidder

    def _rows(self, role="cashier"):
        self.env.flush_all()
        holdings = self._as(self.trade[role], self.env["shenpi.holding"])
        return holdings.search([("account_id", "=", self.account.id)])

    def test_ages(self):
        for days in (30, 31, 90, 91, 180, 181, 365, 366):
            lot, _bidder = self._held(days)
            lot._do_open()
        rows = self._rows().sorted("days")
        self.assertEqual(
            [(row.days, row.age) for row in rows],
            [
                (30, "030"),
                (31, "090"),
                (90, "090"),
                (91, "180"),
                (180, "180"),
                (181, "365"),
                (365, "365"),
                (366, "999"),
            ],
        )
        self.assertEqual(set(rows.mapped("kind")), {"held"})
        self.assertEqual(sum(rows.mapped("amount")), 8 * 60_000)

    def test_held_in_refund_and_unclear(self):
        lot, bidder = self._held(40)
        line = {"amount": "5.10", "at": format_moment(self._ago(100)), "txn_no": "U"}
        self._import(line)
        lot._do_open()
        lot._do_end("fail_lot", "Too few bids")
        rows = {row.kind: row for row in self._rows()}
        self.assertEqual(
            {kind: row.amount for kind, row in rows.items()}, {"held": 60_000, "suspense": 5.1}
        )
        self.assertEqual((rows["held"].lot_state, rows["suspense"].age), ("failed", "180"))
        refund = self.env["shenpi.refund"].search([("lot_id", "=", lot.id)])
        self._as(self.trade["cashier"], refund)._do_approve()
        self.assertEqual(set(self._rows().mapped("kind")), {"in_refund", "suspense"})
        self._as(self.trade["checker"], refund)._do_check()
        self._as(self.trade["cashier"], refund)._do_send()
        self._api("shenpi.refund").api_result([{"number": refund.number, "status": "settled"}])
        self.assertEqual(self._rows().mapped("kind"), ["suspense"])
        self.assertEqual(self._deposit(bidder).refunded, 60_000)

    def test_what_the_pivot_asks(self):
        lot, _bidder = self._held(40)
        lot._do_open()
        holdings = self._as(self.trade["checker"], self.env["shenpi.holding"])
        self.env.flush_all()
        (row,) = holdings.formatted_read_group(
            [("account_id", "=", self.account.id)],
            ["age", "kind"],
            ["amount:sum", "currency_id:array_agg_distinct"],
        )
        self.assertEqual((row["age"], row["kind"], row["amount:sum"]), ("090", "held", 60_000))
        self.assertEqual(row["currency_id:array_agg_distinct"], [self.env.ref("base.CNY").id])

    def test_sealed_money_has_no_row(self):
        self._held(40)
        for role in ("cashier", "checker", "supervisor", "manager"):
            self.assertFalse(self._rows(role))
            total = self._as(self.trade[role], self.env["shenpi.holding"])._read_group(
                [("account_id", "=", self.account.id)], [], ["__count"]
            )
            self.assertEqual(total, [(0,)])
        self.assertFalse(
            self.env["shenpi.holding"].sudo().search([("account_id", "=", self.account.id)])
        )
        with self.assertRaises(AccessError):
            self._rows("officer")
