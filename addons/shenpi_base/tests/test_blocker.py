from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from ..models.shenpi_blocker_flow import TRANSITIONS
from .common import NOW, ROLES
from .project_service_common import ProjectServiceCommon

OWNER = "owner"
PARTS = {
    "supervisor": "leads",
    "manager": "leads",
    "navigator": "checkers",
    "owner": OWNER,
    "captain": "captain",
}
# What each may do, by state; nobody else may do anything but raise a draft.
EXPECTED = {
    "draft": {
        "leads": "raise",
        "checkers": "raise",
        OWNER: "raise",
        "captain": "raise",
        "staff": "raise",
    },
    "raised": {"leads": "reassign postpone drop", OWNER: "answer", "captain": "answer"},
    "answered": {"leads": "send_back strike_off drop", "checkers": "send_back strike_off"},
    "struck_off": {"leads": "reopen", "checkers": "reopen"},
    "dropped": {},
}


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestBlocker(ProjectServiceCommon):
    """Blockers: who may do what, what is due when, who sees them, how they climb."""

    def test_every_state_role_and_action(self):
        self._add_member("captain", self.inspector)
        people = {role: self.users[role] for role in ROLES if role != "inspector"}
        people |= {OWNER: self.reviewer2, "captain": self.inspector, "outsider": self.outsider}
        for state, expected in EXPECTED.items():
            for role, user in people.items():
                wanted = expected.get(PARTS.get(role, "staff"), "")
                blocker = self._as(user, self._make_blocker(state))
                allowed = set(wanted.split()) if blocker.has_access("read") else set()
                if blocker.has_access("read"):
                    self.assertEqual(blocker._get_allowed_actions(), allowed, (role, state))
                for action in TRANSITIONS:
                    with self.subTest(state=state, role=role, action=action):
                        self._try(blocker, action, action in allowed)

    def _try(self, blocker, action, allowed):
        savepoint = self.env.cr.savepoint(flush=True)
        events = len(blocker.sudo().event_ids)
        if allowed:
            values = {"number": f"T{next(self.serial)}"} if action == "raise" else None
            blocker._transition(action, values=values, days=1)
            target = TRANSITIONS[action].target
            self.assertEqual(blocker.sudo().state, target or "raised")
            self.assertEqual(len(blocker.sudo().event_ids), events + 1)
        else:
            with self.assertRaises(UserError):
                blocker._transition(action)
        savepoint.close(rollback=True)
        self.env.invalidate_all()

    def test_the_whole_way_and_back(self):
        blocker = self._make_blocker("struck_off")
        for action in ("reopen", "answer", "send_back", "postpone", "answer", "strike_off"):
            self._go(blocker, action)
        self.assertEqual(blocker.state, "struck_off")
        self.assertEqual(blocker.reopen_count, 1)
        self.assertEqual(blocker.light, "none")
        self.assertFalse(self.env["shenpi.event"]._get_broken(blocker))
        self.assertEqual(blocker.struck_off_by_id, self.navigator)

    def test_it_is_due_in_working_days(self):
        with freeze_time("2026-06-12 02:00:00"):  # a Friday
            blocker = self._make_blocker("raised", due_days=2)
        self.assertEqual(blocker.due_date, fields.Date.to_date("2026-06-16"))
        lights = {"2026-06-12": "green", "2026-06-15": "yellow", "2026-06-17": "red"}
        for day, light in lights.items():
            with freeze_time(f"{day} 02:00:00"):
                blocker.invalidate_recordset(["light"])
                self.assertEqual(blocker.light, light)
                self.assertIn(blocker, blocker.search([("light", "=", light)]))

    def test_nobody_strikes_off_what_he_is_to_clear(self):
        blocker = self._make_blocker("raised", user_id=self.navigator.id)
        own = blocker.with_user(self.navigator)
        own._do_answer("Done.")
        with self.assertRaisesRegex(AccessError, "to clear himself"):
            own._do_strike_off("Done indeed.")
        blocker.with_user(self.supervisor)._do_strike_off("Seen.")
        self.assertEqual(blocker.days_open, 0)

    def test_reasons_are_given_in_writing(self):
        blocker = self._make_blocker("answered")
        checker = blocker.with_user(self.navigator)
        for ask in (
            lambda: checker._do_send_back(" ", 1),
            lambda: checker._do_send_back("No.", 0),
            lambda: checker._do_strike_off(""),
            lambda: blocker.with_user(self.supervisor)._do_drop(False),
        ):
            with self.assertRaises(ValidationError):
                ask()

    def test_once_raised_it_stays_as_it_is(self):
        blocker = self._make_blocker("raised").with_user(self.navigator)
        with self.assertRaisesRegex(UserError, "stays as it is"):
            blocker.matter = "Another matter"
        with self.assertRaises(AccessError):
            blocker.due_date = "2026-12-31"
        with self.assertRaisesRegex(UserError, "dropped, not deleted"):
            blocker.unlink()
        self._make_blocker().with_user(self.navigator).unlink()

    def test_another_owner_is_told(self):
        blocker = self._make_blocker("raised")
        self.assertEqual(blocker.activity_ids.user_id, self.reviewer2)
        self._go(blocker, "reassign")
        self.assertEqual(blocker.activity_ids.user_id, self.reviewer)
        self.assertEqual(blocker.due_date, fields.Date.to_date("2026-06-12"))
        self.assertEqual(blocker.event_ids[-1].data["before"]["owner"], self.reviewer2.id)

    def test_the_owner_sees_it_though_not_the_project(self):
        blocker = self._make_blocker("raised", user_id=self.outsider.id)
        theirs = self._as(self.outsider, blocker)
        self.assertFalse(self._as(self.outsider, self.project).has_access("read"))
        theirs._do_answer("Done.")
        stranger = self._as(self.clerk_b, blocker)
        with self.assertRaises(AccessError):
            stranger.read(["matter"])
        self.assertFalse(stranger.search([("id", "=", blocker.id)]))

    def test_the_ledger(self):
        for state in ("raised", "struck_off", "struck_off", "dropped", "draft"):
            self._make_blocker(state)
        domain = [("project_id", "=", self.project.id)]
        ledger = self.env["shenpi.blocker"]._get_ledger(domain)
        self.assertEqual(ledger, {"listed": 3, "struck_off": 2})
        self.assertEqual(self.project.open_blocker_count, 1)

    def test_it_blocks_a_permit_of_its_project(self):
        other = self._create_permit(self._create_project("Another"))
        with self.assertRaisesRegex(ValidationError, "another project"):
            self._make_blocker(task_id=other.id)

    # === Escalation === #

    def _run_ladder(self, day):
        ladder = self.env.ref("shenpi_base.ladder_blocker")
        firings = self.env["shenpi.ladder.firing"]
        before = firings.search([("ladder_id", "=", ladder.id)])
        with freeze_time(f"{day} 02:00:00"):
            ladder._work_off(ladder._get_due_ids())
        return firings.search([("ladder_id", "=", ladder.id)]) - before

    def test_it_climbs_through_the_team(self):
        self._add_member("captain", self.inspector)
        self._add_member("deputy_commander", self.manager)
        self._add_member("commander", self.supervisor)
        blocker = self._make_blocker("raised", due_days=1)  # due on Thursday 11 June
        told = []
        for day in ("2026-06-10", "2026-06-12", "2026-06-15", "2026-06-16", "2026-06-18"):
            firing = self._run_ladder(day).filtered(lambda f: f.document_id == blocker.id)
            done = firing.filtered(lambda f: f.state == "done")
            told.append((done.action, done.digest_ids.user_id))
        self.assertEqual(
            [action for action, _people in told[:4]],
            [
                "handler",
                "captain",
                "deputy_commander",
                "commander",
            ],
        )
        expected = [self.reviewer2, self.inspector, self.manager, self.supervisor]
        self.assertEqual([people for _action, people in told[:4]], expected)
        order = self.env["shenpi.supervision"].search(
            [("document_model", "=", "shenpi.blocker"), ("document_id", "=", blocker.id)]
        )
        self.assertEqual((order.user_id, order.source), (self.reviewer2, "ladder"))

    def test_a_level_that_is_not_there_is_passed_by(self):
        self._add_member("commander", self.supervisor)
        blocker = self._make_blocker("raised", due_days=1)
        firing = self._run_ladder("2026-06-12").filtered(
            lambda f: f.document_id == blocker.id and f.state == "done"
        )
        self.assertEqual(firing.action, "captain")
        self.assertEqual(firing.digest_ids.user_id, self.supervisor)

    def test_levels_of_command_are_for_blockers_only(self):
        with self.assertRaisesRegex(ValidationError, "no team"):
            self.env.ref("shenpi_base.ladder_application_red").action = "captain"
