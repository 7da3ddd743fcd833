import json
import time
from unittest.mock import patch

from psycopg2.errors import RestrictViolation

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from ..tools import identifiers, lookups, signing
from .common import NOW, ShenpiCommon

KEY = "a shared key of the test"
USCC = "91350100M000100Y43"
ASK = "odoo.addons.shenpi_base.models.shenpi_lookup.lookups.ask"


class FakeSource:
    """Stands in for `lookups.ask`: remembers what it was asked, answers what it is told."""

    def __init__(self, **answer):
        self.asked = []
        self.answer = lookups.Answer(**{"status": "found", "evidence": "E-1", **answer})

    def __call__(self, service, question, today):
        self.asked.append(question)
        return self.answer


@freeze_time(NOW)
class PapersCommon(ShenpiCommon):
    """An item whose five proofs are each spared in another way; M01 is asked of everybody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        ways = ("none", "law", "shared_data", "commitment", "combined")
        names = ("Form", "Birth record", "Business licence", "Proof of premises", "Plan")
        cls.item = cls._create_item(
            name="Papers",
            material_ids=[
                Command.create(
                    {
                        "code": f"M{place:02}",
                        "name": name,
                        "spared_by": way,
                        "copies": place,
                        "material_type": "certificate",
                    }
                )
                for place, (way, name) in enumerate(zip(ways, names, strict=True), start=1)
            ],
        )
        cls.source = cls.env["shenpi.lookup.source"].create(
            {
                "name": "Data platform",
                "company_id": cls.company.id,
                "material_names": "Business licence\nHousehold register",
                "legal_basis": "Data rules, art. 8",
                "url": "https://data.example.org/ask",
                "account": "bureau",
                "key": KEY,
            }
        )

    def setUp(self):
        super().setUp()
        documents = self.env.registry["shenpi.application.document"]
        self.startPatcher(patch.object(documents, "_get_lang", lambda _self: "en_US"))
        self.case = self._submit(materials=[{"code": "M01"}])
        self.clerks = self.case.with_user(self.clerk)

    def _material(self, code, case=None):
        return (case or self.case).material_ids.filtered(lambda m: m.code == code)

    def _draft(self):
        return (
            self.env["shenpi.application"]
            .with_user(self.clerk)
            .create(
                {
                    "item_id": self.item.id,
                    "applicant_name": "青云",
                    "applicant_kind": "organisation",
                    "applicant_id_type": "uscc",
                    "applicant_id_number": USCC,
                }
            )
        )

    def _spare(self, code, way, evidence=""):
        return self.clerks._do_spare(self._material(code), way, evidence)

    def _note_bad_credit(self):
        self.env["shenpi.credit"].create(
            {
                "subject_name": "青云餐饮有限公司",
                "id_number": USCC,
                "grade": "D",
                "source": "Credit platform",
                "company_id": self.company.id,
            }
        )

    def _answer(self, **answer):
        """Let the job ask what has been asked for."""
        source = FakeSource(**answer)
        outbox = self.env["shenpi.lookup"].sudo()
        with patch(ASK, source), self.enter_registry_test_mode():
            outbox._outbox_send_chunk(self.company.id)
            outbox._outbox_settle(self.company.id)
        return source


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestWays(PapersCommon):
    def test_what_the_law_drops_is_never_asked_for(self):
        self.assertEqual(self._material("M02").status, "spared")
        self.assertEqual(self._material("M02").spared_way, "law")
        self.assertEqual(self.case._get_missing().mapped("code"), ["M03", "M04", "M05"])
        self.assertEqual(set(self.case.material_ids.mapped("lookup_note")), {False})
        draft = self._draft()
        self.assertEqual(self._material("M02", draft).spared_way, "law")

    def test_every_way_completes_the_case(self):
        other = self._submit(materials=[{"code": "M01"}])
        self.clerks._do_look_up()
        self._answer()
        self._spare("M04", "commitment")
        self._spare("M05", "combined", other.number)
        self.assertFalse(self.case._get_missing())
        self.assertEqual(
            self.case.material_ids.mapped("spared_way"),
            [False, "law", "shared_data", "commitment", "combined"],
        )
        self.clerks._do_accept()
        told = [event.data for event in self.case.event_ids if event.action == "spare"]
        self.assertEqual(
            [(data["code"], data["way"]) for data in told],
            [("M03", "shared_data"), ("M04", "commitment"), ("M05", "combined")],
        )

    def test_only_as_the_item_offers(self):
        for code, way in (("M03", "law"), ("M04", "combined"), ("M05", "commitment")):
            with self.assertRaisesRegex(ValidationError, "does not spare it that way"):
                self._spare(code, way)
        with self.assertRaisesRegex(ValidationError, "no source has found it"):
            self._spare("M03", "shared_data", "E-1")
        with self.assertRaisesRegex(ValidationError, "not missing"):
            self._spare("M01", "law")

    def test_handled_along_with_a_case_of_the_same_applicant(self):
        applicant = self._prepare_payload()["applicant"]
        uscc = "91370200MA3C4D5E6"
        uscc += identifiers.uscc_check_digit(uscc)
        strange = self._submit(materials=[], applicant=dict(applicant, id_number=uscc))
        for number in ("", "1", self.case.number, strange.number):
            with self.assertRaisesRegex(ValidationError, "other case"):
                self._spare("M05", "combined", number)

    def test_until_acceptance_by_the_desk(self):
        with self.assertRaises(AccessError):
            self.case.with_user(self.inspector)._do_spare(self._material("M04"), "commitment")
        with self.assertRaises(AccessError):
            self.case.with_user(self.outsider)._do_spare(self._material("M04"), "commitment")
        self.clerks._do_withdraw("Not wanted.")
        with self.assertRaisesRegex(UserError, "until acceptance"):
            self._spare("M04", "commitment")

    def test_a_paper_that_comes_in_is_no_saving(self):
        self._spare("M04", "commitment")
        material = self._material("M04")
        material.sudo().write({"status": "provided"})
        self.assertFalse(material.spared_way)
        self.assertFalse(material.stated_at)

    def test_what_a_draft_claims_is_checked(self):
        draft = self._draft()
        forged = {"status": "spared", "spared_way": "shared_data", "digital_ref": "E-9"}
        self._material("M03", draft).write(forged)
        with self.assertRaisesRegex(ValidationError, "no source has found it"):
            draft._do_receive()
        self._material("M03", draft).write({"status": "missing"})
        draft._do_spare(self._material("M04", draft), "commitment")
        draft._do_receive()
        self.assertEqual(self._material("M04", draft).spared_way, "commitment")

    def test_a_statement_is_verified_after_the_grant(self):
        self.clerks._do_look_up()
        self._answer()
        self._spare("M04", "commitment")
        self._material("M05").sudo().write({"status": "provided"})
        self.clerks._do_accept()
        self._bring_on(self.case, "granted")
        self.assertTrue(self.case.commitment_ids)

    def test_bad_credit_bars_the_statement(self):
        self._note_bad_credit()
        with self.assertRaisesRegex(UserError, "credit bars it"):
            self._spare("M04", "commitment")

    def test_the_bundle_brings_what_is_handled_along(self):
        bundle = self.env["shenpi.bundle"].create(
            {
                "name": "Two",
                "code": "TWO",
                "company_id": self.company.id,
                "department_id": self.office.id,
                "line_ids": [
                    Command.create({"item_id": item.id})
                    for item in (self.item, self._create_item(name="Other"))
                ],
            }
        )
        bundle.with_user(self.manager).action_publish()
        self.assertFalse({"Birth record", "Plan"} & set(bundle.material_ids.mapped("name")))
        payload = self._prepare_payload(bundle_code="TWO", materials=[])
        del payload["item_code"]
        answer = self.env["shenpi.bundle"].with_user(self.clerk).api_submit(payload)
        case = self.env["shenpi.bundle.case"].search([("number", "=", answer["number"])])
        plan = self._material("M05", case.line_ids[0].application_id)
        self.assertEqual((plan.spared_way, plan.digital_ref), ("combined", case.number))
        mine = case.with_user(self.clerk)
        self.assertTrue(mine.can_look_up)
        self.assertFalse(case.with_user(self.supervisor).can_look_up)
        mine.action_look_up()
        self._answer()
        licence = self._material("M03", case.line_ids[0].application_id)
        self.assertEqual(licence.spared_way, "shared_data")
        with self.assertRaisesRegex(UserError, "No source"):
            mine.action_look_up()

    def test_the_statement_is_printed_before_it_is_signed(self):
        wizard = self.env["shenpi.spare.wizard"].with_user(self.clerk)
        wizard = wizard.create({"application_id": self.case.id})
        report = wizard.action_print_statement()["report_name"]
        self.assertEqual(report, "shenpi_base.report_proof_statement")
        page = self.env["shenpi.application.document"]._prepare("proof_statement", self.case)
        self.assertEqual([row[0] for row in page["rows"]], ["Proof of premises"])

    def test_the_receipt_says_what_and_why(self):
        self._spare("M04", "commitment")
        documents = self.env["shenpi.application.document"]
        page = documents._prepare("filing", self.case)
        self.assertIn("Birth record、Proof of premises", page["paragraphs"][-1])
        given = [material._describe_given() for material in page["materials"]]
        self.assertEqual(given[1], "Spared: By law or list")
        self.assertEqual(given[3], "Spared: By written commitment")
        letter = documents._prepare("proof_statement", self.case)
        self.assertEqual([row[0] for row in letter["rows"]], ["Proof of premises"])

    def test_the_dialog_offers_what_is_possible(self):
        wizards = self.env["shenpi.spare.wizard"].with_user(self.clerk)
        wizard = wizards.create({"application_id": self.case.id})
        self.assertEqual(wizard.sparable_ids.mapped("code"), ["M04", "M05"])
        self.assertEqual((wizard.material_id.code, wizard.way), ("M04", "commitment"))
        with self.assertRaisesRegex(ValidationError, "sign the statement"):
            wizard.action_confirm()
        wizard.signed = True
        wizard.action_confirm()
        self.assertTrue(self._material("M04").stated_at)

    def test_papers_saved(self):
        self._spare("M04", "commitment")
        savings = self.env["shenpi.paper.saving"].search([("application_id", "=", self.case.id)])
        self.assertEqual(
            dict(zip(savings.mapped("way"), savings.mapped("sheets"), strict=True)),
            {"law": 2, "commitment": 4},
        )
        self.assertEqual(savings.mapped("received_on")[0], fields.Date.to_date("2026-06-10"))
        self.assertFalse(savings.with_user(self.outsider).search([("id", "in", savings.ids)]))
        self._material("M04").sudo().write({"status": "provided"})
        savings.invalidate_model()
        self.assertEqual(savings.search([("application_id", "=", self.case.id)]).way, "law")

    def test_the_weekly_bulletin_counts_them(self):
        self._spare("M04", "commitment")
        bulletin = self.env["shenpi.bulletin"].create(
            {"company_id": self.company.id, "date_from": "2026-06-08"}
        )
        total = bulletin._evaluate()["total"]["week"]
        self.assertEqual((total["papers_saved"], total["sheets_saved"]), (2, 6))


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestLookup(PapersCommon):
    def setUp(self):
        super().setUp()
        self.lookup = self.clerks._do_look_up()

    def test_the_question_is_kept(self):
        self.assertRecordValues(
            self.lookup,
            [
                {
                    "material_name": "Business licence",
                    "source_id": self.source.id,
                    "application_id": self.case.id,
                    "asked_by_id": self.clerk.id,
                    "subject_name": "青云餐饮有限公司",
                    "legal_basis": "Data rules, art. 8",
                    "answer": False,
                    "state": "pending",
                }
            ],
        )
        self.assertIn(self.case.number, self.lookup.purpose)
        self.assertNotIn(USCC, self.lookup.subject_id_number)

    def test_what_is_sent(self):
        (question,) = self._answer().asked
        self.assertEqual(
            question["subject"],
            {
                "name": "青云餐饮有限公司",
                "kind": "organisation",
                "id_type": "uscc",
                "id_number": USCC,
            },
        )
        self.assertEqual(question["id"], self.lookup.sudo().key)
        self.assertEqual(question["asked_by"], self.clerk.name)

    def test_found(self):
        self._answer(valid_until=fields.Date.to_date("2026-12-31"))
        self.assertEqual((self.lookup.answer, self.lookup.evidence), ("found", "E-1"))
        material = self._material("M03")
        self.assertEqual((material.spared_way, material.digital_ref), ("shared_data", "E-1"))
        self.assertEqual(material.lookup_note, "Proof found")
        others = self.lookup.sudo().application_id.material_ids - material
        self.assertEqual(set(others.mapped("lookup_note")), {False})
        self.assertTrue(self.lookup.taken)

    def test_not_found_leaves_it_to_the_paper(self):
        for status in ("not_found", "mismatch"):
            if self.lookup.answer:
                self.lookup = self.clerks._do_look_up()
            self._answer(status=status, evidence="")
            self.assertEqual(self.lookup.answer, status)
            self.assertEqual(self._material("M03").status, "missing")
            with self.assertRaisesRegex(ValidationError, "does not spare it that way"):
                self._spare("M03", "commitment")

    def test_no_answer_may_be_replaced_by_a_statement(self):
        self._answer(status="unavailable", reason="timeout")
        self.assertEqual(self.lookup.state, "pending")
        self.assertIn("in time", self.lookup.error)
        with freeze_time("2026-06-10 02:05:00"):
            self._answer(status="unavailable", reason="unreachable")
        self.assertEqual((self.lookup.state, self.lookup.answer), ("failed", "unavailable"))
        self.assertTrue(self.clerks._get_askable())
        self._spare("M03", "commitment")
        self.assertEqual(self._material("M03").spared_way, "commitment")

    def test_asked_once_until_it_is_answered(self):
        with self.assertRaisesRegex(UserError, "No source"):
            self.clerks._do_look_up()
        self._answer(status="not_found", evidence="")
        again = self.clerks._do_look_up()
        self.assertEqual(len(self.case.lookup_ids), 2)
        self.assertNotEqual(again.origin, self.lookup.origin)

    def test_a_paper_that_came_first_stays(self):
        self._material("M03").sudo().write({"status": "provided"})
        self._answer()
        self.assertEqual(self._material("M03").status, "provided")
        self.assertTrue(self.lookup.taken)

    def test_a_proof_that_has_lapsed_since_spares_nothing(self):
        self._answer(valid_until=fields.Date.to_date("2026-06-10"))
        self._material("M03").sudo().write({"status": "missing"})
        with freeze_time("2026-06-11 02:00:00"), self.assertRaises(ValidationError):
            self._spare("M03", "shared_data", "E-1")

    def test_kept_as_it_was(self):
        self._answer()
        self.env.flush_all()
        for column, value in (
            ("purpose", "'other'"),
            ("asked_by_id", str(self.env.uid)),
            ("answer", "'not_found'"),
            ("evidence", "'E-2'"),
        ):
            with (
                self.assertRaises(RestrictViolation),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self.cr.execute(f"UPDATE shenpi_lookup SET {column} = {value}")
        with self.assertRaises(RestrictViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.cr.execute("DELETE FROM shenpi_lookup")
        with self.assertRaises(AccessError):
            self.lookup.sudo().unlink()

    def test_who_reads_the_log(self):
        readers = (self.clerk, self.reviewer2, self.supervisor, self.manager)
        for user in readers:
            self.assertTrue(self._as(user, self.lookup)._filtered_access("read"), user.login)
        for user in (self.outsider, self.clerk_b, self.stranger):
            self.assertFalse(self._as(user, self.lookup)._filtered_access("read"), user.login)
        for user in (self.clerk, self.manager):
            with self.assertRaises(AccessError):
                self.lookup.with_user(user).write({"taken": True})

    def test_the_key_is_the_administrators(self):
        for name in ("key", "url", "account"):
            with self.assertRaises(AccessError):
                self.source.with_user(self.manager).read([name])
        self.assertEqual(self.source.with_user(self.clerk).name, "Data platform")

    def test_demonstration_has_no_place_beside_real_cases(self):
        sources = self.env.registry["shenpi.lookup.source"]
        local = {"url": "http://127.0.0.1:8069/shenpi/demo/lookup", "is_demo": True}
        self.patch(sources, "_has_demo_data", lambda self: False)
        with self.assertRaisesRegex(ValidationError, "no place"), self.cr.savepoint():
            self.source.write(local)
        self.patch(sources, "_has_demo_data", lambda self: True)
        self.source.write(local)

    def test_personal_data_leave_over_tls_only(self):
        self.patch(self.env.registry["shenpi.lookup.source"], "_has_demo_data", lambda self: True)
        for url, demo in (
            ("http://data.example.org", False),
            ("http://data.example.org", True),
            ("http://127.0.0.1:8079", False),
            ("ftp://data.example.org", False),
            ("https://user:word@data.example.org", False),
        ):
            with self.assertRaisesRegex(ValidationError, "https"), self.cr.savepoint():
                self.source.write({"url": url, "is_demo": demo})
        self.source.write({"url": "http://127.0.0.1:8079/ask", "is_demo": True})
        with self.assertRaisesRegex(ValidationError, "16 characters"), self.cr.savepoint():
            self.source.key = "short"


@tagged("post_install", "-at_install")
class TestLookupDemo(PapersCommon, HttpCase):
    """The invented register answers what a demonstration source has signed, nobody else."""

    def _ask(self, key=KEY, account="bureau", **changes):
        question = {"id": "q", "material": "Business licence", "subject": {"id_number": USCC}}
        body = json.dumps(question | changes).encode()
        moment, nonce = int(time.time()), "n-1"
        headers = {
            "Content-Type": "application/json",
            "X-Shenpi-Account": account,
            "X-Shenpi-Timestamp": str(moment),
            "X-Shenpi-Nonce": nonce,
            "X-Shenpi-Signature": signing.sign(key, moment, nonce, body),
        }
        return self.url_open("/shenpi/demo/lookup", data=body, headers=headers, timeout=30)

    def setUp(self):
        super().setUp()
        self.patch(self.env.registry["shenpi.lookup.source"], "_has_demo_data", lambda self: True)
        self.source.write({"url": "http://127.0.0.1:8069/shenpi/demo/lookup", "is_demo": True})

    def test_most_proofs_are_found(self):
        answers = [self._ask(subject={"id_number": f"{place:018d}"}).json() for place in range(12)]
        self.assertLessEqual({a["status"] for a in answers}, {"found", "not_found", "mismatch"})
        found = [answer for answer in answers if answer["status"] == "found"]
        self.assertGreater(len(found), 6)
        self.assertTrue(all(answer["evidence"].startswith("DEMO-") for answer in found))
        self.assertEqual(self._ask().json(), self._ask().json())

    def test_nobody_else_is_answered(self):
        self.assertEqual(self._ask(key="another shared key").status_code, 404)
        self.assertEqual(self._ask(account="other").status_code, 404)
        self.source.active = False
        self.assertEqual(self._ask().status_code, 404)
        self.source.active = True
        self.patch(self.env.registry["shenpi.lookup.source"], "_has_demo_data", lambda self: False)
        self.assertEqual(self._ask().status_code, 404)
