from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..models.shenpi_application_flow import TRANSITIONS
from .common import ROLES, ShenpiCommon, moment

# Who may do what in which state, written down apart from the table that the code applies.
OVER = dict.fromkeys(("supervisor", "manager"), "correct_clock")
DECIDED = {
    **dict.fromkeys(("clerk", "reviewer", "decider", "integrator"), "deliver"),
    "supervisor": "correct_clock",
    "manager": "deliver correct_clock",
}
EXPECTED = {
    "draft": {"clerk": "receive", "integrator": "receive", "manager": "receive"},
    "received": {
        "clerk": "request_correction accept not_accept withdraw spare",
        "reviewer": "request_correction accept not_accept withdraw spare",
        "decider": "request_correction accept not_accept withdraw terminate spare",
        "supervisor": "repeat_correction correct_clock",
        "manager": "request_correction repeat_correction accept deem_accepted grant_at_once"
        " not_accept withdraw terminate correct_clock spare",
        "integrator": "request_correction accept not_accept withdraw spare",
    },
    "correcting": {
        "clerk": "supplement withdraw spare",
        "reviewer": "supplement withdraw spare",
        "decider": "supplement withdraw terminate spare",
        "supervisor": "correct_clock",
        "manager": "supplement withdraw terminate correct_clock spare",
        "integrator": "supplement withdraw spare",
    },
    "accepted": {
        "clerk": "withdraw",
        "reviewer": "pause assign review withdraw",
        "decider": "pause assign withdraw terminate",
        "supervisor": "assign correct_clock",
        "manager": "pause extend assign review withdraw terminate correct_clock",
        "integrator": "pause withdraw",
    },
    "reviewing": {
        "clerk": "withdraw",
        "reviewer": "pause assign review withdraw",
        "decider": "pause assign withdraw terminate",
        "supervisor": "assign correct_clock",
        "manager": "pause extend assign review withdraw terminate correct_clock",
        "integrator": "pause withdraw",
    },
    "deciding": {
        "clerk": "withdraw",
        "reviewer": "pause assign withdraw",
        "decider": "pause assign review grant deny withdraw terminate",
        "supervisor": "assign correct_clock",
        "manager": "pause extend assign review grant deny withdraw terminate correct_clock",
        "integrator": "pause withdraw",
    },
    "granted": {
        **DECIDED,
        "decider": "deliver revoke",
        "manager": "deliver correct_clock revoke",
    },
    "denied": DECIDED,
    "closed": {**OVER, "decider": "revoke", "manager": "correct_clock revoke"},
    "not_accepted": OVER,
    "withdrawn": OVER,
    "terminated": OVER,
}


@tagged("post_install", "-at_install")
class TestApplicationRights(ShenpiCommon):
    def test_every_state_role_and_action(self):
        """Each pair is tried for real: what is allowed moves the state, the rest does nothing."""
        long_item = self._create_item(chain=("review", "review", "decide"))
        for state, allowed_by_role in EXPECTED.items():
            for role in ROLES:
                allowed = set(allowed_by_role.get(role, "").split())
                application = self._prepare_case(state, role, long_item)
                self.assertEqual(
                    application.with_user(self.users[role])._get_allowed_actions(),
                    allowed,
                    f"{role} in {state}",
                )
                for action in TRANSITIONS:
                    with self.subTest(state=state, role=role, action=action):
                        self._try(application, role, action, action in allowed)

    def _prepare_case(self, state, role, item):
        if state == "draft":
            application = self.env["shenpi.application"].create(
                {"item_id": item.id, "applicant_name": "A", "filed_by_id": self.users[role].id}
            )
        else:
            application = self._bring_to(state, item_code=item.code)
        self.assertEqual(application.state, state)
        return application

    def _try(self, application, role, action, allowed):
        case = application.with_user(self.users[role])
        events = len(application.event_ids)
        savepoint = self.env.cr.savepoint(flush=True)
        if allowed:
            case._transition(action)
            self.assertEqual(len(application.event_ids), events + 1)
            self.assertEqual(
                application.state,
                TRANSITIONS[action].target or application.event_ids[-1].state_from,
            )
        else:
            with self.assertRaises(UserError):
                case._transition(action)
            self.assertEqual(len(application.event_ids), events)
        savepoint.close(rollback=True)
        self.env.invalidate_all()

    def test_nobody_decides_what_he_took_in(self):
        application = self._bring_to("deciding")
        application.sudo().filed_by_id = self.decider
        with self.assertRaisesRegex(AccessError, "taken in himself"):
            application.with_user(self.decider)._do_decide("grant")
        application.with_user(self.manager)._do_decide("grant")
        self.assertEqual(application.state, "granted")

    def test_only_the_author_receives_his_draft(self):
        draft = (
            self.env["shenpi.application"]
            .with_user(self.clerk)
            .create({"item_id": self.item.id, "applicant_name": "A"})
        )
        with self.assertRaisesRegex(ValidationError, "applicant.id_number"):
            draft._do_receive()
        draft.applicant_id_number = "91350100M000100Y43"
        with self.assertRaises(AccessError):
            draft.with_user(self.clerk2)._do_receive()
        draft._do_receive()
        self.assertEqual(draft.state, "received")

    def test_step_of_another_department(self):
        application = self._bring_to("accepted")
        with self.assertRaises(AccessError):
            application.with_user(self.outsider)._do_review("pass")
        application.with_user(self.reviewer2)._do_review("pass")
        self.assertEqual(application.state, "deciding")

    def test_named_person(self):
        item = self._create_item()
        item.sudo().state = "draft"
        item.step_ids[0].write({"assign": "person", "user_id": self.reviewer2.id})
        item.sudo().state = "published"
        application = self._bring_to("accepted", item_code=item.code)
        with self.assertRaises(AccessError):
            application.with_user(self.reviewer)._do_review("pass")
        application.with_user(self.reviewer2)._do_review("pass")
        self.assertEqual(application.state, "deciding")


@tagged("post_install", "-at_install")
class TestApplicationDeputy(ShenpiCommon):
    def _stand_in(self, principal, deputy, **values):
        return self.env["shenpi.deputy"].create(
            {
                "principal_id": principal.id,
                "deputy_id": deputy.id,
                "date_from": "2026-06-01",
                "date_to": "2026-06-30",
                "company_id": self.company.id,
                **values,
            }
        )

    def test_deputy_acts_in_his_own_name(self):
        application = self._bring_to("accepted")
        self.assertFalse(application.with_user(self.outsider).search([("id", "=", application.id)]))
        self._stand_in(self.reviewer2, self.outsider)
        self.assertTrue(application.with_user(self.outsider).search([("id", "=", application.id)]))
        application.with_user(self.outsider)._do_review("pass", "In order.")
        event = application.event_ids[-1]
        self.assertEqual(event.user_id, self.outsider)
        self.assertEqual(event.for_user_id, self.reviewer2)
        self.assertEqual(application.step_ids[0].for_user_id, self.reviewer2)

    def test_deputy_of_other_days_or_departments(self):
        application = self._bring_to("accepted")
        self._stand_in(self.reviewer2, self.outsider, date_from="2026-05-01", date_to="2026-06-09")
        self._stand_in(
            self.reviewer, self.outsider, department_ids=self.other_office.ids, date_to=False
        )
        self.assertFalse(application.with_user(self.outsider).search([("id", "=", application.id)]))
        with self.assertRaises(AccessError):
            application.with_user(self.outsider)._do_review("pass")

    def test_deputy_does_not_decide_for_the_one_who_took_in(self):
        application = self._bring_to("deciding")
        stand_in = self._create_user("t_decider2", "decider")
        self._stand_in(self.decider, stand_in)
        application.sudo().filed_by_id = self.decider
        with self.assertRaisesRegex(AccessError, "taken in himself"):
            application.with_user(stand_in)._do_decide("grant")


@tagged("post_install", "-at_install")
class TestApplicationPath(ShenpiCommon):
    def test_plain_path(self):
        """From the window to the licence, with the dates the law asks for."""
        application = self._submit(self.clerk, materials=[{"code": "M01"}])
        self.assertEqual(len(application.number), 43)
        self.assertTrue(application.number.startswith(self.item.code + "20260610"))
        self.assertEqual(str(application.correction_due_date), "2026-06-17")
        self.assertEqual(application.window_id, self.window)
        application.with_user(self.clerk)._do_request_correction(
            [{"text": "Sign the form", "material": application.material_ids[0]}]
        )
        lines = application.correction_ids.line_ids
        self.assertEqual(lines.mapped("material_id.code"), ["M01", "M02"])
        self.assertFalse(application.due_date, "nothing runs while the applicant corrects")
        material = application.material_ids[1]
        application.with_user(self.clerk)._do_supplement({material: {"status": "provided"}})
        self.assertEqual(application.state, "received")
        application.with_user(self.clerk)._do_accept()
        self.assertEqual(str(application.promised_due_date), "2026-06-17")
        self.assertEqual(str(application.statutory_due_date), "2026-07-09")
        self.assertEqual(application.due_date, application.promised_due_date)
        application.with_user(self.reviewer)._do_review("pass", "In order.")
        application.with_user(self.decider)._do_decide("grant")
        self.assertEqual(str(application.delivery_due_date), "2026-06-25")
        licence = application.licence_id
        self.assertEqual(licence.holder_name, "青云餐饮有限公司")
        self.assertEqual(str(licence.valid_to), "2031-06-09")
        application.with_user(self.clerk)._do_deliver("post", "EM123")
        self.assertEqual(application.state, "closed")
        self.assertFalse(application.due_date)
        self.assertEqual(
            application.event_ids.mapped("action"),
            ["receive", "request_correction", "supplement", "accept", "review", "grant", "deliver"],
        )

    def test_correction_only_once(self):
        application = self._bring_to("correcting")
        clerk = application.with_user(self.clerk)
        clerk._do_supplement({})
        with self.assertRaisesRegex(UserError, "once already"):
            clerk._do_request_correction([{"text": "One more thing", "material": None}])

    def test_accept_needs_every_required_material(self):
        application = self._submit(materials=[{"code": "M01"}])
        with self.assertRaisesRegex(UserError, "M02 Identity document"):
            application.with_user(self.clerk)._do_accept()
        self.assertEqual(application.state, "received")
        self.assertFalse(application.step_ids)

    def test_single_approver_decides_at_once(self):
        item = self._create_item(chain=("decide",))
        application = self._bring_to("accepted", item_code=item.code)
        application.with_user(self.decider)._do_decide("grant")
        self.assertEqual(application.state, "granted")

    def test_single_approver_reviews_first(self):
        item = self._create_item(chain=("decide",))
        application = self._bring_to("accepted", item_code=item.code)
        application.with_user(self.decider)._do_review("pass")
        self.assertEqual(application.state, "deciding")
        application.with_user(self.decider)._do_decide("grant")
        self.assertEqual(application.step_ids.status, "granted")

    def test_decision_waits_for_the_reviews(self):
        application = self._bring_to("accepted")
        with self.assertRaises(AccessError):
            application.with_user(self.manager)._do_decide("grant")

    def test_grant_on_the_spot(self):
        """One act of the system: accepted, decided and licensed, with one event."""
        application = self._submit()
        application.with_user(self.clerk)._do_grant_on_the_spot("Every requirement holds.", {})
        event = application.event_ids[-1]
        self.assertEqual((event.state_from, event.state_to), ("received", "granted"))
        self.assertEqual(event.user_id, self.env.ref("base.user_root"))
        self.assertEqual(application.accepted_date, application._get_today())
        self.assertEqual(application.clock_ids.mapped("kind"), ["received", "accepted", "decided"])
        self.assertTrue(application.delivery_due_date)
        self.assertTrue(application.licence_id)

    def test_nothing_is_granted_on_the_spot_while_something_is_missing(self):
        application = self._submit(materials=[{"code": "M01"}])
        with self.assertRaisesRegex(UserError, "M02 Identity document"):
            application.with_user(self.clerk)._do_grant_on_the_spot("All there.", {})
        self.assertEqual(application.state, "received")

    def test_return_goes_one_step_back(self):
        item = self._create_item(chain=("review", "review", "decide"))
        application = self._bring_to("deciding", item_code=item.code)
        application.with_user(self.decider)._do_review("return", "Check the floor plan again.")
        self.assertEqual(application.state, "reviewing")
        self.assertEqual(application.step_ids.mapped("status"), ["passed", "current", "waiting"])
        application.with_user(self.reviewer)._do_review("return", "See the first review.")
        self.assertEqual(application.state, "accepted")
        self.assertEqual(application.step_ids.mapped("status"), ["current", "waiting", "waiting"])

    def test_rejection_goes_straight_to_the_decider(self):
        item = self._create_item(chain=("review", "review", "decide"))
        application = self._bring_to("accepted", item_code=item.code)
        application.with_user(self.reviewer)._do_review("reject", "Distance to the school.")
        self.assertEqual(application.state, "deciding")
        self.assertEqual(application.proposed_outcome, "deny")
        self.assertEqual(
            application.step_ids.mapped("status"), ["rejected", "cancelled", "current"]
        )
        application.with_user(self.decider)._do_decide("deny", "Distance to the school.")
        self.assertFalse(application.licence_id)

    def test_reasons_are_required(self):
        received, deciding = self._bring_to("received"), self._bring_to("deciding")
        for call in (
            lambda: received.with_user(self.clerk)._do_not_accept("not_needed", " "),
            lambda: received.with_user(self.clerk)._do_not_accept("not_ours", "Not ours."),
            lambda: received.with_user(self.clerk)._do_withdraw(""),
            lambda: deciding.with_user(self.decider)._do_decide("deny", ""),
            lambda: deciding.with_user(self.decider)._do_review("return", ""),
        ):
            with self.assertRaises(ValidationError):
                call()
        self.assertEqual((received.state, deciding.state), ("received", "deciding"))

    def test_assign(self):
        application = self._bring_to("accepted")
        with self.assertRaises(AccessError):
            application.with_user(self.reviewer)._do_assign(self.reviewer2)
        with self.assertRaisesRegex(UserError, "does not have the role"):
            application.with_user(self.supervisor)._do_assign(self.outsider)
        application.with_user(self.supervisor)._do_assign(self.reviewer2)
        self.assertEqual(application.handler_id, self.reviewer2)
        with self.assertRaises(AccessError):
            application.with_user(self.reviewer)._do_review("pass")

    def test_case_keeps_its_item_version(self):
        application = self._bring_to("received")
        self.item.sudo().write({"state": "retired"})
        application.with_user(self.clerk)._do_accept()
        self.assertEqual(application.item_id, self.item)
        with self.assertRaisesRegex(ValidationError, "retired"):
            self._submit()

    def test_facts_entered_afterwards(self):
        application = self._submit(self.integrator, at="2026-06-08T10:00:00+08:00")
        self.assertEqual(str(application.correction_due_date), "2026-06-15")
        for at, words in (("2026-06-11 09:00", "future"), ("2026-06-08 09:00", "preceding")):
            with self.assertRaisesRegex(ValidationError, words):
                application.with_user(self.integrator)._do_accept(at=moment(at))
        application.with_user(self.integrator)._do_accept(at=moment("2026-06-09 17:00"))
        self.assertEqual(str(application.accepted_date), "2026-06-09")
        self.assertEqual(str(application.promised_due_date), "2026-06-16")

    def test_lights(self):
        """Five promised days: yellow from the third, red from the fifth."""
        application = self._bring_to("accepted")
        self.assertEqual(str(application.warn_date), "2026-06-15")
        self.assertEqual(str(application.alarm_date), "2026-06-17")
        applications = self.env["shenpi.application"]
        for light in ("green", "yellow", "red", "none"):
            found = applications.search([("light", "=", light), ("id", "=", application.id)])
            self.assertEqual(bool(found), application.light == light, light)

    def test_changed_calendar_moves_open_cases(self):
        application = self._bring_to("accepted")
        year = self.env["shenpi.workday.year"].search([("year", "=", 2026)])
        self.env["shenpi.workday"].create(
            {
                "date": "2026-06-12",
                "is_workday": False,
                "kind": "rest",
                "name": "Typhoon",
                "year_id": year.id,
            }
        )
        day = date(2026, 6, 12)
        run = self.env["shenpi.recount"]._start_for_calendar("Typhoon", day, day)
        lines = run.line_ids.filtered(lambda line: line.application_id == application)
        moved = {line.field: str(line.new_date) for line in lines}
        self.assertEqual(moved["promised_due_date"], "2026-06-18")
        self.assertEqual(str(application.due_date), "2026-06-18")
        event = application.event_ids[-1]
        self.assertEqual(event.action, "recompute")
        self.assertEqual(event.data["promised_due_date"], ["2026-06-17", "2026-06-18"])
