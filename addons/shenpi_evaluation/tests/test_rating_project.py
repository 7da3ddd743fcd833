from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.shenpi_base.tests.common import NOW
from odoo.addons.shenpi_base.tests.common_message import MessageCommon
from odoo.addons.shenpi_base.tests.project_common import ProjectCommon

from .common import EvaluationCommon

PHONE = "13800002222"


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestRatingProject(EvaluationCommon, ProjectCommon, MessageCommon):
    """A key project that has been wound up is rated by its investor, once."""

    def _wind_up(self):
        project = self._open("land", applicant_phone=PHONE).with_user(self.navigator)
        task = self._permit(project, "land")
        self._file(task)
        self._grant(task)
        project._do_close()
        return project.with_env(self.env)

    def _get_services(self, project):
        domain = [("res_model", "=", project._name), ("res_id", "=", project.id)]
        return self.env["shenpi.rating.service"].search(domain)

    def test_a_project_ends_once(self):
        project = self._wind_up()
        service = self._get_services(project)
        self.assertEqual(len(service), 1)
        self.assertEqual((service.kind, service.company_id), ("project", self.company))
        self.assertEqual(service.department_id, project.department_id)
        self.assertEqual(service.clerk_id, self.navigator)
        self.assertEqual(service.sudo().token_ids.mapped("turn"), ["first"])
        self.assertIn(project.name, service.display_name)
        with self.assertRaises(UserError):
            project.with_user(self.navigator)._do_close()
        self.assertEqual(self._get_services(project), service)

    def test_what_goes_on_or_was_called_off_is_not_rated(self):
        project = self._open("land")
        self.assertFalse(self._get_services(project))
        project.with_user(self.manager)._do_cancel("The investor has left.")
        self.assertFalse(self._get_services(project))
        with self.assertRaisesRegex(UserError, "not been wound up"):
            project.with_user(self.navigator)._prepare_slip()

    def test_the_investor_is_asked_by_sms(self):
        project = self._wind_up()
        message = self.messages.search([("project_id", "=", project.id)])
        self.assertEqual(message.sudo().address_raw, PHONE)
        self.assertEqual(message.receiver_name, project.applicant_name)
        self.assertIn(project.name, message.body)
        token = self._get_services(project).sudo().token_ids
        self.assertEqual(message.sudo().rating_token_id, token)
        self.assertNotIn(token._get_plain(), message.body)
        with self._gateway() as gateway:
            self._send()
        texts = [m["text"] for m in gateway.messages if m["to"].endswith(PHONE)]
        self.assertTrue(any(token._get_plain() in text for text in texts))

    def test_read_by_whoever_sees_the_project(self):
        project = self._wind_up()
        message = self.messages.search([("project_id", "=", project.id)])
        self.assertEqual(self._as(self.navigator, message).address, PHONE)
        self.assertNotEqual(self._as(self.supervisor, message).address, PHONE)
        for user in (self.clerk2, self.clerk_b):
            self.assertFalse(self._as(user, self.messages).search([("id", "=", message.id)]))

    def test_rated_like_any_service(self):
        service = self._get_services(self._wind_up())
        rating = self._rate("unsatisfied", service=service)
        self.assertEqual((rating.kind, rating.clerk_id), ("project", self.navigator))
        self.assertTrue(rating.case_ids)
        with self.assertRaisesRegex(UserError, "rated already"):
            self._rate(service=service)

    def test_asked_again_after_it_was_put_right(self):
        service = self._get_services(self._wind_up())
        case = self._rate("unsatisfied", service=service, name="王芳", phone=PHONE).case_ids
        case.with_user(self.officer)._do_contact("phone", "已致歉")
        case.with_user(self.officer)._do_settle("已说明")
        case.with_user(self.officer)._do_ask_again()
        message = self.messages.search([("event_key", "=", "shenpi.rating.again")])
        self.assertEqual(message.rating_case_id, case)
        self.assertIn(service._get_about(), message.body)
        self.assertEqual(message.sudo().rating_token_id.turn, "second")

    def test_slip(self):
        project = self._wind_up()
        slip = project.with_user(self.navigator)._prepare_slip()
        self.assertEqual(slip["about"], project.name)
        self._rate(service=self._get_services(project))
        with self.assertRaisesRegex(UserError, "rated already"):
            project.with_user(self.navigator)._prepare_slip()
