from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from odoo.addons.shenpi_base.tests.common import NOW

from ..models.shenpi_rating_case_flow import TRANSITIONS
from .common import EvaluationCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestRatingCase(EvaluationCommon):
    def _contacted(self, **values):
        case = self._open_bad(**values)
        way = "anonymous" if case.anonymous else "phone"
        self._as(self.officer, case)._do_contact(way, "电话了解情况")
        return case

    def _rectified(self):
        case = self._contacted()
        self._as(self.officer, case)._do_rectify("请补充样表", 5)
        self._as(self.reviewer2, case)._do_rectified("样表已上墙")
        return case

    def test_opens_with_the_rating(self):
        """In the same transaction, with a working day to contact whoever rated."""
        case = self._open_bad()
        self.assertEqual(case.state, "open")
        self.assertEqual(case.due_date, fields.Date.to_date("2026-06-11"))
        self.assertEqual(case.department_id, self.office)
        self.assertRegex(case.number, r"CP2026-\d{4}")
        self.assertEqual(case.event_ids.mapped("action"), ["open"])
        for level in ("very_satisfied", "satisfied", "basically_satisfied"):
            self.assertFalse(self._rate(level).case_ids, level)
        self.assertTrue(self._rate("very_unsatisfied").case_ids)

    def test_a_bad_addition_opens_one_too(self):
        service = self._get_service()
        self._rate(service=service)
        addition = self._rate("very_unsatisfied", service=service, turn="addition")
        self.assertTrue(addition.case_ids)

    def test_who_gave_no_name_is_looked_into(self):
        """The question does not ask how he was contacted."""
        case = self._as(self.officer, self._open_bad(name="", phone=""))
        wizards = self.env["shenpi.rating.case.wizard"].with_user(self.officer)
        form = Form(wizards.with_context(default_case_id=case.id, default_action="contact"))
        form.text = "已核查"
        form.save().action_confirm()
        self.assertEqual((case.state, case.contact_way), ("contacted", "anonymous"))

    def test_worked_to_the_end(self):
        case = self._rectified()
        self.assertEqual(case.due_date, fields.Date.to_date("2026-06-17"))
        self._as(self.officer2, case)._do_verify("现场查看属实")
        officer = self._as(self.officer, case)
        with self.assertRaisesRegex(UserError, "visited or called"):
            officer._do_close()
        officer._do_visit("satisfied", "已认可")
        officer._do_draft_reply("已补充样表")
        with self.assertRaisesRegex(UserError, "not been published"):
            officer._do_close()
        with self.assertRaisesRegex(AccessError, "wrote himself"):
            officer._do_release_reply()
        self._as(self.officer2, case)._do_release_reply()
        officer._do_close()
        self.assertEqual((case.state, case.outcome), ("closed", "rectified"))
        self.assertFalse(case.due_date)
        self.assertFalse(self.env["shenpi.event"]._get_broken(case))

    def test_explained(self):
        case = self._contacted(name="", phone="")
        self._as(self.officer, case)._do_settle("已说明依据")
        self._as(self.officer, case)._do_close()
        self.assertEqual(case.outcome, "explained")

    def test_sent_back_and_asked_again(self):
        case = self._rectified()
        self._as(self.officer, case)._do_send_back("没有照片", 3)
        self.assertEqual(case.state, "rectifying")
        self.assertFalse(case.rectified_on)
        self._as(self.reviewer2, case)._do_rectified("附照片")
        self._as(self.officer, case)._do_verify("属实")
        self._as(self.officer, case)._do_visit("unsatisfied", "仍不满意")
        self._as(self.officer, case)._do_rectify("再次整改", 3)
        self.assertEqual((case.state, case.outcome), ("rectifying", False))
        self.assertFalse(case.visited_at)

    def test_contact_fits_the_rating(self):
        case = self._open_bad()
        with self.assertRaises(ValidationError):
            self._as(self.officer, case)._do_contact("anonymous", "x")
        anonymous = self._open_bad(name="", phone="")
        with self.assertRaises(ValidationError):
            self._as(self.officer, anonymous)._do_contact("phone", "x")
        with freeze_time("2026-06-12 02:00:00"):
            self._as(self.officer, case)._do_contact("phone", "x")
        self.assertTrue(case.contact_late)

    # === Who may not === #

    def test_nobody_works_on_a_rating_of_himself(self):
        """Neither the person who was rated, nor his office, nor whoever had a part in the case."""
        officers = self.env.ref("shenpi_evaluation.group_evaluation_officer")
        case = self._open_bad()
        people = (case.sudo().clerk_id, self.reviewer2, self.clerk)
        for user in people:
            user.group_ids |= officers
            with self.assertRaises(AccessError):
                self._as(user, case)._do_contact("phone", "x")
        self.assertEqual(case.state, "open")
        case = self._contacted()
        self._as(self.officer, case)._do_rectify("x", 5)
        rated = case.sudo().clerk_id
        self.assertTrue(rated)
        with self.assertRaisesRegex(AccessError, "rated"):
            self._as(rated, case)._do_rectified("x")
        with self.assertRaises(AccessError):
            self._as(self.outsider, case)._do_rectified("x")

    def test_every_action_asks_for_its_role(self):
        case = self._open_bad()
        texts = {"contact": ("phone", "x"), "appeal": ("false", "x"), "visit": ("satisfied", "x")}
        for action in TRANSITIONS.keys() - {"open", "ask_again", "release_reply", "close"}:
            arguments = texts.get(action, ("x",))
            if action in ("rectify", "send_back"):
                arguments = ("x", 3)
            for user in (self.clerk_b, self.stranger, self.outsider):
                with self.subTest(action=action, user=user.login), self.assertRaises(UserError):
                    getattr(self._as(user, case), f"_do_{action}")(*arguments)
        self.assertEqual(case.event_ids.mapped("action"), ["open"])

    def test_buttons_follow_the_table(self):
        case = self._open_bad()
        mine = self._as(self.officer, case)
        self.assertTrue(mine.can_contact)
        self.assertFalse(mine.can_rectify or mine.can_close or mine.can_appeal)
        self.assertTrue(self._as(self.reviewer2, case).can_appeal)
        self.assertFalse(self._as(self.reviewer2, case).can_contact)

    # === Appeal === #

    def test_an_upheld_appeal_takes_the_rating_out_of_the_figures(self):
        case = self._contacted()
        service = case.sudo().service_id
        self._as(self.reviewer2, case)._do_appeal("mistaken", "点错")
        self.assertFalse(case.due_date)
        with self.assertRaisesRegex(AccessError, "no part"):
            self._as(self.officer, case)._do_uphold("属实")
        self._as(self.officer2, case)._do_uphold("本人确认点错")
        self.assertEqual((case.state, case.outcome), ("closed", "upheld"))
        self.assertFalse(case.rating_id.valid)
        self.assertFalse(service.counted)
        self.assertEqual(service.level, "unsatisfied")
        self.assertTrue(service.answered)

    def test_a_refused_appeal_goes_on_where_it_was(self):
        case = self._contacted()
        self._as(self.reviewer2, case)._do_appeal("false", "不实")
        self._as(self.officer2, case)._do_overrule("情况属实")
        self.assertEqual(case.state, "contacted")
        self.assertEqual(case.due_date, fields.Date.to_date("2026-07-02"))  # Dragon Boat on 6-19
        self.assertTrue(case.rating_id.valid)
        with self.assertRaisesRegex(UserError, "already"):
            self._as(self.reviewer2, case)._do_appeal("false", "再次")

    def test_no_day_to_put_it_right_runs_while_an_appeal_is_decided(self):
        """Whoever put it right by the day that he was told then, was in time."""
        case = self._contacted()
        self._as(self.officer, case)._do_rectify("请补充样表", 1)
        self._as(self.reviewer2, case)._do_appeal("false", "不实")
        self.assertFalse(case.rectify_due_date)
        with freeze_time("2026-06-15 02:00:00"):
            self._as(self.officer2, case)._do_overrule("情况属实")
            day = fields.Date.to_date("2026-07-07")
            self.assertEqual(case.state, "rectifying")
            self.assertEqual((case.due_date, case.rectify_due_date), (day, day))
            self.assertEqual(case.activity_ids.mapped("date_deadline"), [day])
            self._as(self.reviewer2, case)._do_rectified("样表已上墙")
        counts = self.env["shenpi.rating.figures"]._count(
            case.company_id.ids, case.sudo().service_id.day, case.sudo().service_id.day
        )
        self.assertEqual((counts["due"], counts["in_time"]), (1, 1))

    # === Afterwards === #

    def test_second_rating(self):
        case = self._rectified()
        self._as(self.officer2, case)._do_verify("属实")
        self._as(self.officer, case)._do_ask_again()
        token = (
            self.env["shenpi.rating.token"]
            .sudo()
            .search([("service_id", "=", case.sudo().service_id.id), ("turn", "=", "second")])
        )
        self.assertTrue(token)
        self._rate("satisfied", service=case.sudo().service_id, turn="second")
        self.assertEqual(case.second_level, "satisfied")
        self.assertEqual(case.sudo().service_id.level, "unsatisfied")
        with self.assertRaisesRegex(UserError, "already"):
            self._as(self.officer, case)._do_ask_again()

    def test_ladder_and_supervision(self):
        case = self._open_bad()
        ladder = self.env.ref("shenpi_evaluation.ladder_rating_case")
        with freeze_time("2026-06-16 02:00:00"):  # three working days late
            ladder._work_off(ladder._get_due_ids())
        order = self.env["shenpi.supervision"].search(
            [("document_model", "=", case._name), ("document_id", "=", case.id)]
        )
        self.assertEqual(order.department_id, self.office)
        self.assertNotIn("王芳", f"{order.matter}{order.demand}")
