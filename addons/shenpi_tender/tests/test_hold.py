"""Complaints and objections: what holds refunds, for whom, how long, and how it ends."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Date
from odoo.tests import tagged

from .common import RefundCommon, at

PAPER = {"document": "投诉书〔2026〕1号", "content": "UERG", "filename": "t.pdf"}


@tagged("post_install", "-at_install")
class TestHold(RefundCommon):
    def _complain(self, event="complaint", time="2026-06-16 09:00:00", user=None, **values):
        return self._event(self.lot, event, time, user=user, **PAPER | values)

    def test_a_complaint_by_the_platform(self):
        refund = self._refund()
        answer = self._complain(time="2026-06-23 09:00:00")
        # 30 working days of June and July.
        (told,) = answer["holds"]
        self.assertEqual((told["from"], told["until"]), ("2026-06-23", "2026-08-04"))
        self.assertEqual(answer["events"][-1]["action"], "hold_refunds")
        with at("2026-06-24 09:00:00"):
            refund.invalidate_recordset()
            self.assertTrue(refund.is_held)
            self.assertTrue(self._refunds(self.winner).is_held)
        answer = self._event(
            self.lot,
            "release",
            "2026-06-25 09:00:00",
            document=PAPER["document"],
            reason="Rejected",
        )
        self.assertEqual(answer["holds"], [])
        with at("2026-06-25 10:00:00"):
            refund.invalidate_recordset()
            self.assertFalse(refund.is_held)
        hold = self.lot.hold_ids
        self.assertEqual((hold.release_reason, hold.released_by_id), ("Rejected", self.integrator))
        self.assertFalse(self.env["shenpi.event"]._get_broken(self.lot))
        with self.assertRaisesRegex(UserError, "document"):
            self._event(
                self.lot,
                "release",
                "2026-06-26 09:00:00",
                document=PAPER["document"],
                reason="Again",
            )

    def test_only_the_bidder_whom_it_is_about(self):
        self._complain(bidder=self.loser["number"])
        with at("2026-06-17 09:00:00"):
            held = self.env["shenpi.hold"]._get_held(self.lot.deposit_ids)
        self.assertEqual(held, self._deposit(self.loser))

    def test_what_is_missing_or_wrong(self):
        for changes, word in (
            ({"document": ""}, "document"),
            ({"content": ""}, "content"),
            ({"content": "§"}, "content"),
            ({"bidder": "BZJ0"}, "bidder"),
            ({"until": "2026-06-15"}, "until"),
            ({"until": "2027-01-01"}, "until"),
            ({"until": "tomorrow"}, "until"),
            ({"from": "yesterday"}, "from"),
            ({"event": "objection"}, "until"),
        ):
            with self.assertRaisesRegex(ValidationError, word):
                self._complain(**changes)
        draft = self.lot.copy({"code": "D"})
        with self.assertRaises(UserError):
            self._hold(lot_id=draft.id)
        for role in ("cashier", "checker", "supervisor"):
            with self.assertRaises(AccessError):
                self._complain(user=self.trade[role])

    def test_an_objection_holds_until_it_is_answered(self):
        answer = self._complain("objection", until="2026-06-19")
        self.assertEqual(answer["holds"][0]["kind"], "objection")

    def test_the_other_bidders_of_a_sealed_lot_stay_unknown(self):
        lot = self._publish()
        bidder = self._register(lot)
        with self.assertRaisesRegex(ValidationError, "bidder"):
            self._event(lot, "complaint", "2026-06-06 09:00:00", bidder=bidder["number"], **PAPER)

    def test_no_longer_than_the_law_allows(self):
        hold = self._hold()
        self.assertEqual(hold.longest_date, Date.to_date("2026-07-14"))
        with self.assertRaisesRegex(ValidationError, "2026-07-14"):
            self._hold(date_to="2026-07-15")
        tender = {"code": "G", "name": "G", "regime": "procurement", "owner": "O"}
        lot = self._publish(tender=tender, kind="goods")
        with self.assertRaisesRegex(ValidationError, "2026-07-01"):
            self._hold(lot_id=lot.id)
        self._hold(lot_id=lot.id, date_to="2026-07-01")
        self._hold(lot_id=lot.id, kind="freeze", date_to="2027-07-01")

    def test_the_maximum_alarms_and_is_not_prolonged(self):
        self._hold(date_to="2026-07-14")
        self._run("hold_last_day", "2026-07-14 06:00:00")
        told = self.lot.activity_ids.filtered(lambda activity: "maximum" in activity.summary)
        everybody = self.trade["officer"] | self.trade["supervisor"] | self.trade["manager"]
        self.assertLessEqual(everybody, told.user_id)
        with at("2026-07-15 00:00:00"):
            self.assertFalse(self.env["shenpi.hold"]._get_held(self.lot.deposit_ids))

    def test_the_desk_holds_and_releases_on_its_screen(self):
        action = self._by("officer", self.lot).action_hold()
        context = action["context"]
        self.assertEqual(context["default_lot_id"], self.lot.id)
        hold = self._hold()
        action = self._by("officer", hold).action_release()
        wizards = self._as(self.trade["officer"], self.env[action["res_model"]])
        wizard = wizards.with_context(**action["context"]).create({"reason": "Decided"})
        wizard.action_confirm()
        self.assertTrue(hold.released_at)
        for role in ("cashier", "checker"):
            with self.assertRaises(AccessError):
                self._hold(role)
        with self.assertRaises(AccessError):
            self._hold(told_at="2026-06-01 00:00:00")
