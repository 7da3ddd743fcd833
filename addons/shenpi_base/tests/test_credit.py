from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import ShenpiCommon

NUMBER, MASKED, OTHER = "91350100M000100Y43", "9135**********0Y43", "E12345678"


@tagged("post_install", "-at_install")
class TestCredit(ShenpiCommon):
    """Who is believed, and until when."""

    def _enter(self, user=None, **values):
        vals = {
            "subject_name": "青云餐饮有限公司",
            "id_number": NUMBER,
            "grade": "C",
            "source": "Credit platform",
            **values,
        }
        return self._as(user or self.supervisor, self.env["shenpi.credit"]).create(vals)

    def _grades(self, *numbers):
        return self.env["shenpi.credit"]._get_grades(numbers)

    def _barred(self, kind, *numbers):
        credits = self.env["shenpi.credit"].with_company(self.company)
        return credits._get_barred(numbers or (NUMBER,), kind)

    def test_only_those_with_a_record_have_a_grade(self):
        self._enter()
        self.assertEqual(self._grades(NUMBER, OTHER, ""), {NUMBER: "C"})
        self.assertEqual(self._grades(), {})

    def test_numbers_are_known_as_typed(self):
        self._enter(id_number=" 91350100m000100y43")
        self.assertEqual(self._grades("９１350100m000100Y43"), {"９１350100m000100Y43": "C"})

    def test_first_and_last_day_count(self):
        self._enter(valid_from="2026-06-10", valid_to="2026-06-10")
        self.assertEqual(self._grades(NUMBER), {NUMBER: "C"})
        self._enter(id_number=OTHER, valid_from="2026-06-11")
        self._enter(id_number=OTHER, valid_from="2026-06-01", valid_to="2026-06-09")
        self.assertFalse(self._grades(OTHER))

    def test_the_worst_counts(self):
        for grade in ("B", "D", "A"):
            self._enter(grade=grade)
        self.assertEqual(self._grades(NUMBER), {NUMBER: "D"})

    def test_one_query_for_many(self):
        self._enter()
        self.env.flush_all()
        numbers = [NUMBER, *(f"E{n:08}" for n in range(500))]
        with self.assertQueryCount(1):
            self.env["shenpi.credit"]._get_grades(numbers)

    def test_counts_in_every_bureau(self):
        self._enter()
        credits = self.env["shenpi.credit"].with_company(self.district)
        self.assertEqual(credits._get_barred({NUMBER}, "deferral"), {NUMBER})

    # === What bars === #

    def test_grades_bar_as_the_bureau_says(self):
        self._enter()
        self.assertEqual(self._barred("deferral", NUMBER, OTHER), {NUMBER})
        self.assertFalse(self._barred("commitment"))
        self.company.shenpi_deferral_barred_from = "D"
        self.company.shenpi_commitment_barred_from = "B"
        self.assertFalse(self._barred("deferral"))
        self.assertEqual(self._barred("commitment"), {NUMBER})

    def test_a_breach_bars_until_repaired(self):
        self.company.shenpi_deferral_barred_from = False
        self.company.shenpi_broken_promise_grade = "B"
        case = self._submit()
        credit = self.env["shenpi.credit"]._record_breach(case, "broken_promise", "Late.")
        self.assertEqual((credit.grade, credit.application_id), ("B", case))
        for kind in ("deferral", "commitment"):
            self.assertEqual(self._barred(kind), {NUMBER}, kind)
        credit.with_user(self.supervisor)._do_repair("Supplied it and paid the fine.")
        self.assertFalse(self._barred("deferral") | self._barred("commitment"))

    # === Who, and that nothing is changed === #

    def test_who_enters_and_reads(self):
        for user in (self.supervisor, self.manager, self.integrator):
            self.assertEqual(self._enter(user).with_user(user).grade, "C")
        credit = self._enter()
        for user in (self.clerk, self.reviewer, self.decider, self.stranger):
            with self.assertRaises(AccessError):
                self._enter(user)
            with self.assertRaises(AccessError):
                self._as(user, credit).read(["grade"])
        self.assertFalse(
            self._as(
                self._create_user("t_far", "supervisor", self.district), self.env["shenpi.credit"]
            ).search([])
        )

    def test_never_changed_nor_deleted(self):
        credit = self._enter()
        for user in (self.supervisor, self.manager, self.integrator):
            for vals in ({"grade": "A"}, {"valid_to": "2026-06-30"}, {"repaired_on": "2026-06-10"}):
                with self.assertRaises(AccessError):
                    self._as(user, credit).write(vals)
            with self.assertRaises(AccessError):
                self._as(user, credit).unlink()
        with self.assertRaisesRegex(AccessError, "never deleted"):
            credit.sudo().unlink()
        with self.assertRaises(AccessError):
            self._enter(repaired_on="2026-06-10")

    def test_number_is_masked_and_nobodys(self):
        credit = self._enter()
        self.assertEqual(credit.id_number, NUMBER)
        self.assertEqual(self._as(self.manager, credit).id_number, MASKED)
        managers = self._as(self.manager, self.env["shenpi.credit"])
        self.assertEqual(managers.search([("id_number", "=", NUMBER.lower())]), credit)
        self.assertFalse(managers.search([("id_number", "ilike", NUMBER[:-1])]))
        with self.assertRaises(AccessError):
            managers.search([("id_number_raw", "=like", "9%")])

    def test_what_is_wrong_is_named(self):
        with self.assertRaisesRegex(ValidationError, "id_number"):
            self._enter(id_number="")
        with self.assertRaisesRegex(ValidationError, "id_number"):
            self._enter(id_number="12")
        with self.assertRaisesRegex(ValidationError, "Applicant"):
            self._enter(subject_name=" ")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self._enter(valid_from="2026-06-10", valid_to="2026-06-09")

    # === Repair === #

    def test_repair(self):
        credit = self._enter()
        with Form(
            self._as(self.manager, self.env["shenpi.credit.wizard"]).with_context(
                default_credit_id=credit.id
            )
        ) as form:
            form.reason = "The fine was paid."
        form.record.action_confirm()
        self.assertRecordValues(
            credit,
            [
                {
                    "status": "repaired",
                    "repaired_on": fields.Date.to_date("2026-06-10"),
                    "repaired_by_id": self.manager.id,
                    "repair_reason": "The fine was paid.",
                }
            ],
        )
        self.assertFalse(self._grades(NUMBER))

    def test_repair_refused(self):
        credit = self._enter(valid_from="2026-06-01")
        for user in (self.integrator, self.clerk):
            with self.assertRaises(AccessError):
                self._as(user, credit)._do_repair("Paid.")
        supervised = self._as(self.supervisor, credit)
        with self.assertRaisesRegex(ValidationError, "reason"):
            supervised._do_repair(" ")
        for day in ("2026-05-31", "2026-06-11"):
            with self.assertRaisesRegex(ValidationError, "repaired_on"):
                supervised._do_repair("Paid.", fields.Date.to_date(day))
        supervised._do_repair("Paid.")
        with self.assertRaisesRegex(UserError, "already"):
            supervised._do_repair("Paid.")

    def test_status_is_searched(self):
        credits = {
            "current": self._enter(),
            "future": self._enter(valid_from="2026-07-01"),
            "past": self._enter(valid_from="2026-01-01", valid_to="2026-06-09"),
            "repaired": self._enter(),
        }
        credits["repaired"]._do_repair("Paid.")
        for status, credit in credits.items():
            self.assertEqual(credit.status, status)
            self.assertEqual(credit.search([("status", "=", status)]), credit)
