from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import ShenpiCommon


@tagged("post_install", "-at_install")
class TestApplicationApi(ShenpiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.api = cls.env["shenpi.application"].with_user(cls.integrator)

    def test_submit_answer(self):
        answer = self.api.api_submit(self._prepare_payload(materials=[{"code": "M01"}]))
        self.assertEqual(
            {key: answer[key] for key in answer if key != "number"},
            {
                "state": "received",
                "missing": ["M02"],
                "duplicate": False,
                "correction_due_date": "2026-06-17",
            },
        )

    def test_same_call_again(self):
        payload = self._prepare_payload()
        first = self.api.api_submit(payload)
        again = self.api.api_submit(payload)
        self.assertEqual(again, dict(first, duplicate=True))
        with self.assertRaisesRegex(ValidationError, "client_ref"):
            self.api.api_submit(dict(payload, channel="web"))
        other = self.env["shenpi.application"].with_user(self.clerk).api_submit(payload)
        self.assertNotEqual(other["number"], first["number"], "client_ref is unique per caller")

    def test_bad_payloads(self):
        """Each is refused with the name of its field, and nothing is left behind."""
        file = {"code": "M01", "filename": "a.pdf"}
        cases = {
            "client_ref": {"client_ref": ""},
            "item_code: there is no": {"item_code": "x"},
            "channel": {"channel": "pigeon"},
            "applicant: is required": {"applicant": None},
            "applicant.name": {"applicant": {"kind": "person"}},
            "colour: unknown": {"colour": "red"},
            r"materials\[0\].code: M99": {"materials": [{"code": "M99"}]},
            r"materials\[1\].code: M01 appears twice": {"materials": [{"code": "M01"}] * 2},
            r"materials\[M01\].content: the file is empty": {"materials": [dict(file, content="")]},
            r"materials\[M01\].content: not valid": {"materials": [dict(file, content="###")]},
            "at: must be an ISO": {"at": "2026-06-08T10:00:00"},
            "at: .* future": {"at": "2026-06-12T10:00:00+08:00"},
            "at: .* came into force": {"at": "2023-06-12T10:00:00+08:00"},
            "materials: must be a list": {"materials": "M01"},
        }
        count = self.env["shenpi.application"].search_count([])
        for words, values in cases.items():
            with (
                self.subTest(words=words),
                self.assertRaisesRegex(ValidationError, words),
                self.env.cr.savepoint(),
            ):
                self.api.api_submit(self._prepare_payload(**values))
        self.assertEqual(self.env["shenpi.application"].search_count([]), count)

    def test_at_is_for_integrators_and_managers(self):
        clerk = self.env["shenpi.application"].with_user(self.clerk)
        with self.assertRaises(AccessError):
            clerk.api_submit(self._prepare_payload(at="2026-06-08T10:00:00+08:00"))

    def test_who_may_call(self):
        for user in (self.reviewer, self.decider, self.supervisor, self.inspector, self.stranger):
            with self.assertRaises(AccessError):
                self.env["shenpi.application"].with_user(user).api_submit(self._prepare_payload())

    def test_unknown_and_invisible_numbers_answer_alike(self):
        number = self._submit().number
        for user, tried in (
            (self.clerk, "nothing"),
            (self.outsider, number),
            (self.clerk_b, number),
        ):
            with self.assertRaisesRegex(UserError, "number: there is no application"):
                self._as(user, self.env["shenpi.application"]).api_status(tried)

    def test_no_absent_values_inside(self):
        def walk(value):
            self.assertIsNotNone(value)
            for inner in value.values() if isinstance(value, dict) else value:
                if isinstance(inner, dict | list):
                    walk(inner)
                self.assertIsNotNone(inner)

        for state in ("received", "correcting", "accepted", "deciding", "granted", "denied"):
            walk(self.api.api_status(self._bring_to(state).number))

    def test_file_of_a_material_is_read_with_the_case(self):
        entry = {"code": "M01", "filename": "a.txt", "content": "aGVsbG8="}
        application = self._submit(materials=[entry])
        file = application.material_ids[0].attachment_ids
        self.assertEqual((file.name, file.raw), ("a.txt", b"hello"))
        self.assertEqual(file.with_user(self.reviewer2).raw, b"hello")
        for user in (self.outsider, self.clerk_b, self.stranger):
            with self.assertRaises(AccessError):
                self._as(user, file).read(["raw"])
            self.assertFalse(self._as(user, file).search([("id", "=", file.id)]))

    def test_errors_in_the_language_of_the_account(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(["shenpi_base"], ["zh_CN"])
        self.integrator.lang = "zh_CN"
        api = self.api.with_context(lang=None)
        with self.assertRaisesRegex(ValidationError, "item_code.*[\u4e00-\u9fff]"):
            api.api_submit({"client_ref": "x"})
        with self.assertRaisesRegex(ValidationError, "item_code: is required"):
            api.with_context(lang="en_US").api_submit({"client_ref": "x"})
