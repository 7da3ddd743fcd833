import re

from odoo.tests import HttpCase, freeze_time, tagged

from odoo.addons.shenpi_base.tests.common import NOW

from .common import DISTRICT_USCC
from .common_grievance import ADDRESS, NAME, PHONE, GrievanceCommon

PDF = b"%PDF-1.7 nothing"


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestGrievancePage(GrievanceCommon, HttpCase):
    """The public page: everybody may write, nobody learns anything by guessing."""

    def _get_token(self):
        page = self.url_open(f"/shenpi/grievance/{self.company.id}", timeout=30)
        self.assertEqual(page.status_code, 200)
        self.assertIn('name="text"', page.text)
        return re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]

    def _send(self, files=None, **values):
        data = {
            "csrf_token": self._get_token(),
            "bureau": str(self.company.id),
            "source": "let_it_out",
            "kind": "complain",
            "title": "窗口态度不好",
            "text": "<script>alert(1)</script>排队一小时",
            "name": NAME,
            "phone": PHONE,
            **values,
        }
        return self.url_open("/shenpi/grievance/send", data=data, files=files, timeout=30)

    def _find(self):
        return self.env["shenpi.grievance"].search([("title", "=", "窗口态度不好")])

    def _read_codes(self, response):
        return re.findall(r'class="code">([^<]+)<', response.text)

    def test_written_and_asked_about(self):
        response = self._send(files=[("files", ("a.pdf", PDF, "application/pdf"))])
        self.assertEqual(response.status_code, 200)
        number, code = self._read_codes(response)
        grievance = self._find()
        self.assertEqual(
            (grievance.number, grievance.state, grievance.company_id),
            (number, "received", self.company),
        )
        self.assertEqual(grievance.complainant_phone_raw, PHONE)
        self.assertEqual(grievance.attachment_ids.mimetype, "application/pdf")
        page = self.url_open("/shenpi/grievance/status", data={"number": number, "code": code})
        self.assertEqual(page.status_code, 200)
        self.assertIn("窗口态度不好", page.text)
        for secret in (NAME, PHONE, ADDRESS):
            self.assertNotIn(secret, page.text)

    def test_the_bureau_is_in_the_address_or_chosen(self):
        """Whatever the bureau of the public user is."""
        self.district.sudo().shenpi_uscc = DISTRICT_USCC
        own = self.url_open(f"/shenpi/grievance/{self.company.id}").text
        self.assertIn(f'name="bureau" value="{self.company.id}"', own)
        self.assertNotIn('id="bureau"', own)
        every = self.url_open("/shenpi/grievance").text
        for company in (self.company, self.district):
            self.assertIn(f'<option value="{company.id}"', every)
        self.assertEqual(self._send(bureau=str(self.district.id)).status_code, 200)
        grievance = self._find()
        self.assertEqual(grievance.company_id, self.district)
        self.assertFalse(self._as(self.officer, grievance).search([("id", "=", grievance.id)]))

    def test_no_such_bureau(self):
        """Companies that are no bureau, and those that do not exist."""
        self.patch(self.env.registry["shenpi.rate"], "_allow", lambda *args: True)
        for text in ("", "0", "999999", "x", str(self.district.id)):
            response = self._send(bureau=text)
            self.assertEqual(response.status_code, 422, text)
            self.assertIn('role="alert"', response.text)
        self.assertFalse(self._find())
        page = self.url_open("/shenpi/grievance/999999")
        self.assertEqual(page.status_code, 404)
        self.assertIn('role="alert"', page.text)

    def test_anonymous(self):
        self.assertEqual(self._send(anonymous="1").status_code, 200)
        grievance = self._find()
        self.assertTrue(grievance.is_anonymous)
        self.assertFalse(grievance.complainant_name_raw)

    def test_nothing_is_learnt_by_guessing(self):
        grievance = self._make()
        code = grievance.sudo().query_token
        answers = [
            self.url_open("/shenpi/grievance/status", data={"number": number, "code": guess})
            for number, guess in (
                (grievance.number, "0" * 8 if code != "0" * 8 else "1" * 8),
                (grievance.number, ""),
                ("SQ2026-99999", code),
                (grievance.number, "１２３４５６７８"),
                ("%", "%"),
            )
        ]
        self.assertEqual({answer.status_code for answer in answers}, {404})
        self.assertEqual(len({answer.text for answer in answers}), 1)

    def test_what_is_refused_keeps_nothing(self):
        for values, files in (
            ({"title": ""}, None),
            ({"text": " "}, None),
            ({"text": "字" * 4001}, None),
            ({"title": "窗" * 81}, None),
            ({"source": "hotline_12345"}, None),
            ({"kind": "praise"}, None),
            ({"phone": "abc"}, None),
            ({"website": "x"}, None),
            ({}, [("files", ("a.html", b"<script>", "application/pdf"))]),
            ({}, [("files", (f"{n}.pdf", PDF, "application/pdf")) for n in range(4)]),
        ):
            self.patch(self.env.registry["shenpi.rate"], "_allow", lambda *args: True)
            response = self._send(files=files, **values)
            self.assertIn(response.status_code, (400, 422), values)
            self.assertFalse(self._find(), values)
            self.assertNotIn("<script>alert", response.text)
            self.assertNotRegex(response.text, 'role="alert">[a-z_.]+ ?[:：]')

    def test_forged_requests_are_refused(self):
        self.assertEqual(self._send(csrf_token="forged").status_code, 400)
        self.assertFalse(self._find())

    def test_floods_are_refused(self):
        token = self._get_token()
        self.patch(self.env.registry["shenpi.rate"], "_allow", lambda *args: False)
        self.assertEqual(self._send(csrf_token=token).status_code, 429)
        page = self.url_open("/shenpi/grievance/status", data={"number": "x", "code": "x"})
        self.assertEqual(page.status_code, 429)
        self.assertFalse(self._find())

    def test_the_reply_is_read_when_it_has_gone_out(self):
        grievance = self._make("answered")
        data = {"number": grievance.number, "code": grievance.sudo().query_token}
        page = self.url_open("/shenpi/grievance/status", data=data)
        self.assertNotIn("执照已发放", page.text)
        self._go(grievance, "approve_reply")
        page = self.url_open("/shenpi/grievance/status", data=data)
        self.assertIn("执照已发放", page.text)
        self.assertNotIn(self.reviewer2.name, page.text)

    # === Questions and answers === #

    def test_questions_are_found_and_counted(self):
        faqs = self.env["shenpi.faq"].with_user(self.officer)
        vals = {"answer": "带身份证到任一窗口。", "company_id": self.company.id}
        shown = faqs.create({"question": "身份证丢了怎么补办", **vals})
        hidden = faqs.create({"question": "身份证过期怎么办", **vals})
        shown.with_user(self.officer2).action_publish()
        page = self.url_open("/shenpi/faq?q=补办身份证")
        self.assertIn(shown.question, page.text)
        self.assertNotIn(hidden.question, page.text)
        self.assertEqual(self.url_open(f"/shenpi/faq/{hidden.id}").status_code, 404)
        self.assertEqual(self.url_open(f"/shenpi/faq/{shown.id}").status_code, 200)
        shown.invalidate_recordset()
        self.assertEqual(shown.use_count, 1)
