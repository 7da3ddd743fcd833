from odoo.tests import freeze_time, tagged

from .common import ShenpiCommon

# Dates are counted by hand on the calendar of 2026; Friday 19 June is the Dragon Boat Festival.
FIGURES = (
    "days_taken",
    "days_early",
    "days_early_law",
    "timeliness",
    "timeliness_law",
    "on_time",
)


@freeze_time("2026-07-31 02:00:00")
@tagged("post_install", "-at_install")
class TestApplicationFigures(ShenpiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.api = cls.env["shenpi.application"].with_user(cls.integrator)

    def _decided(self, day, *, extended=0, paused=(), item=None):
        """A case accepted on Monday 1 June 2026 and granted on ``day``."""
        application = self._submit(
            self.integrator,
            item_code=(item or self.item).code,
            at="2026-06-01T09:00:00+08:00",
        )
        number = application.number
        self.api.api_accept(number, {"at": "2026-06-01T10:00:00+08:00"})
        if paused:
            notice = {"kind": "testing", "planned_days": 3, "notice": "Samples are tested."}
            self.api.api_pause(number, dict(notice, at=f"{paused[0]}T11:00:00+08:00"))
            self.api.api_resume(number, {"at": f"{paused[1]}T11:00:00+08:00"})
        head = application.with_user(self.manager)
        if extended:
            # The law gives until 30 June: asked for in time.
            moment = application.received_at.replace(day=4)
            head._do_extend(extended, "The experts need longer.", at=moment)
        moment = application.received_at.replace(month=int(day[5:7]), day=int(day[8:]))
        head._do_review("pass", "In order.", at=moment)
        head._do_decide("grant", at=moment)
        return application

    def _assert_figures(self, application, *expected):
        self.assertEqual(tuple(application[name] for name in FIGURES), expected)

    def test_on_time(self):
        """Promise ends Mon 8 June, law on Tue 30 June (the 19th is a holiday)."""
        application = self._decided("2026-06-03")
        self._assert_figures(application, 2, 3, 18, "on_time", "on_time", 1.0)
        self._assert_figures(self._decided("2026-06-08"), 5, 0, 15, "on_time", "on_time", 1.0)

    def test_late_for_the_promise(self):
        self._assert_figures(self._decided("2026-06-10"), 7, -2, 13, "late", "on_time", 0.0)

    def test_kept_by_the_extension_alone(self):
        """Four more days: the promise ends Fri 12 June; the law would have been kept anyway."""
        application = self._decided("2026-06-10", extended=4)
        self._assert_figures(application, 7, 2, 17, "extended", "on_time", 0.0)
        application = self._decided("2026-06-05", extended=4)
        self._assert_figures(application, 4, 5, 20, "on_time", "on_time", 1.0)

    def test_pauses_do_not_count(self):
        """Two days until the pause, two after it: of the same length as a case without."""
        application = self._decided("2026-06-11", paused=("2026-06-03", "2026-06-09"))
        self._assert_figures(application, 4, 1, 16, "on_time", "on_time", 1.0)

    def test_no_promise_is_measured_by_the_law(self):
        item = self._create_item(promised_limit=0, statutory_limit=1)
        application = self._decided("2026-06-02", item=item)
        self.assertEqual((application.timeliness, application.timeliness_law), ("late", "on_time"))

    def test_nothing_before_the_decision(self):
        """An open case has no figures at all, so that an average leaves it aside."""
        self._bring_to("deciding")
        self._decided("2026-06-03")
        applications = self.env["shenpi.application"].search([("company_id", "=", self.company.id)])
        ((average, share, count),) = applications._read_group(
            [("id", "in", applications.ids)],
            aggregates=["days_taken:avg", "on_time:avg", "__count"],
        )
        self.assertEqual((average, share, count), (2.0, 1.0, 2))

    def test_granted_on_the_spot(self):
        application = self._submit()
        application.with_user(self.clerk)._do_grant_on_the_spot("Every requirement holds.", {})
        self.assertEqual(application.days_taken, 0)
        self.assertEqual(application.timeliness, "on_time")

    def test_they_move_with_the_calendar(self):
        """A day off that is announced late: a day less was taken, limits end a day later."""
        application = self._decided("2026-06-10")
        year = self.env["shenpi.workday.year"].search([("year", "=", 2026)])
        vals = {"date": "2026-06-08", "is_workday": False, "kind": "rest", "year_id": year.id}
        self.env["shenpi.workday"].create(vals)
        first = last = application.received_at.date().replace(day=8)
        self.env["shenpi.recount"]._start_for_calendar("Corrected", first, last)
        self._assert_figures(application, 6, -1, 14, "late", "on_time", 0.0)
