import io
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools.pdf import PdfFileReader

from ..tools import barcodes
from .common import NOW, ShenpiCommon

KINDS = {
    "filing": "received",
    "acceptance": "accepted",
    "correction": "correcting",
    "refusal": "not_accepted",
    "decision": "granted",
    "delivery": "closed",
}


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestReports(ShenpiCommon):
    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("en_US")
        documents = type(self.env["shenpi.application.document"])
        self.startPatcher(patch.object(documents, "_get_lang", lambda _self: "en_US"))

    def _render(self, kind, application, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.clerk)
        report = f"shenpi_base.report_{kind}"
        html = reports._render_qweb_html(report, application.ids)[0]
        return html.decode() if isinstance(html, bytes) else html

    def test_every_document(self):
        """Letterhead, title, number with its bars, code of the progress page; nothing to fetch."""
        self.company.shenpi_seal_name = "Seal for licensing"
        for kind, state in KINDS.items():
            with self.subTest(kind=kind):
                application = self._bring_to(state)
                html = self._render(kind, application)
                page = self.env["shenpi.application.document"]._prepare(kind, application)
                for text in (
                    self.company.name,
                    page["title"],
                    application.number,
                    application.item_id.name,
                    "Seal for licensing",
                    barcodes.code128(application.number),
                    barcodes.qr(application._get_progress_url()),
                ):
                    self.assertIn(text, html)
                self.assertNotIn("<link", html)
                self.assertNotIn("<script", html)

    def test_no_identity_numbers_on_paper(self):
        for kind, state in KINDS.items():
            html = self._render(kind, self._bring_to(state))
            self.assertNotIn("91350100M000100Y43", html)
            self.assertNotIn("13812345678", html)

    def test_correction_tells_everything(self):
        application = self._submit(materials=[])
        application.with_user(self.clerk)._do_request_correction(
            [{"text": "The form must be sealed.", "material": None}]
        )
        html = self._render("correction", application)
        self.assertIn("The form must be sealed.", html)
        for material in application._get_missing():
            self.assertIn(material.name, html)
        self.assertIn("article 32, paragraph 1, item (4)", html)

    def test_refusals_state_reason_and_rights(self):
        self.company.write(
            {
                "shenpi_reconsideration_body": "City Government",
                "shenpi_reconsideration_address": "1 Main Street",
                "shenpi_reconsideration_phone": "0000-1",
                "shenpi_suit_court": "District Court",
                "shenpi_suit_address": "2 Main Street",
            }
        )
        refused, denied = self._bring_to("not_accepted"), self._bring_to("denied")
        for html, reason in (
            (self._render("refusal", refused), "No permit is needed."),
            (self._render("decision", denied), "As reviewed."),
        ):
            for text in (
                reason,
                "within 60 days",
                "within 6 months",
                "City Government (address: 1 Main Street",
                "0000-1",
                "District Court",
                "2 Main Street",
            ):
                self.assertIn(text, html)

    def test_rights_without_configuration(self):
        """A bureau that has entered no addresses still tells what the law says."""
        html = self._render("decision", self._bring_to("denied"))
        self.assertIn("government at the same level", html)
        self.assertIn("court that has jurisdiction", html)

    def test_grounds_of_refusal(self):
        for code, text, redirect in (
            ("not_needed", "item (1)", ""),
            ("not_ours", "Please apply to: Province", "Province"),
        ):
            application = self._submit()
            application.with_user(self.clerk)._do_not_accept(code, "Because.", redirect)
            self.assertIn(text, self._render("refusal", application))
        application = self._bring_to("correcting")
        application.with_user(self.clerk)._do_supplement({})
        application.with_user(self.clerk)._do_not_accept("incomplete", "Because.")
        self.assertIn("item (4)", self._render("refusal", application))

    def test_licence_law_only_for_licences(self):
        item = self._create_item(item_type="07")
        application = self._bring_to("granted", item_code=item.code)
        for kind in ("acceptance", "decision"):
            self.assertNotIn("Licensing Law", self._render(kind, application))
        self.assertIn("Licensing Law", self._render("decision", self._bring_to("granted")))

    def test_decision_names_the_licence(self):
        application = self._bring_to("granted")
        html = self._render("decision", application)
        self.assertIn(application.licence_id.number, html)
        self.assertIn("June 10, 2026 to June 9, 2031", html)

    def test_documents_that_do_not_exist(self):
        for kind, state in (
            ("acceptance", "received"),
            ("correction", "received"),
            ("refusal", "accepted"),
            ("decision", "deciding"),
            ("delivery", "granted"),
        ):
            with self.subTest(kind=kind), self.assertRaisesRegex(UserError, "no such document"):
                self._render(kind, self._bring_to(state))
        draft = self._as(self.clerk, self.env["shenpi.application"]).create(
            {"item_id": self.item.id, "applicant_name": "Draft"}
        )
        with self.assertRaisesRegex(UserError, "has not been received"):
            self._render("filing", draft)

    def test_a_stranger_prints_nothing(self):
        application = self._bring_to("received")
        with self.assertRaises(AccessError):
            self._render("filing", application, self.clerk_b)
        with self.assertRaises(AccessError):
            application.with_user(self.clerk_b).action_print_filing()

    def test_print_menu_offers_what_exists(self):
        application = self._bring_to("accepted")
        reports = self.env["ir.actions.report"].search([("model", "=", "shenpi.application")])
        valid = reports.get_valid_action_reports(application._name, application.ids)
        names = reports.browse(valid).mapped("report_name")
        self.assertEqual(set(names), {"shenpi_base.report_filing", "shenpi_base.report_acceptance"})

    def test_real_pdf_of_several(self):
        """Several documents are one file, although wkhtmltopdf has no Qt patches."""
        applications = self._bring_to("granted") | self._bring_to("denied")
        reports = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        content, kind = reports._render_qweb_pdf("shenpi_base.report_decision", applications.ids)
        self.assertEqual(kind, "pdf")
        self.assertEqual(len(PdfFileReader(io.BytesIO(content)).pages), 2)

    def test_other_reports_are_left_alone(self):
        html = b"<main><div class='article'>x</div></main>"
        report = self.env.ref("base.ir_module_reference_print")
        self.assertEqual(len(report._prepare_html(html)), 5)


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestReportLanguage(ShenpiCommon):
    def test_chinese_for_an_english_user(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        application = self._bring_to("denied")
        reports = self.env["ir.actions.report"].with_user(self.clerk).with_context(lang="en_US")
        html = reports._render_qweb_html("shenpi_base.report_decision", application.ids)[0]
        html = html.decode() if isinstance(html, bytes) else html
        self.assertIn('lang="zh-CN"', html)
        self.assertIn("2026年6月10日", html)
        self.assertIn("行政复议", html)


@tagged("post_install", "-at_install")
class TestAmountInWords(ShenpiCommon):
    def test_yuan_for_chinese_readers(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        yuan = self.env.ref("base.CNY").with_context(lang="zh_CN")
        self.assertEqual(yuan.amount_to_text(107000.53), "人民币壹拾万柒仟元零伍角叁分")
        self.assertEqual(yuan.amount_to_text(800000), "人民币捌拾万元整")
        self.assertEqual(yuan.amount_to_text(-0.5), "人民币负伍角")

    def test_everything_else_as_before(self):
        for code in ("en_US", "zh_CN"):
            self.env["res.lang"]._activate_lang(code)
        english = self.env.ref("base.CNY").with_context(lang="en_US").amount_to_text(12)
        self.assertIn("Twelve", english)
        self.assertNotIn(
            "人民币", self.env.ref("base.USD").with_context(lang="zh_CN").amount_to_text(1)
        )
