from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from odoo.addons.shenpi_base.tests.common import NOW
from odoo.addons.shenpi_base.tests.common_message import MessageCommon

from .common_grievance import NAME, PHONE, GrievanceCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestGrievanceMessage(GrievanceCommon, MessageCommon):
    """What the person with a grievance is told by SMS, and who of the bureau reads it."""

    def _get_told(self, grievance, action=None):
        told = self.messages.search([("grievance_id", "=", grievance.id)], order="id")
        key = action and f"shenpi.grievance.{action}"
        return told.filtered(lambda m: m.event_key == key) if action else told

    def test_every_step_is_told_once(self):
        grievance = self._make("visited")
        told = self._get_told(grievance)
        self.assertEqual(
            told.mapped("event_key"),
            [f"shenpi.grievance.{action}" for action in ("receive", "dispatch", "approve_reply")],
        )
        self.assertEqual(set(told.mapped("receiver")), {"complainant"})
        self.assertEqual(set(told.sudo().mapped("address_raw")), {PHONE})
        self.assertFalse(told.application_id)
        self.assertIn(grievance.number, told[0].body)
        self.assertIn(self.office.name, told[1].body)
        event = grievance.event_ids.filtered(lambda e: e.action == "dispatch")
        self.assertEqual(told[1].event_id, event)
        self.assertFalse(self.messages._notify_events(grievance, event))
        self.assertEqual(self._get_told(grievance), told, "one for each event and receiver")

    def test_more_days_are_told_with_the_reason(self):
        grievance = self._make("dispatched")
        grievance.with_user(self.reviewer2)._do_ask_extension(3, "需外地调档")
        self.assertFalse(self._get_told(grievance, "extend"), "nothing has been granted yet")
        grievance.with_user(self.head)._do_extend()
        message = self._get_told(grievance, "extend")
        self.assertIn("需外地调档", message.body)
        self.assertIn("3", message.body)

    def test_what_the_unit_is_asked_for_is_not_told(self):
        grievance = self._make()
        grievance.with_user(self.officer)._do_dispatch(
            self.office, tier=self.tier_5, task="先核实当事人身份"
        )
        self.assertNotIn("先核实", self._get_told(grievance, "dispatch").body)

    def test_call_backs(self):
        grievance = self._make("replied")
        caller = grievance.with_user(self.officer2)
        caller._do_miss()
        self.assertTrue(self._get_told(grievance, "miss"))
        caller._do_visit("4", "2", False, "没有解决")
        self.assertTrue(self._get_told(grievance, "reopen"))

    def test_refused_with_the_reason(self):
        message = self._get_told(self._make("not_accepted"), "not_accept")
        self.assertIn("已由法院受理。", message.body)

    def test_those_merged_into_it_have_the_answer_too(self):
        main, other = self._make("dispatched"), self._make(complainant_phone="13900009999")
        other.with_user(self.officer)._do_merge(main)
        for action in ("answer", "approve_reply"):
            self._go(main, action)
        told = self._get_told(other, "approve_reply")
        self.assertEqual(told.sudo().address_raw, "13900009999")
        self.assertIn(other.number, told.body)

    def test_the_query_code_is_in_the_sms_only(self):
        grievance = self._make()
        message = self._get_told(grievance)
        code = grievance.sudo().query_token
        self.assertNotIn(code, message.body)
        with self._gateway() as gateway:
            self._send()
        self.assertIn(code, [m["text"] for m in gateway.messages if m["to"].endswith(PHONE)][0])
        self.assertNotIn(code, message.body)

    def test_nobody_without_a_phone_is_told(self):
        anonymous = dict.fromkeys(
            ("complainant_name", "complainant_phone", "complainant_address"), False
        )
        self.assertFalse(self._get_told(self._make("dispatched", **anonymous)))

    def test_the_public_page_sends_no_sms_to_numbers_typed_in(self):
        """Who writes there reads number and code on the screen; later steps are told."""
        grievances = self.env["shenpi.grievance"].with_user(SUPERUSER_ID)
        grievance = grievances._take_in(self._prepare_grievance()).with_env(self.env)
        self.assertFalse(self._get_told(grievance))
        self._go(grievance, "dispatch")
        self.assertTrue(self._get_told(grievance, "dispatch"))

    def test_the_applicant_of_the_case_is_not_told(self):
        """The grievance may come from somebody else, about the applicant's case."""
        application = self._bring_to("accepted")
        before = self._told(application)
        grievance = self._make("dispatched", application_id=application.id)
        self.assertEqual(self._told(application), before)
        self.assertTrue(self._get_told(grievance))

    def test_hidden_from_those_complained_of(self):
        grievance = self._make("dispatched", accused_department_id=self.other_office.id)
        told = self._get_told(grievance)
        self.assertTrue(told)
        self.outsider.group_ids |= self.env.ref("shenpi_evaluation.group_evaluation_officer")
        for user in (self.outsider, self.clerk_b, self.clerk2):
            self.assertFalse(self._as(user, self.messages).search([("id", "in", told.ids)]))
            with self.assertRaises(AccessError):
                self._as(user, told[0]).body  # noqa: B018

    def test_name_and_number_are_masked_for_who_need_not_know(self):
        grievance = self._make("dispatched")
        message = self._get_told(grievance)[0]
        self.assertNotEqual(message.receiver_name, NAME)
        self.assertEqual(self._as(self.officer, message).address, PHONE)
        masked = self._as(self.supervisor, message).address
        self.assertTrue(masked)
        self.assertNotIn(PHONE[3:7], masked)

    def test_the_desk_sends_again(self):
        message = self._get_told(self._make())
        with self._gateway():
            self._send()
        self.assertEqual(message.state, "sent")
        self._as(self.officer, message)._do_send_again("没有收到")
        self.assertEqual(message.state, "pending")
        self.assertEqual(message.resent_by_id, self.officer)

    def test_heads_hear_of_failures(self):
        grievance = self._make()
        message = self._get_told(grievance)
        message.sudo().address_raw = "0532-85911234"
        with self._gateway():
            self._send()
        self.assertEqual(message.state, "failed")
        activities = grievance.activity_ids.filtered(lambda a: a.user_id == self.manager)
        self.assertEqual(len(activities), 1)
