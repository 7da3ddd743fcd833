from datetime import date

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ShenpiCommon


@tagged("post_install", "-at_install")
class TestDeputy(ShenpiCommon):
    """Who stands in for whom, when and for what."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deputy = cls._create_deputy(date_to="2026-06-30")

    @classmethod
    def _create_deputy(cls, **values):
        vals = {
            "principal_id": cls.reviewer2.id,
            "deputy_id": cls.outsider.id,
            "date_from": "2026-06-01",
            "company_id": cls.company.id,
            **values,
        }
        return cls.env["shenpi.deputy"].create(vals)

    def _principals(self, day="2026-06-10", department=None, user=None):
        day = date.fromisoformat(day)
        return self.env["shenpi.deputy"]._principals_of(user or self.outsider, day, department)

    def test_first_and_last_day_count(self):
        self.assertFalse(self._principals("2026-05-31"))
        self.assertEqual(self._principals("2026-06-01"), self.reviewer2)
        self.assertEqual(self._principals("2026-06-30"), self.reviewer2)
        self.assertFalse(self._principals("2026-07-01"))

    def test_until_further_notice(self):
        self.deputy.date_to = False
        self.assertEqual(self._principals("2030-01-01"), self.reviewer2)

    def test_scope_covers_departments_below(self):
        team = self._create_department("Team", parent_id=self.office)
        self.deputy.department_ids = self.office
        self.assertEqual(self._principals(department=team), self.reviewer2)
        self.assertEqual(self._principals(department=self.office), self.reviewer2)
        self.assertFalse(self._principals(department=self.root))
        self.assertFalse(self._principals(department=self.other_office))

    def test_no_scope_covers_the_whole_bureau_only(self):
        self.assertEqual(self._principals(department=self.other_office), self.reviewer2)
        self.assertFalse(self._principals(department=self.district_root))

    def test_not_passed_on(self):
        self._create_deputy(principal_id=self.outsider.id, deputy_id=self.reviewer.id)
        self.assertEqual(self._principals(user=self.reviewer), self.outsider)

    def test_archived_entries_and_people_do_not_count(self):
        self.reviewer2.active = False
        self.assertFalse(self._principals())
        self.reviewer2.active = True
        self.deputy.active = False
        self.assertFalse(self._principals())

    def test_not_oneself(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._create_deputy(deputy_id=self.reviewer2.id)

    def test_dates_in_order(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._create_deputy(date_from="2026-08-02", date_to="2026-08-01")

    def test_no_overlap_of_a_pair(self):
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self._create_deputy(date_from="2026-06-30")
        self._create_deputy(date_from="2026-07-01")
        self._create_deputy(deputy_id=self.reviewer.id)

    def test_an_overlap_made_by_a_change(self):
        second = self._create_deputy(date_from="2026-07-01")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            second.date_from = "2026-06-30"
            self.env.flush_all()

    def test_both_work_at_the_bureau(self):
        with self.assertRaisesRegex(ValidationError, "does not work at"):
            self._create_deputy(deputy_id=self.clerk_b.id)

    def test_staff_read_all_and_enter_their_own(self):
        deputies = self.env["shenpi.deputy"]
        self.assertIn(self.deputy, deputies.with_user(self.clerk).search([]))
        own = deputies.with_user(self.clerk).create(
            {"principal_id": self.clerk.id, "deputy_id": self.clerk2.id}
        )
        own.note = "Leave"
        own.unlink()
        with self.assertRaises(AccessError):
            deputies.with_user(self.clerk).create(
                {"principal_id": self.clerk2.id, "deputy_id": self.clerk.id}
            )
        with self.assertRaises(AccessError):
            self.deputy.with_user(self.clerk).date_to = False

    def test_supervisor_and_bureau_head_enter_any(self):
        for user in (self.supervisor, self.manager):
            self.deputy.with_user(user).note = user.login
        with self.assertRaises(AccessError):
            self.env["shenpi.deputy"].with_user(self.clerk_b).browse(self.deputy.id).read(["note"])

    def test_scope_within_the_bureau(self):
        with self.assertRaises(UserError):
            self.deputy.department_ids = [Command.set(self.district_root.ids)]
