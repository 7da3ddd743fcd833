import io

import openpyxl
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import ShenpiCommon, moment

# Monday 15 June 2026, noon: the week before has no holiday.
MONDAY = "2026-06-15 04:00:00"


@freeze_time(MONDAY)
@tagged("post_install", "-at_install")
class TestBulletin(ShenpiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.api = cls.env["shenpi.application"].with_user(cls.integrator)
        cls.bulletins = cls.env["shenpi.bulletin"].with_user(cls.supervisor)

    def _bulletin(self, day="2026-06-08"):
        return self.bulletins.create({"company_id": self.company.id, "date_from": day})

    def _received(self, day, **values):
        return self._submit(self.integrator, at=f"{day}T09:00:00+08:00", **values)

    def _accepted(self, day, **values):
        application = self._received(day, **values)
        self.api.api_accept(application.number, {"at": f"{day}T10:00:00+08:00"})
        return application

    def _decided(self, day, decision_day, outcome="grant", extended=0):
        application = self._accepted(day)
        head = application.with_user(self.manager)
        if extended:
            head._do_extend(extended, "Experts.", at=moment(f"{day} 11:00:00"))
        head._do_review("pass", "In order.", at=moment(f"{decision_day} 09:30:00"))
        head._do_decide(outcome, "As reviewed.", at=moment(f"{decision_day} 10:00:00"))
        return application

    def _total(self, record, week="week"):
        return record._get_figures()["total"][week]

    # === Figures === #

    def test_a_week_is_from_monday_to_sunday_in_shanghai(self):
        for day in ("2026-06-07", "2026-06-08", "2026-06-14"):
            self._received(day)
        late = moment("2026-06-14 23:59:00"), moment("2026-06-15 00:00:00")
        for at in late:
            self._submit(self.integrator, at=f"{fields.Datetime.to_string(at)}+00:00")
        record = self._bulletin()
        self.assertEqual(self._total(record)["received"], 3)
        self.assertEqual(self._total(record, "last")["received"], 1)

    def test_flows(self):
        """Promised: five working days, so the one of 29 May ends on 5 June."""
        self._decided("2026-06-08", "2026-06-09")
        self._decided("2026-06-03", "2026-06-10", outcome="deny")
        self._decided("2026-05-29", "2026-06-09")
        self._decided("2026-05-29", "2026-06-09", extended=3)
        self._received("2026-06-08").with_user(self.clerk)._do_withdraw("Asked for.")
        self._decided("2026-06-01", "2026-06-05")
        figures = self._total(self._bulletin())
        expected = {
            "granted": 3,
            "denied": 1,
            "decided": 4,
            "on_time": 2,
            "extended": 1,
            "late": 1,
            "late_law": 0,
            "taken_sum": 1 + 5 + 7 + 7,
            "early_sum": 4 + 0,
        }
        self.assertEqual({name: figures[name] for name in expected}, expected)
        before = self._total(self._bulletin("2026-06-01"))
        self.assertEqual((before["granted"], before["on_time"], before["taken_sum"]), (1, 1, 4))

    def test_endings_by_their_events(self):
        """Withdrawn today, so counted in the week that has just begun; the shame figures too."""
        self._received("2026-06-12").with_user(self.clerk)._do_withdraw("Asked for.")
        silent = self._received("2026-06-04")
        silent.with_user(self.manager)._do_deem_accepted()
        told = self._received("2026-06-12", materials=[])
        told.with_user(self.clerk)._do_request_correction([])
        told.with_user(self.clerk)._do_supplement({})
        told.with_user(self.supervisor)._do_request_correction([], override_reason="New facts.")
        figures = self._total(self._bulletin("2026-06-15"))
        self.assertEqual(
            [figures[name] for name in ("ended", "closed", "deemed", "second_corrections")],
            [1, 1, 1, 1],
        )

    def test_stocks(self):
        """Red: accepted on 1 June, due on the 8th. Yellow: accepted on 10 June, half is used."""
        self._accepted("2026-06-01")
        self._accepted("2026-06-10")
        self._accepted("2026-06-15")
        stopped = self._accepted("2026-06-02")
        notice = {"kind": "testing", "planned_days": 2, "notice": "Samples are tested."}
        self.api.api_pause(stopped.number, dict(notice, at="2026-06-03T11:00:00+08:00"))
        figures = self._bulletin()._get_figures()
        total = figures["total"]["week"]
        self.assertEqual(
            [total[name] for name in ("open", "yellow", "red", "paused", "overstayed")],
            [4, 1, 2, 1, 1],
        )
        self.assertEqual([case["days_late"] for case in figures["red"]], [6, 5])
        (step,) = (row for row in figures["steps"] if row["name"] == "review 1")
        self.assertEqual(step["week"], {"in_hand": 4, "yellow": 1, "red": 2})

    def test_by_department_and_item(self):
        other = self._create_item(name="Works permit", department_id=self.other_office.id)
        self._received("2026-06-09")
        self._received("2026-06-09", item_code=other.code)
        self._received("2026-06-10", item_code=other.code)
        figures = self._bulletin()._get_figures()
        for kind, expected in (
            ("departments", [("Licences", 1), ("Works", 2)]),
            ("items", [("Food business licence", 1), ("Works permit", 2)]),
        ):
            rows = [(row["name"], row["week"]["received"]) for row in figures[kind]]
            self.assertEqual(rows, expected)

    def test_versions_of_an_item_are_one_line(self):
        self._received("2026-06-09")
        self.item.sudo().write({"state": "retired"})
        newer = self._create_item(
            name="Food business licence",
            basic_code=self.item.basic_code,
            code=self.item.code,
            version=2,
        )
        self._received("2026-06-15", item_code=newer.code)
        (row,) = self._bulletin("2026-06-15")._get_figures()["items"]
        self.assertEqual((row["week"]["received"], row["last"]["received"]), (1, 1))

    def test_other_bureaus_do_not_count(self):
        self._received("2026-06-09")
        record = self.env["shenpi.bulletin"].create(
            {"company_id": self.district.id, "date_from": "2026-06-08"}
        )
        self.assertFalse(self._total(record).get("received"))

    def test_as_many_queries_for_many_cases_as_for_one(self):
        record = self._bulletin()
        self._accepted("2026-06-09")
        record._get_figures()
        for _n in range(6):
            self._accepted("2026-06-09")
        self.env.invalidate_all()
        with self.assertQueryCount(22):
            record._get_figures()

    # === Issuing === #

    def test_issued_figures_stay(self):
        self._accepted("2026-06-09")
        record = self._bulletin()
        record.action_issue()
        figures = record.figures
        self._accepted("2026-06-10")
        self.assertEqual(record._get_figures(), figures)
        self.assertEqual(record.event_ids.action, "issue")
        self.assertEqual(record.action_verify_chain()["params"]["type"], "success")
        with self.assertRaises(UserError):
            record.action_issue()
        with self.assertRaises(UserError):
            record.unlink()
        with self.assertRaises(AccessError):
            record.write({"date_from": "2026-06-01"})

    def test_last_week_is_what_its_bulletin_said(self):
        """What was open then is known from there only."""
        self._accepted("2026-06-01")
        before = self._bulletin("2026-06-01")
        self.assertNotIn("open", self._total(self._bulletin(), "last"))
        before.action_issue()
        self._accepted("2026-06-02")
        (record,) = self.bulletins.search([("date_from", "=", "2026-06-08")])
        last = self._total(record, "last")
        self.assertEqual((last["received"], last["open"]), (1, 1))

    def test_a_week_that_is_not_over_is_not_issued(self):
        record = self._bulletin("2026-06-15")
        self.assertFalse(record.can_issue)
        with self.assertRaisesRegex(UserError, "issued after it"):
            record.action_issue()

    def test_who_may(self):
        record = self._bulletin()
        for user in (self.clerk, self.reviewer, self.decider, self.stranger):
            with self.assertRaises(AccessError):
                record.with_user(user).read(["date_from"])
        district = self._create_user("t_supervisor_b", "supervisor", self.district)
        self.assertFalse(self._as(district, self.bulletins).search([]))
        with self.assertRaises(AccessError):
            record.write({"figures": {}})
        record.with_user(self.manager).action_issue()
        self.assertTrue(record.with_user(self.supervisor).event_ids.read(["action"]))

    def test_one_bulletin_a_week(self):
        self._bulletin()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            self._bulletin()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            self._bulletin("2026-06-03")
        with self.assertRaises(ValidationError):
            self._bulletin("2026-06-22")

    def test_one_click(self):
        action = self._as(self.supervisor, self.bulletins).action_open_last_week()
        record = self.bulletins.browse(action["res_id"])
        self.assertEqual(str(record.date_from), "2026-06-08")
        again = self._as(self.supervisor, self.bulletins).action_open_last_week()
        self.assertEqual(again["res_id"], record.id)

    # === On screen and as files === #

    def test_nothing_is_a_dash(self):
        """No case was decided: no share, no average, and no nought in their place."""
        record = self._bulletin()
        pages = self.env["shenpi.bulletin.document"]
        rows = {row[0][0]: [cell[0] for cell in row[1:]] for row in self._overview(pages, record)}
        self.assertEqual(rows["On-time share (of all decided)"], ["—", "—", "—"])
        self.assertEqual(rows["Taken in"], ["0", "0", "0"])
        self.assertEqual(rows["Red now"], ["0", "—", "—"])

    def _overview(self, pages, record):
        return pages._prepare(record)["overview"]["rows"]

    def test_screen_and_paper(self):
        self._decided("2026-06-08", "2026-06-09")
        record = self._bulletin()
        self.assertIn("<svg", record.overview)
        html = self.env["ir.actions.report"]._render_qweb_html(
            "shenpi_base.report_bulletin", record.ids
        )[0]
        for text in (self.company.name, "Licences", "100.0%", "<svg"):
            self.assertIn(text, html.decode())

    def test_workbook(self):
        self._decided("2026-06-08", "2026-06-09")
        self._accepted("2026-06-01")
        record = self._bulletin()
        reports = self.env["ir.actions.report"].with_user(self.supervisor)
        content, kind = reports._render("shenpi_base.action_report_bulletin_xlsx", record.ids, {})
        self.assertEqual(kind, "xlsx")
        book = openpyxl.load_workbook(io.BytesIO(content))
        self.assertEqual(len(book.sheetnames), 5)
        overview, departments, *_others, red = book.worksheets
        self.assertEqual(len(overview._charts), 4)
        for sheet in book:
            self.assertEqual(sheet.freeze_panes, "B4")
            setup = sheet.page_setup
            self.assertEqual((setup.orientation, int(setup.paperSize)), ("landscape", 9))
            self.assertEqual((setup.fitToWidth, int(setup.fitToHeight or 0)), (None, 0))
            self.assertEqual(sheet.print_title_rows, "$3:$3")
        self.assertEqual(departments["A4"].value, "Licences")
        shares = [c for c in departments[4] if c.number_format == "0.0%"]
        self.assertEqual([c.value for c in shares], [1, "—"])
        self.assertEqual(red["A4"].value, self._get_red_number())

    def _get_red_number(self):
        return self.env["shenpi.application"].search([("light", "=", "red")]).number
