import io

import openpyxl

from odoo.exceptions import AccessError
from odoo.tests import Form, freeze_time, tagged

from odoo.addons.shenpi_base.tests.common import NOW

from .common_grievance import GrievanceCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestGrievanceFigures(GrievanceCommon):
    """Shares with what they are made of, and the workbook of a month."""

    def _get_figure(self, dimension, value):
        self.env.flush_all()
        return self.env["shenpi.grievance.figure"].search(
            [
                ("company_id", "=", self.company.id),
                ("dimension", "=", dimension),
                ("value", "=", str(value)),
            ]
        )

    def test_shares_by_hand(self):
        self._make("closed")
        self._make("replied")
        unhappy = self._make("replied")
        self._go(unhappy, "unhappy")
        self._make("withdrawn")
        figure = self._get_figure("department", self.office.id)
        self.assertEqual((figure.label, figure.received, figure.open_count), ("Licences", 3, 2))
        self.assertEqual(figure.response, "100.0% (3/3)")
        self.assertEqual(figure.punctuality, "100.0% (3/3)")
        self.assertEqual(figure.resolution, "50.0% (1/2)")
        self.assertEqual(figure.satisfaction, "50.0% (1/2)")

    def test_a_dash_where_there_is_nothing_to_divide_by(self):
        self._make()
        figure = self._get_figure("kind", "ask")
        self.assertEqual(figure.received, 1)
        self.assertEqual((figure.response, figure.satisfaction), ("—", "—"))

    def test_figures_are_for_the_desk_and_the_heads(self):
        figures = self.env["shenpi.grievance.figure"]
        for user in (self.officer, self.chief, self.supervisor, self.manager):
            self._as(user, figures).search([])
        for user in (self.clerk, self.reviewer2, self.integrator):
            with self.assertRaises(AccessError):
                self._as(user, figures).search([])

    def test_the_month_as_a_workbook(self):
        self._make("closed", kind="failed", window_id=self.window.id)
        self._make(kind="suggest", title="=1+1")
        wizard = Form(self._as(self.officer, self.env["shenpi.grievance.month.wizard"])).save()
        wizard.month = "2026-06-15"
        report = self.env.ref("shenpi_evaluation.action_report_grievance_month")
        content, _type = report.with_user(self.officer)._render_xlsx(
            report.report_name, wizard.ids, {}
        )
        book = openpyxl.load_workbook(io.BytesIO(content))
        listed, windows, units, open_ones = book.worksheets
        self.assertEqual(listed.max_row, 5)
        self.assertIn("=1+1", [row[4].value for row in listed.iter_rows(min_row=4)])
        self.assertEqual([cell.value for cell in windows[4]], ["Window", 1, 0])
        self.assertEqual(units["A4"].value, "Licences")
        self.assertEqual(units["G4"].value, 1)
        self.assertEqual(open_ones["B4"].value, 1)
        self.assertNotIn("张小明", str([[c.value for c in row] for row in listed.rows]))


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestGrievanceWizards(GrievanceCommon):
    """The questions that the screens ask."""

    def _open(self, user, grievance, action):
        opened = getattr(self._as(user, grievance), f"action_open_{action}")()
        wizards = self._as(user, self.env[opened["res_model"]])
        return Form(wizards.with_context(**opened["context"]))

    def test_dispatch_is_proposed(self):
        grievance = self._make(kind="failed", window_id=self.window.id)
        form = self._open(self.officer, grievance, "dispatch")
        self.assertEqual((form.tier_id.days, form.lead_id), (5, self.window))
        self.assertEqual(str(form.due_date), "2026-06-17")
        form.lead_id = self.office
        with form.line_ids.new() as line:
            line.department_id = self.other_office
            self.assertEqual(line.days, 4)
        form.save().action_confirm()
        self.assertEqual(grievance.department_id, self.office)
        self.assertEqual(grievance.dispatch_ids.mapped("role"), ["lead", "helper"])

    def test_every_question(self):
        grievance = self._make("dispatched")
        for user, action, values in (
            (self.reviewer2, "ask_extension", {"days": 2, "text": "需核查"}),
            (self.head, "refuse_extension", {"text": "时间足够"}),
            (self.reviewer2, "answer", {"text": "已办结"}),
            (self.officer, "send_back", {"text": "请说明原因", "days": 1}),
            (self.reviewer2, "answer", {"text": "已办结，原因如下"}),
        ):
            form = self._open(user, grievance, action)
            for name, value in values.items():
                setattr(form, name, value)
            form.save().action_confirm()
        grievance.with_user(self.officer).action_approve_reply()
        self._open(self.officer, grievance, "miss").save().action_confirm()
        form = self._open(self.officer, grievance, "visit")
        self.assertEqual(form.complainant_phone, "13987654321")
        form.process_level, form.result_level = "5", "4"
        form.is_resolved = True
        form.save().action_confirm()
        form = self._open(self.officer, grievance, "close")
        self.assertEqual(form.outcome, "resolved")
        form.save().action_confirm()
        self.assertEqual(grievance.state, "closed")

    def test_refused_returned_withdrawn_merged_planned(self):
        form = self._open(self.officer, self._make(), "not_accept")
        form.reason_id, form.text = self.reason, "已由法院受理。"
        self.assertEqual(form.save().action_confirm()["type"], "ir.actions.report")
        returned = self._make("dispatched")
        form = self._open(self.reviewer2, returned, "return")
        form.text = "不属于我处"
        form.save().action_confirm()
        main = self._make()
        form = self._open(self.officer, returned, "merge")
        self.assertEqual(form.main_id, main)
        form.save().action_confirm()
        self.assertEqual(returned.state, "merged")
        form = self._open(self.officer, self._make(), "withdraw")
        form.text = "本人撤回"
        form.save().action_confirm()
        hard = self._make("escalated")
        form = self._open(self.chief, hard, "plan")
        form.plan, form.owner_id, form.day = "协调", self.head, "2026-06-30"
        form.save().action_confirm()
        self.assertEqual(hard.state, "hard")

    def test_no_wizard_on_what_is_not_seen(self):
        grievance = self._make("dispatched")
        for model in ("", "dispatch.", "visit.", "ending.", "plan.", "merge."):
            wizards = self.env[f"shenpi.grievance.{model}wizard"]
            if not wizards.with_user(self.outsider).has_access("create"):
                continue
            with self.assertRaises(AccessError):
                self._as(self.outsider, wizards).create(
                    {"grievance_id": grievance.id, "action": "answer"}
                )
