from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import NOW, ShenpiCommon

ENGINE = "odoo.addons.shenpi_base.models.shenpi_ladder_engine"


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestLadder(ShenpiCommon):
    """A ladder acts once per document and round, tells each person once, and reports what fails."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["shenpi.ladder"].search([]).active = False
        cls.ladder = cls.env["shenpi.ladder"].create(
            {
                "name": "Limits",
                "track": "shenpi.application:limit",
                "company_id": cls.company.id,
                "rung_ids": [
                    fields.Command.create({"sequence": n, **vals})
                    for n, vals in enumerate(
                        (
                            {"anchor": "warn", "action": "handler"},
                            {"anchor": "alarm", "action": "head"},
                            {"anchor": "due", "offset": 1, "action": "bureau"},
                        )
                    )
                ],
            }
        )
        cls.yellow, cls.red, cls.late = cls.ladder.rung_ids
        cls.office.manager_id = cls.decider
        cls.case = cls._bring_to("accepted")
        cls.case.handler_id = cls.reviewer2

    def _run(self):
        with self.enter_registry_test_mode():
            self.env.ref("shenpi_base.cron_ladder").method_direct_trigger()
        self.env.invalidate_all()

    def _run_on(self, day):
        with freeze_time(f"{day} 02:00:00"):
            self._run()

    def _firings(self, state="done", **domain):
        conditions = [("ladder_id", "=", self.ladder.id), ("state", "=", state)]
        conditions += [(name, "=", value) for name, value in domain.items()]
        return self.env["shenpi.ladder.firing"].search(conditions, order="id")

    def _digests(self, user):
        return self.env["shenpi.ladder.digest"].search([("user_id", "=", user.id)])

    # === When, and to whom === #

    def test_climbs_rung_by_rung(self):
        case = self.case
        self._run()
        self.assertFalse(self._firings())
        self._run_on(case.warn_date)
        self.assertEqual(self._firings().rung_id, self.yellow)
        self.assertEqual(self._firings().digest_ids.user_id, self.reviewer2)
        self._run_on(case.alarm_date)
        self.assertEqual(self._firings()[1:].digest_ids.user_id, self.decider)
        self._run_on(case.due_date)
        self.assertEqual(len(self._firings()), 2, "on the due date itself it is not late")
        self._run_on(case.due_date + timedelta(days=1))
        self.assertEqual(self._firings()[2:].rung_id, self.late)
        self.assertEqual(self._firings()[2:].digest_ids.user_id, self.manager | self._admins())

    def _admins(self):
        return self.company._get_shenpi_heads() - self.manager

    def test_fires_once(self):
        for _turn in range(3):
            self._run_on(self.case.warn_date)
        self.assertEqual(len(self._firings()), 1)

    def test_the_key_refuses_a_second_firing(self):
        self._run_on(self.case.warn_date)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self._firings().copy()

    def test_only_the_highest_rung_acts_after_downtime(self):
        self._run_on("2026-06-30")
        self.assertEqual(self._firings().rung_id, self.late)
        self.assertEqual(self._firings("passed").rung_id, self.yellow | self.red)
        self.assertFalse(self._digests(self.reviewer2))

    def test_ten_days_of_downtime_are_one_message_per_receiver(self):
        """Cases on every rung, for everybody: each hears once, of what is highest for each case."""
        cases = [self._bring_to("accepted") for _n in range(6)]
        for case in cases:
            case.handler_id = self.reviewer2
        early = fields.Date.to_date("2026-06-24")
        for case in cases[:2]:
            case.write({"due_date": "2026-07-10", "alarm_date": "2026-07-08"})
        for case in cases[2:4]:
            case.write({"due_date": "2026-07-10", "alarm_date": early})
        self._run_on("2026-06-25")
        told = {self.reviewer2: 2, self.decider: 2, self.manager: 3}
        for user, count in told.items():
            digest = self._digests(user)
            self.assertEqual(len(digest.firing_ids), count, user.login)
            self.assertEqual(len(digest.activity_ids), 1, user.login)
        self._run_on("2026-06-25")
        self.assertEqual(len(self._firings()), 7)

    def test_a_lower_rung_added_later_does_not_act(self):
        self._run_on("2026-06-30")
        self.yellow.copy({"ladder_id": self.ladder.id, "offset": 1})
        self._run_on("2026-06-30")
        self.assertEqual(len(self._firings()), 1)
        self.assertEqual(len(self._firings("passed")), 3)

    def test_a_moved_deadline_begins_anew(self):
        self._run_on(self.case.warn_date)
        first = self._firings()
        self.case.with_user(self.manager)._do_extend(10, "The site was flooded.")
        self._run_on(first.fired_at.date())
        self.assertEqual(self._firings(), first)
        self._run_on(self.case.warn_date)
        second = self._firings() - first
        self.assertEqual(second.rung_id, self.yellow)
        self.assertNotEqual(second.epoch, first.epoch)

    def test_a_pause_and_resume_on_one_day_begin_nothing(self):
        with freeze_time(f"{self.case.warn_date} 02:00:00"):
            self._run()
            reviewer = self.case.with_user(self.reviewer)
            reviewer._do_pause("hearing", 5, "A hearing is held.")
            reviewer._do_resume()
            self._run()
        self.assertEqual(len(self._firings()), 1)

    def test_a_closed_case_is_left_alone(self):
        self.case.with_user(self.clerk)._do_withdraw("Asked for.")
        self._run_on("2026-06-30")
        self.assertFalse(self._firings())

    def test_working_days_only(self):
        self.late.offset = 2
        friday = fields.Date.to_date("2026-06-12")
        self.case.write({"due_date": friday, "warn_date": friday, "alarm_date": friday})
        self._run_on("2026-06-15")  # Monday: one working day
        self.assertEqual(self._firings().rung_id, self.red)
        self._run_on("2026-06-16")
        self.assertEqual(self._firings()[1:].rung_id, self.late)

    # === One message per person === #

    def test_many_cases_are_one_activity(self):
        for case in [self._bring_to("accepted") for _n in range(4)]:
            case.handler_id = self.reviewer2
        self._run_on(self.case.warn_date)
        digest = self._digests(self.reviewer2)
        self.assertEqual(len(digest.firing_ids), 5)
        self.assertEqual(len(digest.activity_ids), 1)
        self.assertIn("5", digest.activity_ids.summary)

    def test_further_reminders_join_the_open_ones(self):
        self._run_on(self.case.warn_date)
        later = self._bring_to("accepted")
        later.handler_id = self.reviewer2
        later.write({"warn_date": self.case.due_date, "alarm_date": "2026-06-30"})
        self._run_on(self.case.due_date)
        digest = self._digests(self.reviewer2)
        self.assertEqual(len(digest), 1)
        self.assertEqual(len(digest.activity_ids), 1)
        self.assertIn("2", digest.activity_ids.summary)

    def test_what_has_been_seen_is_over(self):
        self._run_on(self.case.warn_date)
        self._digests(self.reviewer2).with_user(self.reviewer2).action_seen()
        self.assertEqual(self._digests(self.reviewer2).mapped("state"), ["done"])
        self.red.action = "handler"
        self._run_on(self.case.alarm_date)
        self.assertEqual(self._digests(self.reviewer2).mapped("state"), ["open", "done"])

    def test_nobody_in_hand_goes_to_the_next_one_up(self):
        self.case.handler_id = False
        self.office.user_ids = False
        self._run_on(self.case.warn_date)
        self.assertEqual(self._firings().digest_ids.user_id, self.decider)

    def test_nobody_twice_for_two_roles(self):
        self.office.manager_id = self.manager
        self._run_on("2026-06-30")
        self.assertEqual(len(self._digests(self.manager).firing_ids), 1)

    # === What fails === #

    def _break(self, *cases):
        """Let the documents be bad ones: whoever asks for their people gets an error."""
        model = type(self.env["shenpi.application"])
        good = model._get_ladder_people

        def people(document, role):
            if document in cases:
                raise ValueError("bad record")
            return good(document, role)

        return patch.object(model, "_get_ladder_people", people)

    def test_a_bad_record_is_reported_and_stops_nobody(self):
        other = self._bring_to("accepted")
        other.handler_id = self.reviewer2
        with self._break(self.case), mute_logger(ENGINE):
            self._run_on(self.case.warn_date)
        self.assertEqual(self._firings().document_id, other.id)
        failed = self._firings("failed")
        self.assertEqual(failed.document_id, self.case.id)
        self.assertIn("bad record", failed.error)
        self.assertEqual(self.ladder.failure_count, 1)
        self.assertEqual(self.ladder.run_ids[:1].failed_count, 1)
        with freeze_time(self.ladder.run_ids[:1].started_at):
            self.assertEqual(self.ladder.health, "failing")

    def test_a_failure_is_tried_again_later_and_heals(self):
        moment = fields.Datetime.to_datetime(self.case.warn_date)
        with self._break(self.case), mute_logger(ENGINE):
            self._run_on(self.case.warn_date)
            self._run_on(self.case.warn_date)
        self.assertEqual(self._firings("failed").attempts, 1, "not before its time")
        with freeze_time(moment + timedelta(hours=4)):
            self._run()
        self.assertFalse(self._firings("failed"))
        self.assertEqual(self._firings().digest_ids.user_id, self.reviewer2)
        self.assertFalse(self._firings().error)

    def test_a_failure_is_given_up_after_a_few_attempts(self):
        moment = fields.Datetime.to_datetime(self.case.warn_date)
        self.red.active = self.late.active = False
        with self._break(self.case), mute_logger(ENGINE):
            for hours in range(2, 40, 2):
                with freeze_time(moment + timedelta(hours=hours)):
                    self._run()
        failed = self._firings("failed")
        self.assertEqual(failed.attempts, 5)
        self.assertFalse(failed.next_try_at)
        with self.assertRaises(AccessError):
            failed.with_user(self.supervisor).action_try_again()
        failed.with_user(self.manager).action_try_again()
        self._run_on(self.case.warn_date + timedelta(days=2))
        self.assertEqual(self._firings().digest_ids.user_id, self.reviewer2)
        with self.assertRaises(UserError):
            self._firings().with_user(self.manager).action_try_again()

    def test_a_ladder_that_breaks_stops_no_other(self):
        broken = self.ladder.copy({"company_id": self.district.id, "sequence": 1})
        model = type(self.ladder)
        good = model._get_due_ids

        def due_ids(ladder):
            if ladder == broken:
                raise ValueError("broken ladder")
            return good(ladder)

        with patch.object(model, "_get_due_ids", due_ids), mute_logger(ENGINE):
            self._run_on(self.case.warn_date)
        self.assertEqual(broken.run_ids.state, "failed")
        self.assertIn("broken ladder", broken.run_ids.error)
        self.assertEqual(len(self._firings()), 1)

    # === The time of the scheduled action === #

    def _call_action(self, **context):
        """One call of the action; answers what it says about its progress."""
        cron = self.env.ref("shenpi_base.cron_ladder")
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            called, progress = cron.with_env(cron.env(cr=cr))._add_progress()
            context["cron_id"] = cron.id
            called.env["shenpi.ladder"].with_context(**called.env.context, **context)._cron_run()
            return progress.read(["done", "remaining"], load=None)[0]

    def test_a_ladder_that_was_not_reached_remains(self):
        self.ladder.copy({"company_id": self.district.id, "sequence": 1})
        with freeze_time(f"{self.case.warn_date} 02:00:00"):
            progress = self._call_action(cron_end_time=0)
            self.assertFalse(self._firings())
            self.assertGreater(progress["remaining"], 0, "time was up after the first ladder")
            progress = self._call_action()
        self.assertEqual((progress["done"], progress["remaining"]), (1, 0))
        self.assertEqual(len(self._firings()), 1)

    def test_a_ladder_that_breaks_halfway_waits_for_the_next_hour(self):
        def break_down(ladder, document_ids):
            raise ValueError("broken halfway")

        with (
            patch.object(type(self.ladder), "_work_off", break_down),
            mute_logger(ENGINE),
            freeze_time(f"{self.case.warn_date} 02:00:00"),
        ):
            progress = self._call_action()
        self.assertEqual(self.ladder.run_ids[:1].state, "failed")
        self.assertEqual((progress["done"], progress["remaining"]), (0, 0))

    # === The panel === #

    def test_a_stopped_action_is_seen(self):
        cron = self.env.ref("shenpi_base.cron_ladder")
        cron.nextcall = fields.Datetime.now()
        self.assertEqual(self.ladder.health, "waiting")
        self._run()
        self.ladder.invalidate_recordset()
        self.assertEqual(self.ladder.health, "ok")
        with freeze_time(fields.Datetime.now() + timedelta(hours=5)):
            self.ladder.invalidate_recordset()
            self.assertEqual(self.ladder.health, "stopped")
        cron.active = False
        self.ladder.invalidate_recordset()
        self.assertEqual(self.ladder.health, "stopped")
        self.assertFalse(self.ladder.next_run_at)
        self.assertEqual(self.ladder.color, 1)

    def test_the_backlog_is_what_is_due(self):
        self.assertEqual(self.ladder.backlog, 0)
        with freeze_time(f"{self.case.warn_date} 02:00:00"):
            self.ladder.invalidate_recordset()
            self.assertEqual(self.ladder.backlog, 1)
            self._run()
            self.assertEqual(self.ladder.backlog, 0)

    def test_a_run_is_on_record(self):
        self._run_on(self.case.warn_date)
        run = self.ladder.run_ids[:1]
        self.assertRecordValues(
            run, [{"state": "done", "backlog": 1, "done_count": 1, "failed_count": 0}]
        )

    # === Configuration === #

    def test_a_bureau_of_its_own_ladder_is_left_to_it(self):
        general = self.ladder.copy({"company_id": False})
        self._run_on(self.case.warn_date)
        self.assertEqual(len(self._firings()), 1)
        self.assertFalse(
            self.env["shenpi.ladder.firing"].search_count([("ladder_id", "=", general.id)])
        )

    def test_one_ladder_per_deadline_and_bureau(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.ladder.copy()

    def test_a_rung_stands_on_a_date_of_its_track(self):
        track = replace(self.ladder._get_track(), anchors={"due": "due_date"})
        model = type(self.env["shenpi.application"])
        with (
            patch.object(model, "_get_ladder_tracks", lambda documents: {"limit": track}),
            self.assertRaisesRegex(ValidationError, "From"),
        ):
            self.yellow.anchor = "alarm"

    def test_a_rung_that_has_fired_is_kept(self):
        self._run_on(self.case.warn_date)
        with self.assertRaises(UserError):
            self.yellow.unlink()
        self.red.unlink()

    # === Who reads what === #

    def test_who_reads(self):
        self._run_on(self.case.warn_date)
        firing = self._firings()
        for user in (self.reviewer2, self.supervisor, self.manager):
            self.assertEqual(self._as(user, firing).document_name, firing.document_name)
        for user in (self.outsider, self.clerk_b):
            with self.assertRaises(AccessError):
                self._as(user, firing).read(["document_name"])
            with self.assertRaises(AccessError):
                self._as(user, firing.digest_ids).read(["state"])
        for user in (self.reviewer2, self.supervisor, self.manager):
            with self.assertRaises(AccessError):
                self._as(user, firing).write({"state": "passed"})
        with self.assertRaises(AccessError):
            self._as(self.supervisor, self.ladder).name = "Mine"
        self._as(self.manager, self.ladder).name = "Ours"
