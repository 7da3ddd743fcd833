from datetime import date, timedelta

from lxml import etree
from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.shenpi_base.tests.common import NOW, ROLES

from ..models.shenpi_grievance_flow import TRANSITIONS
from .common_grievance import PATHS, GrievanceCommon

# What each may do, by state; nobody else may do anything. ``desk``: an officer who has done nothing
# with it; ``unit``: a member of the unit that leads; ``head``: who heads it.
DESK = "desk chief"
LEAD = "manager chief"
EXPECTED = {
    "received": {
        "dispatch": f"{DESK} manager",
        "not_accept": f"{DESK} manager",
        "answer": DESK,
        "merge": DESK,
        "withdraw": f"{DESK} manager",
    },
    "dispatched": {
        "take": "unit head",
        "return": "unit head",
        "ask_extension": "unit head",
        "extend": f"{DESK} manager head",
        "answer": "unit head",
        "merge": DESK,
        "withdraw": f"{DESK} manager",
    },
    "answered": {
        "send_back": f"{DESK} manager",
        "approve_reply": f"{DESK} manager",
        "merge": DESK,
        "withdraw": f"{DESK} manager",
    },
    "replied": {"visit": DESK, "miss": DESK, "withdraw": f"{DESK} manager"},
    "visited": {"close": f"{DESK} manager", "withdraw": f"{DESK} manager"},
    "escalated": dict.fromkeys(("dispatch", "plan", "close"), LEAD)
    | {"withdraw": f"{DESK} manager"},
    "hard": dict.fromkeys(("dispatch", "plan", "close"), LEAD) | {"withdraw": f"{DESK} manager"},
    "closed": {},
    "not_accepted": {},
    "withdrawn": {},
}


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestGrievanceFlow(GrievanceCommon):
    """Who may do what, when; what is due when; what is written down."""

    def test_every_state_role_and_action(self):
        people = {role: self.users[role] for role in ROLES if role != "integrator"}
        people |= {"desk": self.officer2, "chief": self.chief, "unit": self.reviewer2}
        people |= {"head": self.head, "outsider": self.outsider}
        for state in PATHS:
            grievance = self._make(state)
            for role, user in people.items():
                seen = self._as(user, grievance)
                expected = {a for a, who in EXPECTED[state].items() if role in who.split()}
                allowed = seen._get_allowed_actions() if seen.has_access("read") else set()
                self.assertEqual(allowed, expected, (state, role))
                for action in TRANSITIONS.keys() - expected:
                    with self.assertRaises(UserError, msg=(state, role, action)):
                        seen._transition(action)

    def test_the_whole_way(self):
        grievance = self._make("closed")
        self.assertEqual(
            grievance.event_ids.mapped("action"),
            ["receive", "dispatch", "answer", "approve_reply", "visit", "close"],
        )
        self.assertFalse(self.env["shenpi.event"]._get_broken(grievance))
        self.assertEqual((grievance.outcome, grievance.light), ("resolved", "none"))
        self.assertTrue(grievance.is_resolved and grievance.is_satisfied)
        self.assertRegex(grievance.number, r"^SQ2026-\d{5}$")

    def test_a_draft_is_taken_in_by_its_writer(self):
        drafts = self._as(self.clerk, self.env["shenpi.grievance"])
        draft = drafts.create(self._prepare_grievance())
        self.assertFalse(self._as(self.officer, draft).has_access("read"))
        draft.action_receive()
        self.assertEqual((draft.state, draft.filed_by_id), ("received", self.clerk))
        with self.assertRaisesRegex(UserError, "stays as it was said"):
            draft.title = "x"
        with self.assertRaises(UserError):
            draft.unlink()
        with self.assertRaises(AccessError):
            draft.state = "closed"

    def test_nothing_closes_without_an_outcome(self):
        grievance = self._make("visited")
        for outcome in (False, "", "done"):
            with self.assertRaisesRegex(ValidationError, "outcome"):
                grievance.with_user(self.officer)._do_close(outcome)
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            grievance.sudo().write({"state": "closed"})
            self.env.flush_all()

    # === Deadlines === #

    def test_tiers_by_hand(self):
        """Due dates counted by hand on the calendar of 2026, make-up days included."""
        for day, days, due in (
            ("2026-02-13", 0, "2026-02-13"),
            ("2026-02-13", 1, "2026-02-14"),  # a Saturday that is worked
            ("2026-02-14", 1, "2026-02-24"),  # the Spring Festival: 15 to 23 February
            ("2026-02-14", 3, "2026-02-26"),
            ("2026-02-14", 5, "2026-02-28"),  # a Saturday that is worked
            ("2026-02-28", 5, "2026-03-06"),
            ("2026-09-18", 1, "2026-09-20"),  # a Sunday that is worked
            ("2026-09-18", 5, "2026-09-24"),
            ("2026-09-18", 10, "2026-10-09"),  # Mid-Autumn 25 to 27, National Day 1 to 7
            ("2026-09-18", 15, "2026-10-15"),  # 10 October, a Saturday, is worked
            ("2026-06-13", 0, "2026-06-15"),  # a Saturday: the next working day
        ):
            moment = fields.Datetime.to_datetime(f"{day} 02:00:00")
            deadline = self.env["shenpi.grievance"]._prepare_deadline(moment, days)
            self.assertEqual(deadline["due_date"], date.fromisoformat(due), (day, days))

    def test_the_deadline_is_that_of_who_has_it(self):
        grievance = self._make()
        self.assertEqual((grievance.due_date, grievance.light), (date(2026, 6, 11), "yellow"))
        self._go(grievance, "dispatch")
        self.assertEqual((grievance.due_date, grievance.light), (date(2026, 6, 17), "green"))
        with freeze_time("2026-06-18 02:00:00"):
            grievance.invalidate_recordset()
            self.assertEqual(grievance.light, "red")
            late = self.env["shenpi.grievance"].search([("light", "=", "red")])
            self.assertIn(grievance, late)
            self._go(grievance, "answer")
        self.assertTrue(grievance.answered_late)
        self.assertEqual(grievance.due_date, date(2026, 6, 22))  # 19 June: Dragon Boat Festival

    def test_proposed_tiers(self):
        rules = self.env["shenpi.grievance.tier.rule"]
        for source, kind, days in (
            (self.box, "consult", 1),
            (self.box, "suggest", 15),
            (self.hotline, "suggest", 5),
            (self.hotline, "consult", 1),
        ):
            self.assertEqual(rules._get_tier(source, kind).days, days, (source.code, kind))
        rules.search([]).unlink()
        self.assertEqual(rules._get_tier(self.box, "ask").days, 15)

    # === Dispatch === #

    def test_a_dispatch_that_is_refused(self):
        closed = self._create_department("Closed", user_ids=self.reviewer, active=False)
        empty = self._create_department("Empty")
        officer = self._make(accused_department_id=self.other_office.id).with_user(self.officer)
        below = self._create_department(
            "Below", parent_id=self.other_office, user_ids=self.reviewer
        )
        for lead, helpers, words in (
            (closed, (), "closed"),
            (empty, (), "nobody works"),
            (self.district_root, (), "does not belong"),
            (self.other_office, (), "complained of"),
            (below, (), "complained of"),
            (self.office, [(below, 1)], "complained of"),
            (self.office, [(self.office, 1)], "twice"),
            (self.office, [(self.window, 6)], "between 0 and 5"),
            (self.env["shenpi.department"], (), "name the unit"),
        ):
            with self.assertRaisesRegex(ValidationError, words):
                officer._do_dispatch(lead, helpers, self.tier_5)
        self.assertEqual(officer.state, "received")
        self.assertFalse(officer.sudo().dispatch_ids)

    def test_who_is_complained_of_does_not_head_the_unit(self):
        grievance = self._make(accused_user_id=self.head.id)
        with self.assertRaisesRegex(ValidationError, "headed by"):
            self._go(grievance, "dispatch")

    def test_returned_within_24_hours_and_once(self):
        grievance = self._make("dispatched")
        unit = grievance.with_user(self.reviewer2)
        with self.assertRaisesRegex(ValidationError, "reasons"):
            unit._do_return(" ")
        dispatched = grievance.dispatched_at
        with freeze_time(dispatched + timedelta(hours=24, seconds=1)):
            with self.assertRaisesRegex(ValidationError, "24 hours"):
                unit._do_return("不属于我处职责")
            grievance.invalidate_recordset()
            self.assertFalse(unit.can_return)
        with freeze_time(dispatched + timedelta(hours=24)):
            unit._do_return("不属于我处职责")
        self.assertEqual(grievance.state, "received")
        self.assertFalse(grievance.department_id)
        self.assertEqual(grievance.dispatch_ids.state, "returned")
        self.assertFalse(self._as(self.reviewer2, grievance).has_access("read"))
        self._go(grievance, "dispatch")
        with self.assertRaisesRegex(UserError, "keeps it"):
            unit._do_return("还是不属于我处")

    def test_joint_handling(self):
        grievance = self._make()
        grievance.with_user(self.officer)._do_dispatch(
            self.office, [(self.other_office, 2)], self.tier_5, "请核实"
        )
        helper = grievance.with_user(self.outsider)
        self.assertEqual(helper._get_allowed_actions() & {"contribute", "answer"}, {"contribute"})
        with self.assertRaisesRegex(UserError, "Works"):
            self._go(grievance, "answer")
        helper._do_contribute("我处已办结。")
        self._go(grievance, "answer")
        self.assertEqual(grievance.dispatch_ids.mapped("state"), ["done", "done"])
        self.assertEqual(grievance.dispatch_ids.mapped("is_late"), [False, False])

    def test_a_helper_who_is_late_is_not_waited_for(self):
        grievance = self._make()
        grievance.with_user(self.officer)._do_dispatch(
            self.office, [(self.other_office, 1)], self.tier_5
        )
        with freeze_time("2026-06-12 02:00:00"):
            self._go(grievance, "answer")
        helper = grievance.dispatch_ids.filtered(lambda part: part.role == "helper")
        self.assertEqual((helper.state, helper.is_late), ("recalled", True))

    def test_a_member_takes_it_in_hand(self):
        unit = self._make("dispatched").with_user(self.reviewer2)
        self.assertTrue(unit.is_mine)
        unit.action_take()
        self.assertEqual(unit.handler_id, self.reviewer2)

    def test_the_unit_is_told(self):
        grievance = self._make("dispatched")
        self.assertEqual(grievance.sudo().activity_ids.user_id, self.head)
        self._go(grievance, "answer")
        self.assertFalse(grievance.sudo().activity_ids)

    # === Extension === #

    def test_an_extension_is_granted_by_somebody_else_and_once(self):
        grievance = self._make("dispatched")
        unit, head = grievance.with_user(self.reviewer2), grievance.with_user(self.head)
        for days, reason in ((0, "x"), (6, "x"), (3, "")):
            with self.assertRaises(ValidationError):
                unit._do_ask_extension(days, reason)
        unit._do_ask_extension(3, "需现场核查")
        self.assertEqual(grievance.due_date, date(2026, 6, 17))
        with self.assertRaises(AccessError):
            unit._do_extend()
        head._do_extend()
        # 18 June, then the Dragon Boat Festival from 19 to 21, then 22 and 23.
        self.assertEqual(grievance.due_date, date(2026, 6, 23))
        self.assertEqual(grievance.dispatch_ids.due_date, date(2026, 6, 23))
        for again in (
            lambda: unit._do_ask_extension(1, "再延"),
            lambda: head._do_extend(1, "再延"),
            lambda: grievance.with_user(self.officer)._do_extend(1, "再延"),
        ):
            with self.assertRaisesRegex(UserError, "once"):
                again()

    def test_the_unit_that_gets_it_after_a_return_asks_for_days_itself(self):
        grievance = self._make("dispatched")
        unit = grievance.with_user(self.reviewer2)
        unit._do_ask_extension(3, "需现场核查")
        self._go(grievance, "return")
        self.assertFalse(grievance.extension_state or grievance.extension_days)
        self._go(grievance, "dispatch")
        unit._do_ask_extension(1, "需核查")
        self.assertEqual((grievance.extension_state, grievance.extension_days), ("asked", 1))

    def test_no_more_days_are_granted_than_may_be_asked_for(self):
        grievance = self._make("dispatched")
        grievance.with_user(self.reviewer2)._do_ask_extension(3, "需现场核查")
        for days in (6, -1):
            with self.assertRaisesRegex(ValidationError, "days: between 1 and 5"):
                grievance.with_user(self.officer)._do_extend(days, "同意")
        with freeze_time("2026-06-18 02:00:00"):
            grievance.with_user(self.officer)._do_extend(2, "同意两日")
        self.assertEqual(grievance.due_date, date(2026, 6, 22))

    def test_the_head_does_not_grant_what_he_asked_for(self):
        head = self._make("dispatched").with_user(self.head)
        head._do_ask_extension(1, "需核查")
        with self.assertRaisesRegex(AccessError, "asked for"):
            head._do_extend()
        head.with_user(self.officer)._do_refuse_extension("时间足够")
        self.assertEqual(head.extension_state, "refused")
        with self.assertRaises(UserError):
            head._do_ask_extension(1, "需核查")

    def test_more_days_come_too_late(self):
        unit = self._make("dispatched").with_user(self.reviewer2)
        with freeze_time("2026-06-18 02:00:00"), self.assertRaisesRegex(ValidationError, "late"):
            unit._do_ask_extension(1, "需核查")

    # === Reply and call-back === #

    def test_nobody_reviews_his_own_reply(self):
        officer = self._make().with_user(self.officer)
        officer._do_answer("请携带身份证到3号窗口办理。")
        with self.assertRaisesRegex(AccessError, "own reply"):
            officer._do_approve_reply()
        officer.with_user(self.officer2)._do_approve_reply()
        self.assertEqual(officer.state, "replied")
        with self.assertRaisesRegex(AccessError, "own reply"):
            officer._do_visit("5", "5", True)

    def test_a_reply_is_sent_back(self):
        grievance = self._make("answered")
        grievance.with_user(self.officer)._do_send_back("没有回应诉求", 2)
        self.assertEqual((grievance.state, grievance.due_date), ("dispatched", date(2026, 6, 12)))
        self.assertEqual(grievance.dispatch_ids.mapped("state"), ["done", "open"])
        self._go(grievance, "answer")
        self.assertEqual(grievance.state, "answered")

    def test_satisfied_with_both_or_opened_again(self):
        for process, result, state in (
            ("5", "5", "visited"),
            ("4", "4", "visited"),
            ("4", "3", "dispatched"),
            ("2", "5", "dispatched"),
        ):
            grievance = self._make("replied").with_user(self.officer2)
            grievance._do_visit(process, result, False, "说明")
            self.assertEqual(grievance.state, state, (process, result))
            self.assertEqual(grievance.visit_ids.is_reached, True)
        self.assertEqual(grievance.event_ids[-1].action, "reopen")
        with self.assertRaisesRegex(UserError, "keeps it"):
            grievance.with_user(self.reviewer2)._do_return("不属于我处")

    def test_opened_again_so_often_and_then_the_leaders(self):
        grievance = self._make("escalated")
        self.assertEqual(grievance.reopened_count, 2)
        self.assertEqual(grievance.event_ids[-1].action, "escalate")
        self.assertIn(self.manager, grievance.sudo().activity_ids.user_id)
        with self.assertRaises(AccessError):
            grievance.with_user(self.officer)._do_close("explained", "x")
        with self.assertRaisesRegex(ValidationError, "reasons"):
            grievance.with_user(self.chief)._do_close("explained")
        grievance.with_user(self.chief)._do_close("explained", "政策不允许，已当面解释")
        self.assertEqual(grievance.state, "closed")

    def test_a_hard_case_has_a_plan_an_owner_and_a_day(self):
        grievance = self._make("escalated")
        chief, day = grievance.with_user(self.chief), grievance._get_today()
        for plan, owner, until in (
            ("", self.head, day),
            ("x", self.env["res.users"], day),
            ("x", self.clerk_b, day),
            ("x", self.head, day - timedelta(days=1)),
            ("x", self.head, date(2199, 1, 1)),  # beyond the calendar
        ):
            with self.assertRaises(ValidationError):
                chief._do_plan(plan, owner, until)
        chief._do_plan("协调", self.clerk2, date(2026, 6, 20))
        self.assertEqual((grievance.state, grievance.due_date), ("hard", date(2026, 6, 22)))
        self.assertTrue(self._as(self.clerk2, grievance).is_mine)

    def test_not_reached(self):
        grievance = self._make("replied")
        officer = grievance.with_user(self.officer2)
        for attempt in range(3):
            with self.assertRaisesRegex(UserError, "call back"):
                officer._do_close("unreachable")
            officer._do_miss("无人接听")
            self.assertEqual(grievance.missed_count, attempt + 1)
        with self.assertRaisesRegex(ValidationError, "nobody has been asked"):
            officer._do_close("resolved")
        officer._do_close("unreachable")
        self.assertEqual(grievance.state, "closed")

    def test_an_anonymous_one_is_closed_without_a_call(self):
        grievance = self._make(
            "replied",
            complainant_name=False,
            complainant_phone=False,
            complainant_address=False,
            is_anonymous=True,
        )
        grievance.with_user(self.officer)._do_close("unreachable")
        self.assertEqual(grievance.state, "closed")

    # === Duplicates === #

    def test_similar_ones_are_found(self):
        first = self._make()
        second = self._make(
            title="营业执照办不下来", text="材料交齐了，窗口一直说再等等，已经十天。"
        )
        self._make(title="停车场太小", text="大厅门口没有车位，希望增加。")
        self.assertEqual(self._as(self.officer, second).similar_ids, first)
        short = self._make(title="停电", text="停电")
        self.assertFalse(self._as(self.officer, short).similar_ids)
        again = self._make(title="停电", text="停电")
        self.assertEqual(self._as(self.officer, again).similar_ids, short)

    def test_a_merge_keeps_both(self):
        main, other = self._make("dispatched"), self._make("dispatched")
        officer = other.with_user(self.officer)
        # What is closed is answered no more: whoever asks anew would be called by nobody.
        for wrong in (other, self._make("withdrawn"), self._make("closed")):
            with self.assertRaises(ValidationError):
                officer._do_merge(wrong.with_user(self.officer))
        officer._do_merge(main.with_user(self.officer), "同一事项")
        self.assertEqual((other.state, other.main_id), ("merged", main))
        self.assertEqual(other.dispatch_ids.state, "recalled")
        self.assertEqual(main.merged_ids, other)
        self.assertEqual(other._get_progress()["headline"], main._get_progress()["headline"])

    # === Others === #

    def test_not_accepted(self):
        grievance = self._make("not_accepted")
        progress = grievance._get_progress()
        self.assertEqual(progress["refusal"], "已由法院受理。")
        self.assertIn("court", progress["redirect"])
        with self.assertRaises(ValidationError):
            self._make().with_user(self.officer)._do_not_accept(self.reason, "")

    def test_a_late_one_climbs_and_orders_follow(self):
        grievance = self._make("dispatched")
        ladder = self.env.ref("shenpi_evaluation.ladder_grievance")
        people = grievance._get_ladder_people("handler")
        self.assertEqual(people, self.head)
        with freeze_time("2026-06-26 02:00:00"):
            ladder._work_off(ladder._get_due_ids())
            order = self.env["shenpi.supervision"].search(
                [("document_model", "=", grievance._name), ("document_id", "=", grievance.id)]
            )
            self.assertEqual(order.department_id, self.office)
            self.assertNotIn(grievance.title, order.matter)
            self.assertEqual(order.document_name, grievance.number)
            counts = ladder._work_off(ladder._get_due_ids())
        self.assertFalse(counts["done"])

    def test_a_supervisor_begins_the_first_order_on_the_form(self):
        grievance = self._make("dispatched")
        for user, shown in ((self.supervisor, True), (self.manager, True), (self.officer, False)):
            arch = self._as(user, grievance).get_view(view_type="form")["arch"]
            buttons = etree.fromstring(arch).findall(".//button[@name='action_open_supervision']")
            self.assertEqual([b.get("invisible") for b in buttons], ["not number"] * shown)
        context = self._as(self.supervisor, grievance).action_open_supervision()["context"]
        self.assertEqual(context["default_department_id"], self.office.id)
        self.assertIn(grievance.number, context["default_matter"])

    def test_deputies_act_for_the_unit(self):
        grievance = self._make("dispatched")
        self.env["shenpi.deputy"].create(
            {
                "principal_id": self.reviewer2.id,
                "deputy_id": self.clerk2.id,
                "company_id": self.company.id,
                "date_from": "2026-06-01",
                "department_ids": [Command.set(self.office.ids)],
            }
        )
        deputy = self._as(self.clerk2, grievance)
        deputy._do_answer("代为答复")
        event = grievance.event_ids[-1]
        self.assertEqual((event.user_id, event.for_user_id), (self.clerk2, self.reviewer2))
