from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from ..tools import identifiers
from .common import NOW
from .test_bundle import BundleCommon

# Of the credit code of the applicant.
ENDING = "0Y43"


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestPermit(BundleCommon):
    @classmethod
    def _create_bundle(cls, code, published=True, **values):
        return super()._create_bundle(code, published, permit_name="Restaurants", **values)

    def setUp(self):
        super().setUp()
        self.case = self._submit_bundle()
        self.permit = self.case.permit_ids

    def _grant_all(self, *names):
        for name in names or self.items:
            self._grant(self._line(self.case, name).application_id)

    def _verify(self):
        return self.env["shenpi.licence"].with_user(self.clerk).api_verify(self.permit.number)

    def test_made_with_the_case(self):
        self.assertEqual(self.permit.name, "Restaurants")
        self.assertRegex(self.permit.number, r"^ZH20260610\d{4}$")
        self.assertEqual(self.permit.holder_name, self.case.applicant_name)
        self.assertEqual(self.permit.state, "pending")
        answer = self.env["shenpi.bundle"].with_user(self.clerk).api_status(self.case.number)
        self.assertEqual(answer["permit"], {"number": self.permit.number, "state": "pending"})

    def test_none_where_the_bundle_names_none(self):
        self.bundle.with_user(self.manager).action_edit()
        self.bundle.with_user(self.manager).permit_name = False
        self.bundle.with_user(self.manager).action_publish()
        self.assertFalse(self._submit_bundle().permit_ids)

    def test_filled_as_the_children_are_granted(self):
        self._grant_all("register")
        self.assertEqual(self.permit.state, "partial")
        register = self._line(self.case, "register").application_id
        self.assertEqual(self.permit.licence_ids, register.licence_id)
        self._grant_all("hygiene", "food", "sign")
        self.assertEqual(self.permit.state, "complete")
        self.assertEqual(self.permit.licence_ids.application_id, self.case.line_ids.application_id)

    def test_one_that_is_refused_leaves_it_partial(self):
        self._grant_all("register", "food", "sign")
        self._deny(self._line(self.case, "hygiene").application_id)
        self.assertEqual(self.permit.state, "partial")
        self.assertEqual(self._verify()["missing"], ["hygiene"])

    def test_void_when_withdrawn_before_any_grant(self):
        self.case.with_user(self.clerk)._do_withdraw("Not wanted.")
        self.assertEqual(self.permit.state, "void")
        self.assertEqual(self._verify()["status"], "void")

    def test_what_was_granted_before_the_withdrawal_stays(self):
        self._grant_all("register")
        self.case.with_user(self.clerk)._do_withdraw("Not wanted.")
        self.assertEqual(self.permit.state, "partial")

    def test_valid_only_when_everything_is(self):
        self.assertEqual(self._verify()["status"], "pending")
        self._grant_all("register")
        self.assertEqual((self._verify()["valid"], self._verify()["status"]), (False, "partial"))
        self._grant_all("hygiene", "food", "sign")
        answer = self._verify()
        self.assertEqual((answer["valid"], answer["status"]), (True, "valid"))
        self.assertEqual(len(answer["licences"]), 4)
        self.assertEqual(answer["missing"], [])
        one = self.permit.licence_ids[0]
        one.sudo().write({"valid_to": fields.Date.to_date("2026-06-09")})
        answer = self._verify()
        self.assertEqual((answer["valid"], answer["status"]), (False, "invalid"))
        worth = {licence["number"]: licence["status"] for licence in answer["licences"]}
        self.assertEqual(worth.pop(one.number), "expired")
        self.assertEqual(set(worth.values()), {"valid"})

    def test_a_renewed_licence_is_shown_in_its_new_version(self):
        self._grant_all()
        first = self._line(self.case, "food").application_id.licence_id
        with freeze_time("2026-06-11 02:00:00"):
            answer = (
                self.env["shenpi.application"]
                .with_user(self.clerk)
                .api_submit(
                    self._prepare_payload(
                        item_code=self.items["food"].code, purpose="renew", licence=first.number
                    )
                )
            )
            renewal = self.env["shenpi.application"].search([("number", "=", answer["number"])])
            renewal.with_user(self.manager)._do_accept()
            self._bring_on(renewal, "granted")
            shown = self.permit.licence_ids.filtered(lambda lic: lic.number == first.number)
            self.assertEqual(shown, renewal.licence_id)
            self.assertEqual(len(self.permit.licence_ids), 4)

    def test_its_token_is_verified_like_its_number(self):
        token = self.permit.sudo().verify_token
        licences = self.env["shenpi.licence"].with_user(self.integrator)
        self.assertEqual(licences.api_verify(token)["number"], self.permit.number)
        for code in ("", "ZH209901010001", "x" * 200, None):
            self.assertEqual(licences.api_verify(code), {"valid": False, "status": "unknown"})

    def test_the_holder_is_masked(self):
        masked = identifiers.mask_organisation(self.case.applicant_name)
        self.assertNotEqual(masked, self.case.applicant_name)
        self.assertEqual(self.permit._get_verification()["holder"], masked)

    def test_whoever_sees_the_case_sees_it(self):
        for user in (self.clerk, self.reviewer2, self.manager):
            self.assertTrue(self.permit.with_user(user)._filtered_access("read"))
        for user in (self.outsider, self.clerk_b, self.stranger):
            self.assertFalse(self._as(user, self.permit)._filtered_access("read"))
        for user in (self.clerk, self.manager):
            with self.assertRaises(AccessError):
                self.permit.with_user(user).write({"state": "complete"})

    def test_one_for_a_case(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.permit._issue(self.case, "Another")

    def test_on_paper(self):
        self._grant_all("register")
        page = self.permit._prepare_page()
        self.assertEqual(
            [row["number"] for row in page["permits"]], self.permit.licence_ids.mapped("number")
        )
        html = self.env["ir.actions.report"]._render_qweb_html(
            "shenpi_base.report_permit", self.permit.ids
        )[0]
        self.assertIn(self.permit.number.encode(), html)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestPermitPage(BundleCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bundle.with_user(cls.manager).action_edit()
        cls.bundle.with_user(cls.manager).permit_name = "Restaurants"
        cls.bundle.with_user(cls.manager).action_publish()
        cls.case = cls._submit_bundle()
        cls.permit = cls.case.permit_ids

    def _scan(self, token):
        return self.url_open(f"/shenpi/permit/{token}", timeout=30)

    def test_every_permit_with_its_status(self):
        self._grant(self._line(self.case, "register").application_id)
        response = self._scan(self.permit.sudo().verify_token)
        self.assertEqual(response.status_code, 200)
        for text in (self.permit.number, self.permit.licence_ids.number, "青云**有限公司"):
            self.assertIn(text, response.text)
        for waiting in ("hygiene", "food", "sign"):
            self.assertIn(waiting, response.text)
        for secret in ("青云餐饮", "91350100M000100Y43"):
            self.assertNotIn(secret, response.text)
        self.assertEqual(response.headers["Cache-Control"], "no-store")

    def test_unknown_codes_get_the_answer_of_unknown_licences(self):
        answers = [self._scan("x"), self._scan("y" * 32), self._scan(self.permit.number)]
        answers.append(self.url_open("/shenpi/licence/nothing", timeout=30))
        self.assertEqual({answer.status_code for answer in answers}, {404})
        self.assertEqual(len({answer.text for answer in answers}), 1)

    def _ask(self, number, ending):
        data = {"number": number, "ending": ending}
        return self.url_open("/shenpi/licence", data=data, timeout=30)

    def test_asked_for_by_its_number(self):
        self._grant(self._line(self.case, "register").application_id)
        for number in (self.permit.number, f" {self.permit.number.lower()} "):
            response = self._ask(number, ENDING)
            self.assertEqual(response.status_code, 200)
            self.assertIn(self.permit.number, response.text)
            self.assertIn(self.permit.licence_ids.number, response.text)
            self.assertNotIn("91350100M000100Y43", response.text)

    def test_nothing_can_be_learnt_by_guessing(self):
        """Unknown numbers, wrong endings and unknown licences: one answer."""
        answers = [
            self._ask(*pair)
            for pair in (
                ("ZH209901010001", ENDING),
                (self.permit.number, "0Y44"),
                (self.permit.number, "Y43"),
                (self.permit.number, "一二三四"),
                (self.permit.number, ""),
                ("1" * 20, ENDING),
            )
        ]
        self.assertEqual({answer.status_code for answer in answers}, {404})
        self.assertEqual(len({answer.text for answer in answers}), 1)

    def test_guessing_is_slow(self):
        self.patch(self.env.registry["shenpi.rate"], "_allow", lambda *args: False)
        answers = [
            self._scan(self.permit.sudo().verify_token),
            self._ask(self.permit.number, ENDING),
        ]
        for response in answers:
            self.assertEqual(response.status_code, 429)
            self.assertNotIn(self.permit.number, response.text)
