from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import Form, freeze_time, tagged

from .common import NOW
from .licence_common import LicenceCommon

TERMS = {"licence_scope": "Hot food", "licence_conditions": "No raw fish."}


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestDecisionLetter(LicenceCommon):
    """What a decision about a licence says, and on which terms it makes the next one."""

    def setUp(self):
        super().setUp()
        documents = self.env.registry["shenpi.application.document"]
        self.startPatcher(patch.object(documents, "_get_lang", lambda _self: "en_US"))

    def _decide(self, application, outcome="grant", reason="", **terms):
        application.with_user(self.clerk)._do_accept()
        if application.state != "deciding":
            self._bring_on(application, "deciding")
        application.with_user(self.decider)._do_decide(outcome, reason, terms=terms)
        return self._letter(application)

    def _letter(self, application):
        page = self.env["shenpi.application.document"]._prepare("decision", application)
        return page["title"], page["paragraphs"][0], dict(page.get("rows", ()))

    def test_each_kind_names_its_article(self):
        number = self.licence.number
        for purpose, act, article in (
            ("renew", "renewal", 50),
            ("change", "change", 49),
            ("cancel", "cancellation", 70),
        ):
            with self.subTest(purpose=purpose):
                title, said, rows = self._decide(self._ask(purpose))
                self.assertEqual(
                    title, f"Decision to Grant the {act} of the Administrative Licence"
                )
                self.assertIn(f"article {article} of the Administrative Licensing Law", said)
                self.assertIn(f"the {act} is granted", said)
                self.assertIn(number, said)
                self.assertEqual(rows["Licence number"], number)
        self.assertEqual(rows["Cancelled on"], "June 10, 2026")

    def test_denied(self):
        title, said, _rows = self._decide(self._ask("renew"), "deny", "The kitchen has burnt down.")
        self.assertEqual(title, "Decision to Deny the renewal of the Administrative Licence")
        self.assertIn("article 50", said)
        self.assertIn("the renewal is denied", said)

    def test_what_is_no_administrative_licence_names_no_article_of_its_law(self):
        item = self._create_item(name="Confirmation", item_type="07", licence_type_id=self.kind.id)
        licence = self._make_licence(item_code=item.code)
        for outcome, verb in (("deny", "denied"), ("grant", "granted")):
            application = self._ask("renew", licence, item_code=item.code)
            title, said, _rows = self._decide(application, outcome, "As examined.")
            self.assertEqual(title, f"Decision to {outcome.title()} the renewal")
            self.assertIn(f"the renewal is {verb}", said)
            self.assertNotIn("Licensing Law", said)

    def test_a_first_licence_is_granted_as_ever(self):
        title, said, rows = self._letter(self.licence.application_id)
        self.assertEqual(title, "Decision to Grant the Administrative Licence")
        self.assertIn("article 38", said)
        self.assertEqual(rows["Conditions"], "Keep the kitchen clean.")

    def test_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        documents = self.env.registry["shenpi.application.document"]
        with patch.object(documents, "_get_lang", lambda _self: "zh_CN"):
            title, said, _rows = self._decide(self._ask("renew"))
        self.assertEqual(title, "准予延续行政许可决定书")
        self.assertIn("《中华人民共和国行政许可法》第五十条", said)

    # === Terms === #

    def test_terms_go_to_the_licence_and_onto_paper(self):
        application = self._submit(item_code=self.typed_item.code)
        _title, _said, rows = self._decide(application, **TERMS)
        licence = application.licence_id
        self.assertEqual((licence.scope, licence.conditions), ("Hot food", "No raw fish."))
        self.assertEqual((rows["Scope"], rows["Conditions"]), ("Hot food", "No raw fish."))
        printed = dict(licence._prepare_page()["rows"])
        self.assertEqual(printed["Conditions"], "No raw fish.")
        event = application.event_ids.filtered(lambda event: event.action == "grant")
        self.assertEqual(event.data, TERMS)
        renewed = self._ask("renew", licence)
        self._decide(renewed)
        self.assertEqual(renewed.licence_id.conditions, "No raw fish.", "they go on")
        changed = self._ask("change", licence)
        self._decide(changed, licence_conditions="Raw fish on ice.")
        self.assertEqual(changed.licence_id.conditions, "Raw fish on ice.")
        self.assertEqual(changed.licence_id.scope, "Hot food")

    def test_only_what_makes_a_licence_has_terms(self):
        application = self._submit(item_code=self.typed_item.code)
        with self.assertRaisesRegex(ValidationError, "scope, conditions:"):
            self._decide(application, "deny", "No.", **TERMS)
        application = self._ask("cancel")
        with self.assertRaisesRegex(ValidationError, "scope, conditions:"):
            self._decide(application, **TERMS)

    def test_over_rpc(self):
        application = self._submit(item_code=self.typed_item.code)
        application.with_user(self.clerk)._do_accept()
        self._bring_on(application, "deciding")
        values = {"outcome": "grant", "scope": "Hot food", "conditions": "No raw fish."}
        api = self.env["shenpi.application"].with_user(self.decider)
        api.api_decide(application.number, values)
        self.assertEqual(application.licence_id.conditions, "No raw fish.")
        self.assertEqual(application.licence_id.scope, "Hot food")

    def test_the_dialog_proposes_them(self):
        application = self._ask("renew")
        application.with_user(self.clerk)._do_accept()
        self._bring_on(application, "deciding")
        action = application.with_user(self.decider).action_open_decision()
        wizards = self.env[action["res_model"]].with_user(self.decider)
        form = Form(wizards.with_context(**action["context"]))
        self.assertEqual(form.licence_conditions, "Keep the kitchen clean.")
        form.licence_conditions = "Keep the yard clean."
        form.save().action_confirm()
        self.assertEqual(application.licence_id.conditions, "Keep the yard clean.")
