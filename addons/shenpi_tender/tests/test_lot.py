from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.shenpi_base.tests.common import moment

from .common import DEADLINE, OPENING, TenderCommon, at, iso


@tagged("post_install", "-at_install")
class TestLot(TenderCommon):
    def test_published(self):
        lot = self._publish()
        self.assertEqual(lot.state, "published")
        self.assertEqual(lot.deadline, moment(DEADLINE))
        self.assertTrue(lot.sealed)
        self.assertEqual(lot.account_id, self.account)
        self.assertEqual(lot.ceiling, 60000)
        status = self._api("shenpi.tender.lot").api_status(lot.code)
        self.assertEqual(status["amount"], "60000.00")
        self.assertEqual(status["opening"], iso(OPENING))
        self.assertNotIn("bidders", status)
        self.assertEqual([event["action"] for event in status["events"]], ["publish_lot"])

    def test_refused_by_name(self):
        for changes, field in (
            ({"amount": "60000.01"}, "amount"),
            ({"amount": "-1.00"}, "amount"),
            ({"amount": "600.001"}, "amount"),
            ({"amount": 60000}, "amount"),
            ({"estimate": "0"}, "estimate"),
            ({"opening": iso("2026-06-10 08:59:59")}, "opening"),
            ({"deadline": iso("2026-06-01 09:00:00")}, "deadline"),
            ({"deadline": "2026-06-10 09:00:00"}, "deadline"),
            ({"account": "123"}, "account"),
            ({"kind": "art"}, "kind"),
            ({"forms": []}, "forms"),
        ):
            before = self.env["shenpi.tender.lot"].search_count([])
            refused = self.assertRaisesRegex(ValidationError, field, msg=str(changes))
            with refused, self.cr.savepoint():
                self._publish(**changes)
            self.assertEqual(self.env["shenpi.tender.lot"].search_count([]), before)

    def test_the_cap_is_exact(self):
        big = {"estimate": "100000000.00"}
        with self.assertRaisesRegex(ValidationError, "800000.00"), self.cr.savepoint():
            self._publish(amount="800000.01", **big)
        self.assertEqual(self._publish(amount="800000.00", **big).amount, 800000)

    def test_published_once(self):
        lot = self._publish(client_ref="same", code="L1", tender=self._tender("L"))
        with self.assertRaisesRegex(ValidationError, "client_ref"):
            self._publish(client_ref="same", code="L2", tender=self._tender("L"))
        with self.assertRaisesRegex(ValidationError, "code"), self.cr.savepoint():
            self._publish(code="L1", tender=self._tender("L"))
        again = self._publish(client_ref="same", code="L1", tender=self._tender("L"))
        self.assertEqual(again, lot)

    def _tender(self, code):
        return {"code": code, "name": "N", "regime": "bidding", "owner": "O"}

    def test_the_rule_is_frozen(self):
        lot = self._publish()
        lot.rule_id.write({"percent": 0.5, "payer_check": "none"})
        self.assertEqual(lot.ceiling, 60000)
        self.assertEqual(lot.rule_data["payer_check"], "basic")
        with self.assertRaisesRegex(ValidationError, "15000.00"), self.cr.savepoint():
            self._publish()

    def test_what_is_published_stays(self):
        lot = self._publish()
        officer = lot.with_user(self.trade["officer"])
        for values in ({"amount": 1}, {"deadline": "2026-07-01 00:00:00"}, {"name": "X"}):
            with self.assertRaises(ValidationError):
                officer.write(values)
        for values in ({"state": "opened"}, {"sealed": False}, {"rule_data": {}}):
            with self.assertRaises(AccessError):
                officer.write(values)
        with self.assertRaises(ValidationError):
            officer.unlink()
        with self.assertRaises(ValidationError):
            lot.tender_id.regime = "procurement"

    def test_the_deadline_moves_until_it_has_passed(self):
        lot = self._publish()
        new = {"deadline": iso("2026-06-12 09:00:00"), "opening": iso("2026-06-12 09:00:00")}
        self._event(lot, "change_deadline", "2026-06-09 10:00:00", reason="Answers", **new)
        self.assertEqual(lot.deadline, moment("2026-06-12 09:00:00"))
        for time, change, error in (
            ("2026-06-12 09:00:00", {}, UserError),
            ("2026-06-11 09:00:00", {"deadline": iso("2026-06-10 09:00:00")}, ValidationError),
            ("2026-06-11 09:00:00", {"opening": iso("2026-06-12 08:00:00")}, ValidationError),
            ("2026-06-11 09:00:00", {"reason": ""}, ValidationError),
        ):
            values = {"reason": "x", **new, **change}
            with self.assertRaises(error, msg=str(change)), self.cr.savepoint():
                self._event(lot, "change_deadline", time, **values)

    def test_opened_at_its_moment_not_earlier(self):
        lot = self._publish()
        with self.assertRaises(UserError):
            self._event(lot, "open", "2026-06-10 09:29:59")
        self._run("open_lots", "2026-06-10 09:29:59")
        self.assertEqual(lot.state, "published")
        self._open(lot)
        self.assertFalse(lot.sealed)

    def test_the_course(self):
        lot = self._publish()
        for event in ("candidates", "award", "contract"):
            with self.assertRaises(UserError):
                self._event(lot, event, "2026-06-11 09:00:00")
        self._open(lot)
        self._event(lot, "candidates", "2026-06-12 09:00:00")
        self._event(lot, "award", "2026-06-16 09:00:00", winners=[])
        status = self._event(lot, "contract", "2026-06-22 09:00:00")
        self.assertEqual(status["state"], "contracted")
        self.assertEqual(status["contract_date"], "2026-06-22")
        with self.assertRaises(UserError):
            self._event(lot, "terminate", "2026-06-23 09:00:00", reason="x")

    def test_ended_before_the_opening(self):
        lot = self._publish()
        self._register(lot)
        status = self._event(lot, "terminate", "2026-06-08 09:00:00", reason="Plan dropped")
        self.assertEqual((status["state"], status["sealed"]), ("terminated", False))
        self.assertEqual(status["bidders"], 1)

    def test_who_may(self):
        lot = self._publish()
        for role in ("cashier", "checker", "supervisor"):
            with self.assertRaises(AccessError):
                self._event(lot, "fail", "2026-06-09 09:00:00", self.trade[role], reason="x")
        with self.assertRaises(AccessError):
            self._api("shenpi.tender.lot", self.clerk).api_status(lot.code)
        self._event(lot, "fail", "2026-06-09 09:00:00", self.trade["officer"], reason="x")

    def test_another_bureau_has_none(self):
        lot = self._publish()
        stranger = self._create_trader("officer", company=self.district)
        self.assertFalse(self._api("shenpi.tender.lot", stranger).search([]) & lot)
        with self.assertRaises(UserError):
            self._api("shenpi.tender.lot", stranger).api_status(lot.code)

    def test_the_desk_publishes_a_draft(self):
        officer = self.trade["officer"]
        tender = (
            self.env["shenpi.tender"]
            .with_user(officer)
            .create(
                {"code": "D", "name": "Desk", "owner_name": "Owner", "company_id": self.company.id}
            )
        )
        lot = (
            self.env["shenpi.tender.lot"]
            .with_user(officer)
            .create(
                {
                    "tender_id": tender.id,
                    "code": "D-1",
                    "name": "Lot",
                    "estimate": 1000000,
                    "amount": 20000,
                    "deadline": moment(DEADLINE),
                    "opening_at": moment(OPENING),
                    "account_id": self.account.id,
                }
            )
        )
        self.assertEqual(lot.ceiling, 20000)
        with at("2026-06-01 09:00:00"):
            self.assertTrue(lot.can_publish_lot)
            lot.action_publish()
        self.assertEqual(lot.state, "published")
        self.assertFalse(lot.can_publish_lot)
        wizard = (
            self.env["shenpi.tender.lot.wizard"]
            .with_user(officer)
            .create({"lot_id": lot.id, "action": "fail_lot", "reason": "Nobody bids"})
        )
        wizard.action_confirm()
        self.assertEqual(lot.state, "failed")
