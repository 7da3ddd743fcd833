import base64

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged, warmup

from ..tools import sheets
from .common import NOW
from .project_common import USCC, ProjectCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestKeyProjectApi(ProjectCommon):
    def _call(self, user=None, **values):
        projects = self._as(user or self.integrator, self.env["project.project"])
        payload = {
            "client_ref": "p-1",
            "name": "Harbour Hotel",
            "kind": "hotel",
            "start": "2026-06-10",
            "applicant": {"name": "Harbour Hotel Ltd", "id_number": USCC},
            "items": [self.items["works"].code],
            **values,
        }
        return projects.api_open({key: value for key, value in payload.items() if value})

    def test_open_and_progress(self):
        answer = self._call()
        self.assertEqual(answer["working_days"], 14)
        first = answer["tasks"][0]
        self.assertEqual(
            answer["tasks"][-1],
            {
                "code": self.items["works"].code,
                "item": "works",
                "start": "2026-06-29",
                "end": "2026-07-01",
                "critical": True,
            },
        )
        self.assertEqual((first["item"], "code" in first), ("power", False))
        progress = self._as(self.integrator, self.env["project.project"]).api_progress(
            answer["code"]
        )
        self.assertEqual((progress["needed"], progress["granted"]), (4, 0))
        self.assertEqual(progress["light"], "green")
        self.assertEqual(progress["baseline_end"], "2026-07-01")
        self.assertEqual({task["state"] for task in progress["tasks"]}, {"ready", "waiting"})

    def test_the_same_call_twice(self):
        first = self._call()
        self.assertEqual(self._call(), dict(first, duplicate=True))
        with self.assertRaisesRegex(ValidationError, "client_ref"):
            self._call(name="Another")
        self.assertEqual(
            self.env["project.project"].search_count([("key_code", "=", first["code"])]), 1
        )

    def test_a_set_and_choices(self):
        self.menu.set_ids = [
            (0, 0, {"name": "Hotel", "kind": "hotel", "line_ids": self.lines["food"].ids})
        ]
        with self.assertRaisesRegex(ValidationError, "choices: food"):
            self._call(menu="Hotel", items=None)
        food, shop = self.items["food"].code, self.items["shop"].code
        answer = self._call(menu="Hotel", items=None, choices={food: shop})
        self.assertEqual([task["item"] for task in answer["tasks"]], ["shop", "food"])

    def test_bad_input_names_the_field(self):
        food, land = self.items["food"].code, self.items["land"].code
        for values, message in (
            ({"kind": "castle"}, "kind: must be one of"),
            ({"start": "10.6.2026"}, "start: must be a date"),
            ({"start": "2031-01-01"}, "outside the working-day calendar"),
            ({"items": [land, "X"]}, r"items\[1\]: X"),
            ({"items": None}, "items: is required"),
            ({"menu": "X", "items": None}, "menu: there is no set X"),
            ({"items": [food], "choices": {food: land}}, f"choices.{food}: must be one of"),
            ({"choices": {food: land}}, f"choices.{food}: is not asked"),
            ({"investment": "1,5"}, "investment"),
            ({"department": "X"}, "department"),
            ({"navigator": "t_clerk"}, "navigator"),
            ({"applicant": {"name": "X", "id_number": "123"}}, "applicant.id_number"),
            ({"colour": "red"}, "colour: unknown field"),
        ):
            with self.assertRaisesRegex(ValidationError, message):
                self._call(**values)
        with self.assertRaisesRegex(UserError, "code: there is no key project"):
            self._as(self.integrator, self.env["project.project"]).api_progress("X")

    def test_who_may_call(self):
        for user in (self.clerk, self.reviewer, self.stranger):
            with self.assertRaises(AccessError):
                self._call(user)
        code = self._call()["code"]
        with self.assertRaises(AccessError):
            self._as(self.clerk, self.env["project.project"]).api_progress(code)

    @warmup
    def test_opening_is_bounded_in_queries(self):
        """Twice the permits cost no more queries."""
        counts = []
        for size in (20, 40):
            lines = self._make_long_menu(size)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            projects = self.env["project.project"].with_user(self.navigator)
            project = projects.with_company(self.company)._do_open(
                {
                    "name": f"Of {size}",
                    "key_kind": "industry",
                    "planned_start": self.env["shenpi.application"]._get_today(),
                },
                lines._prepare_permits(),
            )
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual(project.permit_needed, size)
        self.assertLessEqual(counts[1], counts[0] + 12)

    def _make_long_menu(self, size):
        menu = self.env["shenpi.menu"].create(
            {
                "name": f"Menu of {size}",
                "company_id": self.company.id,
                "line_ids": [
                    (0, 0, {"name": f"permit {n}", "phase": "1", "elsewhere_days": 2})
                    for n in range(size)
                ],
            }
        )
        lines = menu.line_ids
        for place in range(1, size):
            lines[place].after_all_ids = lines[place - 1]
        return lines


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestProjectImport(ProjectCommon):
    HEADINGS = [
        "项目名称",
        "项目类型",
        "套餐",
        "启动日期",
        "投资主体",
        "总投资（万元）",
        "已取得许可",
    ]

    def _import(self, *rows, **values):
        self.menu.set_ids = [
            (
                0,
                0,
                {
                    "name": "Hotel",
                    "kind": "hotel",
                    "line_ids": self.menu._select(self.lines["works"]).lines.ids,
                },
            )
        ]
        content = sheets.write_workbook([("Projects", self.HEADINGS, rows)])
        record = self._as(self.manager, self.env["shenpi.project.import"]).create(
            {
                "file": base64.b64encode(content),
                "filename": "projects.xlsx",
                "company_id": self.company.id,
                **values,
            }
        )
        record._read_headings()
        record.sudo().write({"state": "checking", "headings": self.HEADINGS})
        record._job_check()
        while record.state == "creating":
            record._job_create(record.position)
        return record

    def test_projects_with_permits_granted_before(self):
        record = self._import(
            [
                "A",
                "酒店",
                "Hotel",
                "2026-05-06",
                "A Ltd",
                "1200",
                "land=2026-05-12；design=2026/05/20",
            ],
            ["B", "hotel", "Hotel", "2026-05-06", "B Ltd", "", ""],
        )
        self.assertEqual((record.state, record.done_rows), ("done", 2), record.note)
        first, second = record.project_ids.sorted("name")
        self.assertEqual((first.permit_granted, first.permit_needed, first.progress), (2, 4, 50))
        self.assertEqual(first.key_state, "under_way")
        land, design = (self._permit(first, name) for name in ("land", "design"))
        self.assertEqual(str(land.actual_start), "2026-05-06")
        self.assertEqual(str(design.actual_start), "2026-05-11")
        self.assertEqual(first.investment, 12_000_000)
        self.assertEqual(self._states(first)["works"], "waiting")
        self.assertEqual(second.key_state, "preparing")
        self.assertEqual(self._states(second)["land"], "ready")

    def test_bad_rows_are_reported(self):
        record = self._import(
            ["A", "castle", "Motel", "soon", "A Ltd", "much", "land"],
            ["B", "酒店", "Hotel", "2026-05-06", "B Ltd", "", "moon=2026-05-12"],
            ["B", "酒店", "Hotel", "2026-05-06", "B Ltd", "", "land=2027-05-12"],
            ["", "酒店", "Hotel", "2026-05-06", "", "", ""],
        )
        self.assertEqual((record.state, record.bad_rows), ("rejected", 4))
        self.assertFalse(record.project_ids)
        rows = list(sheets.read_rows(base64.b64decode(record.report), "report.xlsx"))
        text = "\n".join("".join(cells) for _line, cells in rows)
        for word in (
            "castle",
            "Motel",
            "soon",
            "much",
            "moon",
            "future",
            "there already",
            "is empty",
        ):
            self.assertIn(word, text)

    def test_the_template_can_be_imported(self):
        record = self._import()
        _title, headings, (row,) = record._get_template_sheets()[0]
        by_heading = dict(zip((h.rstrip("*") for h in headings), row, strict=True))
        for key in record._get_required_columns():
            self.assertTrue(by_heading[record._get_heading(key)], key)

    def test_only_the_bureau_head_imports(self):
        for role in ("navigator", "integrator", "supervisor"):
            with self.assertRaises(AccessError):
                self._as(self.users[role], self.env["shenpi.project.import"]).create({})
