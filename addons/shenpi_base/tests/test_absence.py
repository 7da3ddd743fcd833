from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import NOW, ShenpiCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestAbsence(ShenpiCommon):
    """Who is away, who stands in, and who is told when nobody does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.office.manager_id = cls.decider
        cls.case = cls._bring_to("accepted")
        cls.case.handler_id = cls.reviewer2

    @classmethod
    def _make_absence(cls, user=None, **values):
        vals = {
            "user_id": (user or cls.reviewer2).id,
            "date_from": "2026-06-10",
            "date_to": "2026-06-12",
            "company_id": cls.company.id,
            **values,
        }
        return cls.env["shenpi.absence"].create(vals)

    @classmethod
    def _make_deputy(cls, deputy, principal=None, **values):
        vals = {
            "principal_id": (principal or cls.reviewer2).id,
            "deputy_id": deputy.id,
            "date_from": "2026-06-01",
            "company_id": cls.company.id,
            **values,
        }
        return cls.env["shenpi.deputy"].create(vals)

    def _run(self, cron="cron_absence"):
        with self.enter_registry_test_mode():
            self.env.ref(f"shenpi_base.{cron}").method_direct_trigger()
        self.env.invalidate_all()

    # === Entering === #

    def test_coverage(self):
        absence = self._make_absence()
        self.assertTrue(absence.uncovered)
        entry = self._make_deputy(self.outsider, date_to="2026-06-11")
        absence.invalidate_recordset()
        self.assertEqual(absence.deputy_ids, entry)
        self.assertTrue(absence.uncovered, "nobody on the last day")
        self._make_deputy(self.reviewer, date_from="2026-06-12")
        absence.invalidate_recordset()
        self.assertFalse(absence.uncovered)
        self.assertEqual(
            absence.action_open_deputy()["context"]["default_date_to"], absence.date_to
        )

    def test_no_overlap(self):
        self._make_absence()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self._make_absence(date_from="2026-06-12", date_to="2026-06-20")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self._make_absence(date_from="2026-07-02", date_to="2026-07-01")
        with self.assertRaises(ValidationError):
            self._make_absence(self.clerk_b)
        self._make_absence(date_from="2026-06-13", date_to="2026-06-20")

    def test_who_enters_for_whom(self):
        vals = {"user_id": self.reviewer2.id, "date_from": "2026-06-15", "date_to": "2026-06-15"}
        absences = self.env["shenpi.absence"]
        for user in (self.reviewer2, self.decider, self.manager):
            entry = self._as(user, absences).create(vals)
            entry.note = "Leave"
            entry.unlink()
        entry = absences.create(vals)
        later = {"date_from": "2026-06-20", "date_to": "2026-06-20"}
        for user in (self.clerk, self.outsider, self.supervisor):
            self.assertTrue(self._as(user, entry).reason)
            with self.assertRaises(AccessError):
                self._as(user, entry).note = "Mine"
            with self.assertRaises(AccessError):
                self._as(user, absences).create({**vals, **later})
        with self.assertRaises(AccessError):
            self._as(self.clerk_b, entry).read(["reason"])

    def test_the_head_names_a_deputy_for_his_people(self):
        vals = {"principal_id": self.reviewer2.id, "deputy_id": self.outsider.id}
        deputies = self.env["shenpi.deputy"]
        self.assertTrue(self._as(self.decider, deputies).create(vals))
        with self.assertRaises(AccessError):
            self._as(self.decider, deputies).create({**vals, "principal_id": self.clerk.id})

    def test_the_calendar_shows_both(self):
        absence = self._make_absence()
        entry = self._make_deputy(self.outsider, date_to="2026-06-11")
        calendar = self._as(self.clerk, self.env["shenpi.absence.calendar"])
        shown = calendar.search([("user_id", "=", self.reviewer2.id)])
        self.assertEqual(set(shown.mapped("kind")), {"absence", "deputy"})
        self.assertEqual(
            {(row.kind, row.record_id) for row in shown},
            {("absence", absence.id), ("deputy", entry.id)},
        )
        opened = shown.filtered(lambda row: row.kind == "deputy").action_open_entry()
        self.assertEqual((opened["res_model"], opened["res_id"]), ("shenpi.deputy", entry.id))
        self.assertFalse(self._as(self.clerk_b, shown).search([("id", "in", shown.ids)]))

    # === Who acts === #

    def test_the_deputy_has_the_step_and_both_see_why(self):
        self._make_absence()
        self._make_deputy(self.outsider)
        for user in (self.reviewer2, self.outsider):
            case = self._as(user, self.case)
            self.assertTrue(case.is_mine)
            self.assertRegex(case.absence_note, "t_reviewer2.*away.*t_outsider.*stands in")
        self._as(self.outsider, self.case)._do_review("pass")
        self.assertEqual(self.case.event_ids[-1].for_user_id, self.reviewer2)

    def test_a_deputy_who_is_away_too_is_nobody(self):
        self._make_absence()
        self._make_deputy(self.outsider)
        self._make_absence(self.outsider)
        self.assertIn("nobody stands in", self.case.absence_note)

    def test_only_on_the_days(self):
        absence = self._make_absence()
        self.assertTrue(self.case.absence_note)
        with freeze_time("2026-06-13 02:00:00"):
            self.case.invalidate_recordset()
            self.assertFalse(self.case.absence_note)
        absence.date_from = "2026-06-11"
        self.case.invalidate_recordset()
        self.assertFalse(self.case.absence_note)

    def test_a_deputy_of_another_department_does_not_count(self):
        self._make_absence()
        team = self._create_department("Team", parent_id=self.root, user_ids=self.reviewer2)
        self._make_deputy(self.outsider, department_ids=[(6, 0, team.ids)])
        self.assertIn("nobody stands in", self.case.absence_note)

    # === Nobody there === #

    def test_the_head_is_told_once_per_step_and_absence(self):
        other = self._bring_to("accepted")
        other.handler_id = self.reviewer2
        absence = self._make_absence()
        for _turn in range(2):
            self._run()
        self.assertEqual(absence.notice_ids.application_id, self.case | other)
        self.assertEqual(absence.activity_ids.user_id, self.decider)
        self.assertIn("2 steps", absence.activity_ids.summary)
        absence.activity_ids.action_feedback()
        self._run()
        self.assertFalse(absence.activity_ids, "he has been told")

    def test_told_at_the_hand_over(self):
        absence = self._make_absence()
        fresh = self._bring_to("accepted")
        self.assertFalse(absence.notice_ids.filtered(lambda n: n.application_id == fresh))
        fresh.with_user(self.decider)._do_assign(self.reviewer2)
        self.assertEqual(absence.notice_ids.application_id, fresh)
        self.assertEqual(absence.activity_ids.user_id, self.decider)
        self._run()
        self.assertEqual(len(absence.notice_ids), 2, "the one that was in hand before")

    def test_told_when_the_chain_begins_with_somebody_who_is_away(self):
        item = self._create_item(published=False)
        item.step_ids[0].write({"assign": "person", "user_id": self.reviewer2.id})
        item.sudo().write({"state": "published", "valid_from": "2024-01-01"})
        absence = self._make_absence()
        fresh = self._bring_to("accepted", item_code=item.code)
        self.assertEqual(absence.notice_ids.application_id, fresh)

    def test_a_present_deputy_spares_the_head(self):
        absence = self._make_absence()
        self._make_deputy(self.outsider)
        self._run()
        self.assertFalse(absence.notice_ids)
        self._make_absence(self.outsider)
        self._run()
        self.assertEqual(absence.notice_ids.application_id, self.case)

    def test_the_key_refuses_a_second_notice(self):
        absence = self._make_absence()
        self._run()
        notice = absence.notice_ids
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            notice.copy()

    def test_an_absent_head_is_passed_by(self):
        self._make_absence(self.decider)
        absence = self._make_absence()
        self._run()
        self.assertIn(self.manager, absence.activity_ids.user_id)
        self.assertNotIn(self.decider, absence.activity_ids.user_id)

    # === Reminders === #

    def test_the_ladder_tells_who_stands_in(self):
        self._make_absence(date_to="2026-07-30")
        people = self.case._get_ladder_people
        self.assertFalse(people("handler"))
        self._make_deputy(self.outsider)
        self.assertEqual(people("handler"), self.outsider)
        self.assertEqual(people("head"), self.decider)
