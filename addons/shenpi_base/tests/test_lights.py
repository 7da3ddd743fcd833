from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import NOW, ShenpiCommon, moment

# Dates are counted by hand on the calendar of 2026; Friday 19 June is the Dragon Boat Festival.
LIGHTS = ("none", "green", "yellow", "red")
LIMITS = ("correction", "promised", "statutory", "delivery")


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestLights(ShenpiCommon):
    def _accepted(self, day="2026-06-08"):
        application = self._submit(self.integrator, at=f"{day}T09:00:00+08:00")
        case = application.with_user(self.integrator)
        case._do_accept(at=moment(f"{day}T10:00"))
        return application

    def _lights(self, application, day=None):
        with freeze_time(f"{day or '2026-06-10'} 02:00:00"):
            application.invalidate_recordset()
            return {limit: application[f"{limit}_light"] for limit in LIMITS}

    def _rule(self, **values):
        rules = self._as(self.manager, self.env["shenpi.light.rule"])
        return rules.create({"limit": "promised", "company_id": self.company.id, **values})

    # === Four lights === #

    def test_the_correction_limit_has_its_own(self):
        application = self._submit(self.integrator, at="2026-06-08T09:00:00+08:00")
        rest = {"promised": "none", "statutory": "none", "delivery": "none"}
        for day, light in (
            ("2026-06-10", "green"),
            ("2026-06-11", "yellow"),
            ("2026-06-15", "red"),
        ):
            self.assertEqual(self._lights(application, day), {"correction": light, **rest})

    def test_the_promise_is_red_and_the_law_green(self):
        """Five days promised from Mon 8 June, twenty by law: until Mon 15 June and Tue 7 July."""
        application = self._accepted()
        expected = {"correction": "none", "promised": "red", "statutory": "green"}
        self.assertEqual(self._lights(application, "2026-06-15"), {**expected, "delivery": "none"})
        self.assertEqual(self._lights(application, "2026-07-07")["statutory"], "red")

    def test_a_paused_case_is_never_late(self):
        application = self._accepted()
        application.with_user(self.reviewer)._do_pause("hearing", 2, "A hearing is held.")
        lights = self._lights(application, "2026-07-20")
        self.assertEqual((lights["promised"], lights["statutory"]), ("green", "green"))
        with freeze_time("2026-07-20 02:00:00"):
            self.assertTrue(application.overstayed)
            self.assertIn(application, application.search([("overstayed", "=", True)]))
            self.assertEqual(application.light, "red")
        application.invalidate_recordset()
        self.assertFalse(application.overstayed)
        self.assertIn(application, application.search([("overstayed", "=", False)]))

    def test_delivery_after_the_decision(self):
        application = self._bring_to("granted")
        lights = self._lights(application)
        self.assertEqual(lights, {**dict.fromkeys(LIMITS, "none"), "delivery": "green"})
        self.assertEqual(self._lights(application, "2026-06-25")["delivery"], "red")
        application.with_user(self.clerk)._do_deliver("window")
        self.assertEqual(self._lights(application), dict.fromkeys(LIMITS, "none"))

    def test_every_light_is_found_by_its_dates(self):
        cases = self._accepted() | self._accepted("2026-06-03") | self._bring_to("granted")
        cases |= self._submit() | self._bring_to("correcting") | self._bring_to("withdrawn")
        paused = self._accepted("2026-06-04")
        paused.with_user(self.reviewer)._do_pause("hearing", 2, "A hearing is held.")
        cases |= paused
        for day in ("2026-06-10", "2026-06-12", "2026-06-16", "2026-07-20"):
            with freeze_time(f"{day} 02:00:00"):
                cases.invalidate_recordset()
                for name in ("light", *(f"{limit}_light" for limit in LIMITS)):
                    for light in LIGHTS:
                        found = cases.search([(name, "=", light), ("id", "in", cases.ids)])
                        shown = cases.filtered(lambda c, n=name, v=light: c[n] == v)
                        self.assertEqual(found, shown.sorted(), f"{name} {light} {day}")

    # === Thresholds === #

    def test_a_rule_moves_open_cases_at_once(self):
        application = self._accepted()
        events = len(application.event_ids)
        self.assertEqual(self._lights(application)["promised"], "green")
        rule = self._rule(warn=20, alarm=30)
        self.assertEqual(self._lights(application)["promised"], "red")
        self.assertEqual(application.light, "red")
        rule.with_user(self.manager).write({"basis": "days", "warn": 3, "alarm": 1})
        self.assertEqual(self._lights(application)["promised"], "yellow")
        self.assertEqual(self._lights(application, "2026-06-12")["promised"], "red")
        rule.with_user(self.manager).unlink()
        self.assertEqual(self._lights(application)["promised"], "green")
        self.assertEqual(len(application.event_ids), events, "a colour is no fact of the case")

    def test_the_kind_of_the_item_comes_first(self):
        service = self._create_item(item_type="20")
        application = self._accepted()
        other = self._submit(item_code=service.code)
        self._rule(limit="correction", warn=0, alarm=100)
        self._rule(limit="correction", item_type="20", warn=0, alarm=0)
        self.assertEqual(self._lights(other, "2026-06-11")["correction"], "red")
        self.assertEqual(self._lights(self._submit(), "2026-06-11")["correction"], "yellow")
        self.assertEqual(self._lights(application)["promised"], "green")

    def test_the_percentages_of_the_bureau(self):
        application = self._accepted()
        self.company.shenpi_alarm_percent = 50
        self.assertEqual(self._lights(application, "2026-06-11")["promised"], "red")

    def test_no_days_left_is_the_last_day(self):
        application = self._accepted()
        self._rule(basis="days", warn=1, alarm=0)
        self.assertEqual(str(application.promised_due_date), "2026-06-15")
        for day, light in (
            ("2026-06-11", "green"),
            ("2026-06-12", "yellow"),
            ("2026-06-14", "yellow"),
            ("2026-06-15", "red"),
        ):
            self.assertEqual(self._lights(application, day)["promised"], light, day)

    @mute_logger("odoo.sql_db")
    def test_what_a_rule_may_not_say(self):
        self._rule()
        for values in (
            {},
            {"limit": "delivery", "warn": 60, "alarm": 50},
            {"limit": "delivery", "alarm": 101},
            {"limit": "delivery", "basis": "days", "warn": 1, "alarm": 2},
        ):
            with (
                self.subTest(values=values),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self._rule(**values).flush_recordset()

    def test_only_the_bureau_head_sets_them(self):
        rule = self._rule()
        for user in (self.supervisor, self.decider):
            with self.assertRaises(AccessError):
                rule.with_user(user).warn = 10
        self.assertTrue(rule.with_user(self.supervisor).warn)
        self.assertFalse(self._as(self.clerk_b, rule).search([("id", "=", rule.id)]))
