from odoo.exceptions import AccessError
from odoo.tests import HttpCase, freeze_time, tagged

from .common import NOW, ShenpiCommon

ENDING = "0Y43"


class LicenceCommon(ShenpiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.licence = cls._bring_to("granted").licence_id
        cls.token = cls.licence.sudo().verify_token

    def _verify(self, code, user=None):
        return self.env["shenpi.licence"].with_user(user or self.integrator).api_verify(code)


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestLicenceApi(LicenceCommon):
    def test_by_number_and_by_token(self):
        expected = {
            "valid": True,
            "number": self.licence.number,
            "name": "Licence",
            "holder": "青云**有限公司",
            "item": "Food business licence",
            "valid_from": "2026-06-10",
            "valid_to": "2031-06-09",
            "status": "valid",
        }
        self.assertEqual(self._verify(self.licence.number), expected)
        self.assertEqual(self._verify(f" {self.token} "), expected)

    def test_unknown_codes_all_get_the_same(self):
        for code in ("", "x", "1" * 5000, None, 7, "%"):
            self.assertEqual(self._verify(code), {"valid": False, "status": "unknown"})

    def test_days(self):
        for day, status in (
            ("2026-06-10", "valid"),
            ("2031-05-09", "valid"),
            ("2031-05-10", "expiring"),
            ("2031-06-09", "expiring"),
            ("2031-06-10", "expired"),
        ):
            with freeze_time(f"{day} 02:00:00"):
                self.licence.invalidate_recordset()
                self.assertEqual(self._verify(self.licence.number)["status"], status)

    def test_revoked(self):
        self.licence.with_user(self.decider)._do_revoke("fraud", "False papers.")
        answer = self._verify(self.licence.number)
        self.assertEqual((answer["valid"], answer["status"]), (False, "revoked"))

    def test_staff_only(self):
        with self.assertRaises(AccessError):
            self._verify(self.licence.number, self.stranger)

    def test_the_token_is_nobodys(self):
        for role in ("clerk", "manager", "integrator"):
            with self.assertRaises(AccessError):
                self.licence.with_user(self.users[role]).read(["verify_token"])

    def test_printed(self):
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("shenpi_base.report_licence", self.licence.ids)[0]
            .decode()
        )
        self.assertIn(self.licence.number, html)
        self.assertIn("青云餐饮有限公司", html)
        self.assertEqual(html.count("<img"), 2)


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestLicencePage(LicenceCommon, HttpCase):
    def _ask(self, number, ending):
        data = {"number": number, "ending": ending}
        return self.url_open("/shenpi/licence", data=data, timeout=30)

    def test_scanned(self):
        response = self.url_open(f"/shenpi/licence/{self.token}", timeout=30)
        self.assertEqual(response.status_code, 200)
        self.assertIn(self.licence.number, response.text)
        self.assertIn("青云**有限公司", response.text)
        self.assertNotIn("青云餐饮", response.text)
        self.assertNotIn("91350100M000100Y43", response.text)
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        self.assertNotIn("session_id", response.cookies)

    def test_typed(self):
        for ending in (ENDING, ENDING.lower()):
            response = self._ask(self.licence.number, ending)
            self.assertEqual(response.status_code, 200)
            self.assertIn(self.licence.number, response.text)

    def test_nothing_can_be_learnt_by_guessing(self):
        """An unknown number, a wrong ending, half an ending: one answer."""
        answers = [
            self._ask(*pair)
            for pair in (
                ("1" * 20, ENDING),
                (self.licence.number, "0Y44"),
                (self.licence.number, "Y43"),
                (self.licence.number, ""),
                ("%", "%%%%"),
            )
        ]
        self.assertEqual({answer.status_code for answer in answers}, {404})
        self.assertEqual(len({answer.text for answer in answers}), 1)

    def test_guessing_is_slow(self):
        self.patch(self.env.registry["shenpi.rate"], "_allow", lambda *args: False)
        response = self._ask(self.licence.number, ENDING)
        self.assertEqual(response.status_code, 429)
        self.assertNotIn(self.licence.number, response.text)

    def test_form(self):
        response = self.url_open("/shenpi/licence", timeout=30)
        self.assertEqual(response.status_code, 200)
        self.assertIn('name="ending"', response.text)


@tagged("post_install", "-at_install")
class TestRate(ShenpiCommon):
    def test_counts_by_visitor_and_purpose(self):
        rates = self.env["shenpi.rate"]
        with self.enter_registry_test_mode():
            asked = [rates._allow("test", "192.0.2.1", 2, 600) for _n in range(3)]
            self.assertEqual(asked, [True, True, False])
            self.assertTrue(rates._allow("test", "192.0.2.2", 2, 600))
            self.assertTrue(rates._allow("other", "192.0.2.1", 2, 600))
            self.assertNotIn("192.0.2.1", rates.search([]).mapped("visitor"))
