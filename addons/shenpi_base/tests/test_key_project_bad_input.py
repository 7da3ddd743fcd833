from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged

from ..tools import plan
from .common import NOW
from .project_common import ProjectCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestKeyProjectBadInput(ProjectCommon):
    """What is wrong with a menu, a choice or a plan is said in Chinese on a Chinese screen, by the
    names of what it concerns; nothing of it is kept."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.env["ir.module.module"]._load_module_terms(["shenpi_base"], ["zh_CN"])
        cls.navigator.lang = "zh_CN"

    def _speak(self, records):
        """The records as the navigator has them on his screen."""
        return self._as(self.navigator, records).with_context(lang="zh_CN")

    def _start(self, *names):
        wizard = self._speak(self.env["shenpi.menu.wizard"]).create(
            {
                "name": "海湾酒店",
                "kind": "hotel",
                "company_id": self.company.id,
                "menu_id": self.menu.id,
                "planned_start": "2026-06-10",
            }
        )
        wizard.action_next()
        for line in wizard.line_ids:
            line.ticked = line.name in names
        return wizard

    def test_a_menu_whose_permits_wait_for_each_other(self):
        message = "互为前置：.*(land → design|design → land)"
        with self.assertRaisesRegex(ValidationError, message):
            self._speak(self.lines["land"]).after_all_ids = self.lines["design"]

    def test_a_menu_whose_alternatives_wait_for_each_other(self):
        land = self.lines["land"]
        with self.assertRaisesRegex(ValidationError, "互为前置：.*works"):
            self._speak(land).after_any_ids = self.lines["works"]

    def test_permits_that_wait_for_each_other_open_nothing(self):
        permits = (self.lines["land"] | self.lines["design"])._prepare_permits()
        permits[0]["after_all"] = [permits[1]["key"]]
        vals = {"name": "海湾酒店", "key_kind": "hotel", "planned_start": "2026-06-10"}
        projects = self._speak(self.env["project.project"])
        with self.assertRaisesRegex(ValidationError, "互为前置：.*land"):
            projects._do_open(vals, permits)

    def test_an_item_that_has_been_retired_since(self):
        self.items["shop"].sudo().state = "retired"
        wizard = self._start("shop")
        with self.assertRaisesRegex(ValidationError, "shop已停用"):
            wizard.action_next()

    def test_a_dependency_that_is_missing(self):
        """A permit that waits for one of several asks which; what it waits for in any case is left
        out with a reason only."""
        wizard = self._start("food")
        wizard.action_next()
        with self.assertRaisesRegex(ValidationError, "food.*works、shop"):
            wizard.action_confirm()
        wizard = self._start("design")
        wizard.action_next()
        wizard.pulled_ids.filtered(lambda line: line.name == "land").left_out = True
        with self.assertRaisesRegex(ValidationError, "land"):
            wizard.action_next()

    def test_a_menu_waits_for_permits_of_its_own(self):
        other = self.menu.copy({"name": "Other"})
        other.line_ids = [Command.create({"name": "strange", "phase": "1", "elsewhere_days": 1})]
        with self.assertRaisesRegex(ValidationError, "land"):
            self._speak(self.lines["land"]).after_all_ids = other.line_ids

    def test_a_baseline_without_a_reason(self):
        project = self._speak(self._open("works"))
        with self.assertRaisesRegex(ValidationError, "理由"):
            project._do_freeze("")
        changes = plan.Changes(days={str(self._permit(project, "design").id): 4})
        with self.assertRaisesRegex(ValidationError, "理由"):
            project._do_replan(changes, "")
        self.assertEqual(project.baseline_version, 1)

    def test_closing_with_open_permits(self):
        project = self._speak(self._open("land", "shop"))
        with self.assertRaisesRegex(UserError, "land、shop"):
            project.action_close()
        self.assertEqual(project.key_state, "preparing")
