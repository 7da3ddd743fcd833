from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .common import NOW
from .project_common import USCC, ProjectCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestMenuWizard(ProjectCommon):
    def _start(self, **values):
        wizard = self._as(self.navigator, self.env["shenpi.menu.wizard"]).create(
            {
                "name": "Harbour Hotel",
                "kind": "hotel",
                "company_id": self.company.id,
                "menu_id": self.menu.id,
                "planned_start": "2026-06-10",
                "applicant_name": "Harbour Hotel Ltd",
                "applicant_id_number": USCC,
                **values,
            }
        )
        wizard.action_next()
        return wizard

    def _tick(self, wizard, *names):
        for line in wizard.line_ids:
            line.ticked = line.name in names

    def test_tick_see_and_save(self):
        wizard = self._start()
        self.assertEqual(wizard.step, "tick")
        self._tick(wizard, "works")
        wizard.action_next()
        self.assertEqual(wizard.step, "check")
        pulled = {line.name: line.needed_by for line in wizard.pulled_ids}
        self.assertEqual(pulled, {"land": "design", "design": "works", "power": "works"})
        wizard.action_next()
        self.assertEqual((wizard.step, wizard.total_days, wizard.permit_count), ("plan", 14, 4))
        self.assertEqual(wizard.path_names, "land → design → works")
        self.assertEqual(wizard.end_date, date(2026, 7, 1))
        self.assertIn("<svg", wizard.chart)
        project = self.env["project.project"].browse(wizard.action_confirm()["res_id"])
        self.assertEqual(project.working_days_total, 14)
        self.assertEqual(project.applicant_name, "Harbour Hotel Ltd")

    def test_a_set_is_ticked_from_the_start(self):
        self.menu.set_ids = [
            (0, 0, {"name": "Hotel", "kind": "hotel", "line_ids": self.lines["shop"].ids})
        ]
        wizard = self._start()
        self.assertEqual(wizard.set_id.name, "Hotel")
        self.assertEqual(wizard.line_ids.filtered("ticked").mapped("name"), ["shop"])
        codes = {line.name: line.code for line in wizard.line_ids}
        self.assertEqual(codes["shop"], self.items["shop"].code)
        self.assertFalse(codes["power"])

    def test_one_of_several_is_asked(self):
        wizard = self._start()
        self._tick(wizard, "food")
        wizard.action_next()
        self.assertEqual(wizard.choice_ids.menu_line_id.name, "food")
        wizard.action_next()
        self.assertEqual(wizard.step, "check")
        wizard.choice_ids.chosen_id = self.lines["works"]
        wizard.action_next()
        self.assertEqual(wizard.step, "plan")
        self.assertEqual(wizard.permit_count, 5)

    def test_what_is_pulled_in_may_be_left_out_with_a_reason(self):
        wizard = self._start()
        self._tick(wizard, "works")
        wizard.action_next()
        power = wizard.pulled_ids.filtered(lambda line: line.name == "power")
        power.left_out = True
        with self.assertRaisesRegex(ValidationError, "say why"):
            wizard.action_next()
        power.reason = "It has power."
        wizard.action_next()
        self.assertEqual(wizard.permit_count, 3)
        project = self.env["project.project"].browse(wizard.action_confirm()["res_id"])
        self.assertEqual(self._states(project)["power"], "skipped")
        event = project.event_ids.filtered(lambda event: event.action == "remove_permit")
        self.assertEqual(event.opinion, "It has power.")

    def test_what_is_missing_is_named(self):
        with self.assertRaisesRegex(ValidationError, "Project name: is required"):
            self._start(name=False)
        with self.assertRaisesRegex(ValidationError, "applicant.id_number"):
            self._start(applicant_id_number="91350100M000100Y44")
        wizard = self._start()
        self._tick(wizard)
        with self.assertRaisesRegex(ValidationError, "choose one permit"):
            wizard.action_next()

    def test_permits_are_added(self):
        project = self._open("land").with_user(self.navigator)
        wizard = self._start(project_id=project.id, name=False, kind=False)
        self.assertNotIn("land", wizard.line_ids.mapped("name"))
        self._tick(wizard, "design")
        wizard.action_next()
        self.assertEqual((wizard.step, wizard.permit_count, wizard.total_days), ("plan", 2, 12))
        with self.assertRaisesRegex(ValidationError, "reason"):
            wizard.action_confirm()
        wizard.reason = "Grown."
        wizard.action_confirm()
        self.assertEqual(set(project.permit_ids.mapped("name")), {"land", "design"})

    def test_strangers(self):
        for user in (self.clerk, self.reviewer, self.stranger):
            with self.assertRaises(AccessError):
                self._as(user, self.env["shenpi.menu.wizard"]).create({"menu_id": self.menu.id})


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestProjectWizards(ProjectCommon):
    def test_what_if_before_and_after(self):
        project = self._open("works").with_user(self.navigator)
        model = self._as(self.navigator, self.env["shenpi.what.if.wizard"])
        form = Form(model.with_context(default_project_id=project.id))
        self.assertEqual((form.days_before, form.days_after), (14, 14))
        names = [line["task_id"] for line in form.line_ids._records]
        place = names.index(self._permit(project, "design").id)
        with form.line_ids.edit(place) as line:
            line.days = 4
        self.assertEqual((form.days_before, form.days_after), (14, 11))
        self.assertEqual(form.end_after, date(2026, 6, 26))
        self.assertIn("<svg", form.chart)
        self.assertEqual(form.path_after, "land → design → works")
        self.assertEqual((project.working_days_total, project.baseline_version), (14, 1))
        form.reason = "The design is simple."
        form.save().action_confirm()
        self.assertEqual((project.working_days_total, project.baseline_version), (11, 2))
        self.assertEqual(project.baseline_ids[-1].working_days_total, 14)

    def test_what_if_all_begins_later(self):
        project = self._open("works").with_user(self.navigator)
        model = self._as(self.navigator, self.env["shenpi.what.if.wizard"])
        form = Form(model.with_context(default_project_id=project.id))
        form.not_before = "2026-06-15"
        self.assertEqual((form.days_before, form.days_after), (14, 17))
        form.reason = "The investor is late."
        form.save().action_confirm()
        self.assertEqual(self._days(project, "land")[0], "06-15")
        self.assertFalse(self._permit(project, "works").not_before)

    def test_what_if_two_in_parallel_changes_the_path(self):
        project = self._open("works").with_user(self.navigator)
        wizard = self._as(self.navigator, self.env["shenpi.what.if.wizard"]).create(
            {"project_id": project.id}
        )
        design, works = self._permit(project, "design"), self._permit(project, "works")
        line = wizard.line_ids.filtered(lambda line: line.task_id == works)
        line.parallel_ids = design
        self.assertEqual(wizard.path_before, "land → design → works")
        self.assertEqual(wizard.path_after, "land → design")
        self.assertEqual((wizard.days_before, wizard.days_after), (14, 12))
        self.assertIn(design, works.depend_on_ids)

    def test_nothing_changed(self):
        project = self._open("works").with_user(self.navigator)
        wizard = self._as(self.navigator, self.env["shenpi.what.if.wizard"]).create(
            {"project_id": project.id, "reason": "Because."}
        )
        with self.assertRaisesRegex(ValidationError, "Nothing has been changed"):
            wizard.action_confirm()
        wizard.line_ids[0].not_before = "2026-06-01"
        with self.assertRaisesRegex(ValidationError, "has passed"):
            wizard.action_confirm()

    def test_small_steps(self):
        project = self._open("works").with_user(self.navigator)
        power = self._permit(project, "power")
        self._confirm(power.action_open_verify(), elsewhere_state="granted", date="2026-06-10")
        self.assertEqual(power.permit_state, "granted")
        self._confirm(project.action_open_baseline(), reason="Power came early.")
        self.assertEqual(project.baseline_version, 2)
        self._confirm(self._permit(project, "works").action_open_remove(), reason="No works.")
        self.assertEqual(self._states(project)["works"], "skipped")
        self._confirm(project.action_open_operate(), date="2026-06-10")
        self.assertEqual(project.key_state, "open")

    def test_details(self):
        project = self._open("works").with_user(self.navigator)
        self._confirm(project.action_open_amend(), applicant_name="Bay Ltd", reason="Renamed.")
        self.assertEqual(project.applicant_name, "Bay Ltd")
        self.assertEqual(project.event_ids[-1].data, {"fields": ["applicant_name"]})

    def test_a_permit_of_another_project(self):
        project = self._open("works").with_user(self.navigator)
        other = self._permit(self._open("land"), "land")
        wizard = self._as(self.navigator, self.env["shenpi.project.wizard"]).create(
            {"project_id": project.id, "task_id": other.id, "operation": "remove", "reason": "X"}
        )
        with self.assertRaisesRegex(UserError, "another project"):
            wizard.action_confirm()

    def _confirm(self, action, **values):
        model = self._as(self.navigator, self.env[action["res_model"]])
        model.with_context(**action["context"]).create(values).action_confirm()
