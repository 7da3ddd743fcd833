from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from ..models.shenpi_licence_flow import TRANSITIONS
from ..tools.identifiers import check_licence_id
from .common import NOW, ROLES
from .licence_common import LicenceCommon

# Who may do what in which state, written down apart from the table that the code applies. What
# follows from applications is asked by their flow; no button leads to it.
INTAKE = {"prepare_renewal", "ask_renewal"}
DESK = {"ask_renewal"}
DECIDE = {"supersede", "suspend", "revoke", "cancel_licence", "correct_dates"}
EXPECTED = {
    "valid": {
        "clerk": INTAKE,
        "reviewer": DESK,
        "integrator": INTAKE,
        "decider": DESK | DECIDE,
        "manager": INTAKE | DECIDE,
    },
    "renewing": {
        "clerk": {"end_renewal"},
        "reviewer": {"end_renewal"},
        "integrator": {"end_renewal"},
        "decider": DECIDE | {"end_renewal"},
        "manager": DECIDE | {"end_renewal"},
    },
    "suspended": {
        "clerk": {"end_renewal"},
        "reviewer": {"end_renewal"},
        "integrator": {"end_renewal"},
        "decider": (DECIDE | {"end_renewal", "restore"}) - {"suspend"},
        "manager": (DECIDE | {"end_renewal", "restore"}) - {"suspend"},
    },
    "changed": {},
    "revoked": {"decider": {"cancel_licence"}, "manager": {"cancel_licence"}},
    "cancelled": {},
}
# What the transitions write beside the state, where the database asks for it.
VALUES = {
    "revoke": {"revoked_on": "2026-06-10", "revocation_ground": "other"},
    "cancel_licence": {"cancelled_on": "2026-06-10", "cancellation_ground": "other"},
}


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestLicenceRights(LicenceCommon):
    def _bring_licence_to(self, state):
        licence = self._make_licence()
        if state == "renewing":
            self._ask("renew", licence)
        elif state == "suspended":
            licence.with_user(self.decider)._do_suspend("A fire.")
        elif state == "changed":
            self._grant(self._ask("change", licence))
        elif state == "revoked":
            licence.with_user(self.decider)._do_revoke("unqualified", "No qualification.")
        elif state == "cancelled":
            licence.with_user(self.decider)._do_cancel("organisation_ended", "Struck off.")
        self.assertEqual(licence.state, state)
        return licence

    def test_every_state_role_and_action(self):
        """Each pair is tried for real: what is allowed moves the state, the rest does nothing."""
        for state, allowed_by_role in EXPECTED.items():
            licence = self._bring_licence_to(state)
            for role in ROLES:
                allowed = allowed_by_role.get(role, set())
                self.assertEqual(
                    licence.with_user(self.users[role])._get_allowed_actions(),
                    allowed,
                    f"{role} in {state}",
                )
                for action in TRANSITIONS:
                    with self.subTest(state=state, role=role, action=action):
                        self._try(licence, role, action, action in allowed)

    def _try(self, licence, role, action, allowed):
        seen = licence.with_user(self.users[role])
        events = len(licence.event_ids)
        savepoint = self.env.cr.savepoint(flush=True)
        if allowed:
            seen._transition(action, values=VALUES.get(action))
            self.assertEqual(len(licence.event_ids), events + 1)
        else:
            with self.assertRaises(UserError):
                seen._transition(action, values=VALUES.get(action))
            self.assertEqual(len(licence.event_ids), events)
        savepoint.close(rollback=True)
        self.env.invalidate_all()

    def test_buttons_follow_the_table(self):
        shown = {
            "clerk": {"renew"},
            "reviewer": set(),
            "decider": {"suspend", "revoke", "cancel", "correct_dates"},
            "manager": {"renew", "suspend", "revoke", "cancel", "correct_dates"},
        }
        buttons = ("renew", "suspend", "restore", "revoke", "cancel", "correct_dates")
        for role, expected in shown.items():
            licence = self.licence.with_user(self.users[role])
            self.assertEqual({b for b in buttons if licence[f"can_{b}"]}, expected, role)

    def test_nobody_revokes_what_he_took_in(self):
        licence = self._make_licence(user=self.manager)
        with self.assertRaisesRegex(AccessError, "taken in himself"):
            licence.with_user(self.manager)._do_revoke("fraud", "Forged.")
        licence.with_user(self.decider)._do_revoke("fraud", "Forged.")
        self.assertEqual(licence.state, "revoked")

    def test_nobody_writes_it(self):
        for user in (self.clerk, self.decider, self.manager):
            licence = self.licence.with_user(user)
            for values in ({"state": "revoked"}, {"valid_to": "2040-01-01"}, {"number": "1"}):
                with self.assertRaises(AccessError):
                    licence.write(values)
            with self.assertRaises(AccessError):
                licence.unlink()

    def test_who_sees_it(self):
        old = self._take_over("OLD-1")
        for user, sees in (
            (self.reviewer2, True),
            (self.decider, True),
            (self.outsider, False),
            (self.clerk_b, False),
        ):
            for licence in (old, self.licence):
                seen = self._as(user, licence)
                found = seen.search([("id", "=", licence.id)])
                self.assertEqual(bool(found), sees, (user.login, licence.number))
                events = self._as(user, self.env["shenpi.event"])
                self.assertEqual(
                    bool(events.search([("licence_id", "=", licence.id)])), sees, user.login
                )
                if sees:
                    self.assertTrue(seen.in_sight)
        self.assertEqual(self.licence.with_user(self.clerk).number, self.licence.number)
        with self.assertRaises(AccessError):
            self.env["shenpi.licence"].with_user(self.stranger).search([])

    def test_numbers_are_masked(self):
        clear, masked = "91350100M000100Y43", "9135**********0Y43"
        for user, number in (
            (self.clerk, clear),
            (self.decider, clear),
            (self.reviewer2, masked),
            (self.manager, masked),
        ):
            self.assertEqual(self.licence.with_user(user).holder_id_number, number, user.login)
            with self.assertRaises(AccessError):
                self.licence.with_user(user).read(["holder_id_number_raw"])
        self.kind.specialist_id = self.reviewer2
        self.env.invalidate_all()
        self.assertEqual(self.licence.with_user(self.reviewer2).holder_phone, "13812345678")
        licences = self.env["shenpi.licence"].with_user(self.reviewer2)
        self.assertIn(self.licence, licences.search([("holder_id_number", "=", clear)]))
        self.assertFalse(licences.search([("holder_id_number", "ilike", clear[:10])]))


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestLicenceIssue(LicenceCommon):
    def test_issued(self):
        licence = self.licence
        self.assertRecordValues(
            licence,
            [
                {
                    "version": 1,
                    "state": "valid",
                    "type_id": self.kind.id,
                    "department_id": self.office.id,
                    "holder_kind": "organisation",
                    "conditions": "Keep the kitchen clean.",
                    "valid_from": date(2026, 6, 10),
                    "in_force_from": date(2026, 6, 10),
                    "valid_to": date(2027, 6, 9),
                    "renewal_due_date": date(2027, 5, 10),
                    "expiring_from": date(2027, 3, 11),
                }
            ],
        )
        self.assertIsNone(check_licence_id(licence.electronic_id))
        self.assertIn(f".{licence.number}.001.", licence.electronic_id)
        event = licence.event_ids
        self.assertEqual((event.action, event.user_id), ("issue", self.decider))
        self.assertFalse(self.env["shenpi.event"]._get_broken(licence))

    def test_validity_of_item_goes_first(self):
        item = self._create_item(licence_type_id=self.kind.id, licence_validity_years=0)
        self.kind.write({"validity_count": 6, "validity_unit": "months"})
        self.assertEqual(self._make_licence(item_code=item.code).valid_to, date(2026, 12, 9))
        self.kind.validity_count = 0
        licence = self._make_licence(item_code=item.code)
        self.assertFalse(licence.valid_to or licence.renewal_due_date or licence.expiring_from)
        self.assertEqual(licence.status, "valid")

    def test_without_a_type(self):
        """The law's thirty days hold, and there is no electronic number."""
        licence = self._make_licence(item_code=self.item.code)
        self.assertFalse(licence.electronic_id)
        self.assertEqual(licence.renewal_due_date, date(2031, 5, 10))

    def test_many_at_once(self):
        applications = self.env["shenpi.application"].union(
            *(self._bring_to("deciding", item_code=self.typed_item.code) for _n in range(4))
        )
        licences = self.env["shenpi.licence"].with_user(self.decider).sudo()
        moments = [self._at("2026-06-10 09:00")] * 2
        licences._issue_all(applications[:2], moments)
        self.env.flush_all()
        with self.assertQueryCount(__system__=5, t_decider=5):
            issued = licences._issue_all(applications[2:], moments)
        self.assertEqual(issued.mapped("application_id"), applications[2:])

    def test_a_changed_type_moves_the_dates(self):
        other = self._make_licence(item_code=self.item.code)
        self.kind.write({"renewal_lead": 6, "renewal_lead_unit": "months"})
        self.kind.rung_ids.filtered(lambda rung: rung.days_before == 60).active = False
        self.assertEqual(self.env["shenpi.licence"]._refresh_renewal_dates(self.kind), [])
        self.assertEqual(self.licence.renewal_due_date, date(2026, 12, 9))
        self.assertEqual(self.licence.expiring_from, date(2026, 12, 2))
        self.assertEqual(other.renewal_due_date, date(2031, 5, 10))

    def test_a_corrected_calendar_moves_the_dates(self):
        self.kind.write({"renewal_lead": 10, "renewal_lead_unit": "working_days"})
        self.assertEqual(self.licence.renewal_due_date, date(2027, 5, 26))
        year = self.env["shenpi.workday.year"].search([("year", "=", 2027)])
        rest = {"date": "2027-05-31", "kind": "rest", "name": "Festival"}
        year.write({"day_ids": [(0, 0, rest)]})
        self.assertEqual(self.licence.renewal_due_date, date(2027, 5, 25))

    def test_one_version_is_in_force(self):
        self.licence.flush_recordset()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self._take_over(self.licence.number, version=2)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self._take_over(self.licence.number, version=1)


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestLicenceStatus(LicenceCommon):
    def test_search_finds_what_is_computed(self):
        """Every state with every mix of dates, on every day that matters."""
        numbers = iter(range(1000))
        licences = self.env["shenpi.licence"]
        for state in ("valid", "renewing", "suspended", "changed"):
            for first in ("2026-06-09", "2026-06-10", "2026-06-11"):
                for last in (False, "2026-06-11", "2026-06-12"):
                    for in_time in (False, True):
                        licence = self._take_over(
                            f"S-{next(numbers)}",
                            valid_from=date.fromisoformat(first),
                            in_force_from=date.fromisoformat(first),
                            valid_to=date.fromisoformat(last) if last else False,
                            renewal_in_time=in_time,
                        )
                        licence.sudo().state = state
                        licences |= licence
        statuses = [value for value, _label in licences._fields["status"].selection]
        for day in ("2026-06-08", "2026-06-09", "2026-06-10", "2026-06-11", "2026-06-12"):
            with freeze_time(f"{day} 02:00:00"):
                licences.invalidate_recordset(["status"])
                for status in statuses:
                    found = licences.search([("id", "in", licences.ids), ("status", "=", status)])
                    self.assertEqual(
                        found.sorted("id"),
                        licences.filtered(lambda one, s=status: one.status == s).sorted("id"),
                        (day, status),
                    )
                rest = licences.search(
                    [("id", "in", licences.ids), ("status", "not in", ("valid", "expired"))]
                )
                self.assertEqual(
                    rest.sorted("id"),
                    licences.filtered(lambda one: one.status not in ("valid", "expired")).sorted(
                        "id"
                    ),
                )

    def test_days_left(self):
        with freeze_time("2027-06-01 02:00:00"):
            self.assertEqual(self.licence.days_left, 8)
            self.assertEqual(self.licence.status, "expiring")


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestLicenceDecisions(LicenceCommon):
    def setUp(self):
        super().setUp()
        self.decided = self.licence.with_user(self.decider)

    def test_suspend_and_restore(self):
        with self.assertRaisesRegex(ValidationError, "reason"):
            self.decided._do_suspend(" ")
        self.decided._do_suspend("A fire.")
        self.assertEqual(self.licence.status, "suspended")
        self.assertFalse(self.licence._is_valid(date(2026, 6, 10)))
        self.decided._do_restore("Repaired.")
        self.assertEqual((self.licence.status, self.licence.suspended_on), ("valid", False))
        self.assertEqual(self.licence.event_ids.mapped("opinion"), [False, "A fire.", "Repaired."])

    def test_a_renewal_outlives_a_suspension(self):
        self._ask("renew")
        self.decided._do_suspend("A fire.")
        self.decided._do_restore("Repaired.")
        self.assertEqual(self.licence.status, "renewing")

    def test_revoked_with_its_grant(self):
        self.decided._do_revoke("unqualified", "No qualification.")
        application = self.licence.application_id
        self.assertTrue(application.revoked_at)
        self.assertEqual(application.state, "closed")
        self.assertRecordValues(
            self.licence,
            [
                {
                    "state": "revoked",
                    "revoked_on": date(2026, 6, 10),
                    "revocation_ground": "unqualified",
                    "revocation_reason": "No qualification.",
                }
            ],
        )
        with self.assertRaises(UserError):
            self.decided._do_revoke("fraud", "Once more.")

    def test_revoking_the_grant_revokes_the_newest_version(self):
        second = self._grant(self._ask("change"))
        self.licence.application_id.with_user(self.decider)._do_revoke("fraud", "Forged.")
        self.assertEqual((self.licence.state, second.state), ("changed", "revoked"))

    def test_grounds_are_those_of_the_law(self):
        for worker in (self.decided._do_revoke, self.decided._do_cancel):
            with self.assertRaisesRegex(ValidationError, "ground"):
                worker("whim", "Because.")

    def test_cancelled(self):
        with self.assertRaisesRegex(UserError, "has not expired"):
            self.decided._do_cancel("expired", "Over.")
        self.decided._do_cancel("holder_gone", "Has died.")
        self.assertEqual(self.licence.status, "cancelled")
        self.assertEqual(self.licence.cancelled_on, date(2026, 6, 10))
        self.assertTrue(self.licence.event_ids[-1].legal_basis)

    def test_cancelled_after_its_end(self):
        with freeze_time("2027-06-10 02:00:00"):
            self.decided._do_cancel("expired", "Over.")
        self.assertEqual(self.licence.cancellation_ground, "expired")

    def test_what_is_being_renewed_in_time_has_not_expired(self):
        with freeze_time("2027-05-10 02:00:00"):
            self._ask("renew")
        with freeze_time("2027-06-10 02:00:00"), self.assertRaisesRegex(UserError, "expired"):
            self.decided._do_cancel("expired", "Over.")

    def test_a_revoked_one_is_cancelled_as_that(self):
        self.decided._do_revoke("fraud", "Forged.")
        with self.assertRaisesRegex(UserError, "ground"):
            self.decided._do_cancel("other", "Revoked.")
        self.decided._do_cancel("revoked", "Revoked.")
        self.assertEqual(self.licence.state, "cancelled")
        self.assertEqual(self.licence.revocation_ground, "fraud")

    def test_dates_are_corrected_on_record(self):
        with self.assertRaisesRegex(ValidationError, "before"):
            self.decided._do_correct_dates(date(2026, 6, 9), "A slip.")
        with self.assertRaisesRegex(ValidationError, "same"):
            self.decided._do_correct_dates(date(2027, 6, 9), "A slip.")
        self.decided._do_correct_dates(date(2029, 6, 9), "A slip.")
        self.assertEqual(self.licence.renewal_due_date, date(2029, 5, 10))
        self.assertEqual(
            self.licence.event_ids[-1].data, {"from": "2027-06-09", "to": "2029-06-09"}
        )
        self.decided._do_correct_dates(False, "Without limit.")
        self.assertFalse(self.licence.valid_to or self.licence.renewal_due_date)

    # === Screens === #

    def _open(self, action, user=None):
        licence = self.licence.with_user(user or self.decider)
        answer = getattr(licence, action)()
        return Form(
            self.env[answer["res_model"]]
            .with_user(user or self.decider)
            .with_context(**answer["context"])
        )

    def test_wizards(self):
        form = self._open("action_open_suspend")
        form.reason = "A fire."
        form.save().action_confirm()
        self.assertEqual(self.licence.state, "suspended")
        form = self._open("action_open_restore")
        form.reason = "Repaired."
        form.save().action_confirm()
        form = self._open("action_open_correct_dates")
        form.valid_to, form.reason = "2030-06-09", "A slip."
        form.save().action_confirm()
        self.assertEqual(self.licence.valid_to, date(2030, 6, 9))
        form = self._open("action_open_revoke")
        form.revocation_ground, form.reason = "fraud", "Forged."
        self.assertTrue(form.must_revoke)
        report = form.save().action_confirm()
        self.assertEqual(report["report_name"], "shenpi_base.report_licence_revocation")
        form = self._open("action_open_cancel")
        self.assertEqual(form.cancellation_ground, "revoked")
        form.reason = "Revoked."
        report = form.save().action_confirm()
        self.assertEqual(report["report_name"], "shenpi_base.report_licence_cancellation")
        self.assertEqual(self.licence.state, "cancelled")

    def test_many_are_cancelled_each_for_itself(self):
        over = self._take_over("OLD-1", valid_to=date(2026, 6, 9))
        licences = over | self.licence
        action = licences.with_user(self.manager).action_open_bulk_cancel()
        wizards = self.env["shenpi.licence.bulk.wizard"].with_user(self.manager)
        form = Form(wizards.with_context(**action["context"]))
        form.reason = "Not renewed."
        wizard = form.save()
        wizard.action_confirm()
        self.assertEqual((over.state, self.licence.state), ("cancelled", "valid"))
        self.assertEqual((wizard.done_count, len(wizard.line_ids)), (1, 1))
        self.assertIn(self.licence.number, wizard.line_ids.name)
        with self.assertRaises(UserError):
            wizard.action_confirm()
        notice = wizard.action_print_notice()
        self.assertEqual(notice["report_name"], "shenpi_base.report_licence_notice")

    # === Letters === #

    def _render(self, report, licences):
        reports = self.env["ir.actions.report"].with_user(self.decider)
        return reports._render_qweb_html(f"shenpi_base.{report}", licences.ids)[0].decode()

    def test_letters(self):
        with self.assertRaises(UserError):
            self._render("report_licence_revocation", self.licence)
        self.decided._do_revoke("fraud", "Forged papers.")
        html = self._render("report_licence_revocation", self.licence)
        for text in ("Forged papers.", self.licence.number, "青云餐饮有限公司"):
            self.assertIn(text, html)
        self.decided._do_cancel("revoked", "It was revoked.")
        self.assertIn("It was revoked.", self._render("report_licence_cancellation", self.licence))

    def test_public_notice_masks_persons(self):
        old = self._take_over("OLD-1")
        both = old | self.licence
        with self.assertRaises(UserError):
            self._render("report_licence_notice", both)
        for licence in both:
            licence.with_user(self.decider)._do_cancel("other", "Given back.")
        html = self._render("report_licence_notice", both)
        self.assertIn("张*", html)
        self.assertNotIn("张三", html)
        self.assertIn("青云餐饮有限公司", html)

    def test_many_are_printed_for_the_same_queries(self):
        licences = self.licence | self._make_licence() | self._make_licence()
        counts = []
        for selection in (licences, licences[:1], licences):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            html = self._render("report_licence", selection)
            counts.append(self.env.cr.sql_log_count - before)
            for licence in selection:
                self.assertIn(licence.number, html)
                self.assertIn(licence.electronic_id, html)
        self.assertEqual(counts[1], counts[2])
