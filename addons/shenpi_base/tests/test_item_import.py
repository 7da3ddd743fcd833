import base64
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.queue_job.tests.common import trap_jobs

from ..models import shenpi_import_mixin
from ..tools import sheets
from .common import BUREAU_USCC, ShenpiCommon

HEADINGS = [
    "基本编码",
    "行使层级",
    "事项名称",
    "事项类型",
    "承办处室",
    "法定时限",
    "承诺时限",
    "申请材料",
]


@tagged("post_install", "-at_install")
class TestItemImport(ShenpiCommon):
    """A catalogue comes in from a table."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(patch.object(shenpi_import_mixin, "ROWS_PER_CHUNK", 2))

    def _row(self, number=1, **values):
        row = {
            "基本编码": f"3701{900000 + number:08}",
            "行使层级": "市",
            "事项名称": f"事项{number}",
            "事项类型": "行政许可",
            "承办处室": "Licences",
            "法定时限": "20",
            "承诺时限": "5",
            "申请材料": "申请表*；委托书~；说明",
            **values,
        }
        return row

    def _import(self, rows, headings=None, **values):
        """An import by the bureau head of a table with the keys of the first row as headings."""
        headings = headings or list(rows[0])
        content = sheets.write_workbook(
            [("items", headings, [[row.get(key, "") for key in headings] for row in rows])]
        )
        vals = {"file": base64.b64encode(content), "filename": "目录.xlsx", **values}
        return self.env["shenpi.item.import"].with_user(self.manager).create(vals)

    def _run(self, record):
        """Start an import and run its jobs until there is none left."""
        with trap_jobs() as trap:
            record.action_start()
            while trap.enqueued_jobs:
                trap.perform_enqueued_jobs()
        return record

    def _report(self, record, sheet=0):
        rows = sheets.read_rows(base64.b64decode(record.report))
        return [cells for _line, cells in rows]

    def test_good_rows(self):
        record = self._run(self._import([self._row(n) for n in range(1, 6)]))
        self.assertEqual(record.state, "done")
        self.assertEqual((record.total_rows, record.done_rows, record.bad_rows), (5, 5, 0))
        self.assertEqual(record.progress, 100)
        self.assertFalse(record.report)
        item = record.item_ids.filtered(lambda i: i.name == "事项3")
        self.assertEqual(item.code, f"{BUREAU_USCC}3370100900003")
        self.assertEqual(item.state, "draft")
        self.assertEqual(item.department_id, self.office)
        self.assertEqual(item.material_ids.mapped("code"), ["M01", "M02", "M03"])
        self.assertEqual(item.material_ids.mapped("deferrable"), [False, True, False])
        self.assertEqual(item.material_ids.mapped("required"), [True, True, False])
        self.assertTrue(item.allow_deferral)
        self.assertEqual(item.step_ids.mapped("kind"), ["review", "decide"])
        self.assertEqual(record.item_count, 5)

    def test_bad_rows_come_back_with_line_and_reason(self):
        rows = [
            self._row(1),
            self._row(2, 基本编码="12"),
            self._row(3, 承办处室="Nowhere", 法定时限="soon"),
            self._row(4, 事项类型="什么"),
            self._row(1),
            self._row(6, 事项名称=""),
        ]
        record = self._run(self._import(rows))
        self.assertEqual((record.state, record.done_rows, record.bad_rows), ("done", 1, 5))
        report = self._report(record)
        self.assertEqual(report[0][2:], HEADINGS)
        self.assertEqual([row[0] for row in report[1:]], ["3", "4", "5", "6", "7"])
        reasons = [row[1] for row in report[1:]]
        self.assertIn("Item code", reasons[0])
        self.assertIn("Nowhere", reasons[1])
        self.assertIn("soon", reasons[1])
        self.assertIn("什么", reasons[2])
        self.assertIn("more than once", reasons[3])
        self.assertIn("Item name", reasons[4])
        self.assertEqual(report[2][6], "Nowhere", "the row's own cells come along")

    def test_the_licence_type_by_name_or_code(self):
        kinds = self.env["shenpi.licence.type"].create(
            [
                {"name": "示例许可证甲", "code": "SLA"},
                {"name": "示例许可证甲", "code": "SLB", "company_id": self.company.id},
                {"name": "示例许可证丙", "code": "SLC", "company_id": self.clerk_b.company_id.id},
            ]
        )
        rows = [
            self._row(1, 证照类型="SLA"),
            self._row(2, 证照类型="示例许可证甲"),
            self._row(3, 证照类型="示例许可证丙"),
            self._row(4),
        ]
        record = self._run(self._import(rows))
        types = {item.name: item.licence_type_id for item in record.item_ids}
        self.assertEqual(types["事项1"], kinds[0])
        self.assertEqual(types["事项2"], kinds[1], "the bureau's own goes first")
        self.assertFalse(types["事项4"])
        ((_line, reason, *_cells),) = self._report(record)[1:]
        self.assertIn("示例许可证丙", reason)
        self.assertIn("Licence type", reason)

    def test_none_unless_all_are_good(self):
        record = self._run(self._import([self._row(1), self._row(2, 基本编码="12")], keep="none"))
        self.assertEqual((record.state, record.done_rows), ("rejected", 0))
        self.assertFalse(record.item_ids)
        self.assertIn("1 of 2", record.note)
        self.assertTrue(record.report)

    def test_publish_what_passes(self):
        complete = {
            "设定依据": "法",
            "受理条件": "条件",
            "网办深度": "全程网办",
            "到办事现场次数": "0",
            "常见问题": "问",
            "问题解答": "答",
        }
        rows = [self._row(1, **complete), self._row(2), self._row(3, **complete)]
        record = self._run(self._import(rows, list(rows[0]), publish=True))
        self.assertEqual(record.state, "done")
        states = {item.name: item.state for item in record.item_ids}
        self.assertEqual(states, {"事项1": "published", "事项2": "draft", "事项3": "published"})
        self.assertIn("Basis in law", self._report(record)[1][2])

    def test_a_known_code_becomes_the_next_version(self):
        row = self._row(1, 实施编码=self.item.code, 基本编码="")
        record = self._run(self._import([row]))
        self.assertEqual((record.item_ids.version, record.item_ids.code), (2, self.item.code))
        again = self._run(self._import([row]))
        self.assertEqual((again.state, again.bad_rows), ("rejected", 1))
        self.assertIn("already has a draft", self._report(again)[1][1])

    def test_english_headings_and_labels(self):
        row = {
            "Level": "City",
            "Basic code": "370100000001",
            "Item name": "x",
            "Type": "licence",
            "handled by": "Licences",
            "Statutory limit": "0",
            "Promised limit": "0",
            "Unknown": "left aside",
        }
        item = self._run(self._import([row])).item_ids
        self.assertEqual((item.case_kind, item.review_mode), ("instant", "immediate"))
        self.assertEqual(item.step_ids.mapped("kind"), ["decide"])

    def test_csv_in_gb18030(self):
        rows = [",".join(HEADINGS), ",".join(self._row(1).values())]
        record = self._import([self._row(1)])
        record.write(
            {"file": base64.b64encode("\n".join(rows).encode("gb18030")), "filename": "目录.csv"}
        )
        self.assertEqual(self._run(record).item_ids.name, "事项1")

    def test_template_can_be_imported(self):
        record = self._import([self._row(1)])
        self._create_department("市场准入审批处")
        self.env["res.lang"]._activate_lang("zh_CN")
        template = record.with_context(lang="zh_CN").template
        record.write({"file": template, "filename": "template.xlsx"})
        self.assertEqual(self._run(record).item_ids.name, "食品经营许可证核发")

    def test_unreadable_files_are_refused_at_once(self):
        for content, message in (
            (b"PK\x03\x04 broken", "neither"),
            ("名称\n甲\n".encode(), "missing"),
            (b"\x00\x01", "neither"),
        ):
            record = self._import([self._row(1)])
            record.write({"file": base64.b64encode(content), "filename": "x.csv"})
            with self.subTest(content=content), self.assertRaisesRegex(UserError, message):
                record.action_start()
            self.assertEqual(record.state, "draft")

    def test_jobs_that_run_twice_change_nothing(self):
        record = self._import([self._row(n) for n in range(1, 6)])
        with trap_jobs() as trap:
            record.action_start()
            trap.perform_enqueued_jobs()
            record._job_create(0)
            record._job_create(0)
            record._job_check(0)
            self.assertEqual((record.position, record.done_rows), (1, 2))
            record.action_resume()
            while trap.enqueued_jobs:
                trap.perform_enqueued_jobs()
        self.assertEqual((record.state, record.done_rows), ("done", 5))
        self.assertEqual(len(record.item_ids), 5)

    def test_what_the_database_refuses_after_all(self):
        rows = [self._row(n) for n in range(1, 6)]
        for keep, done in (("good", 4), ("none", 0)):
            record = self._import(rows, keep=keep)
            with trap_jobs() as trap:
                record.action_start()
                trap.perform_enqueued_jobs()
                taken = self._create_item(
                    basic_code="370100900004",
                    code=f"{BUREAU_USCC}3370100900004",
                    published=False,
                )
                with mute_logger("odoo.sql_db"):
                    while trap.enqueued_jobs:
                        trap.perform_enqueued_jobs()
            with self.subTest(keep=keep):
                self.assertEqual((len(record.item_ids), record.done_rows), (done, done))
                self.assertEqual(record.bad_rows, 1)
                self.assertEqual(self._report(record)[1][0], "5")
            (record.item_ids | taken).unlink()

    def test_rights_and_protection(self):
        imports = self.env["shenpi.item.import"]
        with self.assertRaises(AccessError):
            imports.with_user(self.supervisor).create({"file": b"eA=="})
        record = self._import([self._row(1)])
        with self.assertRaises(AccessError):
            record.state = "creating"
        self._run(record)
        with self.assertRaises(UserError):
            record.keep = "none"
        with self.assertRaises(UserError):
            record.action_start()
        with self.assertRaises(UserError):
            record.action_resume()
        self.assertFalse(self.env["shenpi.import.chunk"].search([]))
