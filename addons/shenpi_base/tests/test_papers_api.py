from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .common import NOW
from .test_papers import PapersCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestSparedOverRPC(PapersCommon):
    """What `api_submit` spares, as the form does."""

    def _submit_spared(self, *entries, user=None, **values):
        given = [{"code": code} for code in ("M01", "M03", "M04", "M05")]
        own = {entry["code"]: entry for entry in entries}
        materials = [own.pop(entry["code"], entry) for entry in given] + list(own.values())
        return self._submit(user or self.integrator, materials=materials, **values)

    def test_filed_without_papers(self):
        case = self._submit_spared(
            {"code": "M02", "spared": "law"},
            {"code": "M04", "spared": "commitment"},
            {"code": "M05", "spared": "combined", "digital_ref": self.case.number},
        )
        self.assertFalse(case._get_missing())
        self.assertEqual(
            case.material_ids.mapped("spared_way"), [False, "law", False, "commitment", "combined"]
        )
        self.assertEqual(self._material("M05", case).digital_ref, self.case.number)
        self.assertTrue(self._material("M04", case).stated_at)
        self.assertTrue(case.has_statement)
        answer = self.env["shenpi.application"].with_user(self.integrator).api_status(case.number)
        self.assertEqual(
            answer["spared"],
            [
                {"code": "M02", "way": "law"},
                {"code": "M04", "way": "commitment"},
                {"code": "M05", "way": "combined"},
            ],
        )

    def test_filed_with_a_question_to_the_source(self):
        case = self._submit_spared({"code": "M03", "spared": "shared_data"})
        self.assertEqual(case._get_missing().mapped("code"), ["M03"])
        self.assertEqual(case.lookup_ids.asked_by_id, self.integrator)
        self._answer()
        self.assertEqual(self._material("M03", case).spared_way, "shared_data")
        self.assertFalse(case._get_missing())

    def test_filed_in_a_batch(self):
        payloads = [
            self._prepare_payload(
                item_code=self.item.code,
                materials=[{"code": "M01"}, {"code": "M04", "spared": way}],
            )
            for way in ("commitment", "combined")
        ]
        api = self.env["shenpi.application"].with_user(self.integrator)
        good, bad = api.api_submit_batch(payloads)
        self.assertNotIn("M04", good["missing"])
        self.assertIn("payloads[1].materials[1].spared: the item does not", bad["error"])

    def test_only_what_the_item_offers_is_spared_when_filed(self):
        other = self._submit(
            applicant={
                "kind": "person",
                "name": "张三",
                "id_type": "ric",
                "id_number": "11010519491231002X",
            }
        )
        for entry, message in (
            ({"code": "M01", "spared": "law"}, r"materials\[0\]\.spared: the item does not"),
            ({"code": "M04", "spared": "shared_data"}, r"materials\[2\]\.spared: the item does"),
            ({"code": "M04", "spared": "shared"}, r"materials\[2\]\.spared: must be one of"),
            ({"code": "M05", "spared": "combined"}, r"materials\[3\]\.digital_ref: name"),
            (
                {"code": "M05", "spared": "combined", "digital_ref": other.number},
                r"materials\[3\]\.digital_ref: name",
            ),
            (
                {"code": "M04", "spared": "commitment", "content": "eA=="},
                r"materials\[2\]\.content: what is spared",
            ),
            (
                {"code": "M04", "spared": "commitment", "digital_ref": "E-1"},
                r"materials\[2\]\.digital_ref: what is spared",
            ),
        ):
            with self.subTest(entry=entry), self.assertRaisesRegex(ValidationError, message):
                self._submit_spared(entry)
        self.source.active = False
        with self.assertRaisesRegex(ValidationError, r"materials\[1\]\.spared: no source"):
            self._submit_spared({"code": "M03", "spared": "shared_data"})

    def test_bad_credit_bars_the_statement_when_filed(self):
        self._note_bad_credit()
        with self.assertRaisesRegex(UserError, "credit bars it"):
            self._submit_spared({"code": "M04", "spared": "commitment"})


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestSparedInABundle(PapersCommon):
    """What the `api_submit` of bundles spares, for every item that offers it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        proof = {"code": "M01", "name": "Proof of premises", "spared_by": "none"}
        cls.plain = cls._create_item(name="Plain", material_ids=[Command.create(proof)])
        cls.bundle = cls.env["shenpi.bundle"].create(
            {
                "name": "Two matters",
                "code": "TWO",
                "company_id": cls.company.id,
                "department_id": cls.office.id,
                "line_ids": [Command.create({"item_id": i.id}) for i in (cls.plain, cls.item)],
            }
        )
        cls.bundle.line_ids[1].after_all_ids = cls.bundle.line_ids[0]
        cls.bundle.with_user(cls.manager).action_publish()
        cls.codes = {material.name: material.code for material in cls.bundle.material_ids}

    def _file(self, **spared):
        """File the bundle; `spared`: way by name of the material, `_` for a space."""
        ways = {name.replace("_", " "): way for name, way in spared.items()}
        payload = self._prepare_payload(
            bundle_code="TWO",
            materials=[
                {"code": code, **({"spared": ways[name]} if name in ways else {})}
                for name, code in self.codes.items()
            ],
        )
        del payload["item_code"]
        answer = self.env["shenpi.bundle"].with_user(self.integrator).api_submit(payload)
        case = self.env["shenpi.bundle.case"].search([("number", "=", answer["number"])])
        return case.line_ids.application_id.sorted("id")

    def test_each_item_spares_what_it_offers(self):
        plain, papers = self._file(Proof_of_premises="commitment", Business_licence="shared_data")
        self.assertEqual(plain._get_missing().mapped("name"), ["Proof of premises"])
        self.assertTrue(self._material("M04", papers).stated_at)
        self.assertTrue(papers.has_statement)
        self.assertEqual(papers._get_missing().mapped("code"), ["M03"])
        self._answer()
        self.assertFalse(papers._get_missing())

    def test_what_no_item_offers_is_refused(self):
        place = [*self.codes].index("Form")
        message = rf"materials\[{place}\]\.spared: no item that is needed"
        with self.assertRaisesRegex(ValidationError, message):
            self._file(Form="commitment")
        with self.assertRaisesRegex(ValidationError, r"\.spared: must be one of"):
            self._file(Form="law")

    def test_a_statement_that_credit_bars_meanwhile_is_missing_again(self):
        plain, papers = self._file()
        self.assertEqual(papers.state, "draft")
        self._material("M04", papers).status = "missing"
        papers.with_user(self.integrator)._do_spare(self._material("M04", papers), "commitment")
        self._note_bad_credit()
        plain.with_user(self.manager)._do_accept()
        self._bring_on(plain, "granted")
        self.assertEqual(papers.state, "received")
        self.assertEqual(papers._get_missing().mapped("code"), ["M04"])
