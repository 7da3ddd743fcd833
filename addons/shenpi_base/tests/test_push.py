from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .common import NOW, ROLES, ShenpiCommon, moment
from .inspection_common import DOT


class PushCommon(ShenpiCommon):
    """The item's regulator is ``bureau``, a department outside the tree: ``regulator`` and
    ``regulator2`` are its members, ``other_regulator`` supervises something else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.regulator = cls._create_user("t_regulator", "user")
        cls.regulator2 = cls._create_user("t_regulator2", "user")
        cls.other_regulator = cls._create_user("t_other_regulator", "user")
        cls.bureau = cls._create_department(
            "Market supervision", kind="regulator", user_ids=cls.regulator | cls.regulator2
        )
        cls._create_department("Fire brigade", kind="regulator", user_ids=cls.other_regulator)
        cls.watched_item = cls._create_item(name="Restaurant licence", regulator_id=cls.bureau.id)

    @classmethod
    def _bring_to_watched(cls, state="granted", **values):
        return cls._bring_to(state, item_code=cls.watched_item.code, **values)

    @classmethod
    def _create_push(cls):
        return cls._bring_to_watched().push_ids

    def _report(self, push, **values):
        report = {"kind": "revoke", "text": "The kitchen is a garage.", **values}
        feedbacks = self._as(self.regulator, self.env["shenpi.push.feedback"])
        return feedbacks._do_report(self._as(self.regulator, push), **report)


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestPush(PushCommon):
    def test_grant(self):
        application = self._bring_to_watched()
        self.assertRecordValues(
            application.push_ids,
            [
                {
                    "state": "pushed",
                    "kind": "grant",
                    "licence_id": application.licence_id.id,
                    "regulator_id": self.bureau.id,
                    "department_id": self.office.id,
                    "by_commitment": False,
                    "application_number": application.number,
                    "item_name": "Restaurant licence",
                    "holder_name": application.applicant_name,
                    # Two working days after Wednesday, 10 June.
                    "sign_due_date": date(2026, 6, 12),
                    "light": "green",
                }
            ],
        )
        self.assertIn(application.licence_id.number, application.push_ids.result)
        self.assertEqual(application.push_ids.event_ids.mapped("action"), ["push"])

    def test_no_identity_numbers(self):
        application = self._bring_to_watched()
        vals = application.push_ids.sudo().read()[0]
        for secret in ("91350100M000100Y43", "13812345678"):
            self.assertNotIn(secret, str(vals))

    def test_denial(self):
        push = self._bring_to_watched("denied").push_ids
        self.assertEqual(push.kind, "denial")
        self.assertIn("As reviewed.", push.result)

    def test_grant_on_the_spot(self):
        application = self._bring_to_watched("received")
        application.sudo()._do_grant_on_the_spot("All requirements hold.", {})
        self.assertEqual(application.push_ids.kind, "grant")

    def test_nothing_else_is_pushed(self):
        for state in ("accepted", "not_accepted", "withdrawn", "terminated"):
            self.assertFalse(self._bring_to_watched(state).push_ids, state)
        self.assertFalse(self._bring_to("granted").push_ids, "an item without a regulator")

    def test_backdated(self):
        application = self._bring_to_watched("deciding")
        with freeze_time("2026-06-20 02:00:00"):
            decider = application.with_user(self.manager)
            decider._do_decide("grant", "On paper.", at=moment("2026-06-11T10:00:00"))
            self.assertEqual(application.push_ids.light, "red")
        self.assertEqual(application.push_ids.sign_due_date, date(2026, 6, 15))

    def test_who_signs(self):
        for role in ROLES:
            push = self._create_push()
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._as(self.users[role], push).action_sign()
        push = self._create_push()
        for user in (self.other_regulator, self.stranger, self.clerk_b):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._as(user, push).action_sign()
        self._as(self.regulator2, push).action_sign()
        self.assertRecordValues(
            push,
            [
                {
                    "state": "signed",
                    "signed_by_id": self.regulator2.id,
                    "signed_in_time_rate": 100.0,
                    "days_to_sign": 0,
                    "light": "none",
                }
            ],
        )
        with self.assertRaisesRegex(UserError, "Signed for"):
            self._as(self.regulator, push).action_sign()

    def test_a_deputy_signs(self):
        push = self._create_push()
        self.env["shenpi.deputy"].create(
            {
                "principal_id": self.regulator.id,
                "deputy_id": self.other_regulator.id,
                "company_id": self.company.id,
                "date_from": "2026-06-01",
            }
        )
        self._as(self.other_regulator, push).action_sign()
        event = push.event_ids[-1]
        self.assertEqual((event.user_id, event.for_user_id), (self.other_regulator, self.regulator))

    def test_what_regulators_see(self):
        application, other = self._bring_to_watched(), self._bring_to("granted")
        seen = self._as(self.regulator, application.push_ids)
        self.assertEqual(seen.search([]), application.push_ids)
        self.assertTrue(seen.event_ids)
        self.assertFalse(self._as(self.other_regulator, seen.browse()).search([]))
        for record in (application, application.licence_id, application.material_ids, other):
            self.assertFalse(self._as(self.regulator, record).has_access("read"), record)
        self.assertFalse(self._as(self.regulator, self.env["shenpi.application"]).search([]))
        self.assertIn(application.push_ids, self._as(self.reviewer, seen.browse()).search([]))
        self.assertFalse(self._as(self.outsider, application.push_ids).has_access("read"))

    def test_late(self):
        push = self._create_push()
        pushes = self.env["shenpi.push"]
        for now, light in (("2026-06-12 02:00:00", "yellow"), ("2026-06-15 02:00:00", "red")):
            with freeze_time(now):
                push.invalidate_recordset(["light"])
                self.assertEqual(push.light, light)
                self.assertIn(push, pushes.search([("light", "=", light)]))
        with freeze_time("2026-06-15 02:00:00"):
            self._as(self.regulator, push).action_sign()
        self.assertRecordValues(push, [{"signed_in_time_rate": 0.0, "days_to_sign": 3}])

    def test_bulk(self):
        """What is refused is listed; the others are signed for."""
        first, second, signed = (self._create_push() for _n in range(3))
        self._as(self.regulator, signed).action_sign()
        action = self._as(self.regulator, first | second | signed).action_sign()
        wizard = self._as(self.regulator, self.env[action["res_model"]]).browse(action["res_id"])
        self.assertEqual(wizard.done_count, 2)
        self.assertEqual(wizard.line_ids.push_id, signed)
        self.assertIn("Signed for", wizard.line_ids.reason)
        self.assertEqual((first | second).mapped("state"), ["signed", "signed"])

    def test_nobody_writes_one(self):
        push = self._create_push()
        for user in (self.regulator, self.manager, self.clerk):
            pushes = self._as(user, push)
            for attempt in (
                lambda p=pushes: p.write({"state": "signed"}),
                lambda p=pushes: p.unlink(),
                lambda p=pushes: p.create({"application_id": push.application_id.id}),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    attempt()


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestPushFeedback(PushCommon):
    def test_comes_back_as_a_task(self):
        self.office.manager_id = self.reviewer2
        push = self._create_push()
        feedback = self._report(push)
        self.assertRecordValues(
            feedback,
            [
                {
                    "state": "open",
                    "kind": "revoke",
                    "department_id": self.office.id,
                    "regulator_id": self.bureau.id,
                    "reported_by_id": self.regulator.id,
                    "due_date": date(2026, 6, 17),
                    "light": "green",
                }
            ],
        )
        self.assertRecordValues(
            feedback.activity_ids,
            [{"user_id": self.reviewer2.id, "date_deadline": date(2026, 6, 17)}],
        )

    def test_task_of_the_decider_where_no_head_is_named(self):
        feedback = self._report(self._create_push())
        self.assertEqual(feedback.activity_ids.user_id, self.decider)

    def test_answer_is_pushed_back(self):
        push = self._create_push()
        feedback = self._report(push)
        self._as(self.reviewer2, feedback)._do_handle("done", "Revoked today.")
        self.assertRecordValues(
            feedback, [{"state": "handled", "outcome": "done", "handled_by_id": self.reviewer2.id}]
        )
        self.assertFalse(feedback.activity_ids)
        reply = push.application_id.push_ids - push
        self.assertRecordValues(
            reply,
            [{"kind": "reply", "feedback_id": feedback.id, "regulator_id": self.bureau.id}],
        )
        self.assertIn("Revoked today.", reply.result)
        self.assertEqual(feedback.event_ids.mapped("action"), ["report", "handle"])
        self._as(self.regulator, reply).action_sign()
        with self.assertRaises(UserError):
            self._as(self.reviewer2, feedback)._do_handle("done", "Again.")

    def test_who_handles(self):
        allowed = {"reviewer", "decider", "manager"}
        for role in ROLES:
            feedback = self._report(self._create_push())
            mine = self._as(self.users[role], feedback)
            with self.subTest(role=role):
                self.assertEqual(mine.can_handle, role in allowed)
                if role not in allowed:
                    with self.assertRaises(AccessError):
                        mine._do_handle("done", "Done.")
        for user in (self.outsider, self.regulator, self.other_regulator):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._as(user, feedback)._do_handle("done", "Done.")

    def test_who_reports(self):
        push = self._create_push()
        feedbacks = self.env["shenpi.push.feedback"]
        for user in (*self.users.values(), self.other_regulator):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._as(user, feedbacks)._do_report(self._as(user, push), "revoke", "x")

    def test_refusals_name_the_field(self):
        push = self._create_push()
        with self.assertRaisesRegex(ValidationError, "kind"):
            self._report(push, kind="burn")
        with self.assertRaisesRegex(ValidationError, "facts"):
            self._report(push, text=" ")
        feedback = self._as(self.reviewer2, self._report(push))
        with self.assertRaisesRegex(ValidationError, "outcome"):
            feedback._do_handle("perhaps", "x")
        with self.assertRaisesRegex(ValidationError, "answer"):
            feedback._do_handle("declined", "")

    def test_files_and_wizards(self):
        """As the two sides press it: files of the regulator are read by the bureau."""
        push = self._as(self.regulator, self._create_push())
        action = push.action_open_feedback()
        wizards = self._as(self.regulator, self.env[action["res_model"]])
        form = Form(wizards.with_context(**action["context"]))
        form.kind, form.text = "change", "The name has changed."
        wizard = form.save()
        file = self._as(self.regulator, self.env["ir.attachment"]).create(
            {"name": "found.png", "datas": DOT}
        )
        wizard.attachment_ids = [Command.link(file.id)]
        wizard.action_confirm()
        feedback = push.sudo().feedback_ids
        self.assertTrue(self._as(self.reviewer2, feedback.attachment_ids).has_access("read"))
        self.assertFalse(self._as(self.outsider, feedback.attachment_ids).has_access("read"))
        action = self._as(self.reviewer2, feedback).action_open_answer()
        wizards = self._as(self.reviewer2, self.env[action["res_model"]])
        form = Form(wizards.with_context(**action["context"]))
        form.outcome, form.answer = "other", "A change has been applied for."
        form.save().action_confirm()
        self.assertEqual(feedback.state, "handled")

    def test_ladders_know_them(self):
        push = self._create_push()
        feedback = self._report(push)
        self.bureau.manager_id = self.regulator2
        self.assertEqual(push._get_ladder_people("handler"), self.regulator | self.regulator2)
        self.assertEqual(push._get_ladder_people("head"), self.regulator2)
        self.assertEqual(feedback._get_ladder_people("handler"), self.decider)
        for document, key in ((push, "sign"), (feedback, "feedback")):
            track = document._get_ladder_tracks()[key]
            self.assertIn(document, document.search(track.live))
            self.assertIn(track.anchors["due"], document._fields)

    def test_a_ladder_keeps_words_in_the_language_of_documents(self):
        """Nobody speaks a language in the hourly run."""
        self.env["res.lang"]._activate_lang("zh_CN")
        feedback = self._report(self._create_push())
        ladder = self.env["shenpi.ladder"].create(
            {
                "name": "Feedback",
                "track": "shenpi.push.feedback:feedback",
                "company_id": self.company.id,
                "rung_ids": [Command.create({"anchor": "due", "offset": 1, "action": "handler"})],
            }
        )
        with freeze_time("2026-07-20 02:00:00"):
            ladder._work_off(ladder._get_due_ids())
        name = ladder.rung_ids.firing_ids.document_name
        self.assertEqual(name, feedback.with_context(lang="zh_CN").display_name)
        self.assertNotEqual(name, feedback.with_context(lang="en_US").display_name)
