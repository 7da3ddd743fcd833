from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .common import NOW, ShenpiCommon, moment

NUMBER = "91350100M000100Y43"


class DeferralCommon(ShenpiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.patient = cls._create_item(
            name="Patient licence",
            allow_deferral=True,
            material_ids=[
                Command.create({"code": "M01", "name": "Application form"}),
                Command.create(
                    {
                        "code": "M02",
                        "name": "Health certificates",
                        "importance": "auxiliary",
                        "spared_by": "deferral",
                    }
                ),
                Command.create(
                    {
                        "code": "M03",
                        "name": "Emergency plan",
                        "importance": "auxiliary",
                        "spared_by": "deferral",
                    }
                ),
                Command.create({"code": "M04", "name": "Photos", "importance": "auxiliary"}),
            ],
        )

    def _defer(self, *promised, user=None, **values):
        """A case filed with M01, M04 and promises: pairs of code and day."""
        values.setdefault("item_code", self.patient.code)
        values.setdefault("materials", [{"code": "M01"}, {"code": "M04"}])
        deferred = [{"code": code, "promised": day} for code, day in promised]
        return self._submit(user, deferred=deferred, **values)

    def _accepted(self):
        case = self._defer(("M02", "2026-06-15"), ("M03", "2026-06-17"))
        case.with_user(self.clerk)._do_accept()
        return case

    def _status(self, case):
        return self._as(self.integrator, case).api_status(case.number)


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestDeferral(DeferralCommon):
    """Materials that follow: what may, until when, and what hangs on it."""

    def test_filed_with_promises(self):
        case = self._defer(("M02", "2026-06-15"), ("M03", "2026-06-17"))
        self.assertFalse(case._get_missing())
        self.assertEqual(case.event_ids.mapped("action"), ["receive", "defer"])
        self.assertEqual(case.event_ids[-1].data, {"M02": "2026-06-15", "M03": "2026-06-17"})
        self.assertEqual(
            self._status(case)["deferred"],
            [
                {"code": "M02", "promised": "2026-06-15", "status": "waiting"},
                {"code": "M03", "promised": "2026-06-17", "status": "waiting"},
            ],
        )
        case.with_user(self.clerk)._do_accept()
        self.assertEqual(case.promised_due_date, date(2026, 6, 17))

    def test_every_refusal_names_its_field(self):
        for deferred, words in (
            ([("M09", "2026-06-15")], r"deferred\[0\].code: M09 is not on the material list"),
            ([("M02", "15.06.2026")], r"deferred\[0\].promised: must be a date"),
            ([("M02", "2026-06-09")], r"deferred\[0\].promised: 2026-06-09 lies before 2026-06-10"),
            ([("M02", "2026-06-18")], r"deferred\[0\].promised: 2026-06-18 lies after 2026-06-17"),
            ([("M02", "2026-06-15")] * 2, r"deferred\[1\].code: M02 appears twice"),
            (
                [("M02", "2026-06-15"), ("M01", "2026-06-15")],
                r"deferred\[1\].code: M01 has been handed in",
            ),
        ):
            with self.subTest(deferred=deferred), self.assertRaisesRegex(ValidationError, words):
                self._defer(*deferred)

    def test_what_may_not_follow(self):
        for code, words in (
            ("M01", r"deferred\[0\].code: M01 is a main material"),
            ("M04", r"deferred\[0\].code: M04 is not one that may follow"),
        ):
            with self.assertRaisesRegex(ValidationError, words):
                self._defer((code, "2026-06-15"), materials=[])
        with self.assertRaisesRegex(UserError, "deferred: this item"):
            self._defer(
                ("M03", "2026-06-15"), item_code=self.item.code, materials=[{"code": "M01"}]
            )

    def test_payload_is_read_strictly(self):
        for deferred, words in (
            ({"code": "M02"}, "deferred: must be a list"),
            ([{"code": "M02"}], r"deferred\[0\].promised: is required"),
            ([{"code": 2, "promised": "2026-06-15"}], r"deferred\[0\].code: must be of type"),
            ([{"code": "M02", "by": "x"}], r"deferred\[0\].by: unknown field"),
        ):
            with self.assertRaisesRegex(ValidationError, words):
                self._submit(item_code=self.patient.code, deferred=deferred)

    def test_others_must_be_there(self):
        case = self._defer(("M02", "2026-06-15"))
        self.assertEqual(case._get_missing().mapped("code"), ["M03"])
        with self.assertRaisesRegex(UserError, "M03 Emergency plan"):
            case.with_user(self.clerk)._do_accept()

    def test_filed_afterwards(self):
        """The days count from the day of filing, not from that of the entry."""
        case = self._defer(
            ("M02", "2026-06-09"),
            ("M03", "2026-06-11"),
            user=self.integrator,
            at="2026-06-08T10:00:00+08:00",
        )
        case.with_user(self.integrator)._do_accept(at=moment("2026-06-08 11:00"))
        self.assertEqual(self._status(case)["deferred"][0]["status"], "overdue")
        with self.assertRaisesRegex(ValidationError, "lies after 2026-06-15"):
            self._defer(("M02", "2026-06-16"), user=self.integrator, at="2026-06-08T10:00:00+08:00")

    def test_case_runs_and_the_grant_waits(self):
        case = self._accepted()
        case.with_user(self.reviewer)._do_review("pass", "In order.")
        decider = case.with_user(self.decider)
        with self.assertRaisesRegex(UserError, "outstanding until.*Health certificates、Emergency"):
            decider._do_decide("grant")
        self.assertIn("deny", decider._get_allowed_actions())
        self.assertNotIn("grant", decider._get_allowed_actions())
        clerk = self._as(self.clerk, case)
        clerk.api_supplement(case.number, {"materials": [{"code": "M02"}]})
        with self.assertRaisesRegex(UserError, "outstanding"):
            decider._do_decide("grant")
        clerk.api_supplement(case.number, {"materials": [{"code": "M03"}]})
        self.assertFalse(case.deferral_due_date)
        decider._do_decide("grant")
        self.assertEqual(case.state, "granted")

    def test_handing_in_leaves_the_clock_alone(self):
        case = self._accepted()
        before = (case.due_date, case.promised_due_date, len(case.clock_ids))
        answer = self._as(self.integrator, case).api_supplement(
            case.number, {"materials": [{"code": "M02", "digital_ref": "HC-1"}]}
        )
        self.assertEqual((case.due_date, case.promised_due_date, len(case.clock_ids)), before)
        self.assertEqual(answer["state"], "accepted")
        self.assertEqual([d["status"] for d in answer["deferred"]], ["provided", "waiting"])
        self.assertEqual(case.deferral_due_date, date(2026, 6, 17))
        self.assertEqual(case.event_ids[-1].data, {"materials": ["M02"]})

    def test_only_what_was_promised_is_handed_in(self):
        case = self._accepted()
        clerk = self._as(self.clerk, case)
        with self.assertRaisesRegex(ValidationError, r"materials\[0\].code: M01 was not promised"):
            clerk.api_supplement(case.number, {"materials": [{"code": "M01"}]})
        plain = self._bring_to("accepted")
        with self.assertRaisesRegex(UserError, "is not possible"):
            self._as(self.clerk, plain).api_supplement(
                plain.number, {"materials": [{"code": "M03"}]}
            )

    def test_denied_without_waiting(self):
        case = self._accepted()
        case.with_user(self.reviewer)._do_review("reject", "Too near to the school.")
        case.with_user(self.decider)._do_decide("deny", "Too near to the school.")
        self.assertFalse(case.deferral_due_date)

    # === Credit === #

    def test_bad_credit_bars(self):
        self.env["shenpi.credit"].create(
            {"subject_name": "A", "id_number": NUMBER, "grade": "C", "source": "Platform"}
        )
        with self.assertRaisesRegex(UserError, "deferred: the applicant's credit bars it"):
            self._defer(("M02", "2026-06-15"), ("M03", "2026-06-17"))
        self.company.shenpi_deferral_barred_from = "D"
        self.assertTrue(self._defer(("M02", "2026-06-15"), ("M03", "2026-06-17")))

    # === Correction === #

    def test_supplement_may_bring_what_was_promised(self):
        case = self._defer(("M02", "2026-06-15"), materials=[{"code": "M01"}])
        clerk = case.with_user(self.clerk)
        clerk._do_request_correction([])
        self.assertEqual(case.correction_ids.line_ids.material_id.mapped("code"), ["M03", "M04"])
        clerk._do_defer([(case.material_ids[2], date(2026, 6, 16))])
        wizard = Form(
            self.env["shenpi.supplement.wizard"]
            .with_user(self.clerk)
            .with_context(default_application_id=case.id)
        ).save()
        wizard.line_ids.filtered(lambda line: line.material_id.code != "M03").provided = True
        wizard.action_confirm()
        self.assertEqual(case.state, "received")
        self.assertFalse(case._get_missing())
        self.assertEqual(case.deferral_due_date, date(2026, 6, 16))


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestDeferralScreens(DeferralCommon):
    def test_window_promises_in_the_list(self):
        drafts = self._as(self.clerk, self.env["shenpi.application"])
        with Form(drafts) as form:
            form.item_id = self.patient
            form.applicant_id_number = NUMBER
            form.applicant_name = "青云餐饮有限公司"
            for place, code in enumerate(("M01", "M02", "M03", "M04")):
                with form.material_ids.edit(place) as line:
                    self.assertEqual(line.code, code)
                    if code == "M02":
                        line.promised_date = "2026-06-15"
                    else:
                        line.provided = True
        case = form.record
        self.assertEqual(case.material_ids[1].status, "deferred")
        case.action_receive()
        self.assertEqual(case.event_ids.mapped("action"), ["receive", "defer"])
        self.assertEqual(case.deferral_due_date, date(2026, 6, 15))
        action = case.action_accept()
        self.assertEqual(action["report_name"], "shenpi_base.report_deferral_notice")

    def test_window_is_told_what_is_wrong(self):
        draft = self._as(self.clerk, self.env["shenpi.application"]).create(
            {"item_id": self.patient.id, "applicant_name": "A", "applicant_id_number": NUMBER}
        )
        draft.material_ids[1].write({"status": "deferred", "promised_date": "2026-06-30"})
        with self.assertRaisesRegex(ValidationError, "promised: 2026-06-30 lies after"):
            draft._do_receive()

    def test_wizard(self):
        case = self._submit(item_code=self.patient.code, materials=[{"code": "M01"}])
        self.assertTrue(case.with_user(self.clerk).can_defer)
        wizards = self.env["shenpi.deferral.wizard"].with_user(self.clerk)
        with Form(wizards.with_context(default_application_id=case.id)) as form:
            self.assertEqual(form.latest_date, date(2026, 6, 17))
            self.assertEqual(len(form.line_ids), 2)
            with form.line_ids.edit(1) as line:
                line.follows = False
        action = form.record.action_confirm()
        self.assertEqual(action["report_name"], "shenpi_base.report_deferral_letter")
        self.assertEqual(case._get_missing().mapped("code"), ["M03", "M04"])
        self.assertEqual(case.deferral_due_date, date(2026, 6, 17))
        form.record.line_ids.follows = False
        with self.assertRaisesRegex(ValidationError, "Tick"):
            form.record.action_confirm()

    def test_wizard_shows_the_bar(self):
        self.env["shenpi.credit"].create(
            {"subject_name": "A", "id_number": NUMBER, "grade": "D", "source": "Platform"}
        )
        case = self._submit(item_code=self.patient.code, materials=[{"code": "M01"}])
        wizards = self.env["shenpi.deferral.wizard"].with_user(self.clerk)
        wizard = Form(wizards.with_context(default_application_id=case.id)).save()
        self.assertTrue(wizard.is_barred)
        with self.assertRaisesRegex(UserError, "credit bars it"):
            wizard.action_confirm()

    def test_roles(self):
        """Who may let materials follow and take them in; others do not."""
        received = self._submit(item_code=self.patient.code, materials=[{"code": "M01"}])
        accepted = self._accepted()
        for role, user in self.users.items():
            desk = role in ("clerk", "reviewer", "decider", "manager", "integrator")
            for case, action in ((received, "defer"), (accepted, "hand_in")):
                allowed = case.with_user(user)._get_allowed_actions()
                self.assertEqual(action in allowed, desk, f"{role} {action}")
            for action in ("lapse_deferral", "deem_withdrawn"):
                with self.assertRaises(UserError):
                    accepted.with_user(user)._transition(action)

    def test_lists_at_the_item(self):
        self.assertEqual(self.patient.needed_material_ids.mapped("code"), ["M01", "M04"])
        self.assertEqual(self.patient.deferrable_material_ids.mapped("code"), ["M02", "M03"])

    def test_documents(self):
        case = self._accepted()
        documents = self.env["shenpi.application.document"]
        self.startPatcher(patch.object(type(documents), "_get_lang", lambda _self: "en_US"))
        for kind in ("deferral_letter", "deferral_notice"):
            page = documents._prepare(kind, case)
            self.assertEqual(len(page["items"]), 2)
            report = f"shenpi_base.report_{kind}"
            html = self.env["ir.actions.report"]._render_qweb_html(report, case.ids)[0]
            self.assertIn(page["items"][0], str(html))
        page = documents._prepare("acceptance", case)
        self.assertIn("Health certificates", page["paragraphs"][0])
        with self.assertRaisesRegex(UserError, "no such document"):
            documents._prepare("deferral_letter", self._bring_to("accepted"))


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestBrokenPromise(DeferralCommon):
    """What is not handed in by its day."""

    def _run(self, day):
        cron = self.env.ref("shenpi_base.cron_end_deferrals")
        with freeze_time(moment(f"{day} 08:00")), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_deemed_withdrawn(self):
        case = self._accepted()
        self._run("2026-06-15")
        self.assertEqual(case.state, "accepted", "the last day counts")
        self._run("2026-06-16")
        self.assertEqual(case.state, "withdrawn")
        self.assertFalse(case.deferral_due_date or case.step_id or case.due_date)
        event = case.event_ids[-1]
        self.assertEqual(event.action, "deem_withdrawn")
        self.assertEqual(event.user_id, self.env.ref("base.user_root"))
        self.assertEqual(event.data, {"M02": "2026-06-15"}, "only what was due")
        self.assertEqual(case.clock_ids[-1].kind, "ended")
        with freeze_time(moment("2026-06-16 09:00")):
            self.assertEqual(self._status(case)["deferred"][0]["status"], "overdue")
        events = len(case.event_ids)
        self._run("2026-06-17")
        self.assertEqual(len(case.event_ids), events)

    def test_breach_is_held_against_him(self):
        case = self._accepted()
        self._run("2026-06-16")
        credit = self.env["shenpi.credit"].search([("application_id", "=", case.id)])
        self.assertEqual((credit.ground, credit.grade), ("broken_promise", "C"))
        self.assertIn("Health certificates", credit.reason)
        self.company.shenpi_deferral_barred_from = False
        promises = (("M02", "2026-06-19"), ("M03", "2026-06-19"))
        with freeze_time(moment("2026-06-17 09:00")):
            with self.assertRaisesRegex(UserError, "credit bars it"):
                self._defer(*promises)
            credit.with_user(self.supervisor)._do_repair("Has handed in everything since.")
            self.assertTrue(self._defer(*promises))

    def test_a_day_of_rest_moves_the_last_day(self):
        """Promised for a Saturday: Monday is in time."""
        case = self._defer(("M02", "2026-06-13"), ("M03", "2026-06-17"))
        case.with_user(self.clerk)._do_accept()
        self.assertEqual(case.deferral_due_date, date(2026, 6, 15))
        with freeze_time(moment("2026-06-15 16:00")):
            case.with_user(self.clerk)._do_supplement(
                {case.material_ids[1]: {"status": "provided"}}
            )
        self.assertEqual(case.deferral_due_date, date(2026, 6, 17))

    def test_too_late_at_the_window(self):
        case = self._accepted()
        with (
            freeze_time(moment("2026-06-16 09:00")),
            self.assertRaisesRegex(ValidationError, r"materials\[0\]: M02 was promised by"),
        ):
            case.with_user(self.clerk)._do_supplement(
                {case.material_ids[1]: {"status": "provided"}}
            )

    def test_before_acceptance_it_only_lapses(self):
        case = self._defer(("M02", "2026-06-15"), ("M03", "2026-06-17"))
        with (
            freeze_time(moment("2026-06-16 09:00")),
            self.assertRaisesRegex(UserError, "promised materials were due"),
        ):
            case.with_user(self.clerk)._do_accept()
        self._run("2026-06-16")
        self.assertEqual(case.state, "received")
        self.assertEqual(case.event_ids[-1].action, "lapse_deferral")
        self.assertEqual(case._get_missing().mapped("code"), ["M02", "M03"])
        self.assertFalse(self.env["shenpi.credit"].search([("application_id", "=", case.id)]))

    def test_nobody_ends_a_case_whose_promise_stands(self):
        case = self._accepted()
        with self.assertRaisesRegex(UserError, "No promise"):
            case.with_user(self.manager)._do_deem_withdrawn()
