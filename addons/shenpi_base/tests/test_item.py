from datetime import date

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import BUREAU_USCC, ShenpiCommon


@tagged("post_install", "-at_install")
class TestItem(ShenpiCommon):
    """Codes, versions, publishing, the checks before it, and what integrators read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sample = cls.env["ir.attachment"].create({"name": "sample.txt", "raw": b"x"})
        cls.draft = cls._create_complete_draft()

    @classmethod
    def _create_complete_draft(cls, **values):
        """A draft of a licence that passes every check."""
        return cls._create_item(
            published=False,
            legal_basis="Law",
            conditions="Conditions",
            result_name="食品经营许可证",
            closing_kind="certificate",
            result_sample_ids=[Command.link(cls.sample.id)],
            online_level="full",
            visits=0,
            faq_ids=[Command.create({"question": "How long?", "answer": "Five days."})],
            **values,
        )

    def _problems(self, **values):
        """What the checks say after a change to the complete draft."""
        self.draft.write(values)
        return " ".join(self.draft._get_problems()[self.draft])

    def _publish(self, item=None):
        item = item or self.draft
        item.with_user(self.manager).action_publish()
        return item

    # === Codes === #

    def test_code_is_composed(self):
        item = self.env["shenpi.item"].create(
            {
                "name": "x",
                "basic_code": "370117002011",
                "level": "4",
                "company_id": self.company.id,
                "department_id": self.office.id,
            }
        )
        self.assertEqual(item.code, f"{BUREAU_USCC}4370117002011")

    def test_bad_codes_are_refused(self):
        basic = self.draft.basic_code
        cases = [
            {"code": f"{BUREAU_USCC}3{basic}0"},
            {"code": f"{BUREAU_USCC[:-1]}?3{basic}"},
            {"code": f"{BUREAU_USCC}4{basic}"},
            {"code": f"{BUREAU_USCC}3{basic[:-1]}X"},
            {"code": f"{BUREAU_USCC}3999999999999"},
        ]
        for values in cases:
            with self.subTest(**values), self.assertRaisesRegex(ValidationError, "Item code"):
                self.draft.write(values)
        with self.assertRaisesRegex(ValidationError, "Basic code"):
            self.draft.basic_code = "12345"

    def test_departments_of_the_bureau(self):
        with self.assertRaises(UserError):
            self.draft.department_id = self.district_root

    # === Publishing === #

    def test_publish(self):
        self._publish()
        self.assertEqual(self.draft.state, "published")
        self.assertEqual(self.draft.valid_from, date(2026, 6, 10))
        self.assertEqual(self.draft.published_by_id, self.manager)

    def test_only_the_bureau_head(self):
        for user in (self.clerk, self.reviewer, self.decider, self.supervisor, self.integrator):
            draft = self.draft.with_user(user)
            with self.subTest(user=user.login):
                self.assertTrue(draft.name)
                for call in (draft.action_publish, lambda d=draft: d.write({"name": "x"})):
                    with self.assertRaises(AccessError):
                        call()
                with self.assertRaises(AccessError):
                    self.item.with_user(user).action_retire()
                with self.assertRaises(AccessError):
                    self.item.with_user(user).action_new_version()

    def test_life_cannot_be_written_by_rpc(self):
        for values in (
            {"state": "published"},
            {"version": 7},
            {"valid_to": "2030-01-01"},
            {"import_id": False},
        ):
            with self.subTest(**values), self.assertRaises(AccessError):
                self.draft.with_user(self.manager).write(values)
        with self.assertRaises(AccessError):
            self.env["shenpi.item"].with_user(self.manager).create(
                {
                    "name": "x",
                    "basic_code": "370117002011",
                    "company_id": self.company.id,
                    "department_id": self.office.id,
                    "state": "published",
                }
            )
        with self.assertRaises(AccessError):
            self.draft.with_user(self.manager).copy({"state": "published"})

    def test_a_published_version_is_changed_by_nobody(self):
        item = self._publish()
        step, faq, stage = item.step_ids[0], item.faq_ids[0], item.stage_ids[0]
        changes = [
            lambda i: i.write({"name": "x"}),
            lambda i: i.write({"promised_limit": 1}),
            lambda i: i.write({"material_ids": [Command.clear()]}),
            lambda i: i.material_ids[0].write({"name": "x"}),
            lambda i: i.material_ids[0].unlink(),
            lambda i: i.material_ids.create({"item_id": i.id, "code": "M09", "name": "x"}),
            lambda i: step.with_env(i.env).write({"name": "x"}),
            lambda i: faq.with_env(i.env).unlink(),
            lambda i: stage.with_env(i.env).write({"item_id": self.item.id}),
            lambda i: i.unlink(),
        ]
        for user in (self.manager, self.env.ref("base.user_root")):
            for place, change in enumerate(changes):
                with self.subTest(user=user.login, place=place), self.assertRaises(UserError):
                    change(item.with_user(user))
        item.action_retire()
        with self.assertRaises(UserError):
            item.with_user(self.manager).write({"name": "x"})

    def test_samples_of_a_published_version_stay(self):
        item = self._publish()
        sample = self.sample.with_user(self.manager)
        self.assertEqual(item.with_user(self.clerk).result_sample_ids.raw, b"x")
        with self.assertRaises(AccessError):
            sample.raw = b"y"
        with self.assertRaises(AccessError):
            sample.unlink()

    def test_parts_cannot_be_moved_into_a_published_version(self):
        material = self.draft.material_ids[0]
        with self.assertRaises(UserError):
            material.with_user(self.manager).item_id = self.item

    def test_new_version(self):
        item = self._publish()
        action = item.with_user(self.manager).action_new_version()
        draft = self.env["shenpi.item"].browse(action["res_id"])
        self.assertEqual((draft.state, draft.version, draft.code), ("draft", 2, item.code))
        self.assertEqual(draft.material_ids.mapped("code"), item.material_ids.mapped("code"))
        self.assertEqual(draft.step_ids.mapped("kind"), item.step_ids.mapped("kind"))
        self.assertEqual(len(draft.stage_ids), len(item.stage_ids))
        again = item.with_user(self.manager).action_new_version()
        self.assertEqual(again["res_id"], draft.id, "the draft there is")
        draft.with_user(self.manager).promised_limit = 4
        self._publish(draft)
        self.assertEqual(item.state, "retired")
        self.assertEqual(draft.state, "published")
        self.assertEqual(item.promised_limit, 5)
        self.assertLessEqual(item.valid_from, item.valid_to)

    def test_the_earlier_version_ends_the_day_before(self):
        action = self.item.with_user(self.manager).action_new_version()
        draft = self.env["shenpi.item"].browse(action["res_id"])
        draft._do_publish()
        self.assertEqual(self.item.valid_to, date(2026, 6, 9))
        self.assertEqual(draft.valid_from, date(2026, 6, 10))

    def test_a_new_version_keeps_its_code(self):
        action = self.item.with_user(self.manager).action_new_version()
        draft = self.env["shenpi.item"].browse(action["res_id"])
        with self.assertRaisesRegex(ValidationError, "keeps the code"):
            draft.with_user(self.manager).level = "4"

    def test_one_published_version_and_one_draft_of_a_code(self):
        item = self._publish()
        for values in ({"version": 2}, {"version": 2, "state": "published"}):
            draft = item.sudo().copy({"version": values["version"]})
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
                if "state" in values:
                    draft.sudo().state = "published"
                else:
                    item.sudo().copy({"version": 3})
                self.env.flush_all()
            draft.unlink()

    def test_retire(self):
        item = self._publish()
        item.with_user(self.manager).action_retire()
        self.assertEqual((item.state, item.valid_to), ("retired", date(2026, 6, 10)))
        with self.assertRaises(UserError):
            item.with_user(self.manager).action_retire()

    def test_drafts_can_be_deleted(self):
        self.draft.with_user(self.manager).unlink()
        self.assertFalse(self.draft.exists())

    def test_versions_count(self):
        self._publish().with_user(self.manager).action_new_version()
        self.assertEqual(self.draft.version_count, 2)
        action = self.draft.action_view_versions()
        self.assertEqual(self.env["shenpi.item"].search_count(action["domain"]), 2)

    # === Checks before publishing === #

    def test_a_complete_draft_has_no_problem(self):
        self.assertFalse(self._problems())
        self.assertFalse(self.draft.problem_count)

    def _assert_checks(self, cases):
        """Each change to the complete draft is told by a sentence that begins as expected."""
        for expected, values in cases:
            with self.subTest(expected=expected, **values), self.cr.savepoint() as savepoint:
                self.assertIn(f"{expected}", self._problems(**values))
                savepoint.rollback()
                self.env.invalidate_all()
        self.assertFalse(self._problems())

    def test_the_law_limits_a_licence(self):
        """Art. 42: 20 and 10 working days, 45 and 15 jointly, more only by a special law."""
        self.assertFalse(self._problems(statutory_limit=20, extension_days=10))
        self._assert_checks(
            [
                ("Statutory limit: the licensing law gives 20", {"statutory_limit": 21}),
                ("Extension: the licensing law gives 10", {"extension_days": 11}),
                ("gives 45", {"statutory_limit": 46, "handling": "joint"}),
                ("gives 15", {"extension_days": 16, "handling": "joint"}),
                ("gives 20", {"statutory_limit": 29, "limit_unit": "calendar_days"}),
                ("gives 20", {"statutory_limit": 1, "promised_limit": 1, "limit_unit": "months"}),
            ]
        )
        joint = {"handling": "joint", "statutory_limit": 45, "extension_days": 15}
        self.assertFalse(self._problems(**joint))
        special = {
            "handling": "single",
            "statutory_limit": 60,
            "statutory_note": "EIA Law, art. 22",
        }
        self.assertFalse(self._problems(**special))

    def test_checks_of_the_basics(self):
        self._assert_checks(
            [
                ("Basis in law", {"legal_basis": False}),
                ("Conditions", {"conditions": False}),
                ("Materials", {"material_ids": [Command.clear()]}),
                ("Procedure", {"stage_ids": [Command.clear()]}),
                ("Promised limit", {"promised_limit": 21}),
                ("Kind of case", {"case_kind": "instant"}),
                ("Review mode", {"review_mode": "immediate"}),
                ("Kind of case", {"promised_limit": 0, "review_mode": "immediate"}),
                ("Review mode", {"promised_limit": 0, "case_kind": "instant"}),
                ("How it closes", {"closing_kind": "other"}),
                ("How it closes", {"result_name": "备案批复"}),
                ("Sample", {"result_sample_ids": [Command.clear()]}),
            ]
        )

    def test_checks_of_the_service(self):
        self._assert_checks(
            [
                ("Why a visit", {"visits": 1, "online_level": "verify"}),
                ("Why a visit", {"visit_reason": "Originals"}),
                ("Materials by post", {"online_level": "none"}),
                ("Visits", {"visits": 1, "visit_reason": "Originals"}),
                ("Visits", {"visits": 2, "visit_reason": "Originals", "online_level": "verify"}),
                ("Visits", {"visits": 3, "visit_reason": "Originals", "online_level": "preview"}),
                ("Basis of the fee", {"has_fee": True}),
                ("Fees", {"has_fee": True}),
                ("Online payment", {"has_fee": True}),
                ("Online payment", {"online_payment": True}),
                ("Complaint phone", {"consult_phone": "12345", "complaint_phone": "12345"}),
            ]
        )

    def test_checks_of_the_parts(self):
        self._assert_checks(
            [
                ("Questions", {"faq_ids": [Command.clear()]}),
                ("Procedure", {"stage_ids": [Command.delete(self.draft.stage_ids[0].id)]}),
                ("Materials may follow", {"allow_deferral": True}),
                ("Approval chain", {"step_ids": [Command.clear()]}),
                (
                    "Approval chain",
                    {"step_ids": [Command.update(self.draft.step_ids[1].id, {"kind": "review"})]},
                ),
                (
                    "Approval chain",
                    {"step_ids": [Command.update(self.draft.step_ids[0].id, {"kind": "decide"})]},
                ),
                (
                    "Approval chain",
                    {
                        "step_ids": [
                            Command.update(
                                self.draft.step_ids[1].id,
                                {"assign": "person", "user_id": self.reviewer.id},
                            )
                        ]
                    },
                ),
            ]
        )

    def test_deferrable_material_needs_the_mode(self):
        self.draft.material_ids[2].write({"importance": "auxiliary", "spared_by": "deferral"})
        self.assertTrue(self.draft.material_ids[2].deferrable)
        self.assertIn("Materials may follow", self._problems())
        self.assertFalse(self._problems(allow_deferral=True))

    def test_materials_are_numbered(self):
        materials = self.env["shenpi.item.material"].with_user(self.manager)
        new = materials.create([{"item_id": self.draft.id, "name": name} for name in "ab"])
        self.assertEqual(new.mapped("code"), ["M04", "M05"])
        self.draft.with_user(self.manager).material_ids = [Command.create({"name": "c"})]
        self.assertEqual(self.draft.material_ids[-1].code, "M06")

    def test_a_main_material_is_never_deferred(self):
        with self.assertRaisesRegex(ValidationError, "cannot follow later"):
            self.draft.material_ids[0].spared_by = "deferral"

    def test_on_the_spot(self):
        problems = self._problems(
            promised_limit=0,
            case_kind="instant",
            review_mode="immediate",
            step_ids=[Command.delete(self.draft.step_ids[0].id)],
        )
        self.assertFalse(problems)
        self.assertIn("on the spot", self.draft.limit_display)

    def test_publishing_names_everything_missing(self):
        self.draft.write({"legal_basis": False, "conditions": False, "promised_limit": 99})
        with self.assertRaises(UserError) as caught:
            self._publish()
        for word in ("Basis in law", "Conditions", "Promised limit"):
            self.assertIn(word, str(caught.exception))
        self.assertEqual(self.draft.problem_count, 3)
        self.assertEqual(self.draft.state, "draft")

    def test_form(self):
        with Form(self.env["shenpi.item"].with_user(self.manager)) as form:
            form.name = "New item"
            form.basic_code = "370117002019"
            form.department_id = self.office
            self.assertEqual(form.code, f"{BUREAU_USCC}3370117002019")
        item = form.record
        self.assertEqual(item.step_ids.mapped("kind"), ["review", "decide"])
        self.assertEqual(len(item.stage_ids), 5)
        self.assertEqual(item.step_ids.mapped("role"), ["reviewer", "decider"])

    # === Over RPC === #

    def test_api_list(self):
        answer = (
            self.env["shenpi.item"].with_user(self.integrator).api_list({"code": self.item.code})
        )
        self.assertEqual(
            answer,
            [
                {
                    "code": self.item.code,
                    "name": self.item.name,
                    "department": "Licences",
                    "statutory_days": 20,
                    "promised_days": 5,
                    "unit": "working_days",
                    "materials": [
                        {
                            "code": material.code,
                            "name": material.name,
                            "required": material.required,
                            "deferrable": False,
                        }
                        for material in self.item.material_ids
                    ],
                }
            ],
        )

    def test_api_list_knows_the_licence_and_what_is_spared(self):
        kind = self.env["shenpi.licence.type"].create({"name": "Food licence", "code": "FOODX"})
        ways = {"M01": "commitment", "M02": "none"}
        item = self._create_item(
            name="Typed",
            licence_type_id=kind.id,
            material_ids=[
                Command.create({"code": code, "name": code, "spared_by": way})
                for code, way in ways.items()
            ],
        )
        (answer,) = self.env["shenpi.item"].with_user(self.integrator).api_list({"code": item.code})
        self.assertEqual(answer["licence_type"], {"code": "FOODX", "name": "Food licence"})
        self.assertEqual(answer["materials"][0]["spared"], "commitment")
        self.assertNotIn("spared", answer["materials"][1])

    def test_api_list_finds(self):
        api = self.env["shenpi.item"].with_user(self.integrator).api_list
        self.office.code = "LIC"
        second = self._create_item(name="Drug licence 100%")
        self.assertEqual(len(api({"name": "licence"})), 2)
        self.assertEqual([i["code"] for i in api({"name": "100%"})], [second.code])
        self.assertEqual(len(api({"name": "%"})), 1)
        self.assertEqual(len(api({"department": "Licences"})), 2)
        self.assertEqual(len(api({"department": "LIC", "limit": 1})), 1)
        self.assertEqual(len(api({"department": "LIC", "offset": 1})), 1)
        self.assertFalse(api({"department": "Works"}))

    def test_api_list_shows_what_is_in_force(self):
        api = self.env["shenpi.item"].with_user(self.integrator).api_list
        self._create_item(name="Next year", published=False, valid_from="2027-01-01")._do_publish()
        codes = [item["code"] for item in api({})]
        self.assertEqual(codes, [self.item.code])
        self.item.action_retire()
        self.assertFalse(api({}))

    def test_api_list_refuses_what_it_does_not_know(self):
        api = self.env["shenpi.item"].with_user(self.integrator).api_list
        cases = [
            ("colour", {"colour": "red"}),
            ("name", {"name": 5}),
            ("limit", {"limit": "5"}),
            ("limit", {"limit": 0}),
            ("limit", {"limit": 1001}),
            ("offset", {"offset": -1}),
        ]
        for field, query in cases:
            with self.subTest(field=field), self.assertRaisesRegex(ValidationError, field):
                api(query)
        with self.assertRaises(AccessError):
            self.env["shenpi.item"].with_user(self.stranger).api_list({})

    def test_more_items_do_not_mean_more_queries(self):
        api = self.env["shenpi.item"].with_user(self.integrator)
        api.api_list({})
        counts = []
        for _round in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            api.api_list({})
            counts.append(self.cr.sql_log_count - before)
            for _n in range(4):
                self._create_item()
        self.assertEqual(counts[0], counts[1])

    def test_other_bureaus_see_nothing(self):
        env = self.env(user=self.clerk_b, context={"allowed_company_ids": self.district.ids})
        self.assertFalse(env["shenpi.item"].search([]))
        self.assertFalse(env["shenpi.item.material"].search([]))
        with self.assertRaises(AccessError):
            env["shenpi.item"].browse(self.item.id).read(["name"])
