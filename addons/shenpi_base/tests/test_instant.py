from psycopg2 import errors

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..tools import identifiers
from .common import ShenpiCommon

RULES = [
    {"kind": "field", "field_name": "area", "value_type": "number", "operator": "at_most"},
    {"kind": "field", "field_name": "owner.born", "value_type": "date", "operator": "below"},
    {"kind": "material", "material_code": "M01"},
    {"kind": "lookup", "lookup": "id_number"},
]
VALUES = ("50", "today-6570", False, False)
FORM = {"area": 48.5, "owner": {"born": "1990-05-01"}}


class InstantCommon(ShenpiCommon):
    """An automatic item with four requirements."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.instant = cls._create_instant(
            [
                dict(rule, name=f"Rule {place}", value=value, personal=place == 2)
                for place, (rule, value) in enumerate(zip(RULES, VALUES, strict=True), start=1)
            ]
        )
        cls.api = cls.env["shenpi.application"].with_user(cls.integrator)

    @classmethod
    def _create_instant(cls, rules, **values):
        return cls._create_item(
            auto_grant=True, requirement_ids=[Command.create(rule) for rule in rules], **values
        )

    def _prepare_applicant(self, number):
        body = f"91000000MA{number:07}"
        id_number = body + identifiers.uscc_check_digit(body)
        return self._prepare_payload()["applicant"] | {"id_number": id_number}

    def _file(self, item=None, **values):
        payload = self._prepare_payload(item_code=(item or self.instant).code, **values)
        answer = self.api.api_submit(payload)
        found = self.env["shenpi.application"].search([("number", "=", answer["number"])])
        return answer, found


@tagged("post_install", "-at_install")
class TestInstant(InstantCommon):
    def _get_results(self, application):
        return [
            (result.name, result.fulfilled, result.reason, result.found)
            for result in application.requirement_ids
        ]

    # === Granted at once === #

    def test_granted_in_the_same_transaction(self):
        answer, application = self._file(form=FORM)
        self.assertEqual(answer["state"], "granted")
        self.assertNotIn("reasons", answer)
        self.assertEqual(answer["delivery_due_date"], "2026-06-25")
        self.assertEqual(
            self._get_results(application),
            [
                ("Rule 1", True, False, "48.5"),
                ("Rule 2", True, False, "19******01"),
                ("Rule 3", True, False, False),
                ("Rule 4", True, False, "9135**********0Y43"),
            ],
        )
        self.assertRecordValues(
            application.event_ids,
            [
                {"action": "receive", "state_to": "received", "user_id": self.integrator.id},
                {"action": "grant_at_once", "state_to": "granted", "user_id": 1},
            ],
        )
        self.assertEqual(
            application.event_ids[1].data, {"requirements": [f"Rule {n}" for n in range(1, 5)]}
        )
        self.assertEqual(application.clock_ids.mapped("kind"), ["received", "accepted", "decided"])
        self.assertEqual(application.licence_id.holder_name, "青云餐饮有限公司")
        self.assertEqual((application.outcome, application.timeliness), ("grant", "on_time"))
        self.assertFalse(self.env["shenpi.event"]._get_broken(application))

    def test_as_granted_on_the_spot(self):
        """The same dates and figures as a case granted one by one."""
        _answer, application = self._file(form=FORM)
        other = self._submit(item_code=self.item.code)
        other._do_grant_on_the_spot("As it is.", {})
        names = [
            name
            for name, field in application._fields.items()
            if field.store and field.type in ("date", "datetime", "integer", "boolean", "float")
        ]
        names = [name for name in names if name not in ("id", "create_date", "write_date")]
        self.assertEqual(
            *(record.read(names, load="")[0] | {"id": 0} for record in (application, other))
        )

    def test_draft_at_the_window(self):
        draft = (
            self.env["shenpi.application"]
            .with_user(self.clerk)
            .create(
                {
                    "item_id": self.instant.id,
                    "applicant_name": "青云餐饮有限公司",
                    "applicant_id_number": "91350100M000100Y43",
                    "form_data": FORM,
                }
            )
        )
        draft.material_ids.write({"status": "provided"})
        draft.action_receive()
        self.assertEqual(draft.state, "granted")
        self.assertEqual(draft.requirement_ids.mapped("fulfilled"), [True] * 4)

    # === The normal path === #

    def test_reasons(self):
        answer, application = self._file(form={"area": "large"}, materials=[])
        self.assertEqual((answer["state"], answer["missing"]), ("received", ["M01", "M02"]))
        self.assertEqual(
            [(r["requirement"], r["reason"]) for r in answer["reasons"]],
            [("Rule 1", "type"), ("Rule 2", "absent"), ("Rule 3", "not_handed_in")],
        )
        self.assertTrue(all(reason["text"] for reason in answer["reasons"]))
        self.assertEqual(self._get_results(application)[0], ("Rule 1", False, "type", "large"))
        status = self.api.api_status(answer["number"])
        self.assertEqual(status["reasons"], answer["reasons"])
        self.assertEqual(application.event_ids.mapped("action"), ["receive"])

    def test_all_fulfilled_but_incomplete(self):
        answer, _application = self._file(form=FORM, materials=[{"code": "M01"}])
        self.assertEqual((answer["state"], answer["missing"]), ("received", ["M02"]))

    def test_results_without_automatic_grant(self):
        item = self._create_item(requirement_ids=[Command.create(dict(RULES[2], name="Form"))])
        answer, application = self._file(item)
        self.assertEqual(answer["state"], "received")
        self.assertEqual(application.requirement_ids.mapped("fulfilled"), [True])

    def test_what_stands_in_the_way_of_a_grant(self):
        model = self.env.registry["shenpi.application"]
        self.patch(model, "_get_grant_blockers", lambda self: ["Not today."])
        answer, application = self._file(form=FORM)
        self.assertEqual(answer["state"], "received")
        self.assertEqual(application.requirement_ids.mapped("fulfilled"), [True] * 4)

    # === Look-ups and credit === #

    def test_holds_a_licence(self):
        item = self._create_instant(
            [
                {
                    "name": "Licence",
                    "kind": "lookup",
                    "lookup": "licence",
                    "lookup_item_id": self.item.id,
                }
            ]
        )
        answer, _application = self._file(item)
        self.assertEqual([r["reason"] for r in answer["reasons"]], ["no_record"])
        licence = self._bring_to("granted").licence_id
        answer, application = self._file(item)
        self.assertEqual(answer["state"], "granted")
        self.assertEqual(application.requirement_ids.found, licence.number)
        licence.with_user(self.decider)._do_revoke("fraud", "Forged.")
        self.assertEqual(self._file(item)[0]["reasons"][0]["reason"], "unmet")
        licence = self._bring_to("granted").licence_id
        self.assertEqual(self._file(item)[0]["state"], "granted")
        licence.write(
            {"valid_from": "2021-06-10", "in_force_from": "2021-06-10", "valid_to": "2026-06-09"}
        )
        answer, _application = self._file(item)
        self.assertEqual([r["reason"] for r in answer["reasons"]], ["unmet"])

    def test_has_no_open_case(self):
        item = self._create_instant(
            [
                {"name": "None open", "kind": "lookup", "lookup": "no_open_case"},
                dict(RULES[0], name="Small", value="50"),
            ]
        )
        self.assertEqual(self._file(item, form={"area": 51})[0]["state"], "received")
        answer, application = self._file(item, form={"area": 50})
        self.assertEqual([r["reason"] for r in answer["reasons"]], ["unmet"])
        self.assertEqual(len(application.requirement_ids[0].found), 43, "the number of the other")
        other = self._prepare_applicant(1)
        self.assertEqual(
            self._file(item, form={"area": 50}, applicant=other)[0]["state"], "granted"
        )

    def test_credit(self):
        item = self._create_instant([{"name": "Credit", "kind": "credit", "grade": "B"}])
        answer, _application = self._file(item)
        self.assertEqual([r["reason"] for r in answer["reasons"]], ["no_record"])
        record = {"subject_name": "x", "id_number": "91350100M000100Y43", "source": "x"}
        credit = self.env["shenpi.credit"].with_user(self.manager)
        credit.create(dict(record, grade="B"))
        self.assertEqual(self._file(item)[0]["state"], "granted")
        credit.create(dict(record, grade="C"))
        self.assertEqual(self._file(item)[0]["reasons"][0]["reason"], "unmet")

    # === Kept, seen, entered === #

    def test_results_are_facts(self):
        _answer, application = self._file(form=FORM)
        results = application.requirement_ids
        with self.assertRaises(AccessError):
            results.sudo().write({"fulfilled": False})
        for query in ("UPDATE %s SET fulfilled = false", "DELETE FROM %s"):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(errors.RestrictViolation),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(query % results._table)
        self.assertTrue(results.with_user(self.reviewer2).mapped("name"))
        for user in (self.outsider, self.clerk_b, self.stranger):
            with self.assertRaises(AccessError):
                results.with_user(user).mapped("name")
        for user in (*self.users.values(), self.stranger):
            with self.assertRaises(AccessError):
                results.with_user(user).create([{}])

    def test_publishing(self):
        def problems(**values):
            item = self._create_item(published=False, **values)
            return "\n".join(item._get_problems()[item])

        form = [Command.create(dict(RULES[2], name="Form", material_code="M01"))]
        self.assertIn("needs at least one", problems(auto_grant=True))
        self.assertNotIn("Requirement", problems(auto_grant=True, requirement_ids=form))
        self.assertIn(
            "inspection", problems(auto_grant=True, needs_inspection=True, requirement_ids=form)
        )
        wrong = [Command.create(dict(RULES[2], name="Form", material_code="M09"))]
        self.assertIn("no material M09", problems(requirement_ids=wrong))
        for values in (
            {"value": "many"},
            {"operator": "contains", "value": "5"},
            {"field_name": ""},
            {"kind": "credit"},
            {"kind": "lookup", "lookup": "licence"},
        ):
            rule = dict(RULES[0], name="Wrong", value="5") | values
            with self.subTest(values=values), self.assertRaisesRegex(ValidationError, "Wrong"):
                problems(requirement_ids=[Command.create(rule)])

    def test_a_published_version_stays(self):
        requirement = self.instant.requirement_ids[0].with_user(self.manager)
        with self.assertRaises(UserError):
            requirement.value = "500"
        draft = self.env["shenpi.item"].browse(
            self.instant.with_user(self.manager).action_new_version()["res_id"]
        )
        self.assertEqual(
            draft.requirement_ids.mapped("sentence"),
            self.instant.requirement_ids.mapped("sentence"),
        )
        draft.requirement_ids[0].value = "500"
        self.assertEqual(self._file(form=dict(FORM, area=60))[0]["state"], "received")

    def test_entered_on_the_form(self):
        draft = self._create_item(published=False)
        with Form(draft.with_user(self.manager)) as form, form.requirement_ids.new() as line:
            line.name = "Small"
            line.kind = "field"
            line.field_name = "area"
            line.value_type = "number"
            line.operator = "at_most"
            line.value = "50"
        self.assertEqual(draft.requirement_ids.sentence, "The form field “area” is at most “50”")
