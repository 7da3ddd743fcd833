from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..tools import reminders
from .common import NOW
from .reminder_common import LADDER, TODAY, ReminderCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestLicenceReminder(ReminderCommon):
    """Which rung acts on which day, once, whatever happened to the runs and the dates."""

    def _states(self, licence):
        return {line.days_before: line.state for line in self._lines(licence)}

    def test_every_day_against_a_naive_ladder(self):
        """Two hundred days in a row: each rung acts on its own day, and no other day does."""
        licence = self._create_licence(due_in=95)
        acted = {}
        for n in range(200):
            day = TODAY + timedelta(days=n)
            if self._remind(day)["done"]:
                acted[day] = self._lines(licence).filtered(lambda r: r.state == "open")[-1:]
                self._lines(licence).filtered(lambda r: r.state == "open").state = "done"
        deadline = TODAY + timedelta(days=95)
        expected = [deadline - timedelta(days=days) for days, _channel in LADDER]
        self.assertEqual(list(acted), expected)

    def test_a_second_run_does_nothing(self):
        licence = self._create_licence(due_in=60)
        self.assertEqual(self._remind()["done"], 1)
        self.assertFalse(self._remind())
        self.assertEqual(self._states(licence), {90: "passed", 60: "open"})

    def test_five_days_of_downtime(self):
        """What became due meanwhile is done on the first day, the nearest rung only."""
        early = self._create_licence(due_in=92, holder="Early")
        near = self._create_licence(due_in=33, holder="Near")
        self._remind(TODAY)
        self._remind(TODAY + timedelta(days=5))
        self.assertEqual(self._states(early), {90: "open"})
        self.assertEqual(self._states(near), {90: "passed", 60: "open", 30: "open"})
        self.assertEqual(len(self._contacts(near)), 1, "the open task is joined")

    def test_a_long_downtime_passes_rungs_over(self):
        licence = self._create_licence(due_in=95)
        self._remind(TODAY)
        self._remind(TODAY + timedelta(days=70))
        self.assertEqual(self._states(licence), {90: "passed", 60: "passed", 30: "open"})

    def test_a_moved_deadline_is_a_new_round(self):
        licence = self._create_licence(due_in=60)
        self._remind()
        self.assertEqual(len(self._lines(licence)), 2)
        licence.with_user(self.manager).sudo()._do_correct_dates(
            licence.valid_to + timedelta(days=100), "a slip of the pen"
        )
        self.assertFalse(self._remind(), "the new deadline is far away")
        again = TODAY + timedelta(days=100)
        self.assertEqual(self._remind(again)["done"], 1)
        self.assertEqual(self._lines(licence).mapped("days_before"), [90, 60, 90, 60])
        self.assertEqual(len(set(self._lines(licence).mapped("epoch"))), 2)

    def test_what_is_not_reminded(self):
        """States and types that ask for nothing; what ended long ago."""
        self._create_licence(due_in=91)
        self._create_licence(due_in=-100)
        off = self._create_type("T2", remind=False)
        self._create_licence(due_in=10, kind=off)
        given_back = self._create_licence(due_in=10)
        given_back.with_user(self.manager).sudo()._do_cancel("other", "given back")
        self.assertFalse(self._remind())

    def test_an_imported_licence_passes_what_is_over(self):
        licence = self._create_licence(due_in=-12)
        self._remind()
        states = self._states(licence)
        self.assertEqual(states.pop(-10), "open")
        self.assertEqual(set(states.values()), {"passed"})

    def test_the_database_refuses_a_second_line(self):
        licence = self._create_licence(due_in=60)
        self._remind()
        line = self._lines(licence)[:1]
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            line.copy()

    def test_a_random_lot_against_the_pure_ladder(self):
        licences = self.env["shenpi.licence"]
        for n in range(-60, 130, 7):
            licences |= self._create_licence(due_in=n, holder=f"Holder {n}")
        self._remind()
        ladder = [days for days, _channel in LADDER]
        for licence in licences:
            with self.subTest(due=licence.renewal_due_date):
                acts, passed = reminders.sort_out(
                    TODAY, licence.renewal_due_date, licence.valid_to, ladder
                )
                expected = dict.fromkeys(passed, "passed")
                if acts is not None:
                    expected[acts] = "open"
                self.assertEqual(self._states(licence), expected)

    # === Duties === #

    def test_a_duty_comes_again_and_again(self):
        kind = self._create_type(
            "T3",
            ladder=((30, "call"),),
            duty_ids=[Command.create({"name": "Annual report", "every_months": 12})],
        )
        begins = date(2024, 2, 29)
        licence = self._create_licence(
            due_in=2000, kind=kind, valid_from=begins, in_force_from=begins
        )
        days = []
        for n in range(800):
            day = TODAY + timedelta(days=n)
            if self._remind(day)["done"]:
                days.append(day)
                self._lines(licence).contact_id.state = "done"
        epochs = [begins + relativedelta(months=12 * k) for k in (3, 4)]
        self.assertEqual(days, [epoch - timedelta(days=30) for epoch in epochs])
        self.assertEqual(self._lines(licence).mapped("epoch"), epochs)
        self.assertEqual(self._lines(licence).duty_id, kind.duty_ids)

    def test_a_duty_ends_with_the_licence(self):
        kind = self._create_type(
            "T4",
            ladder=((30, "call"),),
            # A form leaves zeros in what it does not ask for.
            duty_ids=[
                Command.create({"name": "Check", "every_months": 6, "due_month": 0, "due_day": 0})
            ],
        )
        begins = TODAY - relativedelta(months=6) + timedelta(days=10)
        licence = self._create_licence(
            due_in=5,
            kind=kind,
            valid_from=begins,
            in_force_from=begins,
            valid_to=TODAY + timedelta(days=5),
        )
        self._remind()
        self.assertFalse(self._lines(licence).duty_id)

    def _yearly(self, code, month, day):
        duty = {"name": "Annual report", "timing": "yearly", "due_month": month, "due_day": day}
        return self._create_type(
            code, ladder=((30, "call"), (-10, "visit")), duty_ids=[Command.create(duty)]
        )

    def test_a_duty_of_every_year_against_the_pure_days(self):
        """On the day of each rung and the day before: it acts so long before the day of the duty,
        over a leap year, first in the year after the beginning."""
        begins = date(2025, 3, 15)
        days = [(6, 30), (2, 29), (1, 1), (12, 31)]
        licences = [
            self._create_licence(
                due_in=3000,
                holder=f"Holder {month}-{day}",
                kind=self._yearly(f"Y{month}{day}", month, day),
                valid_from=date(2026, 3, 15),
                in_force_from=begins,
            )
            for month, day in days
        ]
        first, last = date(2025, 6, 1), date(2028, 12, 31)
        reach = last + timedelta(days=30)
        runs = set()
        for month, day in days:
            for epoch in reminders.yearly_days(date(2024, 1, 1), month, day, first, reach):
                runs |= {epoch - timedelta(days=n) for n in (31, 30, -9, -10)}
        for today in sorted(day for day in runs if first <= day <= last):
            self._remind(today)
            self.env["shenpi.licence.contact"].search([]).state = "done"
        for licence, (month, day) in zip(licences, days, strict=True):
            with self.subTest(duty=(month, day)):
                epochs = reminders.yearly_days(begins, month, day, first, reach)
                called = self._lines(licence).filtered(lambda line: line.days_before == 30)
                self.assertEqual(called.mapped("epoch"), epochs)
                self.assertEqual(
                    called.mapped("raised_on"), [epoch - timedelta(days=30) for epoch in epochs]
                )
                self.assertEqual(set(called.mapped("state")), {"open"})
                late = self._lines(licence) - called
                self.assertEqual(
                    late.mapped("raised_on"),
                    [day + timedelta(days=10) for day in epochs if day <= last - timedelta(10)],
                )

    def test_a_duty_of_every_year_ends_with_the_licence(self):
        kind = self._yearly("Y1", 6, 30)
        licence = self._create_licence(
            due_in=0, kind=kind, valid_to=date(2026, 6, 29), renewal_due_date=date(2027, 5, 30)
        )
        self._remind()
        self.assertFalse(self._lines(licence).duty_id)

    def test_a_duty_names_a_day_that_there_is(self):
        for month, day in ((2, 30), (4, 31), (13, 1), (0, 1), (6, 0)):
            with (
                self.subTest(month=month, day=day),
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self._yearly(f"BAD{month}-{day}", month, day)

    # === Types === #

    def test_who_is_reminded_has_a_specialist(self):
        """Whoever writes the type, on the form or not."""
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.kind.with_user(self.manager).specialist_id = False
            self.env.flush_all()
        self.kind.with_user(self.manager).write({"remind": False, "specialist_id": False})
        self.env.flush_all()

    def test_a_changed_lead_moves_the_dates(self):
        licence = self._create_licence(due_in=60)
        self.kind.with_user(self.manager).renewal_lead = 45
        self.assertEqual(licence.renewal_due_date, licence.valid_to - timedelta(days=45))
        self.assertEqual(licence.expiring_from, licence.renewal_due_date - timedelta(days=90))

    def test_a_changed_ladder_moves_the_expiring_date(self):
        licence = self._create_licence(due_in=200)
        rung = self.env["shenpi.licence.type.rung"].create(
            {"type_id": self.kind.id, "days_before": 180, "channel": "sms"}
        )
        due = licence.renewal_due_date
        self.assertEqual(licence.expiring_from, due - timedelta(days=180))
        rung.unlink()
        self.assertEqual(licence.expiring_from, due - timedelta(days=90))

    def test_a_rung_that_acted_stays(self):
        self._create_licence(due_in=60)
        self._remind()
        rung = self.kind.rung_ids.filtered(lambda r: r.days_before == 60)
        with self.assertRaises(UserError):
            rung.unlink()
        rung.active = False
        self.assertFalse(self.kind.rung_ids.filtered(lambda r: r.days_before == 60))

    def test_a_type_without_a_ladder_cannot_remind(self):
        with self.assertRaises(UserError):
            self._create_type("T5", ladder=())

    def test_since_when_it_is_reminded(self):
        self.assertEqual(self.kind.remind_since, TODAY)

    # === The run === #

    def test_the_scheduled_action_notes_its_run(self):
        licence = self._create_licence(due_in=60)
        with self.enter_registry_test_mode():
            self.env.ref("shenpi_base.cron_licence_reminder").method_direct_trigger()
        run = self.env["shenpi.licence.reminder.run"].search([], limit=1)
        self.assertEqual(run.state, "done")
        self.assertEqual(run.day, TODAY)
        self.assertGreaterEqual(run.done_count, 1)
        self.assertEqual(self._states(licence)[60], "open")

    def test_one_bad_holder_does_not_stop_the_others(self):
        good = self._create_licence(due_in=60, holder="Good")
        bad = self._create_licence(due_in=60, holder="Bad")
        engine = self.env.registry["shenpi.licence.contact"]
        raise_all = engine._raise

        def break_for_bad(self, lines, today, words=None):
            if bad in lines.licence_id:
                raise ValueError("broken")
            return raise_all(self, lines, today, words)

        self.patch(engine, "_raise", break_for_bad)
        with self.enter_registry_test_mode():
            self.env.ref("shenpi_base.cron_licence_reminder").method_direct_trigger()
        run = self.env["shenpi.licence.reminder.run"].search([], limit=1)
        self.assertEqual((run.failed_count, "broken" in run.error), (1, True))
        self.assertTrue(self._lines(good))
        self.assertFalse(self._lines(bad))
