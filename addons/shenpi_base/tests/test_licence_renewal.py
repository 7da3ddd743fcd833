from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .common import NOW, moment
from .licence_common import OTHER, LicenceCommon

IN_TIME, LATE = "2027-05-10 09:00", "2027-05-11 09:00"
LAST_DAY, DAY_AFTER = "2027-06-09 09:00", "2027-06-10 09:00"


def on(text):
    return freeze_time(moment(text))


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestRenewal(LicenceCommon):
    def test_asked_in_time(self):
        with on(IN_TIME):
            application = self._ask("renew")
            self.assertEqual(self.licence.status, "renewing")
        self.assertTrue(self.licence.renewal_in_time)
        self.assertFalse(application.renewal_late)
        event = self.licence.event_ids[-1]
        self.assertEqual(event.action, "ask_renewal")
        self.assertEqual(event.user_id, self.clerk)
        self.assertEqual(event.data["application"], application.number)

    def test_asked_late(self):
        """Still taken in while it is in force, but it ends with its last day."""
        with on(LATE):
            application = self._ask("renew")
        self.assertTrue(application.renewal_late)
        status = application.with_user(self.clerk).api_status(application.number)
        self.assertEqual(
            status["about"],
            {"purpose": "renew", "licence": self.licence.number, "late": True},
        )
        with on(DAY_AFTER):
            self.licence.invalidate_recordset()
            self.assertEqual(self.licence.status, "expired")

    def test_expired_is_applied_for_anew(self):
        with on(DAY_AFTER), self.assertRaisesRegex(ValidationError, "licence: .*Expired"):
            self._ask("renew")

    def test_one_renewal_at_a_time(self):
        self._ask("renew")
        with self.assertRaisesRegex(ValidationError, "under way already"):
            self._ask("renew")

    def test_unlimited_is_not_renewed(self):
        self.licence.with_user(self.decider)._do_correct_dates(False, "Without limit.")
        with self.assertRaisesRegex(ValidationError, "without limit"):
            self._ask("renew")
        with self.assertRaisesRegex(UserError, "without limit"):
            self.licence.with_user(self.clerk).action_renew()

    def test_granted_before_the_end(self):
        """The next version joins on; the number is in force all the time, its old paper as well."""
        with on(IN_TIME):
            second = self._grant(self._ask("renew"))
            self.assertRecordValues(
                second,
                [
                    {
                        "number": self.licence.number,
                        "version": 2,
                        "previous_id": self.licence.id,
                        "state": "valid",
                        "valid_from": date(2027, 6, 10),
                        "in_force_from": date(2026, 6, 10),
                        "valid_to": date(2028, 6, 9),
                        "status": "valid",
                    }
                ],
            )
            self.assertEqual(self.licence.status, "changed")
            licences = self.env["shenpi.licence"]
            token = self.licence.sudo().verify_token
            self.assertEqual(licences._find_by_verify_token(token), second)
            facts = second._get_verification()
            self.assertTrue(facts["valid"])
            self.assertIn("the version before it holds until", facts["note"])
        with on(DAY_AFTER):
            self.assertEqual(licences._find_by_verify_token(token), self.licence)
        self.assertEqual(second.electronic_id.split(".")[-2], "002")

    def test_granted_after_the_end(self):
        """Asked in time: the holder has been entitled all along."""
        with on(IN_TIME):
            application = self._ask("renew")
        with on("2027-06-20 09:00"):
            second = self._grant(application)
        self.assertEqual(second.valid_from, date(2027, 6, 20))
        self.assertEqual(second.in_force_from, date(2026, 6, 10))
        self.assertEqual(second.valid_to, date(2028, 6, 19))

    def test_asked_late_and_granted_after_the_end(self):
        with on(LATE):
            application = self._ask("renew")
        with on("2027-06-20 09:00"):
            second = self._grant(application)
        self.assertEqual(second.in_force_from, date(2027, 6, 20))

    def test_ended_without_a_grant(self):
        ends = {
            "denied": lambda a: (a.with_user(self.clerk)._do_accept(), self._bring_on(a, "denied")),
            "not_accepted": lambda a: a.with_user(self.clerk)._do_not_accept("not_needed", "No."),
            "withdrawn": lambda a: a.with_user(self.clerk)._do_withdraw("Asked for."),
            "terminated": lambda a: a.with_user(self.decider)._do_terminate("It cannot go on."),
        }
        for state, end in ends.items():
            with self.subTest(state=state):
                application = self._ask("renew")
                self.assertEqual(self.licence.state, "renewing")
                end(application)
                self.assertEqual(application.state, state)
                self.assertEqual(self.licence.state, "valid")
                self.assertFalse(self.licence.renewal_in_time)
        self.assertFalse(self.env["shenpi.event"]._get_broken(self.licence))

    def test_a_suspended_licence_waits(self):
        application = self._ask("renew")
        self.licence.with_user(self.decider)._do_suspend("A fire.")
        with self.assertRaisesRegex(UserError, "not in force"):
            self._grant(application)
        application.with_user(self.clerk)._do_withdraw("Given up.")
        self.assertEqual(self.licence.state, "suspended")

    # === For the holder only === #

    def test_another_applicant_learns_nothing(self):
        """The number of somebody else's licence, and one that does not exist: one answer."""
        applicant = dict(self._prepare_payload()["applicant"], id_number=OTHER)
        errors = []
        for number in (self.licence.number, self.licence.number[:-1] + "x"):
            with self.assertRaises(ValidationError) as caught:
                self._submit(
                    purpose="renew",
                    licence=number,
                    item_code=self.typed_item.code,
                    applicant=applicant,
                )
            errors.append(str(caught.exception).replace(number, "*"))
        self.assertEqual(*errors)
        self.assertTrue(errors[0].startswith("licence:"))

    def test_errors_name_the_field(self):
        for values, field in (
            ({"purpose": "renew"}, "licence:"),
            ({"licence": self.licence.number}, "licence:"),
            ({"purpose": "swap"}, "purpose"),
            (
                {
                    "purpose": "renew",
                    "licence": self.licence.number,
                    "item_code": self.item.code,
                },
                "item_code:",
            ),
        ):
            with self.assertRaisesRegex(ValidationError, field):
                self._submit(**{"item_code": self.typed_item.code, **values})

    def test_a_taken_over_licence_is_renewed(self):
        old = self._take_over("OLD-1")
        person = {
            "kind": "person",
            "name": "张三",
            "id_type": "ric",
            "id_number": "11010519491231002X",
        }
        with on("2026-11-01 09:00"):
            second = self._grant(self._ask("renew", old, applicant=person))
        self.assertEqual((second.number, second.version), ("OLD-1", 2))
        self.assertEqual(second.valid_from, date(2027, 1, 1))
        self.assertTrue(second.application_id)

    # === One click === #

    def test_one_click(self):
        licence = self.licence.with_user(self.clerk)
        action = licence.action_renew()
        draft = self.env["shenpi.application"].browse(action["res_id"]).with_user(self.clerk)
        self.assertRecordValues(
            draft,
            [
                {
                    "state": "draft",
                    "item_id": self.typed_item.id,
                    "purpose": "renew",
                    "licence_base_id": self.licence.id,
                    "applicant_name": "青云餐饮有限公司",
                    "applicant_id_number": "91350100M000100Y43",
                    "applicant_phone": "13812345678",
                    "filed_by_id": self.clerk.id,
                }
            ],
        )
        self.assertEqual(self.licence.event_ids[-1].action, "prepare_renewal")
        self.assertEqual(licence.action_renew()["res_id"], draft.id)
        draft.material_ids.write({"status": "provided"})
        draft._do_receive()
        self.assertEqual(self.licence.state, "renewing")
        self.assertEqual(self.licence.case_count, 1)
        self.assertEqual(draft.action_open_base_licence()["res_id"], self.licence.id)
        self.assertIn(
            ("licence_base_id", "=", self.licence.id), licence.action_open_cases()["domain"]
        )

    def test_one_click_takes_the_published_version(self):
        self.typed_item.action_new_version()
        draft = self.env["shenpi.item"].search(
            [("code", "=", self.typed_item.code), ("state", "=", "draft")]
        )
        self.assertEqual(draft.licence_type_id, self.kind)
        draft._do_publish()
        action = self.licence.with_user(self.clerk).action_renew()
        application = self.env["shenpi.application"].browse(action["res_id"])
        self.assertEqual(application.item_id, draft)

    def test_one_click_takes_the_item_of_the_type(self):
        renewal = self._create_item(name="Renewal of food business licences")
        self.kind.renewal_item_id = renewal
        action = self.licence.with_user(self.clerk).action_renew()
        application = self.env["shenpi.application"].browse(action["res_id"])
        self.assertEqual(application.item_id, renewal)
        application.with_user(self.clerk)._do_receive()
        self.assertEqual(self.licence.state, "renewing")

    def test_one_click_from_a_column_of_cards(self):
        """A column hands on its own value as a default: it is none of the application."""
        licence = self.licence.with_user(self.clerk).with_context(default_state="done")
        application = self.env["shenpi.application"].browse(licence.action_renew()["res_id"])
        self.assertEqual(application.state, "draft")

    def test_one_click_is_for_the_window(self):
        with self.assertRaises(AccessError):
            self.licence.with_user(self.reviewer).action_renew()
        self.licence.with_user(self.decider)._do_suspend("A fire.")
        with self.assertRaises(UserError):
            self.licence.with_user(self.clerk).action_renew()

    def _fill_in(self, number, holder="91350100M000100Y43"):
        form = Form(self.env["shenpi.application"].with_user(self.clerk))
        form.item_id = self.typed_item
        form.purpose = "renew"
        form.licence_base_number = number
        form.applicant_name = "青云餐饮有限公司"
        form.applicant_id_number = holder
        return form.save()

    def test_from_the_form(self):
        draft = self._fill_in(self.licence.number)
        draft._do_receive()
        self.assertEqual(draft.licence_base_id, self.licence)
        for wrong in (self._fill_in("x"), self._fill_in(self.licence.number, OTHER)):
            with self.assertRaisesRegex(ValidationError, "licence:"):
                wrong._do_receive()


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestChangeAndCancellation(LicenceCommon):
    def test_change_keeps_the_dates(self):
        application = self._ask("change")
        self.assertEqual(self.licence.state, "valid")
        application.sudo().licence_scope = "Hot food"
        second = self._grant(application)
        self.assertRecordValues(
            second,
            [
                {
                    "version": 2,
                    "valid_from": date(2026, 6, 10),
                    "valid_to": date(2027, 6, 9),
                    "scope": "Hot food",
                    "status": "valid",
                }
            ],
        )
        facts = self.licence._get_verification()
        self.assertFalse(facts["valid"])
        self.assertEqual(self.licence.status, "changed")
        self.assertEqual(
            self.env["shenpi.licence"]._find_by_number(self.licence.number, "0Y43"), second
        )
        self.assertEqual(second.version_ids, second | self.licence)

    def test_change_while_it_is_being_renewed(self):
        with on(IN_TIME):
            renewal = self._ask("renew")
            second = self._grant(self._ask("change"))
            self.assertEqual((second.state, second.renewal_in_time), ("renewing", True))
        with on("2027-06-20 09:00"):
            third = self._grant(renewal)
        self.assertEqual((third.version, second.state), (3, "changed"))
        self.assertEqual(third.previous_id, second)

    def test_cancelled_at_the_holders_request(self):
        application = self._ask("cancel")
        self.assertFalse(self._grant(application))
        self.assertEqual(application.state, "granted")
        self.assertEqual(self.licence.state, "cancelled")
        self.assertEqual(self.licence.cancellation_ground, "other")
        self.assertEqual(
            self.env["shenpi.licence"].search_count([("application_id", "=", application.id)]), 0
        )

    def test_what_is_revoked_meanwhile_is_not_changed(self):
        application = self._ask("change")
        self.licence.with_user(self.decider)._do_revoke("fraud", "Forged.")
        with self.assertRaisesRegex(UserError, "not in force"):
            self._grant(application)


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestDeemedRenewed(LicenceCommon):
    def _run(self, day):
        with on(day), self.enter_registry_test_mode():
            self.env.ref("shenpi_base.cron_deem_renewed").method_direct_trigger()
            self.env.invalidate_all()

    def _count(self):
        return self.licence.event_ids.mapped("action").count("deem_renewed")

    def test_noted_once_after_the_end(self):
        with on(IN_TIME):
            self._ask("renew")
        self._run(LAST_DAY)
        self.assertFalse(self.licence.deemed_renewed)
        for day in (DAY_AFTER, DAY_AFTER, "2027-07-01 09:00"):
            self._run(day)
            self.assertTrue(self.licence.deemed_renewed)
            self.assertEqual(self._count(), 1)
        with on(DAY_AFTER):
            self.assertEqual(self.licence.status, "renewing")
            facts = self.licence._get_verification()
            self.assertTrue(facts["valid"])
            self.assertIn("counts as renewed", facts["note"])
        self.assertTrue(self.licence.event_ids[-1].legal_basis)

    def test_in_force_before_it_is_noted(self):
        with on(IN_TIME):
            self._ask("renew")
        with on(DAY_AFTER):
            self.licence.invalidate_recordset()
            self.assertTrue(self.licence._is_valid(date(2027, 6, 10)))

    def test_denied_afterwards(self):
        with on(IN_TIME):
            application = self._ask("renew")
        self._run(DAY_AFTER)
        with on("2027-06-11 09:00"):
            application.with_user(self.clerk)._do_accept()
            self._bring_on(application, "denied")
            self.assertEqual(self.licence.status, "expired")

    def test_not_without_a_renewal_asked_in_time(self):
        other = self._make_licence()
        with on(LATE):
            self._ask("renew")
        self._run(DAY_AFTER)
        self.assertFalse(self.licence.deemed_renewed or other.deemed_renewed)
