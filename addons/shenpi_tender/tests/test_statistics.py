from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import TenderCommon, iso


@tagged("post_install", "-at_install")
class TestStatistics(TenderCommon):
    def _publish_in(self, year, month, **changes):
        return self._publish(
            f"{year}-{month:02d}-02 09:00:00",
            deadline=iso(f"{year}-{month:02d}-25 09:00:00"),
            opening=iso(f"{year}-{month:02d}-25 09:00:00"),
            **changes,
        )

    def _rows(self, user=None):
        self.env.flush_all()
        months = self._as(user or self.trade["officer"], self.env["shenpi.tender.month"])
        return months.search([("company_id", "=", self.company.id)], order="month, kind")

    def test_each_month_beside_the_year_before(self):
        self._publish_in(2025, 3)
        self._publish_in(2025, 3)
        self._publish_in(2026, 3, estimate="6000000.00")
        self._publish_in(2025, 4)
        rows = {str(row.month): row for row in self._rows()}
        march, april = rows["2026-03-01"], rows["2026-04-01"]
        self.assertEqual((march.number, march.number_before), (1, 2))
        self.assertEqual((march.estimate, march.estimate_before), (6_000_000, 6_000_000))
        self.assertEqual((march.number_change, march.estimate_change), ("-50.0%", "+0.0%"))
        self.assertEqual((april.number, april.number_before), (0, 1))
        before = rows["2025-03-01"]
        self.assertEqual((before.number, before.number_before, before.number_change), (2, 0, "—"))
        self.assertEqual((march.year, march.calendar_month), ("2026", "03"))

    def test_by_kind_and_what_was_awarded(self):
        lot = self._publish()
        bidder = self._register(lot)
        self._import(self._line(bidder))
        self._publish(kind="services", amount="0.00")
        self._open(lot)
        self._event(
            lot,
            "award",
            "2026-06-15 10:00:00",
            winners=[bidder["number"]],
            amount="2700000.00",
        )
        services, works = self._rows()
        self.assertEqual((works.kind, works.awarded, works.award_amount), ("works", 1, 2_700_000))
        self.assertEqual((works.saved, works.saving_rate), (300_000, "10.0%"))
        self.assertEqual((services.number, services.saving_rate), (1, "—"))
        totals = self._as(self.trade["cashier"], self.env["shenpi.tender.month"])._read_group(
            [("company_id", "=", self.company.id)], [], ["number:sum", "award_amount:sum"]
        )
        self.assertEqual(totals, [(2, 2_700_000)])
        (row,) = self._as(
            self.trade["cashier"], self.env["shenpi.tender.month"]
        ).formatted_read_group(
            [("company_id", "=", self.company.id), ("number", ">", 0)],
            ["month:month"],
            ["estimate:sum", "currency_id:array_agg_distinct"],
        )
        self.assertEqual(row["estimate:sum"], 6_000_000)

    def test_months_are_those_of_shanghai(self):
        self._publish("2026-06-01 00:30:00")
        (row,) = self._rows().filtered("number")
        self.assertEqual(str(row.month), "2026-06-01")

    def test_award_amount_is_checked(self):
        lot = self._publish()
        self._open(lot)
        for amount, told in (("-1.00", "amount"), ("1.001", "amount"), ("0.00", "amount")):
            with self.assertRaisesRegex(ValidationError, told):
                self._event(lot, "award", "2026-06-15 10:00:00", amount=amount)

    def test_seen_by_the_bureau_alone(self):
        self._publish()
        stranger = self._create_trader("officer", company=self.district)
        self.assertFalse(self._rows(stranger))
        with self.assertRaises(UserError):
            self._rows(self.clerk)
