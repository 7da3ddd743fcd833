from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import ShenpiCommon

# Dates are counted by hand on the calendar of 2026; Friday 19 June is the Dragon Boat Festival.


@tagged("post_install", "-at_install")
class TestApplicationClock(ShenpiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.api = cls.env["shenpi.application"].with_user(cls.integrator)
        cls.head = cls.env["shenpi.application"].with_user(cls.manager)

    def _accepted(self, day):
        application = self._submit(self.integrator, at=f"{day}T09:00:00+08:00")
        self.api.api_accept(application.number, {"at": f"{day}T10:00:00+08:00"})
        return application

    def _pause(self, number, day, kind="expert_review", planned=5):
        values = {"kind": kind, "planned_days": planned, "notice": "Experts will be heard."}
        return self.api.api_pause(number, dict(values, at=f"{day}T11:00:00+08:00"))

    def _resume(self, number, day):
        return self.api.api_resume(number, {"at": f"{day}T15:00:00+08:00"})

    def test_pause_moves_both_limits(self):
        """Accepted 1 June (5 promised, 20 by law), paused Wed 3, resumed Tue 9: 3 and 18 left."""
        number = self._accepted("2026-06-01").number
        status = self._pause(number, "2026-06-03", planned=10)
        self.assertEqual(status["light"], "green")
        status = self._resume(number, "2026-06-09")
        self.assertEqual(status["promised_due_date"], "2026-06-12")
        self.assertEqual(status["statutory_due_date"], "2026-07-06")

    def test_pause_and_resume_on_one_day_cost_nothing(self):
        application = self._accepted("2026-06-01")
        due = application.promised_due_date
        self._pause(application.number, "2026-06-03")
        self._resume(application.number, "2026-06-03")
        self.assertEqual(application.promised_due_date, due)

    def test_paused_case_is_never_late_but_its_procedure_may_be(self):
        application = self._accepted("2026-06-01")
        self._pause(application.number, "2026-06-03", planned=5)
        self.assertEqual(str(application.due_date), "2026-06-10")
        with freeze_time("2026-06-10 03:00:00"):
            application.invalidate_recordset(["light"])
            self.assertEqual(application.light, "yellow")
        with freeze_time("2026-06-11 03:00:00"):
            application.invalidate_recordset(["light"])
            self.assertEqual(application.light, "red")

    def test_pauses_do_not_overlap(self):
        number = self._accepted("2026-06-01").number
        with self.assertRaisesRegex(UserError, "not stopped"):
            self._resume(number, "2026-06-02")
        self._pause(number, "2026-06-03")
        with self.assertRaisesRegex(UserError, "stopped already"):
            self._pause(number, "2026-06-04")
        self._resume(number, "2026-06-05")
        self._pause(number, "2026-06-08")
        status = self._resume(number, "2026-06-09")
        # Used: Tue 2, Wed 3; Mon 8; two days are left after Tue 9.
        self.assertEqual(status["promised_due_date"], "2026-06-11")

    def test_no_decision_while_paused(self):
        application = self._bring_to("deciding")
        application.with_user(self.decider)._do_pause("hearing", 5, "A hearing is held.")
        with self.assertRaisesRegex(UserError, "resume it first"):
            application.with_user(self.decider)._do_decide("grant")
        application.with_user(self.decider)._do_resume()
        application.with_user(self.decider)._do_decide("grant")
        self.assertEqual(application.state, "granted")

    def test_inspection_and_publicity_need_a_legal_basis(self):
        number = self._accepted("2026-06-01").number
        with self.assertRaisesRegex(ValidationError, "kind: .* no legal basis"):
            self._pause(number, "2026-06-02", kind="inspection")
        self.company.shenpi_pause_inspection_basis = "City regulation, art. 37"
        self._pause(number, "2026-06-02", kind="inspection")
        entry = self.env["shenpi.application.clock"].search([], order="id desc", limit=1)
        self.assertEqual(entry.legal_basis, "City regulation, art. 37")

    def test_bad_pauses(self):
        number = self._accepted("2026-06-01").number
        for values, words in (
            ({"kind": "lunch", "planned_days": 1, "notice": "x"}, "kind"),
            ({"kind": "hearing", "planned_days": 0, "notice": "x"}, "planned_days"),
            ({"kind": "hearing", "planned_days": 3}, "notice"),
            ({"kind": "hearing", "planned_days": "3", "notice": "x"}, "planned_days"),
        ):
            with self.assertRaisesRegex(ValidationError, words):
                self.api.api_pause(number, values)

    def test_extension_once_by_the_head(self):
        number = self._accepted("2026-06-01").number
        values = {"days": 10, "reason": "The case is complicated."}
        with self.assertRaises(AccessError):
            self.api.api_extend(number, values)
        for days in (0, 11):
            with self.assertRaisesRegex(ValidationError, "days"):
                self.head.api_extend(number, dict(values, days=days))
        status = self.head.api_extend(number, values)
        self.assertEqual(status["promised_due_date"], "2026-06-23")
        self.assertEqual(status["statutory_due_date"], "2026-07-14")
        with self.assertRaisesRegex(UserError, "already"):
            self.head.api_extend(number, values)

    def test_no_extension_after_the_limit(self):
        number = self._accepted("2026-05-06").number
        with self.assertRaisesRegex(UserError, "ended on 2026-06-02"):
            self.head.api_extend(number, {"days": 5, "reason": "Late."})

    def test_silence_is_acceptance(self):
        """Received Mon 1 June, nothing said by Mon 8: accepted as of the 1st."""
        late = self._submit(self.integrator, at="2026-06-01T09:00:00+08:00", materials=[])
        in_time = self._submit(self.integrator, at="2026-06-03T09:00:00+08:00")
        with self.enter_registry_test_mode():
            self.env.ref("shenpi_base.cron_deem_accepted").method_direct_trigger()
        self.assertEqual(in_time.state, "received")
        self.assertEqual(late.state, "accepted")
        self.assertTrue(late.deemed)
        self.assertEqual(str(late.accepted_date), "2026-06-01")
        self.assertEqual(str(late.promised_due_date), "2026-06-08")
        self.assertEqual(late.event_ids[-1].action, "deem_accepted")
        self.assertEqual(late.step_id.kind, "review")

    @mute_logger("odoo.addons.shenpi_base.models.shenpi_application_pause")
    def test_a_bad_case_does_not_hold_up_the_others(self):
        cases = [self._submit(self.integrator, at="2026-06-01T09:00:00+08:00") for _n in range(3)]
        applications = self.env.registry["shenpi.application"]
        start = applications._start_chain

        def start_chain(case):
            if case == cases[1]:
                raise UserError(case.env._("The chain is broken."))
            return start(case)

        with (
            self.enter_registry_test_mode(),
            patch.object(applications, "_start_chain", start_chain),
        ):
            self.env.ref("shenpi_base.cron_deem_accepted").method_direct_trigger()
        self.env.invalidate_all()
        states = [case.state for case in cases]
        self.assertEqual(states, ["accepted", "received", "accepted"])
        self.assertEqual(len(cases[1].clock_ids), 1)

    def test_second_correction_needs_a_supervisor(self):
        application = self._bring_to("correcting")
        application.with_user(self.clerk)._do_supplement({})
        item = [{"text": "The seal is missing", "material": None}]
        with self.assertRaises(AccessError):
            application.with_user(self.clerk)._do_request_correction(item, override_reason="x")
        supervisor = application.with_user(self.supervisor)
        supervisor._do_request_correction(item, override_reason="New facts came up.")
        self.assertEqual(application.state, "correcting")
        self.assertEqual(application.correction_ids[-1].override_reason, "New facts came up.")

    # === Joint items (art. 42, second paragraph) === #

    def test_a_joint_item_is_extended_with_an_approval_from_outside(self):
        self.item.sudo().state = "draft"
        self.item.write({"handling": "joint", "statutory_limit": 45, "extension_days": 15})
        self.item.sudo().state = "published"
        application = self._accepted("2026-06-01")
        self.assertEqual(str(application.statutory_due_date), "2026-08-04")
        values = {"days": 15, "reason": "Three departments disagree."}
        number = application.number
        for missing in ({}, {"approver": "Mayor Wang"}, {"approval_reference": "No. 12"}):
            with self.assertRaisesRegex(ValidationError, "approver:|approval_reference:"):
                self.head.api_extend(number, {**values, **missing})
        approval = {"approver": "Mayor Wang", "approval_reference": "Approval no. 12"}
        status = self.head.api_extend(number, {**values, **approval})
        self.assertEqual(status["statutory_due_date"], "2026-08-25")
        entry = application.clock_ids[-1]
        self.assertEqual((entry.approver, entry.approval_reference), tuple(approval.values()))
        self.assertEqual(application.event_ids[-1].data, {"days": 15, **approval})
        page = self.env["shenpi.application.document"]._prepare("extension", application)
        for words in approval.values():
            self.assertIn(words, "".join(page["paragraphs"]))
