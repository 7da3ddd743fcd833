from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_grievance import GrievanceCommon


@tagged("post_install", "-at_install")
class TestFaq(GrievanceCommon):
    """Questions and answers are reviewed before everybody reads them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.faqs = cls.env["shenpi.faq"].with_user(cls.officer)
        cls.faq = cls._write("营业执照遗失如何补领", "在线申请或到窗口办理。")

    @classmethod
    def _write(cls, question, answer="请到窗口咨询。"):
        return cls.faqs.create(
            {"question": question, "answer": answer, "company_id": cls.company.id}
        )

    def test_published_by_another_officer(self):
        with self.assertRaises(AccessError):
            self.faq.action_publish()
        with self.assertRaises(AccessError):
            self._as(self.clerk, self.faq).action_publish()
        self.assertFalse(self._as(self.clerk, self.faq).has_access("read"))
        self.faq.with_user(self.officer2).action_publish()
        self.assertTrue(self._as(self.clerk, self.faq).has_access("read"))
        with self.assertRaisesRegex(UserError, "withdraw it"):
            self.faq.answer = "x"
        with self.assertRaises(UserError):
            self.faq.unlink()
        self.faq.with_user(self.officer2).action_withdraw()
        with self.assertRaises(AccessError):
            self.faq.with_user(self.officer2).action_publish()
        self.faq.with_user(self.officer2).answer = "改为在线申请。"

    def test_flow_fields_are_the_flows(self):
        for name, value in (("state", "published"), ("use_count", 99)):
            with self.assertRaises(AccessError):
                self.faq.write({name: value})

    def test_found_by_words_of_two_characters(self):
        self._write("公积金如何提取")
        for text, found in (
            ("补领", True),
            ("执照丢了怎么补领", True),
            ("公积金", False),
            ("停车", False),
        ):
            hits = self.faqs.search([("find", "ilike", text)])
            self.assertEqual(self.faq in hits, found, text)

    def test_from_a_reply(self):
        action = self._make("replied").with_user(self.officer).action_open_faq()
        context = action["context"]
        faq = self.faqs.with_context(**context).create({})
        self.assertEqual(faq.question, "营业执照迟迟办不下来")
        self.assertTrue(faq.grievance_id)
