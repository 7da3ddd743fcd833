from datetime import date

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged

from odoo.addons.shenpi_base.tests.common import NOW

from .common import EvaluationCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestRatingFigures(EvaluationCommon):
    def _get_stats(self, user=None, **query):
        query = {"date_from": "2026-06-01", "date_to": "2026-06-30", **query}
        return self._as(user or self.officer, self.env["shenpi.rating"]).api_stats(query)

    def test_nothing_is_no_share(self):
        stats = self._get_stats(date_from="2025-01-01", date_to="2025-01-31")
        self.assertEqual(stats["rated"], 0)
        self.assertNotIn("rate", stats)
        self.assertNotIn("active_rate", stats)

    def test_shares_by_hand(self):
        """Ten services: six good, two bad (one taken out on appeal), one by default, one silent."""
        for level in ("very_satisfied",) * 4 + ("satisfied", "basically_satisfied"):
            self._rate(level)
        case = self._open_bad()
        officer = self._as(self.officer, case)
        officer._do_contact("phone", "x")
        officer._do_rectify("x", 2)
        self._as(self.reviewer2, case)._do_rectified("x")
        self._as(self.officer2, case)._do_verify("x")
        officer._do_visit("satisfied", "x")
        taken_out = self._open_bad(name="", phone="")
        self._as(self.reviewer2, taken_out)._do_appeal("false", "x")
        self._as(self.officer, taken_out)._do_uphold("x")
        self.env["shenpi.rating"]._rate_by_default(self._get_service())
        self._get_service()
        stats = self._get_stats()
        expected = {
            "rated": 7,
            "satisfied": 6,
            "bad": 1,
            "asked": 10,
            "answered": 8,
            "defaults": 1,
            "rectified": 1,
            "due": 1,
            "in_time": 1,
            "named": 1,
            "visited": 1,
            "rate": round(6 / 7, 6),
            "active_rate": 0.8,
            "bad_rate": round(1 / 7, 6),
            "rectified_rate": 1.0,
            "rectified_in_time_rate": 1.0,
            "visited_rate": 1.0,
        }
        self.assertEqual(stats, expected)
        groups = self._as(self.officer, self.env["shenpi.rating.report"])._read_group(
            [("company_id", "=", self.company.id)],
            ["department_id"],
            ["services:sum", "rated:sum", "satisfied:sum", "rate:avg", "active_rate:avg"],
        )
        ((department, services, rated, satisfied, rate, active),) = groups
        self.assertEqual((department, services, rated, satisfied), (self.office, 10, 7, 6))
        self.assertAlmostEqual(rate, 600 / 7)
        self.assertAlmostEqual(active, 80)

    def test_filters(self):
        other = self._create_item(name="Other", department_id=self.other_office.id)
        self._rate()
        self._rate(service=self._get_service(item_code=other.code), channel="qr")
        self.office.code, self.other_office.code = "A", "B"
        for query, rated in (
            ({}, 2),
            ({"department": "A"}, 1),
            ({"item_code": other.code}, 1),
            ({"channel": "qr"}, 1),
            ({"channel": "pc"}, 0),
        ):
            self.assertEqual(self._get_stats(**query)["rated"], rated, query)
        for query in ({"department": "Z"}, {"item_code": "Z"}, {"date_to": "2026-05-01"}):
            with self.assertRaises(ValidationError):
                self._get_stats(**query)

    def test_who_may_ask(self):
        self._rate()
        for user in (self.integrator, self.supervisor, self.manager, self.officer, self.chief):
            self.assertEqual(self._get_stats(user)["rated"], 1, user.login)
        for user in (self.clerk, self.reviewer, self.stranger):
            with self.assertRaises(AccessError):
                self._get_stats(user)

    # === Ranking === #

    def _rank(self, user=None, **values):
        rankings = self._as(user or self.officer, self.env["shenpi.rating.ranking"])
        ranking = rankings.create({"period": "this_month", "least": 1, **values})
        ranking.action_show()
        return [(line.rank, line.name, line.satisfied, line.rated) for line in ranking.line_ids]

    def test_ranking(self):
        other = self._create_item(name="Other", department_id=self.other_office.id)
        self._rate()
        self._rate("unsatisfied", service=self._get_service(item_code=other.code))
        office, works = self.office.display_name, self.other_office.display_name
        self.assertEqual(self._rank(), [(1, office, 1, 1), (2, works, 0, 1)])
        self.assertEqual(self._rank(least=2), [(0, office, 1, 1), (0, works, 0, 1)])
        self.assertEqual(self._rank(dimension="channel"), [(1, "SMS", 1, 2)])

    def test_people_are_ranked_for_officers_only(self):
        self._rate()
        self.assertTrue(self._rank(dimension="clerk_id"))
        with self.assertRaises(AccessError):
            self._rank(self.manager, dimension="clerk_id")
        with self.assertRaises(AccessError):
            self._rank(company_id=self.district.id)
        with self.assertRaises(AccessError):
            self._as(self.manager, self.env["shenpi.rating.report"]).formatted_read_group(
                [], ["clerk_id"], ["__count"]
            )

    def test_periods(self):
        rankings = self.env["shenpi.rating.ranking"]
        today = date(2026, 6, 10)
        for period, first, last in (
            ("week", date(2026, 6, 1), date(2026, 6, 7)),
            ("month", date(2026, 5, 1), date(2026, 5, 31)),
            ("this_month", date(2026, 6, 1), today),
            ("year", date(2026, 1, 1), today),
        ):
            self.assertEqual(rankings._get_period(period, today), (first, last))
