import base64
from datetime import date
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.queue_job.tests.common import trap_jobs

from ..models import shenpi_recount
from ..tools import holidays_cn, sheets
from .common import ShenpiCommon


@tagged("post_install", "-at_install")
class TestWorkday(ShenpiCommon):
    """The calendar of working days, its years and its two public methods."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["shenpi.workday.year"]._provide_years()
        cls.days = cls.env["shenpi.workday"]
        cls.year = cls.env["shenpi.workday.year"].search([("year", "=", 2026)])
        cls.next_year = cls.env["shenpi.workday.year"].search([("year", "=", 2027)])

    def test_years_are_provided_once(self):
        self.assertFalse(self.env["shenpi.workday.year"]._provide_years())
        self.assertEqual(self.year.state, "official")
        self.assertEqual(self.next_year.state, "provisional")
        self.assertEqual((self.year.workday_count, self.year.makeup_count), (248, 6))
        self.assertFalse(self.next_year.makeup_count)

    def test_calendar_equals_the_library(self):
        calendar = self.days._get_calendar()
        for year in holidays_cn.official_years():
            for day, (kind, _name) in holidays_cn.official_days(year).items():
                self.assertEqual(calendar.is_workday(day), kind == "makeup", day)

    def test_vectors(self):
        api = self.days.with_user(self.clerk)
        self.assertEqual(api.api_add("2026-09-18", 20), "2026-10-22")
        self.assertEqual(api.api_add("2026-12-04", 20), "2027-01-04")
        self.assertEqual(api.api_count("2026-09-18", "2026-10-22"), 20)
        self.assertEqual(api.api_add("2026-10-22", -20), "2026-09-18")
        self.assertEqual(api.api_add("2026-10-01", 0), "2026-10-01")
        self.assertEqual(api.api_count("2026-10-22", "2026-09-18"), -20)

    def test_bad_arguments_are_named(self):
        api = self.days.with_user(self.integrator)
        cases = [
            ("date", lambda: api.api_add("2026-02-30", 1)),
            ("date", lambda: api.api_add("20260201", 1)),
            ("date", lambda: api.api_add(20260201, 1)),
            ("date", lambda: api.api_add("1999-01-01", 1)),
            ("days", lambda: api.api_add("2026-02-01", "1")),
            ("days", lambda: api.api_add("2026-02-01", True)),
            ("days", lambda: api.api_add("2026-02-01", 100000)),
            ("date_from", lambda: api.api_count("", "2026-02-01")),
            ("date_to", lambda: api.api_count("2026-02-01", "2050-01-01")),
        ]
        for field, call in cases:
            with self.subTest(field=field), self.assertRaisesRegex(ValidationError, f"^{field}:"):
                call()

    def test_strangers_may_not_call(self):
        with self.assertRaises(AccessError):
            self.days.with_user(self.stranger).api_add("2026-02-01", 1)
        with self.assertRaises(AccessError):
            self.days.with_user(self.stranger).api_count("2026-02-01", "2026-02-02")

    def test_calendar_is_cached_and_cleared(self):
        calendar = self.days._get_calendar()
        with self.assertQueryCount(0):
            self.assertIs(self.days._get_calendar(), calendar)
        day = date(2026, 6, 11)
        self.year.day_ids = [
            Command.create({"date": day, "kind": "rest", "is_workday": False, "name": "x"})
        ]
        self.assertFalse(self.days._get_calendar().is_workday(day))
        self.year.day_ids.filtered(lambda record: record.date == day).unlink()
        self.assertTrue(self.days._get_calendar().is_workday(day))

    def test_only_days_that_differ(self):
        for vals in (
            {"date": "2026-06-13", "kind": "rest", "is_workday": False},
            {"date": "2026-06-11", "kind": "makeup", "is_workday": True},
            {"date": "2026-06-11", "kind": "rest", "is_workday": True},
        ):
            with (
                self.subTest(**vals),
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self.days.create(dict(vals, year_id=self.year.id))
                self.env.flush_all()

    def test_no_gap_and_no_deletion(self):
        with self.assertRaises(ValidationError):
            self.env["shenpi.workday.year"].create({"year": 2040})
        with self.assertRaises(UserError):
            self.year.unlink()

    def test_nobody_edits_past_the_wizard(self):
        with self.assertRaises(AccessError):
            self.year.with_user(self.manager).state = "provisional"
        with self.assertRaises(AccessError):
            self.year.day_ids[0].with_user(self.manager).name = "x"

    # === The wizard === #

    def _wizard(self, **values):
        vals = {"year": 2027, "notice": "国办发明电〔2026〕1号", **values}
        return self.env["shenpi.workday.wizard"].with_user(self.manager).create(vals)

    def test_by_hand(self):
        wizard = self._wizard()
        self.assertEqual(len(wizard.line_ids), len(self.next_year.day_ids))
        wizard.line_ids = [
            Command.create({"date": "2027-02-20", "kind": "makeup", "name": "春节"}),
            Command.create({"date": "2027-02-06", "kind": "statutory", "name": "春节"}),
        ]
        runs = self.env.registry["shenpi.recount"]
        with patch.object(
            runs, "_start_for_calendar", return_value=self.env["shenpi.recount"]
        ) as recount:
            wizard.action_apply()
        self.assertEqual(recount.call_args.args[1:], (date(2027, 2, 20), date(2027, 2, 20)))
        self.assertEqual(self.next_year.state, "official")
        self.assertEqual(self.next_year.source, "国办发明电〔2026〕1号")
        self.assertTrue(self.days._get_calendar().is_workday(date(2027, 2, 20)))
        self.assertNotIn(date(2027, 2, 6), self.next_year.day_ids.mapped("date"), "a Saturday")

    def test_open_cases_are_counted_again(self):
        application = self._bring_to("accepted")
        due = application.statutory_due_date
        wizard = self._wizard(year=2026)
        wizard.flush_recordset()
        wizard.line_ids = [Command.create({"date": "2026-06-12", "kind": "rest"})]
        wizard.action_apply()
        self.assertEqual(application.statutory_due_date, self.days._get_calendar().add(due, 1))
        moved = wizard.result_ids.filtered(lambda line: line.application_id == application)
        self.assertIn(due, moved.mapped("old_date"))
        for line in moved:
            self.assertTrue(line.old_date and line.new_date and line.old_date != line.new_date)
        rows = list(sheets.read_rows(base64.b64decode(wizard.recount_id.table)))
        self.assertEqual(len(rows) - 1, len(wizard.result_ids))
        self.assertIn([str(moved[0].old_date), str(moved[0].new_date)], [r[1][4:] for r in rows])

    def test_dates_of_other_bureaus_are_counted_but_not_shown(self):
        own, foreign = self._bring_to("accepted"), self._bring_to("accepted")
        self.env.cr.execute(
            "UPDATE shenpi_application SET company_id = %s WHERE id = %s",
            [self.district.id, foreign.id],
        )
        self.env.invalidate_all()
        wizard = self._wizard(year=2026)
        wizard.flush_recordset()
        wizard.line_ids = [Command.create({"date": "2026-06-12", "kind": "rest"})]
        wizard.action_apply()
        self.env.invalidate_all()
        shown = wizard.result_ids.sudo().application_id
        self.assertEqual(shown & (own | foreign), own)
        self.env.invalidate_all()
        counted = wizard.recount_id.sudo().line_ids.application_id
        self.assertEqual(counted & (own | foreign), own | foreign)

    def test_many_open_cases_are_counted_in_the_background(self):
        application = self._bring_to("accepted")
        due = application.statutory_due_date
        wizard = self._wizard(year=2026)
        wizard.flush_recordset()
        wizard.line_ids = [Command.create({"date": "2026-06-12", "kind": "rest"})]
        with patch.object(shenpi_recount, "BATCH", 0), trap_jobs() as trap:
            wizard.action_apply()
            trap.assert_jobs_count(1, only=wizard.recount_id._job_count)
        self.assertIn("in the background", wizard.outcome)
        self.assertEqual(wizard.recount_id.state, "running")
        self.assertEqual(application.statutory_due_date, due)
        wizard.recount_id._job_count(0)
        self.assertEqual(wizard.recount_id.state, "done")
        self.assertEqual(application.statutory_due_date, self.days._get_calendar().add(due, 1))
        self.assertEqual(wizard.action_view_recount()["res_id"], wizard.recount_id.id)

    def test_mistakes_are_named_together(self):
        wizard = self._wizard()
        wizard.flush_recordset()
        wizard.line_ids = [
            Command.create({"date": "2027-06-08", "kind": "makeup"}),
            Command.create({"date": "2026-06-08", "kind": "rest"}),
            Command.create({"date": "2027-01-01", "kind": "rest"}),
        ]
        with self.assertRaises(UserError) as caught:
            wizard.action_apply()
        for day in ("2027-06-08", "2026-06-08", "2027-01-01"):
            self.assertIn(day, str(caught.exception))
        self.assertEqual(self.next_year.state, "provisional")

    def test_notice_is_required(self):
        with self.assertRaisesRegex(UserError, "Notice"):
            self._wizard(notice=" ").action_apply()

    def test_from_a_file(self):
        content = sheets.write_workbook(
            [
                (
                    "2027",
                    ["日期", "类型", "名称"],
                    [(date(2027, 1, 1), "法定", "元旦"), ("2027-01-02", "班", "元旦")],
                )
            ]
        )
        wizard = self._wizard(source_kind="xlsx", file=base64.b64encode(content), filename="x.xlsx")
        self.assertEqual(wizard.line_ids.mapped("kind"), ["statutory", "makeup"])
        wizard.action_apply()
        self.assertEqual(len(self.next_year.day_ids), 2)
        self.assertTrue(self.days._get_calendar().is_workday(date(2027, 1, 2)))

    def test_template_can_be_uploaded_again(self):
        wizard = self._wizard(year=2026)
        again = self._wizard(year=2026, source_kind="xlsx", file=wizard.template)
        self.assertEqual(
            again.line_ids.mapped(lambda line: (line.date, line.kind)),
            wizard.line_ids.mapped(lambda line: (line.date, line.kind)),
        )

    def test_bad_file(self):
        for content in (b"PK\x03\x04 broken", "日期\n2027-01-01\n".encode(), b"\x00\x01\x02"):
            with self.subTest(content=content), self.assertRaisesRegex(UserError, "File"):
                self._wizard(source_kind="xlsx", file=base64.b64encode(content)).line_ids.mapped(
                    "kind"
                )
        rows = "日期,类型\n2027-13-01,法定\n2027-01-01,什么\n".encode()
        with self.assertRaisesRegex(UserError, "(?s)Line 2.*Line 3"):
            self._wizard(source_kind="xlsx", file=base64.b64encode(rows)).line_ids.mapped("kind")

    def test_a_year_the_library_does_not_know(self):
        with self.assertRaisesRegex(UserError, "library"):
            self._wizard(source_kind="library").line_ids.mapped("kind")

    def test_from_the_library(self):
        wizard = self._wizard(year=2026, source_kind="library")
        with patch.object(self.env.registry["shenpi.recount"], "_start") as recount:
            wizard.action_apply()
        recount.assert_not_called()

    def test_form_fills_the_table(self):
        with Form(self.env["shenpi.workday.wizard"].with_user(self.manager)) as form:
            self.assertEqual(form.year, 2027)
            self.assertTrue(len(form.line_ids))
            form.year = 2026
            form.notice = "x"
            self.assertEqual(len(form.line_ids), len(self.year.day_ids))

    def test_a_year_that_is_not_there_yet(self):
        year = self.days._get_calendar().last.year + 1
        self._wizard(year=year).action_apply()
        self.assertEqual(self.days._get_calendar().last, date(year, 12, 31))

    def test_only_the_bureau_head(self):
        with self.assertRaises(AccessError):
            self.env["shenpi.workday.wizard"].with_user(self.supervisor).create({"year": 2027})
