from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .common import NOW, moment
from .test_application_wizards import WizardCommon

# Dates are counted by hand on the calendar of 2026; Friday 19 June is the Dragon Boat Festival.


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestClockCorrection(WizardCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.api = cls.env["shenpi.application"].with_user(cls.integrator)

    def _accepted(self, day="2026-06-01"):
        application = self._submit(self.integrator, at=f"{day}T09:00:00+08:00")
        self.api.api_accept(application.number, {"at": f"{day}T10:00:00+08:00"})
        return application

    def _pause(self, application, day, planned=5):
        values = {"kind": "hearing", "planned_days": planned, "notice": "A hearing is held."}
        self.api.api_pause(application.number, dict(values, at=f"{day}T11:00:00+08:00"))

    def _resume(self, application, day):
        self.api.api_resume(application.number, {"at": f"{day}T15:00:00+08:00"})

    def _entry(self, application, kind):
        return application.clock_ids._in_force().filtered(lambda e: e.kind == kind)[-1:]

    def _correct(self, application, kind, user=None, **values):
        case = application.with_user(user or self.supervisor)
        reason = values.pop("reason", "Taken from the paper file.")
        case._do_correct_clock(self._entry(case, kind), reason, **values)

    # === Corrections === #

    def test_a_wrong_resume_moves_the_limits(self):
        """Paused Wed 3, resumed Tue 9: due Fri 12; resumed in truth on Fri 5: due Wed 10."""
        application = self._accepted()
        self._pause(application, "2026-06-03")
        self._resume(application, "2026-06-09")
        self.assertEqual(str(application.promised_due_date), "2026-06-12")
        wrong = self._entry(application, "resume")
        self._correct(application, "resume", happened_at=moment("2026-06-05T15:00"))
        self.assertEqual(str(application.promised_due_date), "2026-06-10")
        self.assertEqual(str(application.statutory_due_date), "2026-07-02")
        self.assertEqual(wrong.standing, "superseded")
        right = self._entry(application, "resume")
        self.assertEqual(right.supersedes_id, wrong)
        self.assertEqual(right.correction_reason, "Taken from the paper file.")
        event = application.event_ids[-1]
        self.assertEqual(event.action, "correct_clock")
        self.assertEqual(event.user_id, self.supervisor)
        self.assertEqual(event.data["old"], {"happened_at": "2026-06-09T15:00:00+08:00"})
        self.assertEqual(event.data["new"], {"happened_at": "2026-06-05T15:00:00+08:00"})
        self.assertFalse(self.env["shenpi.event"]._get_broken(application))

    def test_a_correction_is_corrected_once_more(self):
        application = self._accepted()
        self._pause(application, "2026-06-03", planned=5)
        first = self._entry(application, "pause")
        self._correct(application, "pause", planned_days=3)
        self.assertEqual(str(application.due_date), "2026-06-08")
        with self.assertRaisesRegex(ValidationError, "not in force"):
            application.with_user(self.supervisor)._do_correct_clock(first, "x", planned_days=4)
        self._correct(application, "pause", planned_days=8)
        self.assertEqual(str(application.due_date), "2026-06-15")
        self.assertEqual(len(application.clock_ids), 5)

    def test_a_pause_that_never_was_goes_with_its_resume(self):
        application = self._accepted()
        due = application.promised_due_date
        self._pause(application, "2026-06-03")
        self._resume(application, "2026-06-09")
        self._correct(application, "pause", struck=True)
        self.assertEqual(application.promised_due_date, due)
        kinds = application.clock_ids._in_force().mapped("kind")
        self.assertEqual(kinds, ["received", "accepted"])
        standings = set(application.clock_ids.mapped("standing"))
        self.assertEqual(standings, {"in_force", "struck"})

    def test_a_resume_too_early_is_taken_back(self):
        application = self._accepted()
        self._pause(application, "2026-06-03")
        self._resume(application, "2026-06-09")
        self._correct(application, "resume", struck=True)
        self.assertTrue(application.paused)
        self.assertEqual(application.light, "yellow")

    def test_an_extension_struck_out_may_be_given_again(self):
        application = self._accepted()
        head = application.with_user(self.manager)
        head._do_extend(10, "A hard case.")
        self.assertTrue(application.extended)
        self._correct(application, "extend", days=4, user=self.manager)
        self.assertEqual(str(application.promised_due_date), "2026-06-12")
        self._correct(application, "extend", struck=True, user=self.manager)
        self.assertFalse(application.extended)
        self.assertEqual(str(application.promised_due_date), "2026-06-08")
        head._do_extend(5, "A hard case after all.")
        self.assertEqual(str(application.promised_due_date), "2026-06-15")

    def test_receipt_and_acceptance_carry_their_fields_along(self):
        application = self._accepted()
        self._correct(application, "received", happened_at=moment("2026-05-29T16:00"))
        self.assertEqual(application.received_at, moment("2026-05-29T16:00"))
        self._correct(application, "accepted", happened_at=moment("2026-05-29T17:00"))
        self.assertEqual(str(application.accepted_date), "2026-05-29")
        self.assertEqual(application.accepted_at, moment("2026-05-29T17:00"))
        self.assertEqual(str(application.promised_due_date), "2026-06-05")
        self.assertEqual(application.promised_light, "red")

    def test_deemed_acceptance_follows_the_receipt(self):
        late = self._submit(self.integrator, at="2026-06-01T09:00:00+08:00", materials=[])
        late.with_user(self.manager)._do_deem_accepted()
        recorded = late.accepted_at
        self._correct(late, "received", happened_at=moment("2026-05-29T09:00"))
        self.assertEqual(str(late.accepted_date), "2026-05-29")
        self.assertEqual(late.accepted_at, recorded)
        self.assertEqual(str(late.promised_due_date), "2026-06-05")

    def test_what_is_deemed_accepted_is_not_accepted_later(self):
        """Received on Mon 1: by Mon 8 something was to be said."""
        late = self._submit(self.integrator, at="2026-06-01T09:00:00+08:00", materials=[])
        late.with_user(self.manager)._do_deem_accepted()
        with freeze_time("2026-06-10 02:00:00"):
            with self.assertRaisesRegex(ValidationError, "^at: nothing was said by 2026-06-08"):
                self._correct(late, "accepted", happened_at=moment("2026-06-09T09:00"))
            self._correct(late, "accepted", happened_at=moment("2026-06-08T09:00"))
        self.assertFalse(late.deemed)
        self.assertEqual(late.accepted_at, moment("2026-06-08T09:00"))
        self.assertEqual(str(late.accepted_date), "2026-06-08")
        self.assertEqual(str(late.promised_due_date), "2026-06-15")

    def test_notices_follow_the_clock(self):
        application = self._submit(self.integrator, at="2026-06-01T09:00:00+08:00", materials=[])
        ask = {"items": [{"text": "The form is not signed."}], "at": "2026-06-02T09:00:00+08:00"}
        self.api.api_request_correction(application.number, ask)
        self._correct(application, "correction_sent", happened_at=moment("2026-06-03T09:00"))
        self.assertEqual(application.correction_ids.sent_at, moment("2026-06-03T09:00"))

    def test_a_closed_case_is_put_right_too(self):
        application = self._accepted()
        self._bring_on(application, "closed")
        self._correct(application, "decided", happened_at=moment("2026-06-09T09:00"))
        self.assertEqual(application.decided_at, moment("2026-06-09T09:00"))
        self.assertEqual(str(application.delivery_due_date), "2026-06-24")
        self.assertEqual(application.state, "closed")

    # === Refusals === #

    def test_impossible_orders(self):
        application = self._accepted()
        self._pause(application, "2026-06-03")
        self._resume(application, "2026-06-05")
        for kind, at, words in (
            ("accepted", "2026-05-31T10:00", "at: .*Accepted.*2026-05-31.*before everything"),
            ("accepted", "2026-06-04T10:00", "at: .*Paused.* cannot come after .*Received"),
            ("resume", "2026-06-02T10:00", "at: .*Resumed.* cannot come after .*Accepted"),
            ("pause", "2026-06-08T10:00", "at: .*Resumed.* cannot come after .*Accepted"),
            ("received", "2026-06-01T12:00", "at: .*Accepted.* before everything"),
            ("resume", "2026-07-01T10:00", "at: .*lies in the future"),
        ):
            with self.subTest(kind=kind, at=at), self.assertRaisesRegex(ValidationError, words):
                self._correct(application, kind, happened_at=moment(at))
        self.assertEqual(len(application.clock_ids), 4)

    def test_what_a_correction_may_not_say(self):
        application = self._accepted()
        application.with_user(self.manager)._do_extend(5, "A hard case.")
        self._pause(application, "2026-06-09")
        for kind, values, words in (
            ("pause", {"planned_days": 0}, "planned_days"),
            ("received", {"planned_days": 4}, "planned_days"),
            ("extend", {"days": 11}, "days: must be between 1 and 10"),
            ("pause", {"days": 3}, "days: only an extension"),
            ("pause", {}, "nothing has been changed"),
            ("accepted", {"struck": True}, "struck"),
            ("pause", {"planned_days": 9, "reason": " "}, "reason"),
            ("received", {"happened_at": moment("2023-12-29T09:00")}, "came into force"),
        ):
            with self.subTest(values=values), self.assertRaisesRegex(ValidationError, words):
                self._correct(application, kind, **values)

    def test_an_extension_stays_before_the_end_of_the_limit(self):
        application = self._accepted("2026-05-06")
        with freeze_time("2026-06-02 02:00:00"):
            application.with_user(self.manager)._do_extend(5, "A hard case.")
        with self.assertRaisesRegex(UserError, "ended on 2026-06-02"):
            self._correct(application, "extend", happened_at=moment("2026-06-03T09:00"))

    def test_entries_of_other_cases(self):
        one, other = self._accepted(), self._accepted()
        with self.assertRaisesRegex(ValidationError, "entry"):
            one.with_user(self.supervisor)._do_correct_clock(
                self._entry(other, "accepted"), "x", happened_at=fields.Datetime.now()
            )

    def test_only_supervisors_and_bureau_heads(self):
        application = self._accepted()
        for user in (self.clerk, self.reviewer, self.decider, self.integrator):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._correct(
                    application, "accepted", user=user, happened_at=moment("2026-06-01T11:00")
                )

    # === Late entries === #

    def test_a_pause_entered_after_a_review(self):
        application = self._accepted()
        application.with_user(self.reviewer)._do_review("pass", "In order.")
        self._pause(application, "2026-06-03")
        self._resume(application, "2026-06-05")
        self.assertEqual(str(application.promised_due_date), "2026-06-10")
        with self.assertRaisesRegex(ValidationError, "at: .*Paused.* before everything"):
            self._pause(application, "2026-05-29")

    def test_other_facts_keep_to_the_order_of_all_facts(self):
        application = self._accepted()
        application.with_user(self.reviewer)._do_review("pass", "In order.")
        self._pause(application, "2026-06-03")
        self._resume(application, "2026-06-05")
        with self.assertRaisesRegex(ValidationError, "before the preceding event"):
            self.api.api_withdraw(
                application.number, {"reason": "x", "at": "2026-06-08T09:00:00+08:00"}
            )

    def test_a_note_about_the_record_holds_nothing_up(self):
        application = self._submit(self.integrator, at="2026-06-01T09:00:00+08:00")
        self._correct(application, "received", happened_at=moment("2026-06-01T08:30"))
        self.api.api_accept(application.number, {"at": "2026-06-02T10:00:00+08:00"})
        self.assertEqual(str(application.accepted_date), "2026-06-02")

    # === Screen === #

    def test_the_wizard(self):
        application = self._accepted()
        self._pause(application, "2026-06-03")
        self.assertTrue(application.with_user(self.supervisor).can_correct_clock)
        self.assertFalse(application.with_user(self.reviewer).can_correct_clock)
        entry = self._entry(application, "pause").with_user(self.supervisor)
        context = entry.action_open_correction()["context"]
        wizards = self._as(self.supervisor, self.env["shenpi.clock.wizard"])
        form = Form(wizards.with_context(**context))
        self.assertEqual(form.planned_days, 5)
        form.planned_days = 7
        form.reason = "The notice said seven."
        form.save().action_confirm()
        self.assertEqual(str(application.due_date), "2026-06-12")
        self.assertIn("7", self._entry(application, "pause").measure)
