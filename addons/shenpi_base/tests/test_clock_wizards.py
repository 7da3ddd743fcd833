from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import NOW
from .test_application_wizards import WizardCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestClockWizards(WizardCommon):
    def _render(self, kind, application):
        page = self.env["shenpi.application.document"]._prepare(kind, application)
        reports = self.env["ir.actions.report"].with_user(self.reviewer)
        html = reports._render_qweb_html(f"shenpi_base.report_{kind}", application.ids)[0]
        self.assertIn(page["title"], html.decode())
        return html.decode()

    def test_stop_and_go_on(self):
        application = self._bring_to("accepted")
        form = self._open(application, self.reviewer, "action_open_pause")
        form.kind = "expert_review"
        form.planned_days = 7
        form.notice = "Five experts review the floor plan."
        action = form.save().action_confirm()
        self.assertEqual(action["report_name"], "shenpi_base.report_pause")
        self.assertTrue(application.paused)
        self.assertTrue(application.with_user(self.reviewer).can_resume)
        self.assertFalse(application.with_user(self.reviewer).can_pause)
        self.assertIn("Five experts review the floor plan.", self._render("pause", application))
        application.with_user(self.reviewer).action_resume()
        self.assertFalse(application.paused)

    def test_only_procedures_with_a_basis_are_offered(self):
        application = self._bring_to("accepted")
        wizards = self._as(self.reviewer, self.env["shenpi.pause.wizard"])
        wizards = wizards.with_context(default_application_id=application.id)
        kinds = dict(wizards.fields_get(["kind"])["kind"]["selection"])
        self.assertIn("hearing", kinds)
        self.assertNotIn("inspection", kinds)
        self.company.shenpi_pause_inspection_basis = "City regulation, art. 37"
        kinds = dict(wizards.fields_get(["kind"])["kind"]["selection"])
        self.assertIn("inspection", kinds)

    def test_the_head_extends(self):
        application = self._bring_to("accepted")
        form = self._open(application, self.manager, "action_open_extension")
        self.assertEqual(form.days, 10)
        form.days = 5
        form.reason = "Two authorities have to be heard."
        action = form.save().action_confirm()
        self.assertEqual(action["report_name"], "shenpi_base.report_extension")
        self.assertEqual(str(application.promised_due_date), "2026-06-25")
        self.assertIn("Two authorities have to be heard.", self._render("extension", application))
        self.assertFalse(application.with_user(self.manager).can_extend)

    def test_a_joint_item_names_who_approved(self):
        item = self._create_item(handling="joint", statutory_limit=45, extension_days=15)
        application = self._bring_to("accepted", item_code=item.code)
        form = self._open(application, self.manager, "action_open_extension")
        self.assertEqual((form.days, form.handling), (15, "joint"))
        form.reason = "Three authorities have to be heard."
        form.approver = "Deputy Mayor Li"
        form.approval_reference = "No. 7 of 2026"
        form.save().action_confirm()
        page = self._render("extension", application)
        self.assertIn("Deputy Mayor Li", page)
        self.assertIn("No. 7 of 2026", page)

    def test_nobody_else_extends(self):
        application = self._bring_to("accepted")
        self.assertFalse(application.with_user(self.reviewer).can_extend)
        wizard = self._wizard(
            "shenpi.extension.wizard", application, self.reviewer, days=5, reason="x"
        )
        with self.assertRaises(AccessError):
            wizard.action_confirm()
