from datetime import date, timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import NOW, ROLES
from .inspection_common import InspectionCommon

STATES = ("ordered", "scheduled", "underway", "passed", "rectify", "failed", "cancelled")


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestInspectionOrder(InspectionCommon):
    def test_follows_from_the_item(self):
        application, inspection = self._accept_inspected()
        self.assertRecordValues(
            inspection,
            [
                {
                    "state": "ordered",
                    "mode": "on_site",
                    "inspectors_needed": 2,
                    "round": 1,
                    "due_date": date(2026, 6, 17),
                    "item_id": self.inspected_item.id,
                    "department_id": self.office.id,
                    "company_id": self.company.id,
                    "light": "green",
                }
            ],
        )
        self.assertEqual(inspection.event_ids.mapped("action"), ["order_by_item"])
        self.assertEqual(len(inspection.line_ids), 3)
        self.assertEqual(inspection.line_ids.mapped("needs_photo"), [False, False, True])
        self.assertEqual(application.inspection_note, "To be scheduled")
        self.assertFalse(self._submit().inspection_note)

    def test_nothing_follows_from_other_items(self):
        self.assertFalse(self._bring_to("accepted").inspection_ids)

    def test_deemed_acceptance_is_inspected_too(self):
        application = self._bring_to_inspected("received")
        with freeze_time("2026-06-30 02:00:00"):
            application.sudo()._do_deem_accepted()
        self.assertEqual(application.inspection_ids.state, "ordered")

    def test_while_the_applicant_corrects(self):
        """踏勘可与补正并行: what was ordered then is not ordered again at acceptance."""
        application = self._bring_to_inspected("correcting")
        application.with_user(self.reviewer)._do_order_inspection("video", "The kitchen")
        inspection = application.inspection_ids
        self.assertEqual((inspection.mode, inspection.note), ("video", "The kitchen"))
        self._bring_inspection_to("passed", inspection)
        clerk = application.with_user(self.clerk)
        values = {"status": "provided"}
        clerk._do_supplement(dict.fromkeys(application.material_ids, values))
        clerk._do_accept()
        self.assertEqual(application.inspection_ids, inspection)
        self._bring_on(application, "granted")

    def test_who_orders_when(self):
        allowed = {"reviewer", "decider", "manager"}
        for role in ROLES:
            with self.subTest(role=role):
                application = self._bring_to("accepted").with_user(self.users[role])
                self.assertEqual(application.can_order_inspection, role in allowed)
                if role in allowed:
                    self.assertTrue(application._do_order_inspection())
                else:
                    with self.assertRaises(AccessError):
                        application._do_order_inspection()
        for state in ("received", "granted", "denied", "closed", "withdrawn", "not_accepted"):
            application = self._bring_to(state).with_user(self.decider)
            self.assertFalse(application.can_order_inspection)
            with self.subTest(state=state), self.assertRaises(UserError):
                application._do_order_inspection()

    def test_one_at_a_time(self):
        application, _inspection = self._accept_inspected()
        self.assertFalse(application.with_user(self.reviewer).can_order_inspection)
        with self.assertRaisesRegex(UserError, "pending already"):
            application.with_user(self.reviewer)._do_order_inspection()
        with (
            self.assertRaises(Exception) as caught,
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.env["shenpi.inspection"]._do_order("order_by_item", application)
        self.assertIn("one_pending", str(caught.exception))

    def test_other_modes_need_one_inspector(self):
        for mode, needed in (("on_site", 2), ("video", 2), ("remote", 1), ("commitment", 1)):
            application = self._bring_to("accepted")
            application.with_user(self.reviewer)._do_order_inspection(mode)
            self.assertEqual(application.inspection_ids.inspectors_needed, needed, mode)

    def test_checklist_is_part_of_the_version(self):
        with self.assertRaisesRegex(UserError, "new version"):
            self.inspected_item.checkpoint_ids[0].name = "Something else"
        version = self.inspected_item.with_user(self.manager).action_new_version()
        draft = self.env["shenpi.item"].browse(version["res_id"])
        self.assertEqual(len(draft.checkpoint_ids), 3)


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestInspectionFlow(InspectionCommon):
    def test_every_state_action_and_role(self):
        """The table, the buttons and what really happens say the same."""
        rows = self.env["shenpi.inspection"]._transitions
        for state in STATES:
            inspection = self._bring_inspection_to(state, self._accept_inspected()[1])
            self.assertEqual(inspection.state, state)
            for role in ROLES:
                user = self.users[role]
                allowed = inspection.with_user(user)._get_allowed_actions()
                for action, row in rows.items():
                    held = any(user.has_group(group) for group in row.groups)
                    possible = state in row.sources and held
                    if row.guard and user != self.inspector:
                        possible = False
                    if action == "pass_inspection":
                        possible = False  # nothing is ticked
                    with self.subTest(state=state, role=role, action=action):
                        self.assertEqual(action in allowed, possible)
            self._try_workers(inspection)

    def _try_workers(self, inspection):
        """What the state does not allow is refused, and nothing changes."""
        later = date(2026, 7, 1)
        workers = {
            "ordered scheduled": lambda i: i._do_schedule(self._prepare_appointment(), "Moved"),
            "scheduled": lambda i: i._do_start(),
            "underway": lambda i: i._do_conclude("rectify", "Faults", later),
        }
        for sources, worker in workers.items():
            if inspection.state in sources.split():
                continue
            before = (inspection.state, len(inspection.event_ids))
            with self.assertRaises(UserError), self.cr.savepoint():
                worker(inspection.with_user(self.inspector))
            inspection.invalidate_recordset()
            self.assertEqual((inspection.state, len(inspection.event_ids)), before)

    def test_pass(self):
        application, inspection = self._accept_inspected()
        with freeze_time("2026-06-12 02:00:00"):
            self._bring_inspection_to("passed", inspection)
        self.assertRecordValues(
            inspection,
            [{"state": "passed", "days_taken": 2, "first_pass_rate": 100.0, "light": "none"}],
        )
        self.assertEqual(
            inspection.event_ids.mapped("action"),
            ["order_by_item", "schedule", "start_inspection", "pass_inspection"],
        )
        sealed = inspection.event_ids[-1].data["lines"]
        self.assertEqual([line["result"] for line in sealed], ["pass"] * 3)
        photo = inspection.line_ids.attachment_ids
        self.assertEqual(sealed[2]["photos"], [["photo.png", photo.checksum]])
        self.assertFalse(self.env["shenpi.event"]._get_broken(inspection))
        self._bring_on(application, "granted")

    def test_pass_needs_every_line(self):
        _application, inspection = self._accept_inspected()
        mine = self._bring_inspection_to("underway", inspection).with_user(self.inspector)
        with self.assertRaisesRegex(UserError, "Area and layout.*has not been checked"):
            mine._do_conclude("pass")
        for line in mine.line_ids:
            line.action_pass()
        with self.assertRaisesRegex(UserError, "Cold store.*needs a photo"):
            mine._do_conclude("pass")
        mine.line_ids[2].action_not_applicable()
        mine.line_ids[0].action_fail()
        with self.assertRaisesRegex(UserError, "Area and layout.*has a fault"):
            mine._do_conclude("pass")
        mine.line_ids[0].action_pass()
        mine._do_conclude("pass")
        self.assertEqual(inspection.state, "passed")

    def test_rectify_leads_to_another_one(self):
        application, first = self._accept_inspected()
        mine = self._bring_inspection_to("underway", first).with_user(self.inspector)
        for line in mine.line_ids[:2]:
            line.action_pass()
        mine.line_ids[2].action_fail()
        with self.assertRaisesRegex(ValidationError, "rectify by"):
            mine._do_conclude("rectify", "Too warm.")
        with self.assertRaisesRegex(ValidationError, "rectify by"):
            mine._do_conclude("rectify", "Too warm.", date(2026, 6, 9))
        mine._do_conclude("rectify", "Too warm.", date(2026, 6, 15))
        again = application.inspection_ids - first
        self.assertRecordValues(
            again,
            [
                {
                    "state": "ordered",
                    "round": 2,
                    "previous_id": first.id,
                    "note": "Too warm.",
                    "place": "1 Harbour Road",
                    # Five working days after 15 June; the 19th is the Dragon Boat Festival.
                    "due_date": date(2026, 6, 23),
                }
            ],
        )
        self.assertEqual(again.line_ids.mapped("name"), ["Cold store"])
        self.assertFalse(again.line_ids.result)
        self._bring_inspection_to("passed", again)
        self.env.flush_all()
        self.cr.execute(
            "SELECT first_pass_rate FROM shenpi_inspection WHERE id = ANY(%s) ORDER BY id",
            [(first | again).ids],
        )
        self.assertEqual(self.cr.fetchall(), [(0.0,), (None,)], "averages leave rounds out")
        self._bring_on(application, "granted")

    def test_reasons_are_asked_for(self):
        _application, inspection = self._accept_inspected()
        mine = self._bring_inspection_to("scheduled", inspection).with_user(self.inspector)
        with self.assertRaisesRegex(ValidationError, "reason"):
            mine._do_schedule(self._prepare_appointment(), " ")
        with self.assertRaisesRegex(ValidationError, "reason"):
            inspection.with_user(self.reviewer)._do_cancel("")
        mine._do_start()
        for result in ("rectify", "fail"):
            with self.assertRaisesRegex(ValidationError, "findings"):
                mine._do_conclude(result)
        with self.assertRaisesRegex(ValidationError, "result"):
            mine._do_conclude("perhaps")

    def test_appointment(self):
        _application, inspection = self._accept_inspected()
        mine = inspection.with_user(self.inspector)
        now = fields.Datetime.now()
        for message, values in (
            ("from, to", {"date_start": False}),
            ("from: the time lies in the past", {"date_start": now - timedelta(hours=1)}),
            ("to: ", {"date_stop": now}),
            ("inspectors", {"inspectors": self.env["res.users"]}),
            ("inspectors: .* is not an inspector", {"inspectors": self.clerk}),
            ("place", {"place": " "}),
        ):
            with self.assertRaisesRegex(ValidationError, message), self.cr.savepoint():
                mine._do_schedule(self._prepare_appointment(**values))
        mine._do_schedule(self._prepare_appointment(mode="video", place=""))
        self.assertEqual(inspection.mode, "video")

    def test_moved_with_a_reason(self):
        _application, inspection = self._accept_inspected()
        mine = self._bring_inspection_to("scheduled", inspection).with_user(self.inspector)
        self.assertEqual(inspection.activity_ids.user_id, self.pair)
        later = self._prepare_appointment(inspectors=self.inspector)
        later["date_start"] += timedelta(days=1)
        later["date_stop"] += timedelta(days=1)
        mine._do_schedule(later, "The applicant asked for it.")
        event = inspection.event_ids[-1]
        self.assertEqual(
            (event.action, event.opinion), ("reschedule", "The applicant asked for it.")
        )
        self.assertEqual(event.data["before"]["inspectors"], self.pair.ids)
        self.assertEqual(inspection.reschedule_count, 1)
        self.assertRecordValues(
            inspection.activity_ids,
            [{"user_id": self.inspector.id, "date_deadline": date(2026, 6, 11)}],
        )

    def test_two_inspectors_take_part(self):
        """Art. 34: what is checked on the spot is checked by at least two."""
        _application, inspection = self._accept_inspected()
        mine = inspection.with_user(self.inspector)
        mine._do_schedule(self._prepare_appointment(inspectors=self.inspector))
        self.assertFalse(mine.can_start)
        with self.assertRaisesRegex(UserError, "inspectors: 2 are needed"):
            mine._do_start()
        mine._do_schedule(self._prepare_appointment(), "A second one joins.")
        mine._do_start()
        self.assertEqual(inspection.state, "underway")
        self.assertFalse(inspection.with_user(self.manager).can_conclude)

    def test_light(self):
        _application, inspection = self._accept_inspected()
        inspections = self.env["shenpi.inspection"]
        for now, light in (
            ("2026-06-16 02:00:00", "green"),
            ("2026-06-17 02:00:00", "yellow"),
            ("2026-06-18 02:00:00", "red"),
        ):
            with freeze_time(now):
                inspection.invalidate_recordset(["light"])
                self.assertEqual(inspection.light, light)
                self.assertIn(inspection, inspections.search([("light", "=", light)]))
                self.assertNotIn(inspection, inspections.search([("light", "!=", light)]))


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestInspectionAndCase(InspectionCommon):
    def _decide(self, application, outcome="grant"):
        reviewer = application.with_user(self.reviewer)
        if application.step_id.kind == "review":
            reviewer._do_review("pass", "In order.")
        application.with_user(self.decider)._do_decide(outcome, "As reviewed.")

    def test_grant_waits(self):
        for state in ("ordered", "scheduled", "underway", "rectify", "failed", "cancelled"):
            application, inspection = self._accept_inspected()
            self._bring_inspection_to(state, inspection)
            with self.subTest(state=state), self.assertRaisesRegex(UserError, "inspection"):
                self._decide(application)

    def test_denial_does_not_wait(self):
        application, inspection = self._accept_inspected()
        self._bring_inspection_to("scheduled", inspection)
        self._decide(application, "deny")
        self.assertEqual(inspection.state, "cancelled", "it lapses with its case")
        self.assertEqual(inspection.event_ids[-1].action, "lapse")
        self.assertFalse(inspection.activity_ids)

    def test_a_later_pass_makes_good(self):
        application, inspection = self._accept_inspected()
        self._bring_inspection_to("failed", inspection)
        application.with_user(self.reviewer)._do_order_inspection()
        again = application.inspection_ids - inspection
        self._bring_inspection_to("passed", again)
        self._decide(application)
        self.assertEqual(application.state, "granted")

    def test_ordered_by_hand_and_cancelled(self):
        """An item that asks for none does not wait for one that was called off."""
        application = self._bring_to("accepted")
        application.with_user(self.reviewer)._do_order_inspection()
        application.inspection_ids.with_user(self.reviewer)._do_cancel("Photos suffice.")
        self._decide(application)
        self.assertEqual(application.state, "granted")

    def test_lapses_when_the_applicant_withdraws(self):
        application, inspection = self._accept_inspected()
        application.with_user(self.clerk)._do_withdraw("Asked for by the applicant.")
        self.assertEqual(inspection.state, "cancelled")

    def test_the_clock_runs(self):
        """An inspection stops the clock only by the pause the bureau has configured."""
        application, inspection = self._accept_inspected()
        due = application.statutory_due_date
        self._bring_inspection_to("underway", inspection)
        self.assertEqual((application.paused, application.statutory_due_date), (False, due))


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestInspectionAccess(InspectionCommon):
    def test_inspectors_see_what_they_inspect(self):
        application, inspection = self._accept_inspected()
        for record in (application, inspection, inspection.line_ids):
            self.assertFalse(self._as(self.inspector2, record).has_access("read"))
        self._bring_inspection_to("scheduled", inspection)
        for record in (application, inspection, inspection.line_ids, application.material_ids):
            self.assertTrue(self._as(self.inspector2, record).has_access("read"))
        applications = self._as(self.inspector2, application.browse())
        self.assertIn(application, applications.search([]))
        self.assertTrue(self._as(self.inspector2, application).in_sight)
        self.assertFalse(self._as(self.clerk_b, inspection).has_access("read"))
        self.assertFalse(self._as(self.outsider, inspection).has_access("read"))

    def test_checklist_is_written_by_its_inspectors_only(self):
        _application, inspection = self._accept_inspected()
        line = inspection.line_ids[0]
        with self.assertRaisesRegex(UserError, "not under way"):
            line.with_user(self.inspector).action_pass()
        self._bring_inspection_to("underway", inspection)
        for user in (self.reviewer, self.manager, self.clerk, self._create_user("x", "inspector")):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                line.with_user(user).action_pass()
        for user in self.pair:
            line.with_user(user).action_pass()
        mine = inspection.with_user(self.inspector)
        mine.write({"line_ids": [Command.create({"name": "Waste bins", "result": "fail"})]})
        with self.assertRaisesRegex(UserError, "comes from the item"):
            line.with_user(self.inspector).name = "Something easier"
        with self.assertRaisesRegex(UserError, "comes from the item"):
            line.with_user(self.inspector).unlink()
        mine.line_ids[-1].unlink()
        for values in ({"state": "passed"}, {"inspector_ids": []}, {"inspectors_needed": 1}):
            with self.assertRaises(AccessError):
                mine.write(values)

    def test_concluded_is_frozen(self):
        _application, inspection = self._accept_inspected()
        self._bring_inspection_to("passed", inspection)
        line = inspection.line_ids[2].with_user(self.inspector)
        photo = line.attachment_ids
        for attempt in (
            line.action_fail,
            line.unlink,
            lambda: line.write({"attachment_ids": [Command.clear()]}),
            lambda: photo.write({"raw": b"x"}),
            photo.unlink,
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                attempt()

    def test_empty_photo(self):
        _application, inspection = self._accept_inspected()
        mine = self._bring_inspection_to("underway", inspection).with_user(self.inspector)
        empty = mine.env["ir.attachment"].create({"name": "empty.png", "raw": b""})
        with self.assertRaisesRegex(ValidationError, "photos: empty.png"):
            mine.line_ids[0].attachment_ids = empty

    def test_photo_belongs_to_the_line(self):
        _application, inspection = self._accept_inspected()
        mine = self._bring_inspection_to("underway", inspection).with_user(self.inspector)
        mine.line_ids[0].attachment_ids = self._take_photo(mine.env)
        photo = mine.line_ids[0].attachment_ids
        self.assertEqual(
            (photo.res_model, photo.res_id), (mine.line_ids._name, mine.line_ids[0].id)
        )
        self.assertTrue(photo.with_user(self.reviewer).has_access("read"))
        self.assertFalse(photo.with_user(self.outsider).has_access("read"))
        self.assertEqual(inspection.photo_count, 1)

    def test_the_others_sight_costs_nothing(self):
        """Only inspectors are asked what they inspect."""
        reviewer = self._as(self.reviewer, self.env["shenpi.application"])
        reviewer.search([], limit=1)
        with self.assertQueryCount(0):
            self.assertEqual(reviewer._get_inspected_ids([]), [])
