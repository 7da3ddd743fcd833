import random
from datetime import date
from unittest.mock import patch

from odoo.tests import freeze_time, tagged

from odoo.addons.queue_job.tests.common import trap_jobs

from ..models import shenpi_recount
from ..models.shenpi_application_lights import MARK_DATES
from ..models.shenpi_application_recount import LEGAL_DATES
from .common import NOW, ShenpiCommon, moment

STORED = (*LEGAL_DATES, *MARK_DATES, "paused", "warn_date", "alarm_date", "days_taken", "on_time")


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestRecount(ShenpiCommon):
    """Many cases counted again at once, against each of them counted by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.day = date(2026, 6, 12)

    def _make_cases(self, count):
        """Cases of all states and units, with pauses, extensions and corrections."""
        chance = random.Random(count)
        items = [
            self._create_item(limit_unit=unit, statutory_limit=limit, promised_limit=promised)
            for unit, limit, promised in (
                ("working_days", 20, 5),
                ("calendar_days", 15, 7),
                ("hours", 240, 72),
                ("months", 1, 1),
            )
        ]
        cases = self.env["shenpi.application"]
        for number in range(count):
            item = items[number % len(items)]
            day = chance.choice(("2026-06-01", "2026-06-03", "2026-06-05", "2026-06-08"))
            case = self._submit(
                self.integrator, at=f"{day}T09:00:00+08:00", item_code=item.code
            ).with_user(self.manager)
            cases |= case.sudo()
            if chance.random() < 0.8:
                case._do_accept(at=moment(f"{day}T10:00"))
                self._live(case, chance)
        return cases

    def _live(self, case, chance):
        if chance.random() < 0.5:
            case._do_pause("hearing", chance.randint(1, 9), "x", at=moment("2026-06-08T11:00"))
            if chance.random() < 0.6:
                case._do_resume(at=moment("2026-06-09T11:00"))
            if chance.random() < 0.5:
                entry = case.clock_ids.filtered(lambda e: e.kind == "pause")
                case._do_correct_clock(entry, "x", happened_at=moment("2026-06-08T10:30"))
        if chance.random() < 0.4:
            case._do_extend(chance.randint(1, 9), "x")
        if not case.paused and chance.random() < 0.4:
            self._bring_on(case, "granted")

    def _change_calendar(self):
        year = self.env["shenpi.workday.year"].search([("year", "=", 2026)])
        vals = {"date": self.day, "kind": "rest", "name": "Typhoon", "year_id": year.id}
        self.env["shenpi.workday"].create(vals)

    def _read(self, cases):
        cases.invalidate_recordset()
        return {case.id: {name: case[name] or False for name in STORED} for case in cases}

    def test_a_set_is_counted_like_each_case(self):
        cases = self._make_cases(24)
        before = self._read(cases)
        self._change_calendar()
        expected = {}
        for case in cases:
            vals = case._prepare_clock_vals(case._evaluate_clock())
            counted = {name: vals[name] or False for name in STORED if name in vals}
            expected[case.id] = before[case.id] | counted
        run = self.env["shenpi.recount"]._start_for_calendar("Typhoon", self.day, self.day)
        self.assertEqual(run.state, "done")
        self.assertEqual(self._read(cases), expected)
        self.assertNotEqual(before, expected)
        self._check_record(cases, before, expected, run)

    def _check_record(self, cases, before, expected, run):
        """The list of the run and the events of the cases say what moved."""
        self.assertFalse(self.env["shenpi.event"]._get_broken(cases))
        listed = {(line.application_id.id, line.field): line for line in run.line_ids}
        for case in cases:
            old, new = before[case.id], expected[case.id]
            moved = [name for name in LEGAL_DATES if old[name] != new[name]]
            event = case.event_ids[-1]
            if not moved:
                self.assertNotEqual(event.action, "recompute")
                continue
            for name in moved:
                if name != "due_date" or case.paused:
                    line = listed.pop((case.id, name))
                    self.assertEqual((line.old_date, line.new_date), (old[name], new[name]))
                    self.assertEqual(line.number, case.number)
                    self.assertEqual(event.data[name], [str(old[name]), str(new[name])])
        self.assertFalse(listed)

    def test_counting_twice_moves_nothing(self):
        cases = self._make_cases(6)
        self._change_calendar()
        applications = self.env["shenpi.application"]
        self.assertTrue(applications._recount(cases.ids))
        events = len(cases.event_ids)
        self.assertEqual(applications._recount(cases.ids), [])
        cases.invalidate_recordset()
        self.assertEqual(len(cases.event_ids), events)

    def test_many_cases_are_counted_by_jobs(self):
        cases = self._make_cases(7)
        self._change_calendar()
        with patch.object(shenpi_recount, "BATCH", 3), trap_jobs() as trap:
            run = self.env["shenpi.recount"]._start_for_calendar("Typhoon", self.day, self.day)
            concerned = run.case_count
            self.assertEqual((run.state, run.done_count), ("running", 0))
            while run.state == "running":
                trap.assert_jobs_count(1, only=run._job_count)
                trap.perform_enqueued_jobs()
                # A job that runs twice finds its position taken.
                done = run.done_count
                run._job_count(0)
                self.assertEqual(run.done_count, done)
        self.assertEqual(run.done_count, concerned)
        self.assertGreaterEqual(concerned, 4)
        self.assertEqual(run.moved_count, len(run.line_ids))
        for case in cases:
            vals = case._prepare_clock_vals(case._evaluate_clock())
            self.assertEqual(case.statutory_due_date or None, vals["statutory_due_date"])

    def test_nothing_to_count_leaves_no_trace(self):
        runs = self.env["shenpi.recount"]
        self.assertFalse(runs._start_for_lights(self.district))

    def test_the_queries_do_not_grow_with_the_cases(self):
        cases = self._make_cases(24)
        self._change_calendar()
        applications = self.env["shenpi.application"]
        applications._recount(cases[:4].ids)
        counts = []
        for some in (cases[4:8], cases[8:]):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            applications._recount(some.ids)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
