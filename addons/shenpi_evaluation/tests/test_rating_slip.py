from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from odoo.addons.shenpi_base.tests.common import NOW

from .common import EvaluationCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestRatingSlip(EvaluationCommon):
    """The slip with the code by which a visit without an application is rated."""

    def _make_slip(self, user=None, **values):
        vals = {"window_id": self.window.id, "ticket": "A012", **values}
        return self._as(user or self.clerk, self.env["shenpi.rating.slip"]).create(vals)

    def _get_services(self):
        return self.env["shenpi.rating.service"].search([("window_id", "=", self.window.id)])

    def test_a_visit_is_noted_and_can_be_rated(self):
        slip = self._make_slip(item_id=self.item.id)
        action = slip.action_print()
        self.assertEqual(action["report_name"], "shenpi_evaluation.report_rating_slip")
        service = self._get_services()
        self.assertEqual((service.kind, service.clerk_id), ("visit", self.clerk))
        self.assertEqual((service.item_id, service.ticket), (self.item, "A012"))
        self.assertTrue(service.asked, "it counts in the active share")
        page = slip._prepare_slip()
        self.assertIn("A012", page["heading"])
        self.assertEqual(page["about"], self.item.name)
        self.assertTrue(page["qr"].startswith("data:image/svg+xml"))
        self.assertEqual(len(service.sudo().token_ids), 1)

    def test_once_for_each_number_and_day(self):
        self._make_slip().action_print()
        self._make_slip(ticket=" a012 ").action_print()
        self.assertEqual(len(self._get_services()), 1)
        with self.assertRaisesRegex(UserError, "colleague"):
            self._make_slip(self.clerk2).action_print()
        with freeze_time("2026-06-11 02:00:00"):
            self._make_slip(self.clerk2).action_print()
        self.assertEqual(len(self._get_services()), 2)

    def test_not_after_it_was_rated(self):
        slip = self._make_slip()
        slip.action_print()
        self._rate(service=self._get_services())
        with self.assertRaisesRegex(UserError, "rated already"):
            slip._prepare_slip()

    def test_at_ones_own_window_only(self):
        other = self._create_department("Other window", kind="window", parent_id=self.root)
        with self.assertRaisesRegex(AccessError, "this window"):
            self._make_slip(window_id=other.id).action_print()
        with self.assertRaises(AccessError):
            self._make_slip(self.reviewer2)
        slip = self._make_slip()
        with self.assertRaises(AccessError):
            self._as(self.clerk2, slip)._prepare_slip()

    def test_a_number_is_needed(self):
        with self.assertRaisesRegex(ValidationError, "ticket"):
            self._make_slip(ticket="  ").action_print()

    def test_a_default_window(self):
        slips = self._as(self.clerk, self.env["shenpi.rating.slip"])
        self.assertEqual(slips.default_get(["window_id"])["window_id"], self.window.id)
