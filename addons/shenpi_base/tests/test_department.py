from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ShenpiCommon


@tagged("post_install", "-at_install")
class TestDepartment(ShenpiCommon):
    """The tree of a bureau and who sees the cases of its departments."""

    def test_members_see_their_department_and_below(self):
        self.assertIn(self.reviewer, self.office.visible_user_ids, "a member of the root")
        self.assertIn(self.reviewer2, self.office.visible_user_ids)
        self.assertNotIn(self.outsider, self.office.visible_user_ids)
        self.assertNotIn(self.reviewer2, self.root.visible_user_ids)

    def test_visibility_follows_members_and_parent(self):
        below = self._create_department("Team", parent_id=self.office)
        self.assertIn(self.reviewer2, below.visible_user_ids)
        self.office.user_ids = [Command.link(self.clerk2.id)]
        self.assertIn(self.clerk2, below.visible_user_ids)
        self.office.user_ids = [Command.unlink(self.reviewer2.id)]
        self.assertNotIn(self.reviewer2, below.visible_user_ids)
        below.parent_id = self.other_office
        self.assertIn(self.outsider, below.visible_user_ids)
        self.assertNotIn(self.clerk2, below.visible_user_ids)

    def test_visibility_follows_the_user_form(self):
        self.clerk2.shenpi_department_ids = [Command.link(self.office.id)]
        self.assertIn(self.clerk2, self.office.visible_user_ids)
        self.clerk2.shenpi_department_ids = [Command.clear()]
        self.assertNotIn(self.clerk2, self.office.visible_user_ids)

    def test_who_comes_back_sees_his_cases_again(self):
        self.reviewer2.active = False
        self.office.user_ids = [Command.link(self.clerk2.id)]
        self.reviewer2.active = True
        self.assertIn(self.reviewer2, self.office.visible_user_ids)

    def test_no_cycle(self):
        with self.assertRaises(UserError):
            self.root.parent_id = self.office

    def test_one_tree_one_bureau(self):
        with self.assertRaises(UserError):
            self._create_department("Stray", company_id=self.district, parent_id=self.root)
        with self.assertRaises(UserError):
            self.root.company_id = self.district

    def test_code_is_unique_in_the_bureau(self):
        self.office.code = "L"
        self.district_root.code = "L"
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.other_office.code = "L"
            self.env.flush_all()

    def test_complete_name(self):
        self.assertEqual(self.office.complete_name, "Bureau / Licences")
        self.root.name = "City bureau"
        self.assertEqual(self.office.complete_name, "City bureau / Licences")

    def test_staff_read_their_bureau_only(self):
        found = self.env["shenpi.department"].with_user(self.clerk).search([])
        self.assertIn(self.office, found)
        self.assertNotIn(self.district_root, found)
        with self.assertRaises(AccessError):
            self.env["shenpi.department"].with_user(self.stranger).search([])

    def test_only_the_bureau_head_edits(self):
        self.office.with_user(self.manager).name = "Licensing"
        for user in (self.clerk, self.supervisor, self.integrator):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.office.with_user(user).name = "Mine"

    def test_window_of_the_bureau(self):
        with self.assertRaises(ValidationError):
            self.company.shenpi_window_id = self.office

    def test_bureau_code(self):
        with self.assertRaisesRegex(ValidationError, "Bureau code"):
            self.company.shenpi_uscc = "113702002AB2855910"
