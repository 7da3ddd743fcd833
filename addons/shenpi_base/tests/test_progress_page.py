from odoo.tests import HttpCase, freeze_time, tagged

from .common import NOW, ShenpiCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestProgressPage(ShenpiCommon, HttpCase):
    def _get(self, token):
        return self.url_open(f"/shenpi/progress/{token}", timeout=30)

    def _open(self, application):
        return self._get(application.sudo().progress_token)

    def test_every_state(self):
        """Open to everybody who holds the token, in every state a case can have."""
        for state in (
            "received",
            "correcting",
            "accepted",
            "deciding",
            "granted",
            "denied",
            "closed",
            "not_accepted",
            "withdrawn",
            "terminated",
        ):
            with self.subTest(state=state):
                application = self._bring_to(state)
                response = self._open(application)
                self.assertEqual(response.status_code, 200)
                progress = application._get_progress()
                self.assertIn(application.item_id.name, response.text)
                self.assertIn(application.number_short, response.text)
                self.assertTrue(progress["headline"])
                self.assertTrue(progress["next"])

    def test_nothing_personal(self):
        application = self._submit(
            form={"secret": "geheim-42"},
            agent={"name": "代理人甲", "phone": "13900009999"},
        )
        application.with_user(self.clerk)._do_accept()
        application.with_user(self.reviewer)._do_review("reject", "opinion-43")
        application.with_user(self.decider)._do_decide("deny", "reason-44")
        text = self._open(application).text
        for private in (
            "青云餐饮有限公司",
            "91350100M000100Y43",
            "13812345678",
            "代理人甲",
            "13900009999",
            "geheim-42",
            "opinion-43",
            "reason-44",
            self.reviewer.name,
            self.clerk.name,
        ):
            self.assertNotIn(private, text)

    def test_unknown_tokens_all_get_the_same(self):
        answers = [
            self._get(token) for token in ("x", "A" * 32, "A" * 5000, "%27%20OR%201%3D1", "1")
        ]
        self.assertEqual({answer.status_code for answer in answers}, {404})
        self.assertEqual(len({answer.text for answer in answers}), 1)

    def test_drafts_have_no_page(self):
        draft = self._as(self.clerk, self.env["shenpi.application"]).create(
            {"item_id": self.item.id, "applicant_name": "Draft"}
        )
        self.assertFalse(draft.sudo().progress_token)
        self.assertEqual(self._get("False").status_code, 404)

    def test_not_stored_and_not_indexed(self):
        response = self._open(self._submit())
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        self.assertIn("noindex", response.headers["X-Robots-Tag"])
        self.assertEqual(response.headers["Referrer-Policy"], "no-referrer")
        self.assertNotIn("session_id", response.cookies)
        self.assertLess(len(response.content), 8000, "a phone in a waiting room")

    def test_stages(self):
        stages = self._bring_to("accepted")._get_progress_stages()
        self.assertEqual([s["status"] for s in stages], ["done", "done", "current", "todo"])
        stages = self._bring_to("withdrawn")._get_progress_stages()
        self.assertEqual([s["status"] for s in stages], ["done"])

    def test_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        response = self._open(self._bring_to("correcting"))
        self.assertIn('lang="zh-CN"', response.text)
        self.assertIn("补正", response.text)
