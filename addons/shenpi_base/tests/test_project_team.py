from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import NOW
from .project_service_common import ProjectServiceCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestProjectTeam(ProjectServiceCommon):
    """The team of a key project, and the contacts that it writes down."""

    def _sees(self, user):
        return bool(
            self._as(user, self.env["project.project"]).search([("id", "=", self.project.id)])
        )

    def test_the_team_sees_the_project_while_it_is_the_team(self):
        self.assertFalse(self._sees(self.outsider))
        member = self._add_member("liaison", self.outsider, date_to="2026-06-10")
        self.assertTrue(self._sees(self.outsider))
        self.assertEqual(self._as(self.outsider, self.permit).name, "Construction permit")
        self.assertTrue(self._as(self.outsider, member).has_access("read"))
        with freeze_time("2026-06-11 02:00:00"):
            self.assertFalse(self._sees(self.outsider))

    def test_a_deputy_sees_it_too_and_is_told(self):
        self._add_member("captain", self.decider)
        period = {"date_from": "2026-06-01", "date_to": "2026-06-30", "company_id": self.company.id}
        self.env["shenpi.deputy"].create(
            {"principal_id": self.decider.id, "deputy_id": self.outsider.id, **period}
        )
        self.assertTrue(self._sees(self.outsider))
        self.env["shenpi.absence"].create({"user_id": self.decider.id, **period})
        member = self.project.member_ids
        self.assertTrue(member.is_away)
        self.assertEqual(member.stand_in_ids, self.outsider)
        blocker = self._make_blocker("raised")
        self.assertEqual(blocker._get_ladder_people("captain"), self.outsider)

    def test_one_first_contact(self):
        self._add_member("navigator", self.navigator, is_first_contact=True)
        self.assertEqual(self.project.first_contact_id.user_id, self.navigator)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self._add_member("liaison", self.reviewer, is_first_contact=True)

    def test_colleagues_are_of_the_bureau(self):
        with self.assertRaisesRegex(ValidationError, "does not work at"):
            self._add_member("liaison", self.clerk_b)

    def test_phones_are_masked_for_those_outside_the_team(self):
        member = self._add_member("investor", name="王总", phone="13812345678")
        member.invalidate_recordset()
        self.assertEqual(self._as(self.navigator, member).phone, "13812345678")
        self.assertEqual(self._as(self.manager, member).phone, "138****5678")
        with self.assertRaises(AccessError):
            self._as(self.manager, member).read(["phone_raw"])
        with self.assertRaisesRegex(ValidationError, "phone"):
            self._add_member("investor", name="李总", phone="call me")

    def test_who_keeps_the_team(self):
        members = self.env["shenpi.project.member"]
        vals = {"project_id": self.project.id, "role": "liaison", "user_id": self.outsider.id}
        for user in (self.reviewer2, self.outsider):
            with self.assertRaises(AccessError):
                self._as(user, members).create(vals)
        self._as(self.navigator, members).create(vals)

    # === Contacts === #

    def _contact(self, user, **values):
        vals = {
            "project_id": self.project.id,
            "content": "Asked for the red line map.",
            **(values if "member_id" in values else {"with_whom": "王总", **values}),
        }
        return self._as(user, self.env["shenpi.project.contact"]).create(vals)

    def test_the_last_contact(self):
        self.assertFalse(self.project.last_contact_date)
        self._contact(self.navigator, happened_at="2026-05-20 02:00:00")
        self._contact(self.navigator, happened_at="2026-05-18 02:00:00")
        self.assertEqual(str(self.project.last_contact_date), "2026-05-20")
        quiet = [("last_contact_date", "<", "today -14d"), ("id", "=", self.project.id)]
        self.assertTrue(self.project.search(quiet))
        self._contact(self.navigator)
        self.assertFalse(self.project.search(quiet))

    def test_what_somebody_wrote_is_his(self):
        contact = self._contact(self.navigator)
        colleague = self._as(self.reviewer2, contact)
        self.assertEqual(colleague.content, "Asked for the red line map.")
        with self.assertRaises(AccessError):
            colleague.content = "Nothing."
        with self.assertRaises(AccessError):
            self._contact(self.outsider)
        with self.assertRaises(AccessError):
            self._as(self.clerk_b, contact).read(["content"])

    def test_a_contact_with_a_member_bears_his_name(self):
        member = self._add_member("investor", name="王总", organisation="海天酒店")
        contact = self._contact(self.navigator, member_id=member.id)
        self.assertEqual(contact.with_whom, "海天酒店 王总")
