import io
from collections import Counter
from datetime import date

import openpyxl

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .project_service_common import ProjectServiceCommon

# Monday 15 June 2026, noon: the week before has no holiday.
MONDAY = "2026-06-15 04:00:00"
WEEK = (date(2026, 6, 8), date(2026, 6, 14))
YEAR = (date(2026, 1, 1), date(2026, 6, 14))
LAST_YEAR = (date(2025, 1, 1), date(2025, 6, 14))


@freeze_time(MONDAY)
@tagged("post_install", "-at_install")
class TestProjectBulletin(ProjectServiceCommon):
    """The weekly bulletin of key projects: its figures against a count by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.works = cls._create_item(name="Works permit")
        cls.company.shenpi_construction_item_ids = cls.works
        cls.bulletins = cls.env["shenpi.project.bulletin"].with_user(cls.supervisor)

    def _bulletin(self, day="2026-06-08"):
        return self.bulletins.create({"company_id": self.company.id, "date_from": day})

    def _grant(self, project, start, end, **values):
        vals = {
            "permit_state": "granted",
            "actual_start": start,
            "actual_end": end,
            "item_id": self.works.id,
            **values,
        }
        return self._create_permit(project, **vals)

    def _make_projects(self):
        """Five projects of two kinds, begun this year and the last."""
        projects = self.env["project.project"]
        for place, (kind, start) in enumerate(
            (
                ("hotel", "2025-03-03"),
                ("hotel", "2026-02-02"),
                ("industry", "2025-05-06"),
                ("industry", "2026-03-02"),
                ("industry", "2026-07-01"),
            )
        ):
            projects |= self._create_project(f"P{place}", key_kind=kind, planned_start=start)
        self._grant(projects[0], "2025-04-07", "2025-04-17", baseline_end="2025-04-17")
        self._grant(projects[1], "2026-06-08", "2026-06-10", baseline_end="2026-06-09")
        self._grant(projects[2], "2026-06-01", "2026-06-12", baseline_end="2026-06-30", phase="4")
        self._grant(
            projects[3], "2026-06-09", "2026-06-11", item_id=self.item.id, baseline_end=False
        )
        projects[4].key_state = "cancelled"
        return projects

    # === Figures === #

    def test_share_of_projects_with_construction_permit(self):
        """Counted on the last day of the stretch; the project of setUp has none."""
        self._make_projects()
        total = self._bulletin()._get_figures()["total"]
        self.assertEqual(
            {p: (f.get("with_construction", 0), f.get("projects", 0)) for p, f in total.items()},
            {"week": (3, 5), "last": (1, 5), "year": (3, 5), "last_year": (1, 2)},
        )

    def test_flows_against_a_count_by_hand(self):
        self._make_projects()
        figures = self._bulletin()._get_figures()
        tasks = self.env["project.task"].search(
            [("permit_state", "=", "granted"), ("project_id.company_id", "=", self.company.id)]
        )
        calendar = self.env["shenpi.workday"]._get_calendar()
        for period, (first, last) in {"week": WEEK, "year": YEAR, "last_year": LAST_YEAR}.items():
            expected = Counter(granted=0, planned=0, on_time=0, days_sum=0, days_count=0)
            for task in tasks.filtered(lambda t, a=first, b=last: a <= t.actual_end <= b):
                expected["granted"] += 1
                expected["planned"] += bool(task.baseline_end)
                late = task.baseline_end and task.actual_end > task.baseline_end
                expected["on_time"] += bool(task.baseline_end) and not late
                expected["days_sum"] += calendar.count(task.actual_start, task.actual_end)
                expected["days_count"] += 1
            found = figures["total"][period]
            self.assertEqual({name: found.get(name, 0) for name in expected}, dict(expected))
        self.assertEqual(figures["total"]["week"]["granted"], 3)

    def test_by_kind_phase_and_district(self):
        self._make_projects()
        figures = self._bulletin()._get_figures()
        kinds = {row["key"]: row["year"] for row in figures["kinds"]}
        self.assertEqual((kinds["hotel"]["projects"], kinds["hotel"]["with_construction"]), (3, 2))
        self.assertEqual((kinds["industry"]["projects"], kinds["industry"]["granted"]), (2, 2))
        phases = {row["key"]: row["week"] for row in figures["phases"]}
        self.assertEqual((phases["3"]["granted"], phases["4"]["granted"]), (2, 1))
        self.assertEqual(phases["4"]["days_sum"], 9)
        self.assertEqual([row["name"] for row in figures["districts"]], ["Bureau"])

    def test_districts_are_counted_when_they_are_named(self):
        vals = {"company_id": self.district.id, "department_id": self.district_root.id}
        self._create_project("Their own", user_id=False, **vals)
        record = self._bulletin()
        before = record._get_figures()["total"]["week"]["projects"]
        self.company.shenpi_bulletin_district_ids = self.district
        figures = record._get_figures()
        self.assertEqual(figures["total"]["week"]["projects"], before + 1)
        self.assertEqual(len(figures["districts"]), 2)

    def test_first_pass(self):
        """A permit whose application was sent back for correction did not pass at once."""
        for state in ("accepted", "correcting"):
            application = self._bring_to(state)
            self._grant(self.project, "2026-06-09", "2026-06-10", application_id=application.id)
        week = self._bulletin()._get_figures()["total"]["week"]
        self.assertEqual((week["first_pass"], week["filed"]), (1, 2))

    def test_blockers_and_visits(self):
        with freeze_time("2026-06-09 02:00:00"):
            for state in ("raised", "struck_off", "dropped", "draft"):
                self._make_blocker(state)
        with freeze_time("2026-06-03 02:00:00"):
            self._make_blocker("struck_off")
        total = self._bulletin()._get_figures()["total"]
        ledger = {p: (f.get("struck_off"), f.get("listed")) for p, f in total.items()}
        self.assertEqual(ledger["week"], (2, 3))
        self.assertEqual(ledger["last"], (1, 1))
        self.assertEqual(ledger["last_year"], (None, None))

    def test_late_permits(self):
        self.permit.write({"baseline_end": "2026-06-10", "permit_state": "filed"})
        self.other_permit.write({"baseline_end": "2026-06-30", "permit_state": "filed"})
        (late,) = self._bulletin()._get_figures()["late"]
        self.assertEqual((late["permit"], late["days_late"]), ("Construction permit", 3))
        self.assertEqual(
            (late["project"], late["code"]), (self.project.name, self.project.key_code)
        )

    # === The bulletin === #

    def test_shares_say_what_they_were_taken_of(self):
        self._make_projects()
        record = self._bulletin()
        _columns, rows = record._get_pages()._get_overview(record._get_figures())
        lines = {row[0]: row[1:] for row in rows}
        share = lines["Share with construction permit"]
        self.assertEqual((share[0].value, share[1]), (0.6, "3 / 5"))
        self.assertEqual((share[5].value, share[6]), (0.5, "1 / 2"))
        self.assertAlmostEqual(share[7].value, 0.1)
        satisfied = lines["Satisfied with the visit"]
        self.assertEqual((satisfied[0].value, satisfied[1]), (None, ""))
        self.assertIn("60.00%", str(record.overview))

    def test_once_issued_it_never_changes(self):
        record = self._bulletin()
        record._do_issue()
        self._make_projects()
        self.assertNotIn(
            "with_construction", {k for k, v in record._get_figures()["total"]["week"].items() if v}
        )
        self.assertFalse(self.env["shenpi.event"]._get_broken(record))

    def test_the_workbook_has_its_charts(self):
        self._make_projects()
        record = self._bulletin()
        content, kind = self.env["ir.actions.report"]._render(
            "shenpi_base.action_report_project_bulletin_xlsx", record.ids, data={}
        )
        self.assertEqual(kind, "xlsx")
        book = openpyxl.load_workbook(io.BytesIO(content))
        self.assertEqual(len(book.worksheets), 5)
        charts = book.worksheets[0]._charts
        self.assertEqual(len(charts), 4)
        for chart in charts:
            for series in chart.series:
                sheet, cells = series.val.numRef.f.replace("$", "").split("!")
                values = [cell.value for row in book[sheet.strip("'")][cells] for cell in row]
                self.assertTrue(any(isinstance(v, int | float) for v in values), chart)

    def test_the_paper_shows_this_bulletin(self):
        """By the name by which the browser asks for it."""
        self._make_projects()
        record = self._bulletin()
        action = record.action_print_pdf()
        reports = self.env["ir.actions.report"]
        content, _kind = reports._render_qweb_html(action["report_name"], record.ids)
        self.assertIn("60.00%", content.decode())
        self.assertNotEqual(action["report_name"], "shenpi_base.report_bulletin")

    def test_an_empty_bureau_has_a_bulletin_too(self):
        self.project.key_state = "cancelled"
        record = self._bulletin()
        self.assertIn("—", str(record.overview))
        content, _kind = self.env["ir.actions.report"]._render(
            "shenpi_base.action_report_project_bulletin_xlsx", record.ids, data={}
        )
        self.assertTrue(openpyxl.load_workbook(io.BytesIO(content)))

    def test_who_reads_it(self):
        record = self._bulletin()
        for user in (self.navigator, self.clerk_b):
            with self.assertRaises(AccessError):
                self._as(user, record).read(["date_from"])
        self.assertTrue(self._as(self.manager, record).has_access("read"))


@freeze_time("2026-06-10 02:00:00")
@tagged("post_install", "-at_install")
class TestDispatch(ProjectServiceCommon):
    """The dispatch list, the wall and the tiles show what is to be done, to those who may see."""

    def _lines(self, user=None):
        lines = self._as(user or self.navigator, self.env["shenpi.dispatch.line"])
        return {(line.kind, line.name): line for line in lines.search([])}

    def test_permits(self):
        for name, state, end in (
            ("a", "ready", "2026-07-30"),
            ("b", "filed", "2026-06-12"),
            ("c", "filed", "2026-06-15"),
            ("d", "waiting", "2026-06-09"),
            ("e", "granted", "2026-06-09"),
        ):
            self._create_permit(name=name, permit_state=state, plan_end=end)
        urgency = {key: line.urgency for key, line in self._lines().items()}
        self.assertEqual(urgency, {("ready", "a"): "1", ("due", "b"): "2", ("late", "d"): "3"})

    def test_to_dos(self):
        for name, day in (("late", 9), ("near", 12), ("far", 19)):
            self.project._add_to_do(name, self.navigator, date(2026, 6, day))
        lines = self._lines()
        urgency = {key: line.urgency for key, line in lines.items()}
        self.assertEqual(urgency, {("to_do", "late"): "3", ("to_do", "near"): "2"})
        action = lines["to_do", "late"].action_open_document()
        form = self.env.ref("shenpi_base.key_to_do_view_form")
        self.assertEqual(action["views"], [(form.id, "form")])
        self.project.to_do_ids.action_finish()
        self.assertFalse(self._lines())

    def test_the_list_as_a_workbook_with_a_chart(self):
        self._create_permit(name="late", permit_state="filed", plan_end="2026-06-09")
        self._create_permit(name="ready", permit_state="ready", plan_end="2026-07-30")
        lines = self._as(self.navigator, self.env["shenpi.dispatch.line"])
        action = lines.action_print_xlsx()
        content, kind = self.env["ir.actions.report"]._render(
            action["report_name"], action["context"]["active_ids"], data={}
        )
        self.assertEqual(kind, "xlsx")
        figures, listed = openpyxl.load_workbook(io.BytesIO(content)).worksheets
        (chart,) = figures._charts
        self.assertEqual(len(chart.series), 3)
        self.assertEqual([cell.value for cell in figures[4]], [self.project.name, 1, 0, 1])
        self.assertEqual([listed.cell(row, 4).value for row in (4, 5)], ["late", "ready"])
        action = lines.search([("name", "=", "late")]).action_print_pdf()
        page, _kind = self.env["ir.actions.report"]._render_qweb_html(
            action["report_name"], action["context"]["active_ids"]
        )
        self.assertIn("2026-06-09", page.decode())
        self.assertNotIn("ready", page.decode().split("<body>")[1])

    def test_nothing_to_print_is_said(self):
        with self.assertRaisesRegex(UserError, "Nothing is to be dispatched"):
            self._as(self.clerk_b, self.env["shenpi.dispatch.line"]).action_print_xlsx()

    def test_blockers_visits_and_contacts(self):
        with freeze_time("2026-06-04 02:00:00"):
            self._make_blocker("raised", matter="late", due_days=2)
        self._make_blocker("raised", matter="near", due_days=1)
        self._make_blocker("raised", matter="far", due_days=9)
        self.env["shenpi.home.service"].create(
            [
                {
                    "beneficiary": name,
                    "project_id": self.project.id,
                    "company_id": self.company.id,
                    "department_id": self.office.id,
                    "wanted_date": day,
                }
                for name, day in (("today", "2026-06-10"), ("soon", "2026-06-11"))
            ]
        )
        self.env["shenpi.project.contact"].create(
            {
                "project_id": self.project.id,
                "user_id": self.navigator.id,
                "with_whom": "王总",
                "content": "Call back",
                "follow_up_date": "2026-06-09",
            }
        )
        lines = self._lines()
        self.assertEqual(
            {key: line.urgency for key, line in lines.items()},
            {
                ("blocker", "late"): "3",
                ("blocker", "near"): "2",
                ("visit", "today"): "1",
                ("follow_up", "Call back"): "3",
            },
        )
        self.assertEqual(lines["blocker", "late"].user_id, self.reviewer2)
        self.assertEqual(lines["visit", "today"].user_id, self.navigator)
        self.assertEqual(
            lines["visit", "today"].action_open_document()["res_model"], "shenpi.home.service"
        )

    def test_of_projects_in_sight_only(self):
        self.permit.permit_state = "ready"
        self.assertTrue(self._lines(self.supervisor))
        for user in (self.outsider, self.clerk_b):
            self.assertFalse(self._lines(user))
        self.project.key_state = "closed"
        self.assertFalse(self._lines(self.supervisor))

    # === The wall === #

    def test_the_wall(self):
        self.permit.write({"permit_state": "granted"})
        self.other_permit.write(
            {"permit_state": "filed", "light": "yellow", "plan_end": "2026-06-20"}
        )
        self._create_permit(permit_state="waiting", light="red", plan_end="2026-06-15", phase="4")
        self._create_permit(permit_state="skipped", phase="5")
        self._make_blocker("raised")
        wall = self._as(self.navigator, self.env["project.project"])._get_wall()
        (row,) = (row for row in wall["rows"] if row["code"] == self.project.key_code)
        cells = [(cell.granted, cell.needed, cell.light) for cell in row["cells"]]
        self.assertEqual(cells[2:5], [(1, 2, "yellow"), (0, 1, "red"), (0, 0, None)])
        self.assertEqual(row["next"], self.other_permit)
        self.assertEqual((row["blockers"], wall["totals"]["listed"]), (1, 1))

    def test_the_wall_turns_its_pages(self):
        projects = self._as(self.navigator, self.env["project.project"])
        for place in range(20):
            self._create_project(f"W{place}", light="red" if place == 19 else "green")
        pages = [projects._get_wall(page) for page in (1, 2, 3)]
        self.assertEqual([len(wall["rows"]) for wall in pages], [14, 7, 14])
        self.assertEqual(pages[0]["rows"][0]["name"], "W19")
        self.assertEqual(pages[2]["page"], 1)
        self.assertFalse(self._as(self.clerk_b, projects)._get_wall()["rows"])

    # === Filing by itself === #

    def test_nothing_is_filed_by_itself_without_its_letter(self):
        draft = self._as(self.manager, self.env["shenpi.application"]).create(
            {"item_id": self.item.id, "applicant_name": "海天酒店投资有限公司"}
        )
        draft.material_ids.write({"provided": True})
        self.permit.application_id = draft
        self.assertTrue(self.permit._is_complete())
        draft.sudo().agent_user_id = self.navigator
        self.assertFalse(self.permit._is_complete())
        self.env["shenpi.mandate"].sudo().create(
            {
                "project_id": self.project.id,
                "signatory": "王总",
                "agent_id": self.navigator.id,
                "date_from": "2026-06-01",
                "date_to": "2026-06-30",
                "state": "in_force",
                "attachment_ids": [Command.create({"name": "a.pdf", "raw": b"x"})],
            }
        )
        self.permit.invalidate_recordset(["mandate_id"])
        self.assertTrue(self.permit._is_complete())
