from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .common import NOW, ShenpiCommon, moment


@freeze_time(NOW)
class BundleCommon(ShenpiCommon):
    """A bundle of four items: registration, then hygiene and food at once, then one that waits for
    food or hygiene (any of them)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = ("register", "hygiene", "food", "sign")
        cls.items = {
            name: cls._create_item(name=name, promised_limit=days)
            for name, days in zip(names, (1, 10, 5, 2), strict=True)
        }
        cls.bundle = cls._create_bundle("REST")

    @classmethod
    def _create_bundle(cls, code, published=True, **values):
        bundle = cls.env["shenpi.bundle"].create(
            {
                "name": "Open a restaurant",
                "code": code,
                "company_id": cls.company.id,
                "department_id": cls.office.id,
                "line_ids": [
                    Command.create({"item_id": item.id, "sequence": place})
                    for place, item in enumerate(cls.items.values())
                ],
                **values,
            }
        )
        register, hygiene, food, sign = bundle.line_ids
        (hygiene | food).after_all_ids = register
        sign.after_any_ids = hygiene | food
        if published:
            bundle.with_user(cls.manager).action_publish()
        return bundle

    @classmethod
    def _submit_bundle(cls, user=None, **values):
        bundles = cls.env["shenpi.bundle"].with_user(user or cls.clerk)
        answer = bundles.api_submit(cls._prepare_bundle_payload(**values))
        return cls.env["shenpi.bundle.case"].search([("number", "=", answer["number"])])

    @classmethod
    def _prepare_bundle_payload(cls, **values):
        payload = cls._prepare_payload(
            bundle_code="REST",
            materials=[{"code": "B01"}, {"code": "B02", "digital_ref": "D-1"}],
        )
        del payload["item_code"]
        return {**payload, **values}

    def _line(self, case, name):
        return case.line_ids.filtered(lambda line: line.item_id == self.items[name])

    def _statuses(self, case):
        return dict(zip(self.items, case.line_ids.mapped("status"), strict=True))

    def _ask_about_the_sign(self):
        """Let the fourth item depend on the answer to a question."""
        self.bundle.with_user(self.manager).action_edit()
        sign = self.bundle.line_ids[3]
        self.bundle.question_ids = [
            Command.create(
                {
                    "name": "Is there a sign?",
                    "code": "sign",
                    "answer_ids": [
                        Command.create(
                            {"name": "Yes", "code": "yes", "line_ids": [Command.set(sign.ids)]}
                        ),
                        Command.create({"name": "No", "code": "no"}),
                    ],
                }
            )
        ]
        self.bundle.with_user(self.manager).action_publish()

    def _grant(self, application):
        application.with_user(self.manager)._do_accept()
        self._bring_on(application, "granted")

    def _deny(self, application):
        application.with_user(self.manager)._do_accept()
        self._bring_on(application, "denied")


@tagged("post_install", "-at_install")
class TestBundlePlan(BundleCommon):
    def test_critical_path(self):
        self.assertEqual(self.bundle.total_days, 11)
        self.assertIn("<svg", self.bundle.chart)

    def test_a_loop_is_named(self):
        bundle = self._create_bundle("LOOP", published=False)
        bundle.line_ids[0].after_all_ids = bundle.line_ids[3]
        with self.assertRaisesRegex(UserError, "wait for each other"):
            bundle.with_user(self.manager).action_publish()

    def test_the_graph_follows_while_one_edits(self):
        bundle = self._create_bundle("DRAFT", published=False)
        arrow = 'marker-end="url(#tip)"'
        with Form(bundle.with_user(self.manager)) as form:
            self.assertEqual(form.graph.count(arrow), 4)
            with form.line_ids.edit(3) as line:
                line.after_any_ids.clear()
            self.assertEqual(form.graph.count(arrow), 2)
            with form.line_ids.edit(0) as line:
                line.after_all_ids.add(bundle.line_ids[1])
            self.assertIn("wait for each other", form.loop_note)
            self.assertEqual(form.graph.count(arrow), 3)

    def test_materials_of_one_name_are_asked_for_once(self):
        self.assertEqual(
            self.bundle.material_ids.mapped("name"),
            ["Application form", "Identity document", "Floor plan"],
        )

    def test_published_ones_are_not_edited(self):
        for values in ({"name": "X"}, {"line_ids": [Command.clear()]}):
            with self.assertRaisesRegex(UserError, "take it back"):
                self.bundle.with_user(self.manager).write(values)
        self.bundle.with_user(self.manager).action_edit()
        self.bundle.with_user(self.manager).write({"name": "X"})

    def test_only_the_bureau_head_changes_bundles(self):
        for role in ("clerk", "reviewer", "decider", "supervisor", "integrator"):
            with self.assertRaises(AccessError):
                self.bundle.with_user(self.users[role]).action_edit()
        self.assertFalse(self._as(self.clerk_b, self.bundle.browse()).search([]))

    def test_situations_select_items(self):
        self._ask_about_the_sign()
        self.assertEqual(len(self._submit_bundle(answers={"sign": "no"}).line_ids), 3)
        self.assertEqual(len(self._submit_bundle(answers={"sign": "yes"}).line_ids), 4)
        for answers, message in (
            ({}, "answers.sign: answer"),
            ({"sign": "maybe"}, "answers.sign: must be one of yes, no"),
            ({"sing": "yes"}, "answers.sing: there is no such question"),
        ):
            with self.assertRaisesRegex(ValidationError, message):
                self._submit_bundle(answers=answers)


@tagged("post_install", "-at_install")
class TestBundleCase(BundleCommon):
    def test_what_waits_for_nothing_starts(self):
        case = self._submit_bundle()
        self.assertEqual(
            self._statuses(case),
            {"register": "running", "hygiene": "waiting", "food": "waiting", "sign": "waiting"},
        )
        first = self._line(case, "register").application_id
        self.assertEqual(first.state, "received")
        self.assertEqual(first.filed_by_id, self.clerk)
        self.assertFalse(first.missing_count)
        waiting = self._line(case, "hygiene").application_id
        self.assertEqual(waiting.state, "draft")
        self.assertFalse(waiting.number)
        self.assertEqual(case.event_ids.mapped("action"), ["submit", "start_child"])

    def test_a_grant_starts_what_waited_for_it(self):
        case = self._submit_bundle()
        self._grant(self._line(case, "register").application_id)
        self.assertEqual(
            self._statuses(case),
            {"register": "granted", "hygiene": "running", "food": "running", "sign": "waiting"},
        )
        self._grant(self._line(case, "food").application_id)
        self.assertEqual(self._line(case, "sign").status, "running")
        self.assertEqual(self._line(case, "hygiene").status, "running")
        self.assertEqual(case.progress, "2 / 4")

    def test_closes_when_everything_is_handed_over(self):
        case = self._submit_bundle()
        for name in self.items:
            application = self._line(case, name).application_id
            self._grant(application)
            application.with_user(self.clerk)._do_deliver("window")
        self.assertEqual(case.state, "closed")
        self.assertFalse(self.env["shenpi.event"]._get_broken(case))

    def test_a_denial_stops_what_depends_on_it(self):
        case = self._submit_bundle()
        self._deny(self._line(case, "register").application_id)
        self.assertEqual(
            self._statuses(case),
            {"register": "failed", "hygiene": "stopped", "food": "stopped", "sign": "stopped"},
        )
        self.assertIn("register", self._line(case, "food").waits_for)
        self.assertEqual(case.state, "running", "the denial is still to be handed over")
        self._line(case, "register").application_id.with_user(self.clerk)._do_deliver("window")
        self.assertEqual(case.state, "closed")

    def test_a_denial_leaves_other_ways_open(self):
        case = self._submit_bundle()
        self._grant(self._line(case, "register").application_id)
        self._deny(self._line(case, "hygiene").application_id)
        self.assertEqual(self._line(case, "sign").status, "waiting")
        self._grant(self._line(case, "food").application_id)
        self.assertEqual(self._line(case, "sign").status, "running")

    def test_file_again_from_a_closed_case(self):
        case = self._submit_bundle()
        line = self._line(case, "register")
        first = line.application_id
        first.with_user(self.clerk)._do_not_accept("not_needed", "Not needed.")
        self.assertEqual(case.state, "closed")
        line.with_user(self.clerk).action_refile()
        self.assertEqual(case.state, "running")
        again = line.application_id
        self.assertNotEqual(again, first)
        self.assertEqual((again.state, line.status), ("draft", "drafted"))
        self.assertEqual(again.sudo().applicant_id_number_raw, "91350100M000100Y43")
        self.assertEqual(self._line(case, "food").status, "waiting")
        again.with_user(self.clerk)._do_receive()
        self.assertEqual(line.status, "running")
        self._grant(again)
        self.assertEqual(self._line(case, "food").status, "running")

    def test_drafts_that_wait_are_nobodys_work(self):
        case = self._submit_bundle()
        waiting = self._line(case, "food").application_id
        mine = self._as(self.clerk, waiting).search([("is_mine", "=", True)])
        self.assertNotIn(waiting, mine)
        with self.assertRaisesRegex(UserError, "part of"):
            waiting.with_user(self.clerk).unlink()

    def test_withdraw(self):
        case = self._submit_bundle()
        self._grant(self._line(case, "register").application_id)
        case.with_user(self.clerk)._do_withdraw("Asked for by the applicant.")
        self.assertEqual(
            self._statuses(case),
            {"register": "granted", "hygiene": "failed", "food": "failed", "sign": "stopped"},
        )
        self.assertEqual(self._line(case, "food").application_id.state, "withdrawn")
        self.assertEqual(case.state, "withdrawn")
        with self.assertRaises(UserError):
            self._line(case, "food").with_user(self.clerk).action_refile()
        self._line(case, "register").application_id.with_user(self.clerk)._do_deliver("post")

    def test_results_together(self):
        case = self._submit_bundle(delivery="together")
        application = self._line(case, "register").application_id
        self._grant(application)
        with self.assertRaisesRegex(UserError, "all results together"):
            application.with_user(self.clerk)._do_deliver("window")
        with freeze_time("2026-06-25 02:00:00"):
            application.with_user(self.clerk)._do_deliver("window")
        self.assertEqual(application.state, "closed")

    def test_joint_limit(self):
        """45 working days from the acceptance on 10 June 2026 (19 June is a holiday), then 15."""
        self.bundle.with_user(self.manager).action_edit()
        self.bundle.joint = True
        self.bundle.with_user(self.manager).action_publish()
        case = self._submit_bundle()
        self.assertFalse(case.statutory_due_date)
        self._line(case, "register").application_id.with_user(self.clerk)._do_accept()
        self.assertEqual(str(case.statutory_due_date), "2026-08-13")
        with self.assertRaises(AccessError):
            case.with_user(self.decider)._do_extend(15, "No. 1", "Complex.")
        for days, ref, message in ((16, "No. 1", "days"), (15, "", "approval_ref")):
            with self.assertRaisesRegex(ValidationError, message):
                case.with_user(self.manager)._do_extend(days, ref, "Complex.")
        case.with_user(self.manager)._do_extend(15, "No. 1", "Complex.")
        self.assertEqual(str(case.statutory_due_date), "2026-09-03")
        with self.assertRaisesRegex(UserError, "once"):
            case.with_user(self.manager)._do_extend(1, "No. 2", "Complex.")

    def test_the_joint_limit_begins_with_what_is_deemed_accepted(self):
        """Received on 10 June, deemed accepted on the 18th: 45 working days from the 10th. The
        receipt was on the 9th in truth: a day less, the extension of 5 days stays."""
        self.bundle.with_user(self.manager).action_edit()
        self.bundle.joint = True
        self.bundle.with_user(self.manager).action_publish()
        case = self._submit_bundle()
        child = self._line(case, "register").application_id.with_user(self.manager)
        with freeze_time("2026-06-18 02:00:00"):
            child._do_deem_accepted()
            self.assertEqual(str(case.statutory_due_date), "2026-08-13")
            case.with_user(self.manager)._do_extend(5, "No. 1", "Complex.")
            self.assertEqual(str(case.statutory_due_date), "2026-08-20")
            entry = child.clock_ids.filtered(lambda e: e.kind == "received")
            child._do_correct_clock(
                entry, "The paper file says so.", happened_at=moment("2026-06-09T10:00")
            )
        self.assertEqual(str(case.statutory_due_date), "2026-08-19")
        year = self.env["shenpi.workday.year"].search([("year", "=", 2026)])
        vals = {"date": "2026-08-10", "kind": "rest", "name": "Typhoon", "year_id": year.id}
        self.env["shenpi.workday"].create(vals)
        day = date(2026, 8, 10)
        self.env["shenpi.recount"]._start_for_calendar("Typhoon", day, day)
        self.assertEqual(str(case.statutory_due_date), "2026-08-20")

    def test_an_item_that_is_retired_meanwhile_goes_on_as_filed(self):
        case = self._submit_bundle()
        self.items["food"].with_user(self.manager).action_retire()
        self._grant(self._line(case, "register").application_id)
        self.assertEqual(self._line(case, "food").application_id.state, "received")
        with self.assertRaisesRegex(ValidationError, "item_code: .* has been retired"):
            self._submit_bundle()

    def test_the_plan_of_a_case_stays(self):
        case = self._submit_bundle()
        self.bundle.with_user(self.manager).action_edit()
        self.bundle.line_ids[1:].unlink()
        self._grant(self._line(case, "register").application_id)
        self.assertEqual(self._line(case, "food").status, "running")


@tagged("post_install", "-at_install")
class TestBundleApi(BundleCommon):
    def test_submit_and_status(self):
        bundles = self.env["shenpi.bundle"].with_user(self.integrator)
        payload = self._prepare_bundle_payload()
        answer = bundles.api_submit(payload)
        self.assertEqual(answer["state"], "running")
        self.assertEqual(len(answer["children"]), 4)
        self.assertIn("number", answer["children"][0])
        self.assertNotIn("number", answer["children"][1])
        self.assertEqual(answer["promised_due_date"], "2026-06-26")
        again = bundles.api_submit(payload)
        self.assertEqual(again, dict(answer, duplicate=True))
        status = bundles.api_status(answer["number"])
        self.assertEqual(status["children"], answer["children"])

    def test_bad_payloads(self):
        for values, message in (
            ({"bundle_code": "NONE"}, "bundle_code: there is no bundle NONE"),
            ({"materials": [{"code": "M01"}]}, r"materials\[0\].code: M01"),
            ({"delivery": "maybe"}, "delivery: must be one of"),
            ({"bundel": 1}, "bundel: unknown field"),
        ):
            with self.subTest(values=values), self.assertRaisesRegex(ValidationError, message):
                self._submit_bundle(**values)
        with self.assertRaises(AccessError):
            self._submit_bundle(user=self.reviewer)

    def test_who_sees_a_case(self):
        case = self._submit_bundle()
        for user in (self.clerk, self.reviewer2, self.reviewer):
            self.assertTrue(self._as(user, case).search([("id", "=", case.id)]), user.login)
        for user in (self.outsider, self.clerk_b):
            self.assertFalse(self._as(user, case).search([("id", "=", case.id)]), user.login)
        with self.assertRaises(AccessError):
            self._as(self.outsider, case).read(["applicant_name"])
        with self.assertRaises(UserError):
            self._as(self.outsider, self.env["shenpi.bundle"]).api_status(case.number)


@tagged("post_install", "-at_install")
class TestBundleWizard(BundleCommon):
    """The one form says what the applicant's situation asks for."""

    @classmethod
    def _create_item(cls, **values):
        """Two papers of its own for each item; the first one of two items is spared."""
        name = values.get("name", "other")
        ways = {"sign": "commitment", "food": "shared_data"}
        materials = [
            {"code": "M01", "name": f"{name} M01", "spared_by": ways.get(name, "none")},
            {"code": "M02", "name": f"{name} M02"},
        ]
        commands = [Command.create(vals) for vals in materials]
        return super()._create_item(**{**values, "material_ids": commands})

    def setUp(self):
        super().setUp()
        self._ask_about_the_sign()

    def _form(self, answer):
        form = Form(self.env["shenpi.bundle.wizard"].with_user(self.clerk))
        form.bundle_id = self.bundle
        with form.question_ids.edit(0) as question:
            question.answer_id = self.bundle.question_ids.answer_ids.filtered(
                lambda one: one.code == answer
            )
        return form

    def _materials(self, form):
        rows = [form.material_ids.edit(n) for n in range(len(form.material_ids))]
        return {row.material_id.name: (row.needed, row.spared) for row in rows}

    def test_what_is_needed_and_what_is_spared(self):
        with_sign = self._materials(self._form("yes"))
        self.assertEqual(with_sign["sign M01"], (True, "By written commitment"))
        self.assertEqual(with_sign["food M01"], (True, "By shared data"))
        self.assertEqual(with_sign["food M02"], (True, False))
        without = self._materials(self._form("no"))
        self.assertEqual(without["sign M01"], (False, False))
        self.assertEqual(without["food M01"], (True, "By shared data"))

    def test_an_answer_stands_alone_beside_its_question(self):
        answer = self.bundle.question_ids.answer_ids[:1]
        self.assertIn(answer.question_id.name, answer.display_name)
        beside = answer.with_context(beside_question=True)
        self.assertEqual(beside.display_name, answer.name)

    def test_the_case_shows_the_situation(self):
        case = self._submit_bundle(materials=[], answers={"sign": "yes"})
        self.assertEqual(case.situation.split("\n"), case.answer_ids.mapped("display_name"))
