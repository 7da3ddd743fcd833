from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .common import NOW
from .inspection_common import InspectionCommon
from .test_bundle import BundleCommon

INSPECTED = ("hygiene", "food")


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCommonInspection(BundleCommon, InspectionCommon):
    """Of the bundle's items, hygiene (by two) and food (by three) are inspected."""

    @classmethod
    def _create_item(cls, **values):
        if values.get("name") in INSPECTED:
            people = 2 if values["name"] == "hygiene" else 3
            values.update(
                needs_inspection=True,
                inspector_count=people,
                inspection_days=people,
                checkpoint_ids=[Command.create({"name": f"{values['name']}: kitchen"})],
            )
        return super()._create_item(**values)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.inspector3 = cls._create_user("t_inspector3", "inspector")

    def setUp(self):
        super().setUp()
        self.case = self._submit_bundle()
        self._grant(self._child("register"))

    def _child(self, name):
        return self._line(self.case, name).application_id

    def _accept(self, *names):
        for name in names:
            self._child(name).with_user(self.manager)._do_accept()
        return self.case.inspection_ids

    def _begin_another(self):
        """A part of the inspection of another restaurant."""
        case = self._submit_bundle()
        self._grant(self._line(case, "register").application_id)
        self._line(case, "food").application_id.with_user(self.manager)._do_accept()
        return case.inspection_ids.part_ids

    def _begin_inspection(self, inspection):
        mine = inspection.with_user(self.inspector)
        people = self.pair | self.inspector3
        mine._do_schedule(self._prepare_appointment(inspectors=people))
        mine._do_start()
        return mine

    def _states(self):
        return {
            name: [state for _i, state in self._child(name)._get_inspection_states()]
            for name in INSPECTED
        }

    def _conclude(self, mine, **results):
        day = fields.Date.add(fields.Date.today(), days=5)
        findings = {
            part: (results[part.item_name], "Seen on the spot.")
            for part in mine._get_pending_parts()
        }
        return mine._do_conclude_parts(findings, day)

    # === Order === #

    def test_proposed_where_two_items_need_one(self):
        self.assertTrue(self.bundle.common_inspection)
        single = self._create_bundle("ONE", published=False)
        single.line_ids[1].item_id = self._create_item(name="plain")
        self.assertFalse(single.common_inspection)

    def test_children_share_one(self):
        inspection = self._accept(*INSPECTED)
        self.assertEqual(len(inspection), 1)
        self.assertEqual(inspection.part_ids.mapped("item_name"), list(INSPECTED))
        self.assertEqual(inspection.line_ids.mapped("name"), ["hygiene: kitchen", "food: kitchen"])
        self.assertEqual(
            inspection.event_ids.mapped("action"), ["order_by_item", "join_inspection"]
        )

    def test_the_strictest_number_and_the_earliest_day_count(self):
        inspection = self._accept("food")
        later = inspection.due_date
        self._accept("hygiene")
        self.assertLess(inspection.due_date, later)
        self.assertEqual(inspection.inspectors_needed, 3)
        inspection.with_user(self.inspector)._do_schedule(self._prepare_appointment())
        with self.assertRaisesRegex(UserError, "3 are needed"):
            inspection.with_user(self.inspector)._do_start()

    def test_without_it_each_child_has_its_own(self):
        self.bundle.with_user(self.manager).action_edit()
        self.bundle.with_user(self.manager).common_inspection = False
        self.bundle.with_user(self.manager).action_publish()
        self.case = self._submit_bundle()
        self._grant(self._child("register"))
        self.assertFalse(self._accept(*INSPECTED))
        own = [self._child(name).inspection_ids for name in INSPECTED]
        self.assertEqual([len(inspection) for inspection in own], [1, 1])
        self.assertFalse(own[0].part_ids)

    def test_the_case_keeps_what_it_began_with(self):
        self.bundle.with_user(self.manager).action_edit()
        self.bundle.with_user(self.manager).common_inspection = False
        self.assertTrue(self._accept("food").part_ids)

    def test_what_becomes_due_later_joins_until_it_has_begun(self):
        first = self._accept("hygiene")
        mine = first.with_user(self.inspector)
        mine._do_schedule(self._prepare_appointment())
        mine._do_start()
        self._accept("food")
        self.assertEqual(len(first.part_ids), 1)
        self.assertEqual(len(self.case.inspection_ids), 2)

    def test_an_order_by_hand_joins_too(self):
        self._accept("hygiene")
        self._accept("food")
        inspection = self.case.inspection_ids
        inspection.with_user(self.reviewer)._do_cancel("Not today.")
        for name in INSPECTED:
            self._child(name).with_user(self.reviewer)._do_order_inspection(note=f"{name}!")
        again = self.case.inspection_ids - inspection
        self.assertEqual(again.part_ids.mapped("item_name"), list(INSPECTED))
        self.assertEqual(again.note, "hygiene!\nfood!")
        with self.assertRaisesRegex(UserError, "pending already"):
            self._child("food").with_user(self.reviewer)._do_order_inspection()

    # === Results === #

    def test_one_visit_passes_all(self):
        mine = self._begin_inspection(self._accept(*INSPECTED))
        self._tick(mine)
        mine._do_conclude("pass")
        self.assertEqual(self._states(), {"hygiene": ["passed"], "food": ["passed"]})
        for name in INSPECTED:
            self.assertFalse(self._child(name)._get_grant_blockers())
            self._bring_on(self._child(name), "granted")
        self.assertEqual(mine.first_pass_rate, 100)

    def test_every_case_has_its_own_result(self):
        mine = self._begin_inspection(self._accept(*INSPECTED))
        hygiene, food = mine.line_ids
        hygiene._set_result("pass")
        food.write({"result": "fail", "note": "No hood."})
        self._conclude(mine, hygiene="pass", food="rectify")
        self.assertEqual(mine.state, "rectify")
        self.assertFalse(self._child("hygiene")._get_grant_blockers())
        self.assertTrue(self._child("food")._get_grant_blockers())
        again = mine.next_ids
        self.assertEqual(again.part_ids.application_id, self._child("food"))
        self.assertEqual(again.application_id, self._child("food"))
        self.assertEqual(again.line_ids.mapped("name"), ["food: kitchen"])
        self.assertFalse(again.line_ids.result)
        self.assertEqual(self._states(), {"hygiene": ["passed"], "food": ["rectify", "ordered"]})
        mine = self._begin_inspection(again)
        self._tick(mine)
        self._conclude(mine, food="pass")
        self.assertFalse(self._child("food")._get_grant_blockers())
        sealed = mine.event_ids[-1].data["cases"]
        self.assertEqual(sealed, [{"application": self._child("food").number, "result": "passed"}])

    def test_failing_one_does_not_hold_the_other(self):
        mine = self._begin_inspection(self._accept(*INSPECTED))
        self._tick(mine)
        self._conclude(mine, hygiene="fail", food="pass")
        self.assertEqual(mine.state, "failed")
        self.assertTrue(self._child("hygiene")._get_grant_blockers())
        self.assertFalse(self._child("food")._get_grant_blockers())
        self._bring_on(self._child("food"), "granted")

    def test_the_checklist_must_bear_out_what_passes(self):
        mine = self._begin_inspection(self._accept(*INSPECTED))
        with self.assertRaisesRegex(UserError, "hygiene cannot pass yet"):
            self._conclude(mine, hygiene="pass", food="fail")
        parts = mine._get_pending_parts()
        with self.assertRaisesRegex(ValidationError, "every case"):
            mine._do_conclude_parts({parts[0]: ("fail", "No kitchen.")})
        foreign = parts[0] | self._begin_another()
        with self.assertRaisesRegex(ValidationError, "every case"):
            mine._do_conclude_parts(dict.fromkeys(foreign, ("fail", "No kitchen.")))
        with self.assertRaisesRegex(ValidationError, "findings"):
            mine._do_conclude_parts(dict.fromkeys(parts, ("fail", "")))
        self.assertEqual(mine.state, "underway")

    def test_a_fault_of_the_whole_place_counts_for_all(self):
        mine = self._begin_inspection(self._accept(*INSPECTED))
        self._tick(mine)
        mine.line_ids.create({"inspection_id": mine.id, "name": "Roof", "result": "fail"})
        for results in ({"hygiene": "pass", "food": "fail"}, {"hygiene": "fail", "food": "pass"}):
            with self.assertRaisesRegex(UserError, "Roof"):
                self._conclude(mine, **results)

    def test_the_dialog_proposes_what_the_checklist_says(self):
        mine = self._begin_inspection(self._accept(*INSPECTED))
        hygiene, food = mine.line_ids
        hygiene._set_result("pass")
        food.write({"result": "fail", "note": "No hood."})
        wizards = self.env["shenpi.inspection.result.wizard"].with_user(self.inspector)
        wizard = wizards.create(
            {"inspection_id": mine.id, "rectify_date": fields.Date.add(fields.Date.today(), days=3)}
        )
        self.assertEqual(wizard.line_ids.mapped("result"), ["pass", "rectify"])
        self.assertEqual(wizard.line_ids[1].opinion, "food: kitchen: No hood.")
        wizard.action_confirm()
        self.assertEqual(self._states(), {"hygiene": ["passed"], "food": ["rectify", "ordered"]})

    def test_the_record_names_every_case(self):
        mine = self._begin_inspection(self._accept(*INSPECTED))
        self._tick(mine)
        self._conclude(mine, hygiene="pass", food="fail")
        page = self.env["shenpi.inspection.document"]._prepare(mine)
        self.assertEqual([line["item"] for line in page["lines"]], list(INSPECTED))
        told = dict(page["rows"])
        numbers = "、".join(self._child(name).number for name in INSPECTED)
        self.assertIn(numbers, told.values())
        self.assertEqual(len(page["result"]), 2)

    # === End === #

    def test_a_case_that_ends_leaves_it(self):
        inspection = self._accept(*INSPECTED)
        self._child("hygiene").with_user(self.clerk)._do_withdraw("Not wanted.")
        self.assertEqual(inspection.state, "ordered")
        self.assertEqual(inspection.application_id, self._child("food"))
        self.assertEqual(inspection.line_ids.mapped("name"), ["food: kitchen"])
        self.assertEqual(self._states(), {"hygiene": ["cancelled"], "food": ["ordered"]})
        self._child("food").with_user(self.clerk)._do_withdraw("Not wanted.")
        self.assertEqual(inspection.state, "cancelled")

    def test_a_case_that_ends_under_way_is_not_asked_for(self):
        inspection = self._accept(*INSPECTED)
        mine = self._begin_inspection(inspection)
        self._child("hygiene").with_user(self.clerk)._do_withdraw("Not wanted.")
        self.assertEqual(mine.line_ids.mapped("result"), ["na", False])
        self._tick(mine.line_ids[1].inspection_id)
        self._conclude(mine, food="pass")
        self.assertEqual(self._states(), {"hygiene": ["cancelled"], "food": ["passed"]})

    # === Access === #

    def test_its_inspectors_see_every_case(self):
        inspection = self._accept(*INSPECTED)
        cases = self._child("hygiene") | self._child("food")
        self.assertFalse(cases.with_user(self.inspector2)._filtered_access("read"))
        inspection.with_user(self.inspector)._do_schedule(
            self._prepare_appointment(inspectors=self.pair | self.inspector3)
        )
        self.assertEqual(cases.with_user(self.inspector2)._filtered_access("read"), cases)
        parts = inspection.part_ids.with_user(self.inspector2)
        self.assertEqual(parts._filtered_access("read"), parts)
        with self.assertRaises(AccessError):
            parts.write({"result": "passed"})
        self.assertFalse(parts.with_user(self.outsider)._filtered_access("read"))
