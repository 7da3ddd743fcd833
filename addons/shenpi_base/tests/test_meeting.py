from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from ..tools.localtime import local_date
from .common import NOW
from .project_service_common import ProjectServiceCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestMeeting(ProjectServiceCommon):
    """Meetings: in the calendar without a word of what is said, decisions that are carried out."""

    def _meeting(self, user=None, decisions=(), **values):
        vals = {
            "name": "Access road of the hotel",
            "kind": "coordination",
            "project_id": self.project.id,
            "date_start": "2026-06-10 01:00:00",
            "date_stop": "2026-06-10 02:00:00",
            "attendee_ids": [Command.set((self.reviewer2 | self.navigator).ids)],
            "minutes": "<p>The road is to be opened by Friday.</p>",
            "decision_ids": [Command.create(decision) for decision in decisions],
            **values,
        }
        return self._as(user or self.navigator, self.env["shenpi.meeting"]).create(vals)

    def _decision(self, **values):
        return {
            "matter": "Open the road",
            "kind": "blocker",
            "user_id": self.reviewer2.id,
            "due_date": "2026-06-12",
            **values,
        }

    def test_the_calendar_tells_nothing_of_it(self):
        meeting = self._meeting()
        event = meeting.event_id
        self.assertEqual(event.privacy, "private")
        self.assertEqual(event.partner_ids, (self.reviewer2 | self.navigator).partner_id)
        told = str(event.sudo().read()[0])
        for secret in ("hotel", "Friday", self.project.name):
            self.assertNotIn(secret, told)
        meeting.date_stop = "2026-06-10 03:00:00"
        self.assertEqual(str(event.stop), "2026-06-10 03:00:00")
        meeting.unlink()
        self.assertFalse(event.exists())

    def test_minutes_outlive_the_calendar(self):
        meeting = self._meeting()
        meeting.sudo().event_id.unlink()
        self.assertIn("Friday", meeting.minutes)

    def test_decisions_are_carried_out_in_one_step(self):
        decisions = (
            self._decision(),
            self._decision(matter="Fetch the map", kind="to_do", user_id=self.navigator.id),
            {"matter": "All agree", "kind": "note"},
        )
        meeting = self._meeting(decisions=decisions)
        meeting.action_close()
        blocker = meeting.decision_ids[0].blocker_id
        self.assertEqual((blocker.state, blocker.user_id), ("raised", self.reviewer2))
        self.assertEqual(str(blocker.due_date), "2026-06-12")
        self.assertEqual(blocker.department_id, self.office)
        to_do = meeting.decision_ids[1].to_do_id
        self.assertEqual(self.project.to_do_ids, to_do)
        self.assertEqual((to_do.user_ids, to_do.name), (self.navigator, "Fetch the map"))
        self.assertEqual(local_date(to_do.date_deadline), date(2026, 6, 12))
        activity = to_do.activity_ids
        self.assertEqual(activity.user_id, self.navigator)
        self.assertEqual(activity.date_deadline, date(2026, 6, 12))
        with self.assertRaisesRegex(UserError, "stay as they are"):
            meeting.minutes = "<p>Otherwise.</p>"
        with self.assertRaisesRegex(UserError, "stay as they are"):
            meeting.decision_ids[2].unlink()
        with self.assertRaisesRegex(UserError, "stay as they are"):
            meeting.action_close()

    def test_nobody_points_to_a_project_he_does_not_see(self):
        hidden = self._create_project(
            "Secret",
            department_id=self.district_root.id,
            company_id=self.district.id,
            user_id=False,
        )
        with self.assertRaises(AccessError):
            self._meeting(project_id=False, decisions=[self._decision(project_id=hidden.id)])

    def test_what_a_decision_needs(self):
        for lacking in ({"user_id": False}, {"due_date": False}, {"due_date": "2026-06-09"}):
            meeting = self._meeting(decisions=[self._decision(**lacking)])
            with self.assertRaisesRegex(ValidationError, "Open the road"):
                meeting.action_close()
            self.assertEqual(meeting.state, "planned")
        self.assertFalse(self.project.blocker_ids)

    def test_what_has_not_taken_place_is_not_closed(self):
        later = {"date_start": "2026-06-11 01:00:00", "date_stop": "2026-06-11 02:00:00"}
        with self.assertRaisesRegex(UserError, "not taken place"):
            self._meeting(**later).action_close()
        with self.assertRaisesRegex(UserError, "write the minutes"):
            self._meeting(minutes=False).action_close()

    def test_who_reads_and_writes_minutes(self):
        meeting = self._meeting(attendee_ids=[Command.set(self.outsider.ids)])
        self.assertIn("Friday", self._as(self.outsider, meeting).minutes)
        self.assertTrue(self._as(self.supervisor, meeting).has_access("read"))
        with self.assertRaises(AccessError):
            self._as(self.outsider, meeting).minutes = "<p>Nothing.</p>"
        for user in (self.clerk2, self.clerk_b):
            self.assertFalse(self._as(user, meeting).has_access("read"), user.login)
        with self.assertRaises(AccessError):
            self._meeting(user=self.reviewer2)
