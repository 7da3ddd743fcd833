from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import NOW
from .project_service_common import ProjectServiceCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestToDo(ProjectServiceCommon):
    """To-dos of a key project: beside its permits, in nobody's plan, done by those they concern."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.to_do = cls.project._add_to_do("Fetch the map", cls.outsider, date(2026, 6, 12))

    def test_it_is_no_permit(self):
        self.assertEqual(self.project.to_do_ids, self.to_do)
        self.assertNotIn(self.to_do, self.project.permit_ids)
        self.assertFalse(self.project.permit_ids._get_planned() & self.to_do)
        self.project._replan()
        self.assertEqual(self.project.permit_needed, 2)
        self.assertFalse(self.to_do.plan_start)
        lines = (
            self.env["shenpi.dispatch.line"]
            .sudo()
            .search([("document_model", "=", "project.task"), ("document_id", "=", self.to_do.id)])
        )
        self.assertEqual(lines.mapped("kind"), ["to_do"])
        with self.assertRaisesRegex(UserError, "not a permit"):
            self._as(self.navigator, self.to_do).action_precheck()

    def test_it_keeps_no_project_from_closing(self):
        self.project.permit_ids.sudo().permit_state = "granted"
        self._as(self.navigator, self.project)._do_close()
        self.assertEqual(self.project.key_state, "closed")

    def test_done_and_taken_up_again(self):
        own = self._as(self.outsider, self.to_do)
        self.assertEqual((own.to_do_state, own.can_finish), ("open", True))
        self.assertEqual(self.project.open_to_do_count, 1)
        own.action_finish()
        self.assertEqual((own.to_do_state, self.project.open_to_do_count), ("done", 0))
        self.assertFalse(self.to_do.activity_ids)
        with self.assertRaisesRegex(UserError, "changed meanwhile"):
            own.action_finish()
        self._as(self.navigator, self.to_do).action_take_up()
        self.assertEqual(self.to_do.activity_ids.user_id, self.outsider)

    def test_by_state(self):
        tasks = self.env["project.task"]
        self.assertEqual(tasks.search([("to_do_state", "=", "open")]) & self.to_do, self.to_do)
        self.assertFalse(tasks.search([("to_do_state", "!=", False)]) & self.permit)
        self.assertIn(self.permit, tasks.search([("to_do_state", "=", False)]))

    def test_who_sees_it_and_who_finishes_it(self):
        self.assertFalse(self._as(self.outsider, self.project).has_access("read"))
        self.assertEqual(self._as(self.outsider, self.to_do).name, "Fetch the map")
        self.assertFalse(self._as(self.outsider, self.permit).has_access("read"))
        for user in (self.clerk, self.clerk_b):
            self.assertFalse(self._as(user, self.to_do).has_access("read"), user.login)
            with self.assertRaises(AccessError):
                self._as(user, self.to_do).action_finish()
        for user in (self.reviewer, self.reviewer2):
            with self.assertRaises(AccessError):
                self._as(user, self.to_do).action_finish()
        self._as(self.supervisor, self.to_do).action_finish()

    def test_a_permit_is_not_ticked_off(self):
        with self.assertRaisesRegex(UserError, "not a to-do"):
            self._as(self.navigator, self.permit).action_finish()

    def test_nobody_makes_a_permit_of_it(self):
        with self.assertRaises(AccessError):
            self._as(self.navigator, self.permit).is_key_to_do = True
