from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.shenpi_base.tests.common import NOW
from odoo.addons.shenpi_base.tests.common_message import MessageCommon

from .common import EvaluationCommon

NAME, PHONE = "欧阳静", "13912345678"
PNG = b"\x89PNG\r\n\x1a\n"


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestRatingPrivacy(EvaluationCommon, MessageCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(NOW):
            cls.case = cls._open_bad(
                name=NAME,
                phone=PHONE,
                text="态度不好",
                call_note=f"{NAME} {PHONE}",
                files=[("照片.png", PNG)],
            )
        cls.rating = cls.case.rating_id

    def test_officers_know_who_rated(self):
        rating = self._as(self.officer, self.rating)
        self.assertEqual((rating.rater_name, rating.rater_phone), (NAME, PHONE))
        case = self._as(self.officer, self.case)
        self.assertEqual(case.rater_name, NAME)

    def test_exports_are_masked(self):
        """From every list that leads to who rated."""
        self.officer.group_ids |= self.env.ref("base.group_allow_export")
        self._as(self.officer, self.case)._do_contact("phone", f"{NAME} {PHONE}")
        own = ["rater_name", "rater_phone", "attachment_ids"]
        along = [f"rating_id/{name}" for name in (*own, "call_record")]
        for record, names in (
            (self.rating, [*own, "call_record"]),
            (self.case, [*own, "contact_record", *along]),
            (self.rating.service_id, ["rating_ids/rater_name", "rating_ids/call_record"]),
            (self.case.event_ids, ["rating_case_id/rater_name", "rating_case_id/contact_record"]),
        ):
            with self.subTest(model=record._name):
                rows = str(self._as(self.officer, record).export_data(names))
                for secret in (NAME, PHONE, "照片"):
                    self.assertNotIn(secret, rows)
                self.assertIn("欧阳*", rows)

    def test_the_office_reads_what_was_said_not_who_said_it(self):
        for user in (self.reviewer2, self.manager, self.supervisor, self.case.sudo().clerk_id):
            with self.subTest(user=user.login):
                for record in (self.rating, self.case):
                    own = self._as(user, record)
                    told = str(own.read())
                    self.assertIn("态度不好", told)
                    self.assertNotIn(NAME, told)
                    self.assertNotIn(PHONE, told)
                    number = self.rating.sudo().service_id.application_id.number
                    self.assertNotIn(number, told)
                    for name in ("rater_name", "service_id", "clerk_id"):
                        with self.assertRaises(AccessError):
                            own.read([name])
                with self.assertRaises(AccessError):
                    self._as(user, self.env["shenpi.rating.service"]).search([])

    def test_no_way_round(self):
        """Neither by searching, nor by grouping, nor along a path."""
        for user in (self.reviewer2, self.manager, self.officer):
            ratings = self._as(user, self.env["shenpi.rating"])
            for domain in (
                [("rater_name_raw", "=", NAME)],
                [("rater_phone_raw", "like", "139%")],
                [("case_ids.rating_id.rater_name_raw", "=", NAME)],
            ):
                with self.subTest(user=user.login, domain=domain), self.assertRaises(AccessError):
                    ratings.search(domain)
            with self.assertRaises(AccessError):
                ratings.formatted_read_group([], ["rater_name_raw"], ["__count"])
        for name in ("service_id", "clerk_id"):
            with self.assertRaises(AccessError):
                self._as(self.reviewer2, self.env["shenpi.rating"]).search([(name, "in", [1])])

    def test_an_officer_of_the_rated_office_knows_nothing(self):
        """Nor by the record of a call, a file, or the service, which leads to the case."""
        self._as(self.officer, self.case)._do_contact("phone", f"{NAME} {PHONE}")
        for user, known in ((self.reviewer2, False), (self.decider, False), (self.officer, True)):
            user.group_ids |= self.env.ref("shenpi_evaluation.group_evaluation_officer")
            with self.subTest(user=user.login):
                rating, case = self._as(user, self.rating), self._as(user, self.case)
                self.assertEqual(bool(rating.rater_name), known)
                told = str(rating.read()) + str(case.read())
                application = self.rating.sudo().service_id.application_id
                number = application.number_short
                for secret in (NAME, PHONE, number):
                    self.assertEqual(secret in told, known, secret)
                self.assertEqual(bool(rating.attachment_ids or case.attachment_ids), known)
                services = self._as(user, self.env["shenpi.rating.service"])
                self.assertEqual(bool(services.search([])), known)
                path = [("service_id.application_id", "=", application.id)]
                self.assertEqual(bool(rating.search(path)), known)

    def test_asking_to_rate_again_gives_nobody_away(self):
        """The message is about the bad rating, not about the application: the person who was rated
        reads what was told to his applicants."""
        self._as(self.officer, self.case)._do_contact("phone", "已致歉")
        self._as(self.officer, self.case)._do_settle("已说明")
        self._as(self.officer, self.case)._do_ask_again()
        domain = [("event_key", "=", "shenpi.rating.again")]
        message = self._as(self.officer, self.messages).search(domain)
        self.assertEqual((message.rating_case_id, message.address), (self.case, PHONE))
        application = self.case.sudo().service_id.application_id
        self.assertIn(application.number_short, message.body)
        for user in (self.decider, self.reviewer2, self.manager, self.supervisor):
            self.assertFalse(self._as(user, self.messages).search(domain), user.login)

    def test_a_link_goes_to_nobody_who_works_here(self):
        """Neither by sending it again elsewhere, nor by a template for staff."""
        self.env["shenpi.message.template"].create(
            {
                "name": "To the head",
                "event_key": "shenpi.rating.invite",
                "channel": "sms",
                "receiver": "department_head",
                "body": "{rating_link}",
            }
        )
        self.office.manager_id = self.reviewer2
        self.reviewer2.partner_id.phone = "13800009999"
        application = self._get_service().application_id
        told = self.messages.search(
            [("application_id", "=", application.id), ("event_key", "=", "shenpi.rating.invite")]
        ).sudo()
        invited = told.filtered(lambda m: m.receiver == "applicant" and m.channel == "sms")
        head = told.filtered(lambda m: m.receiver == "department_head")
        self.assertIn("/shenpi/rate/", invited._get_wire_body())
        self.assertNotIn("/shenpi/rate/", head._get_wire_body())
        invited.state = "failed"
        with self.assertRaisesRegex(UserError, "nowhere else"):
            self._as(self.decider, invited)._do_send_again("号码有误", "13800008888")
        self._as(self.decider, invited)._do_send_again("没有收到")

    def test_numbers_of_raters_are_not_texted_from_the_screen(self):
        """What is sent there would be kept in the chatter, number and all."""
        for model in ("shenpi.rating", "shenpi.rating.case"):
            view = self.env[model].with_user(self.officer).get_view(view_type="form")
            (node,) = etree.fromstring(view["arch"]).iterfind(".//field[@name='rater_phone']")
            self.assertIn("'enable_sms': False", node.get("options", ""), model)

    def test_others_see_nothing(self):
        for user in (self.clerk_b, self.outsider):
            self.assertFalse(self._as(user, self.env["shenpi.rating"]).search([]))
            self.assertFalse(self._as(user, self.env["shenpi.rating.case"]).search([]))
        with self.assertRaises(AccessError):
            self._as(self.stranger, self.env["shenpi.rating"]).search([])

    def test_chatter_and_events(self):
        self._as(self.officer, self.case)._do_contact("phone", f"{NAME} {PHONE}")
        words = self.case.message_ids.mapped("body") + self.case.event_ids.mapped("opinion")
        self.assertNotIn(NAME, str(words))
        self.assertNotIn(PHONE, str(self.case.event_ids.mapped("data")))
        events = self._as(self.reviewer2, self.env["shenpi.event"]).search(
            [("rating_case_id", "=", self.case.id)]
        )
        self.assertFalse(events)

    def test_tokens_are_for_nobody(self):
        for user in (self.officer, self.chief, self.manager, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                self.env["shenpi.rating.token"].with_user(user).search([])

    def test_words_and_names_fade(self):
        """After the months the bureau keeps them; the figures stay."""
        self._as(self.officer, self.case)._do_contact("phone", f"{NAME} {PHONE}")
        with freeze_time("2028-06-09 02:00:00"):
            self._run_cron("rating_fade")
        self.assertEqual(self.rating.sudo().rater_name_raw, NAME)
        with freeze_time("2028-06-11 02:00:00"):
            self._run_cron("rating_fade")
        rating = self.rating.sudo()
        self.assertFalse(rating.text or rating.rater_name_raw or rating.rater_phone_raw)
        self.assertFalse(self.case.sudo().contact_note)
        self.assertEqual(rating.level, "unsatisfied")
        self.assertTrue(rating.faded_at)
