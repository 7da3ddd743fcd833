from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .common import NOW
from .project_service_common import ProjectServiceCommon

TIMES = {"date_start": "2026-06-11 01:00:00", "date_stop": "2026-06-11 02:00:00"}


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestHomeService(ProjectServiceCommon):
    """Visits: asked for, planned, made; and those that follow a permit."""

    def _visit(self, state="requested", user=None, **values):
        vals = {
            "kind": "survey_ahead",
            "beneficiary": "海天酒店",
            "address": "港城路1号",
            "department_id": self.office.id,
            "staff_ids": [(6, 0, self.inspector.ids)],
            **TIMES,
            **values,
        }
        visit = self._as(user or self.navigator, self.env["shenpi.home.service"]).create(vals)
        if state in ("planned", "done"):
            visit._do_plan()
        if state == "done":
            visit.with_user(self.inspector)._do_finish("All clear.", "5", "Quick.")
        return visit

    def test_the_whole_way(self):
        visit = self._visit("done")
        self.assertRegex(visit.number, r"SM2026-\d{4}")
        self.assertEqual(visit.event_ids.mapped("action"), ["plan_visit", "finish_visit"])
        self.assertEqual((visit.done_by_id, visit.satisfaction), (self.inspector, "5"))
        with self.assertRaisesRegex(UserError, "stays as it is"):
            visit.address = "elsewhere"
        with self.assertRaisesRegex(UserError, "cancel the visit"):
            visit.unlink()

    def test_what_a_plan_needs(self):
        for lacking, word in (
            ({"date_start": False}, "time from"),
            ({"staff_ids": False}, "who goes"),
            ({"address": False}, "address"),
        ):
            with self.assertRaisesRegex(UserError, word):
                self._visit("planned", **lacking)

    def test_those_who_go_note_the_result(self):
        visit = self._visit("planned")
        self.assertEqual(visit.activity_ids.user_id, self.inspector)
        with self.assertRaisesRegex(AccessError, "those who go"):
            visit.with_user(self.reviewer2)._do_finish("Made.")
        with self.assertRaises(ValidationError):
            visit.with_user(self.inspector)._do_finish(" ")
        visit.with_user(self.inspector)._do_finish("Made.")
        self.assertFalse(visit.activity_ids)

    def test_calling_it_off_has_a_reason(self):
        visit = self._visit("planned")
        with self.assertRaises(ValidationError):
            visit._do_cancel("")
        visit._do_cancel("Rain.")
        self.assertEqual(visit.state, "cancelled")

    def test_late_visits(self):
        wanted = self._visit(wanted_date="2026-06-09")
        planned = self._visit("planned")
        late = self.env["shenpi.home.service"].search([("is_late", "=", True)])
        self.assertIn(wanted, late)
        self.assertNotIn(planned, late)
        with freeze_time("2026-06-11 03:00:00"):
            self.assertIn(planned, late.search([("is_late", "=", True)]))

    def test_who_sees_a_visit(self):
        visit = self._visit(project_id=self.project.id)
        for user in (self.outsider, self.clerk_b):
            self.assertFalse(self._as(user, visit).has_access("read"), user.login)
        visit.staff_ids |= self.outsider
        self.assertTrue(self._as(self.outsider, visit).has_access("read"))

    def test_nobody_points_to_what_he_does_not_see(self):
        """The name of a case would be read along the visit."""
        case = self._bring_to("accepted")
        mine = {"department_id": self.other_office.id}
        for link in ({"application_id": case.id}, {"project_id": self.project.id}):
            with self.assertRaises(AccessError):
                self._visit(user=self.outsider, **mine, **link)
        visit = self._visit(user=self.outsider, **mine)
        with self.assertRaises(AccessError):
            visit.application_id = case
        other = self._create_permit(self._create_project("Another"))
        with self.assertRaisesRegex(ValidationError, "another project"):
            self._visit(project_id=self.project.id, task_id=other.id)

    def test_phones_are_masked_for_those_who_do_not_go(self):
        visit = self._visit(phone="13812345678")
        visit.invalidate_recordset()
        self.assertEqual(self._as(self.inspector, visit).phone, "13812345678")
        self.assertEqual(self._as(self.supervisor, visit).phone, "138****5678")

    def test_a_tour_takes_its_stops_in_order(self):
        tours = self._as(self.navigator, self.env["shenpi.service.tour"])
        tour = tours.create({"vehicle": "鲁B·D1234", "date": "2026-06-11"})
        second = self._visit(tour_id=tour.id, tour_sequence=2)
        first = self._visit("done", tour_id=tour.id, tour_sequence=1)
        self.assertEqual((tour.stop_count, tour.done_count), (2, 1))
        self.assertIn(first, tour.stop_ids)
        self.assertIn(second, tour.stop_ids)
        self.assertFalse(self._as(self.clerk_b, tour).has_access("read"))

    # === After a permit === #

    def test_a_visit_follows_a_permit(self):
        application = self._bring_to("deciding")
        self.permit.application_id = application
        application.sudo().permit_id = self.permit
        self.company.shenpi_follow_up_days = 3
        application.with_user(self.decider)._do_decide("grant", "As reviewed.")
        visit = self.permit.follow_up_id
        self.assertEqual((visit.kind, visit.state), ("follow_up", "requested"))
        self.assertEqual(str(visit.wanted_date), "2026-06-15")
        self.assertEqual(visit.staff_ids, self.navigator)
        self.assertEqual(visit.beneficiary, "海天酒店投资有限公司")

    def test_one_visit_for_all_permits_of_a_day(self):
        permits = self.permit
        for _more in range(2):
            permits |= self._create_permit(self.project)
        elsewhere = self._create_permit(self._create_project("Another"))
        first, second, third = permits
        (first | second | elsewhere)._plan_follow_ups()
        visit = first.follow_up_id
        self.assertEqual(visit.permit_ids, first | second)
        self.assertNotIn(elsewhere.follow_up_id, (visit, visit.browse()))
        visit.write({**TIMES, "address": "港城路1号"})
        self._as(self.navigator, visit)._do_plan()
        self._as(self.navigator, visit)._do_finish("Everything runs.")
        third._plan_follow_ups()
        self.assertTrue(third.follow_up_id)
        self.assertNotEqual(third.follow_up_id, visit)

    def test_none_where_the_bureau_makes_none(self):
        application = self._bring_to("deciding")
        self.permit.application_id = application
        application.sudo().permit_id = self.permit
        self.company.shenpi_follow_up_days = 0
        application.with_user(self.decider)._do_decide("grant", "As reviewed.")
        self.assertFalse(self.permit.follow_up_id)
        other = self._bring_to("granted")
        visits = self.env["shenpi.home.service"]
        self.assertFalse(visits.search([("application_id", "=", other.id)]))
