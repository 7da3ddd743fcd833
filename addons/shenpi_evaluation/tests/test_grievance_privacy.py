from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from odoo.addons.shenpi_base.tests.common import NOW

from .common_grievance import ADDRESS, NAME, PHONE, GrievanceCommon

NAMES = ["complainant_name", "complainant_phone", "complainant_address"]
CLEAR = {"complainant_name": NAME, "complainant_phone": PHONE, "complainant_address": ADDRESS}


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestGrievancePrivacy(GrievanceCommon):
    """The complainant is known to those who need him; whoever is complained of sees nothing."""

    def _tell(self, user, grievance):
        (row,) = self._as(user, grievance).read(NAMES)
        return {name: row[name] for name in NAMES}

    def test_who_knows_the_complainant(self):
        grievance = self._make("dispatched", user=self.clerk)
        for user in (self.clerk, self.officer, self.officer2, self.chief, self.reviewer2):
            self.assertEqual(self._tell(user, grievance), CLEAR, user.login)
        for user in (self.supervisor, self.manager):
            told = self._tell(user, grievance)
            self.assertEqual(told["complainant_name"], "张**", user.login)
            self.assertEqual(told["complainant_phone"], "139****4321")
            self.assertNotIn("12号", told["complainant_address"])

    def test_helpers_and_former_units_see_masks(self):
        grievance = self._make()
        grievance.with_user(self.officer)._do_dispatch(
            self.office, [(self.other_office, 1)], self.tier_5
        )
        self.assertIn("*", self._tell(self.outsider, grievance)["complainant_phone"])
        grievance.with_user(self.outsider)._do_contribute("已核实")
        self._go(grievance, "answer")
        self.assertIn("*", self._tell(self.reviewer2, grievance)["complainant_phone"])

    def test_who_is_complained_of_sees_nothing(self):
        """A unit, those below it, its head, a person; whatever his role."""
        below = self._create_department(
            "Below", parent_id=self.other_office, user_ids=self.reviewer
        )
        self.other_office.manager_id = self.decider
        by_unit = self._make("dispatched", accused_department_id=self.other_office.id)
        by_person = self._make(accused_user_id=self.officer2.id)
        unseen = {
            by_unit: (self.outsider, self.decider, self.reviewer),
            by_person: (self.officer2,),
        }
        self.assertIn(self.reviewer, below.user_ids)
        for grievance, people in unseen.items():
            parts = grievance | grievance
            for user in people:
                own = self._as(user, parts)
                domain = [("id", "in", grievance.ids)]
                self.assertFalse(own.search(domain), user.login)
                self.assertFalse(own._read_group(domain, ["state"], ["__count"]))
                for records in (grievance.event_ids, grievance.dispatch_ids):
                    found = self._as(user, records).search([("id", "in", records.ids)])
                    self.assertFalse(found, (user.login, records))
                messages = self._as(user, self.env["mail.message"]).search(
                    [("model", "=", grievance._name), ("res_id", "=", grievance.id)]
                )
                self.assertFalse(messages)
                with self.assertRaises(AccessError):
                    own.read(["title"])
                with self.assertRaises(AccessError):
                    own._do_withdraw("x")
                with self.assertRaisesRegex(UserError, "no grievance"):
                    own.api_status(grievance.number)

    def test_an_officer_complained_of_has_no_part_even_past_the_rules(self):
        grievance = self._make(accused_user_id=self.officer2.id)
        own = grievance.with_user(self.officer2).sudo().sudo(False)
        self.assertFalse(own._get_allowed_actions())
        with self.assertRaisesRegex(AccessError, "complained of"):
            own._guard_impartial()

    def test_the_ladder_tells_nobody_complained_of(self):
        grievance = self._make(accused_user_id=self.officer.id)
        people = grievance._get_ladder_people("handler")
        self.assertNotIn(self.officer, people)
        self.assertIn(self.officer2, people)

    def test_a_hard_case_is_not_given_to_who_is_complained_of(self):
        grievance = self._make("escalated", accused_user_id=self.clerk2.id)
        with self.assertRaisesRegex(ValidationError, "complained of"):
            grievance.with_user(self.chief)._do_plan("x", self.clerk2, grievance._get_today())

    def test_raw_fields_are_for_nobody(self):
        grievance = self._make()
        for name in (*(f"{name}_raw" for name in NAMES), "query_token"):
            for user in (self.officer, self.manager, self.chief):
                own = self._as(user, grievance)
                for ask in (
                    lambda own=own, name=name: own.read([name]),
                    lambda own=own, name=name: own.search([(name, "=like", "1%")]),
                    lambda own=own, name=name: own._read_group([], [name], ["__count"]),
                    lambda own=own, name=name: own.write({name: "1"}),
                ):
                    with self.assertRaises(AccessError):
                        ask()

    def test_a_phone_is_found_whole_by_those_who_may_know_it(self):
        grievance = self._make("dispatched")
        for user, value, found in (
            (self.officer, PHONE, True),
            (self.reviewer2, PHONE, True),
            (self.supervisor, PHONE, False),
            (self.officer, PHONE[:7], False),
            (self.officer, "%", False),
        ):
            hits = self._as(user, grievance).search([("complainant_phone", "ilike", value)])
            self.assertEqual(grievance in hits, found, (user.login, value))

    def test_exports_carry_masks(self):
        self.officer.group_ids |= self.env.ref("base.group_allow_export")
        own = self._as(self.officer, self._make())
        ((name, phone, address),) = own.export_data(NAMES)["datas"]
        self.assertEqual((name, phone), ("张**", "139****4321"))
        self.assertNotIn("12号", address)

    def test_exports_carry_masks_along_a_path_too(self):
        self.officer.group_ids |= self.env.ref("base.group_allow_export")
        grievance = self._make("dispatched")
        paths = [f"grievance_id/{name}" for name in NAMES]
        for records in (grievance.event_ids, grievance.dispatch_ids):
            rows = str(self._as(self.officer, records).export_data(paths))
            self.assertIn("张**", rows, records._name)
            for secret in (NAME, PHONE, "12号"):
                self.assertNotIn(secret, rows, records._name)

    def test_events_and_status_name_nobody(self):
        grievance = self._make("closed")
        told = str(grievance.event_ids.read()) + str(grievance._get_status())
        for secret in (NAME, PHONE, ADDRESS):
            self.assertNotIn(secret, told)

    def test_an_anonymous_one_keeps_nothing(self):
        drafts = self._as(self.officer, self.env["shenpi.grievance"])
        form = Form(drafts)
        form.source_id = self.box
        form.title, form.text = "建议增设母婴室", "办事大厅没有母婴室。"
        form.complainant_name, form.complainant_phone = NAME, PHONE
        form.is_anonymous = True
        draft = form.save()
        self.assertFalse(draft.complainant_phone)
        with self.assertRaises(ValidationError):
            self._make(complainant_phone="x" * 30)

    def test_strangers_see_nothing(self):
        grievance = self._make("dispatched")
        for user in (self.stranger, self.clerk_b, self.outsider, self.clerk):
            self.assertFalse(self._as(user, grievance).has_access("read"), user.login)

    def test_letters_are_for_those_who_see_it(self):
        grievance = self._make("replied")
        html = (
            self.env["ir.actions.report"]
            .with_user(self.officer)
            ._render_qweb_html("shenpi_evaluation.report_grievance_reply", grievance.ids)[0]
            .decode()
        )
        self.assertIn(NAME, html)
        self.assertIn("执照已发放", html)
        with self.assertRaises(AccessError):
            self._as(self.outsider, grievance).action_print_reply()
