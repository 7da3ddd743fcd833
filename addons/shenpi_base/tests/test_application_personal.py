from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import ShenpiCommon

NUMBER, MASKED = "91350100M000100Y43", "9135**********0Y43"


@tagged("post_install", "-at_install")
class TestApplicationPersonal(ShenpiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.application = cls._bring_to("accepted")

    def _read(self, user):
        application = self.application.with_user(user)
        application.invalidate_recordset()
        return application.applicant_id_number, application.applicant_phone

    def test_clear_for_those_with_a_part_in_the_case(self):
        for user in (self.clerk, self.reviewer, self.reviewer2):
            self.assertEqual(self._read(user), (NUMBER, "13812345678"), user.login)

    def test_masked_for_everybody_else(self):
        for user in (self.clerk2, self.supervisor, self.manager, self.integrator, self.decider):
            self.assertEqual(self._read(user), (MASKED, "138****5678"), user.login)

    def test_raw_fields_are_nobodys(self):
        for user in self.users.values():
            application = self.application.with_user(user)
            for name in ("applicant_id_number_raw", "applicant_phone_raw", "progress_token"):
                with self.assertRaises(AccessError):
                    application.read([name])
                with self.assertRaises(AccessError):
                    application.search([(name, "=like", "9%")])
                with self.assertRaises(AccessError):
                    application.formatted_read_group([], [name], ["__count"])

    def test_found_by_whole_numbers_only(self):
        applications = self.env["shenpi.application"].with_user(self.manager)
        for field, value, found in (
            ("applicant_id_number", NUMBER, True),
            ("applicant_id_number", NUMBER.lower(), True),
            ("applicant_id_number", NUMBER[:-1], False),
            ("applicant_phone", "13812345678", True),
            ("applicant_phone", "5678", True),
            ("applicant_phone", "678", False),
        ):
            domain = [(field, "ilike", value), ("id", "=", self.application.id)]
            self.assertEqual(bool(applications.search(domain)), found, value)

    def test_export_is_masked(self):
        self.supervisor.group_ids += self.env.ref("base.group_allow_export")
        rows = self.application.with_user(self.supervisor).export_data(["applicant_id_number"])
        self.assertEqual(rows["datas"], [[MASKED]])

    def test_wrong_numbers(self):
        for kind, number, words in (
            ("uscc", "91350100M000100Y44", "check digit"),
            ("uscc", "9135", "18 characters"),
            ("ric", "110105194912310021", "check digit"),
            ("ric", "11010520991231002X", "."),
        ):
            applicant = {"kind": "person", "name": "A", "id_type": kind, "id_number": number}
            with self.assertRaisesRegex(ValidationError, f"applicant.id_number.*{words}"):
                self._submit(applicant=applicant)

    def test_form_writes_and_keeps(self):
        draft = (
            self.env["shenpi.application"]
            .with_user(self.clerk)
            .create(
                {
                    "item_id": self.item.id,
                    "applicant_name": "A",
                    "applicant_id_number": " 91350100m000100y43",
                    "applicant_phone": "13800001111",
                }
            )
        )
        draft.invalidate_recordset()
        self.assertEqual(draft.applicant_id_number, NUMBER)
        draft.applicant_phone = "13800002222"
        draft._do_receive()
        with self.assertRaisesRegex(Exception, "stays as filed"):
            draft.applicant_phone = "13800003333"

    def test_other_departments_and_bureaus_see_nothing(self):
        for user in (self.outsider, self.clerk_b):
            self.assertFalse(self._as(user, self.env["shenpi.application"]).search([]))
            with self.assertRaises(AccessError):
                self._as(user, self.application).read(["applicant_name"])
            for rows in (
                self.application.event_ids,
                self.application.clock_ids,
                self.application.material_ids,
                self.application.step_ids,
            ):
                self.assertFalse(self._as(user, rows).search([("id", "in", rows.ids)]))
        with self.assertRaises(AccessError):
            self.env["shenpi.application"].with_user(self.stranger).search([])
