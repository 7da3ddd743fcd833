from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from odoo.addons.queue_job.tests.common import trap_jobs

from ..tools import plan
from .common import NOW
from .project_common import ProjectCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestKeyProject(ProjectCommon):
    def test_opening_pulls_in_what_is_waited_for(self):
        project = self._open("works")
        self.assertEqual(
            self._states(project),
            {"land": "ready", "design": "waiting", "works": "waiting", "power": "ready"},
        )
        self.assertRegex(project.key_code, r"^ZD2026\d{4}$")
        self.assertEqual(project.department_id, self.root)
        self.assertEqual(project.privacy_visibility, "followers")
        self.assertEqual(project.event_ids[:1].action, "open_project")
        self.assertFalse(self.env["shenpi.event"]._get_broken(project))

    def test_plan(self):
        project = self._open("works")
        # Working days from Wednesday 10 June 2026; Friday 19 June is the Dragon Boat Festival.
        self.assertEqual(self._days(project, "land"), ("06-10", "06-17"))
        self.assertEqual(self._days(project, "power"), ("06-10", "06-16"))
        self.assertEqual(self._days(project, "design"), ("06-17", "06-29"))
        self.assertEqual(self._days(project, "works"), ("06-29", "07-01"))
        self.assertEqual(project.working_days_total, 14)
        self.assertEqual(project.critical_end, date(2026, 7, 1))
        self.assertEqual(project.date, project.critical_end)
        power = self._permit(project, "power")
        self.assertEqual((power.slack, power.is_critical), (8, False))
        self.assertEqual(power.latest_end, date(2026, 6, 29))
        critical = project.permit_ids.filtered("is_critical").mapped("name")
        self.assertEqual(critical, ["land", "design", "works"])
        self.assertIn("<svg", project.chart)

    def test_first_baseline(self):
        project = self._open("works")
        self.assertEqual(project.baseline_ids.mapped("version"), [1])
        self.assertEqual(len(project.baseline_ids.line_ids), 4)
        self.assertEqual(project.light, "green")
        self.assertEqual(self._permit(project, "works").baseline_end, date(2026, 7, 1))

    def test_permits_are_filed_granted_and_followed(self):
        project = self._open("works")
        land = self._permit(project, "land")
        self.assertEqual(land.activity_ids.user_id, self.navigator)
        self.assertFalse(land.with_user(self.navigator)._do_file())
        self.assertIn("Application form", land.missing_names)
        self.assertEqual(land.application_id.applicant_name, "Harbour Hotel Ltd")
        self.assertEqual(land.application_id.project_name, "Harbour Hotel")
        self._complete(land)
        self.assertTrue(land.with_user(self.navigator)._do_file())
        self.assertEqual((land.permit_state, land.application_id.state), ("filed", "received"))
        self.assertEqual(land.application_id.permit_id, land)
        self.assertEqual(land.application_id.filed_by_id, self.navigator)
        self.assertEqual(project.key_state, "under_way")
        self.assertFalse(land.activity_ids)
        self._grant(land)
        self.assertEqual(land.permit_state, "granted")
        self.assertEqual(land.state, "1_done")
        self.assertEqual(self._states(project)["design"], "ready")
        self.assertEqual(self._permit(project, "design").activity_ids.user_id, self.navigator)
        self.assertEqual((project.permit_granted, project.permit_needed), (1, 4))
        # Granted on the spot: what follows moves forward.
        self.assertEqual(self._days(project, "design"), ("06-10", "06-22"))
        self.assertEqual(project.light, "green")

    def test_a_delay_moves_the_followers_and_lights_up(self):
        project = self._open("works")
        land = self._permit(project, "land")
        self._file(land)
        self._run_cron("2026-06-23 02:00:00")
        self.assertEqual(land.light, "red")
        self.assertEqual(self._days(project, "design")[0], "06-23")
        self.assertEqual(project.light, "red")
        self.assertEqual(self._permit(project, "power").light, "yellow")

    def _run_cron(self, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref("shenpi_base.cron_move_plans").method_direct_trigger()
        self.env.invalidate_all()

    def test_what_runs_in_time_is_not_counted_again(self):
        project = self._open("works")
        self.assertFalse(self._find_overtaken("2026-06-10 02:00:00"))
        self.assertIn(project, self._find_overtaken("2026-06-11 02:00:00"))
        self._run_cron("2026-06-11 02:00:00")
        self.assertFalse(self._find_overtaken("2026-06-11 02:00:00"))

    def test_a_day_off_moves_the_plans_that_reach_it(self):
        """Monday 15 June is taken off: all that lies behind it moves by a day."""
        project = self._open("works")
        year = self.env["shenpi.workday.year"].search([("year", "=", 2026)])
        day = date(2026, 6, 15)
        vals = {"date": day, "kind": "rest", "name": "Typhoon", "year_id": year.id}
        self.env["shenpi.workday"].create(vals)
        projects = self.env["project.project"]
        later = projects.search(projects._get_reaching_domain(date(2026, 7, 3)))
        self.assertNotIn(project, later)
        with trap_jobs() as trap:
            self.env["shenpi.recount"]._start_for_calendar("Typhoon", day, day)
            trap.assert_jobs_count(1, only=projects._job_recount_plans)
            trap.perform_enqueued_jobs()
        self.assertEqual(self._days(project, "land"), ("06-10", "06-18"))
        self.assertEqual(project.critical_end, date(2026, 7, 2))

    def test_a_plan_that_cannot_be_counted_is_told_once(self):
        project = self._open("works")
        self._permit(project, "works").sudo().days = 9999
        project.sudo()._move_plan()
        project.sudo()._move_plan()
        told = project.permit_ids.activity_ids.mapped("summary")
        self.assertEqual(len([text for text in told if "working-day calendar" in text]), 1)

    def _find_overtaken(self, moment):
        with freeze_time(moment):
            tasks = self.env["project.task"].search(
                self.env["project.project"]._get_overtaken_domain()
            )
        return tasks.project_id.filtered(lambda project: project.company_id == self.company)

    def test_early_entry(self):
        project = self._open("works")
        design = self._permit(project, "design").with_user(self.navigator)
        design._do_precheck()
        self.assertEqual(
            (design.permit_state, design.application_id.state), ("prechecking", "draft")
        )
        self.assertIn("Identity document", design.missing_names)
        self._complete(design)
        with self.assertRaisesRegex(UserError, "must be in “Can be filed”"):
            design._do_file()
        land = self._permit(project, "land")
        self._file(land)
        self._grant(land)
        self.assertEqual(design.permit_state, "ready")
        design._do_file()
        self.assertEqual(design.permit_state, "filed")

    def test_the_navigator_prepares_his_draft_and_files_it(self):
        project = self._open("works")
        land = self._permit(project, "land").with_user(self.navigator)
        design = self._permit(project, "design").with_user(self.navigator)
        design._do_precheck()
        land._do_file()
        draft = land.application_id
        self.assertTrue(draft.can_edit)
        self.assertEqual((draft.can_file_permit, draft.can_receive), (True, False))
        self.assertFalse(design.application_id.can_file_permit)
        self.assertFalse(draft.with_user(self.clerk).can_edit)
        draft.write({"applicant_name": "Harbour Ltd"})
        with self.assertRaisesRegex(UserError, "Still missing: Application form"):
            draft.action_file_permit()
        draft.material_ids.write({"status": "provided"})
        draft.action_file_permit()
        self.assertEqual(draft.state, "received")
        self.assertFalse(draft.can_edit)
        with self.assertRaisesRegex(UserError, "stays as filed"):
            draft.write({"applicant_name": "Other Ltd"})

    def test_complete_ones_are_filed_by_themselves(self):
        project = self._open("works", auto_file=True)
        design = self._permit(project, "design").with_user(self.navigator)
        design._do_precheck()
        self._complete(design)
        land = self._permit(project, "land")
        self._file(land)
        self._grant(land)
        self.assertEqual(design.permit_state, "filed")
        self.assertEqual(design.application_id.state, "received")

    def test_a_denied_one_is_filed_again(self):
        project = self._open("land", "design")
        land = self._permit(project, "land")
        self._file(land)
        first = land.application_id
        self._deny(land)
        self.assertEqual(land.permit_state, "failed")
        self.assertEqual(self._states(project)["design"], "waiting")
        land.with_user(self.navigator)._do_refile()
        self.assertEqual(land.permit_state, "ready")
        self.assertNotEqual(land.application_id, first)
        self._file(land)
        self._grant(land)
        self.assertEqual(self._states(project)["design"], "ready")

    def test_handled_elsewhere(self):
        project = self._open("works")
        power = self._permit(project, "power").with_user(self.navigator)
        with self.assertRaisesRegex(UserError, "elsewhere"):
            power._do_file()
        with self.assertRaisesRegex(ValidationError, "future"):
            power._do_verify("filed", date(2026, 6, 11))
        power._do_verify("filed", date(2026, 6, 9))
        self.assertEqual(power.permit_state, "elsewhere")
        self.assertEqual(power.last_verified_on, date(2026, 6, 10))
        self.assertEqual(power.last_verified_by_id, self.navigator)
        self.assertEqual(power.plan_end, date(2026, 6, 15))
        with self.assertRaisesRegex(ValidationError, "before it was filed"):
            power._do_verify("granted", date(2026, 6, 8))
        power._do_verify("granted", date(2026, 6, 10))
        self.assertEqual((power.permit_state, power.actual_end), ("granted", date(2026, 6, 10)))
        self.assertEqual(project.key_state, "under_way")

    def test_one_of_several_is_enough(self):
        selection = self.menu._select(self.lines["food"])
        self.assertEqual(selection.lines, self.lines["food"])
        self.assertEqual(
            selection.questions, [(self.lines["food"], self.lines["food"].after_any_ids)]
        )
        with self.assertRaisesRegex(ValidationError, "choices: food waits for one of these"):
            self.menu._check_selection(selection)
        project = self._open("food", "shop")
        shop = self._permit(project, "shop")
        self.assertEqual(self._permit(project, "food").permit_state, "waiting")
        self._file(shop)
        self._grant(shop)
        self.assertEqual(self._permit(project, "food").permit_state, "ready")

    def test_left_out_with_a_reason(self):
        project = self._open("works")
        power = self._permit(project, "power")
        as_navigator = project.with_user(self.navigator)
        with self.assertRaisesRegex(ValidationError, "reason"):
            as_navigator._do_remove_permit(power, " ")
        as_navigator._do_remove_permit(power, "No new connection.")
        self.assertEqual(power.permit_state, "skipped")
        self.assertEqual(project.permit_needed, 3)
        event = project.event_ids[-1]
        self.assertEqual((event.action, event.opinion), ("remove_permit", "No new connection."))
        self.assertEqual(event.data["followers"], ["works"])
        land = self._permit(project, "land")
        self._file(land)
        with self.assertRaisesRegex(UserError, "under way"):
            as_navigator._do_remove_permit(land, "Too slow.")

    def test_added_later(self):
        project = self._open("land")
        there = self.menu.line_ids._match_permits(project.permit_ids)
        self.assertEqual(list(there), [self.lines["land"]])
        selection = self.menu._select(self.lines["design"], self.lines["land"])
        self.assertEqual(selection.lines, self.lines["design"])
        permits = selection.lines._prepare_permits(there=there)
        project.with_user(self.navigator)._do_add_permits(permits, "A second building.")
        self.assertEqual(self._permit(project, "design").depend_on_ids.name, "land")
        self.assertEqual(self._days(project, "design"), ("06-17", "06-29"))
        self.assertEqual(self._permit(project, "design").light, "none")

    def test_what_if(self):
        project = self._open("works").with_user(self.navigator)
        design, works, power = (
            str(self._permit(project, name).id) for name in ("design", "works", "power")
        )
        changes = plan.Changes({power: 3}, {design: 4}, frozenset({(design, works)}))
        tried = project._plan(changes)
        self.assertEqual(tried.total, 9)
        self.assertEqual(project.working_days_total, 14)
        project._do_replan(changes, "The design is simple.")
        self.assertEqual(project.working_days_total, 9)
        self.assertEqual(self._permit(project, "power").not_before, date(2026, 6, 15))
        self.assertNotIn("design", self._permit(project, "works").depend_on_ids.mapped("name"))
        tried = project.event_ids.filtered(lambda event: event.action == "replan")
        self.assertEqual(tried.data["working_days"], [14, 9])
        self.assertEqual(
            [(baseline.version, baseline.working_days_total, baseline.reason or "")
             for baseline in project.baseline_ids],
            [(2, 9, "The design is simple."), (1, 14, "")],
        )  # fmt: skip
        self.assertEqual(self._permit(project, "design").baseline_end, date(2026, 6, 24))
        land = self._permit(project, "land")
        self._file(land)
        with self.assertRaisesRegex(UserError, "land"):
            project._do_replan(plan.Changes(days={str(land.id): 1}), "Faster.")

    def test_a_baseline_needs_a_reason(self):
        project = self._open("works").with_user(self.navigator)
        with self.assertRaisesRegex(ValidationError, "reason"):
            project._do_freeze("")
        project._do_freeze("The land was bought later.")
        self.assertEqual(project.baseline_ids.mapped("version"), [2, 1])
        self.assertEqual(project.baseline_ids[0].reason, "The land was bought later.")

    def test_a_plan_is_changed_with_a_reason_only(self):
        project = self._open("works").with_user(self.navigator)
        changes = plan.Changes(days={str(self._permit(project, "design").id): 4})
        with self.assertRaisesRegex(ValidationError, "reason"):
            project._do_replan(changes, " ")
        self.assertEqual(project.baseline_version, 1)

    def test_a_new_baseline_makes_nothing_punctual_that_was_late(self):
        project = self._open("works").with_user(self.navigator)
        land = self._permit(project, "land")
        with freeze_time("2026-06-24 01:00:00"):
            self._file(land)
            self._grant(land)
            self.assertEqual((land.light, project.light), ("red", "red"))
            planned = land.baseline_end
            project._do_freeze("The land was bought later.")
            self.assertEqual((land.light, land.baseline_end), ("red", planned))
            self.assertLess(land.baseline_end, land.actual_end)
            self.assertEqual(project.light, "green")
            self.assertEqual(self._permit(project, "design").light, "green")

    def test_one_late_project_does_not_colour_the_next(self):
        late, other = self._open("works"), self._open("shop", name="Tower")
        land = self._permit(late, "land").with_user(self.navigator)
        self._file(land)
        land.application_id.sudo().with_user(self.manager)._do_accept()
        land.application_id.sudo().promised_due_date = date(2026, 6, 30)
        (late | other)._replan()
        self.assertEqual((late.light, other.light), ("red", "green"))

    def test_open_permits_keep_it_from_closing(self):
        project = self._open("land", "shop").with_user(self.navigator)
        with self.assertRaisesRegex(UserError, "land、shop"):
            project._do_close()
        for name in ("land", "shop"):
            task = self._permit(project, name)
            self._file(task)
            self._grant(task)
        self.assertEqual(project.progress, 100)
        project._do_operate(date(2026, 6, 10))
        self.assertEqual(project.key_state, "open")
        project._do_close()
        self.assertEqual(project.key_state, "closed")

    def test_cancelled_ones_do_not_hold_up_decisions(self):
        project = self._open("land", "design")
        land = self._permit(project, "land")
        self._file(land)
        project.with_user(self.manager)._do_cancel("The investor has left.")
        self._grant(land)
        self.assertEqual(land.permit_state, "granted")
        self.assertEqual(self._states(project)["design"], "waiting")

    def test_loops_are_named(self):
        self.lines["land"].after_all_ids = self.lines["shop"]
        with self.assertRaisesRegex(ValidationError, "land → design → works → shop → land"):
            self.lines["shop"].after_all_ids = self.lines["works"]

    def test_retired_items_are_named(self):
        item = self.items["land"]
        draft = self.env["shenpi.item"].browse(
            item.with_user(self.manager).action_new_version()["res_id"]
        )
        item.sudo().state = "retired"
        draft.sudo().state = "published"
        selection = self.menu._select(self.lines["design"])
        with self.assertRaisesRegex(
            ValidationError, "version 1 of land has been retired; version 2"
        ):
            self.menu._check_selection(selection)
        self.assertEqual(self.menu.retired_count, 1)
        self.menu.with_user(self.navigator).action_update_items()
        self.menu._check_selection(self.menu._select(self.lines["design"]))


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestKeyProjectAccess(ProjectCommon):
    def test_who_sees_it(self):
        department = self.office
        project = self._open("works", department_id=department.id, user_id=self.navigator.id)
        task = self._permit(project, "land")
        for user in (self.navigator, self.manager, self.supervisor, self.reviewer2):
            self.assertTrue(self._as(user, project).has_access("read"), user.login)
            self.assertTrue(self._as(user, task).has_access("read"), user.login)
            self.assertFalse(self._as(user, project).has_access("write"), user.login)
            self.assertFalse(self._as(user, task).has_access("write"), user.login)
        for user in (self.outsider, self.clerk2, self.clerk_b, self.stranger):
            self.assertFalse(self._as(user, project).has_access("read"), user.login)
            self.assertFalse(self._as(user, task).has_access("read"), user.login)
            self.assertFalse(self._as(user, project.event_ids).has_access("read"), user.login)
            self.assertFalse(self._as(user, project.browse()).search([("id", "=", project.id)]))

    def test_administrators_of_projects_see_no_more(self):
        project = self._open("works")
        self.stranger.group_ids += self.env.ref("project.group_project_manager")
        self.assertFalse(self._as(self.stranger, project).has_access("read"))
        self.assertFalse(self._as(self.stranger, project.permit_ids).has_access("read"))

    def test_only_its_navigators_act(self):
        project = self._open("works")
        land = self._permit(project, "land")
        for role in ("clerk", "reviewer", "decider", "inspector", "supervisor", "integrator"):
            user = self.users[role]
            with self.assertRaises(AccessError, msg=role):
                land.with_user(user)._do_precheck() if role == "clerk" else land.with_user(
                    user
                )._do_file()
            with self.assertRaises(AccessError, msg=role):
                project.with_user(user)._do_freeze("Because.")
        with self.assertRaises(AccessError):
            self._open("works", user=self.clerk2)

    def test_flow_fields_are_not_written(self):
        project = self._open("works")
        self.stranger.group_ids += self.env.ref("project.group_project_manager")
        self.stranger.group_ids += self.env.ref("shenpi_base.group_shenpi_manager")
        other = self._as(self.manager, self.env["project.project"])
        with self.assertRaises(AccessError):
            other.create({"name": "X"})
        self.company.write({})
        self.root.user_ids += self.stranger
        with self.assertRaises(AccessError):
            self._as(self.stranger, project).write({"key_state": "closed"})
        with self.assertRaises(AccessError):
            self._as(self.stranger, self._permit(project, "land")).write(
                {"permit_state": "granted"}
            )

    def test_the_investor_is_masked(self):
        project = self._open("works", applicant_phone="13812345678")
        self.assertEqual(
            project.with_user(self.navigator).applicant_id_number, "91350100M000100Y43"
        )
        seen = project.with_user(self.supervisor)
        self.assertNotEqual(seen.applicant_id_number, "91350100M000100Y43")
        self.assertNotIn("1234", seen.applicant_phone)

    def test_key_projects_are_neither_shared_nor_deleted(self):
        project = self._open("works").sudo()
        with self.assertRaisesRegex(ValidationError, "not shared"):
            project.privacy_visibility = "portal"
        with self.assertRaisesRegex(UserError, "key project"):
            project.unlink()
        with self.assertRaisesRegex(UserError, "leave it out"):
            project.permit_ids.unlink()
