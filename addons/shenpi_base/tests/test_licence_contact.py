import io
from datetime import timedelta

import openpyxl
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import NOW
from .common_message import KEY
from .reminder_common import TODAY, ReminderCommon

UNTIL_TOMORROW = TODAY + timedelta(days=1)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestLicenceContact(ReminderCommon):
    """One task or message for each holder; what he answers, and who may note it."""

    def _switch_sms_on(self):
        self.company.sudo().write(
            {"shenpi_sms_url": "https://sms.example.org/send", "shenpi_sms_key": KEY}
        )

    def _raise_one(self, **values):
        licence = self._create_licence(due_in=60, **values)
        self._remind()
        return self._contacts(licence)

    # === Merging === #

    def test_one_task_for_all_licences_of_a_holder(self):
        other_kind = self._create_type("T2")
        same = {"holder_id_number_raw": "91350100M000100Y43"}
        licences = (
            self._create_licence(due_in=60, holder="Old name", **same)
            | self._create_licence(due_in=30, holder="New name", **same)
            | self._create_licence(due_in=60, holder="Old name", kind=other_kind, **same)
        )
        stranger = self._create_licence(due_in=60, holder="Old name")
        self._remind()
        contact = self._contacts(licences)
        self.assertEqual(len(contact), 1)
        self.assertEqual(contact.licence_count, 3)
        self.assertEqual(contact.deadline, TODAY + timedelta(days=30))
        self.assertEqual((contact.channel, contact.state), ("call", "open"))
        self.assertNotEqual(self._contacts(stranger), contact)

    def test_without_a_number_the_name_counts(self):
        licences = self._create_licence(due_in=60) | self._create_licence(due_in=60)
        self._remind()
        self.assertEqual(len(self._contacts(licences)), 1)

    def test_bureaus_do_not_share_contacts(self):
        kind = self._create_type("T2", company_id=False)
        ours = self._create_licence(due_in=60, kind=kind)
        theirs = self._create_licence(
            due_in=60, kind=kind, company_id=self.district.id, department_id=self.district_root.id
        )
        self._remind()
        self.assertEqual(len(self._contacts(ours | theirs)), 2)
        self.assertFalse(self._contacts(theirs).specialist_id, "clerk2 does not work there")

    def test_the_next_rung_joins_the_open_task(self):
        licence = self._create_licence(due_in=60)
        self._remind()
        self._remind(TODAY + timedelta(days=30))
        contact = self._contacts(licence)
        self.assertEqual(len(contact), 1)
        self.assertEqual(len(contact.line_ids.filtered(lambda r: r.state == "open")), 2)

    def test_the_database_refuses_a_second_open_task(self):
        contact = self._raise_one()
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            contact.sudo().copy({"raised_on": TODAY, "state": "open", "channel": "call"})
            self.env.flush_all()

    # === Messages === #

    def test_what_cannot_be_sent_is_a_call(self):
        licence = self._create_licence(due_in=90)
        self._remind()
        self.assertEqual(self._lines(licence).channel, "sms")
        self.assertEqual(self._contacts(licence).channel, "call")

    def test_an_sms_names_all_licences_once(self):
        self._switch_sms_on()
        licences = self._create_licence(due_in=90) | self._create_licence(due_in=85)
        self._remind()
        contact = self._contacts(licences)
        self.assertEqual((len(contact), contact.state), (1, "sending"))
        message = contact.sudo().told_ids
        self.assertEqual(len(message), 1)
        for licence in licences:
            self.assertIn(licence.number, message.body)
        self.assertIn(contact.holder_name, message.body)
        self.assertEqual((message.state, message.address_raw), ("pending", "13800138000"))

    def test_nobody_gets_two_messages_on_a_day(self):
        self._switch_sms_on()
        first = self._create_licence(due_in=90)
        self._remind()
        second = self._create_licence(due_in=90)
        self.assertFalse(self._remind())
        self._remind(UNTIL_TOMORROW)
        self.assertEqual(len(self._contacts(first | second)), 2)

    def test_without_a_phone_it_is_a_call(self):
        self._switch_sms_on()
        licence = self._create_licence(due_in=90, holder_phone_raw=None)
        self._remind()
        self.assertEqual(self._contacts(licence).channel, "call")

    def test_what_became_of_the_message(self):
        self._switch_sms_on()
        licence = self._create_licence(due_in=90)
        self._remind()
        contact, message = self._contacts(licence), self._contacts(licence).sudo().told_ids
        message._mark_sent()
        self.assertEqual((contact.state, self._lines(licence).state), ("sent", "done"))
        self.assertTrue(self._lines(licence).told_at)
        message._mark_failed("refused", answered=True)
        self.assertEqual((contact.state, self._lines(licence).state), ("failed", "failed"))

    def test_an_answer_counts_more_than_the_message(self):
        self._switch_sms_on()
        licence = self._create_licence(due_in=90)
        self._remind()
        contact = self._contacts(licence)
        contact.sudo().told_ids._mark_sent()
        self._as(self.clerk2, contact).action_renewing()
        contact.sudo().told_ids._mark_failed("late receipt", answered=True)
        self.assertEqual((contact.state, self._lines(licence).state), ("done", "done"))

    @freeze_time("2026-06-10 15:00:00")
    def test_quiet_hours(self):
        self._switch_sms_on()
        licence = self._create_licence(due_in=90)
        self._remind()
        message = self._contacts(licence).sudo().told_ids
        held = message._outbox_hold(message.next_attempt_at)
        self.assertIn(message, held)

    # === Answers === #

    def test_the_answer_goes_to_the_ledger(self):
        licence = self._create_licence(due_in=60)
        self._remind()
        contact = self._as(self.clerk2, self._contacts(licence))
        contact._record("renewing", "comes on Monday")
        self.assertEqual((contact.state, contact.outcome), ("done", "renewing"))
        line = self._lines(licence).filtered(lambda r: r.days_before == 60)
        self.assertRecordValues(
            line,
            [
                {
                    "state": "done",
                    "outcome": "renewing",
                    "answer": "comes on Monday",
                    "told_by_id": self.clerk2.id,
                }
            ],
        )
        self.assertTrue(contact.can_renew)
        with freeze_time(str(licence.valid_to + timedelta(days=1))):
            self.env.invalidate_all()
            self.assertFalse(contact.can_renew, "an expired licence is not renewed any more")
        self.assertEqual(contact.sudo().entry_ids.mapped("outcome"), ["renewing"])

    def test_who_does_not_renew_is_not_called_again(self):
        licence = self._create_licence(due_in=60)
        self._remind()
        self._as(self.clerk2, self._contacts(licence)).action_not_renewing()
        self._remind(TODAY + timedelta(days=30))
        self._remind(TODAY + timedelta(days=60))
        states = {line.days_before: line.state for line in self._lines(licence)}
        self.assertEqual(states, {90: "passed", 60: "done", 30: "stopped", 0: "stopped"})

    def test_who_does_not_renew_is_not_called_instead_of_a_message(self):
        kind = self._create_type("T2", ladder=((60, "call"), (30, "sms")))
        licence = self._create_licence(due_in=60, kind=kind)
        self._remind()
        self._as(self.clerk2, self._contacts(licence)).action_not_renewing()
        self._remind(TODAY + timedelta(days=30))
        self.assertEqual(self._lines(licence).mapped("state"), ["done", "stopped"])

    def test_a_new_round_asks_again_who_did_not_renew(self):
        licence = self._create_licence(due_in=60)
        self._remind()
        self._as(self.clerk2, self._contacts(licence)).action_not_renewing()
        licence.with_user(self.manager).sudo()._do_correct_dates(
            licence.valid_to + timedelta(days=5), "a slip"
        )
        self._remind(TODAY + timedelta(days=5))
        self.assertEqual(len(self._contacts(licence)), 2)

    def test_three_calls_in_vain_become_a_visit(self):
        contact = self._as(self.clerk2, self._raise_one())
        for n in range(2):
            contact.action_unreachable()
            self.assertEqual((contact.channel, contact.attempts), ("call", n + 1))
            self.assertEqual(contact.next_date, UNTIL_TOMORROW)
        contact.action_unreachable()
        self.assertEqual((contact.channel, contact.state), ("visit", "open"))
        self.assertEqual(len(contact.sudo().entry_ids), 3)

    def test_how_many_calls_is_the_bureaus_choice(self):
        self.company.sudo().shenpi_visit_after = 0
        contact = self._as(self.clerk2, self._raise_one())
        for _n in range(5):
            contact.action_unreachable()
        self.assertEqual(contact.channel, "call")

    def test_a_visit_joins_the_visit_there_is(self):
        licence = self._create_licence(due_in=60)
        self._remind()
        call = self._contacts(licence)
        self._remind(TODAY + timedelta(days=60))
        visit = self._contacts(licence) - call
        self.assertEqual(visit.channel, "visit")
        call = self._as(self.clerk2, call)
        for _n in range(3):
            call.action_unreachable()
        self.assertEqual(call.state, "done")
        self.assertEqual(self._contacts(licence), visit)

    def test_what_is_asked_of_an_answer(self):
        contact = self._as(self.clerk2, self._raise_one())
        with self.assertRaises(ValidationError):
            contact._record("other")
        with self.assertRaises(ValidationError):
            contact._record("unreachable", next_date=TODAY - timedelta(days=1))
        contact._record("other", "sold the shop")
        with self.assertRaises(UserError):
            contact.action_renewing()

    def test_an_attempt_is_never_changed(self):
        contact = self._as(self.clerk2, self._raise_one())
        contact.action_unreachable()
        entry = contact.sudo().entry_ids
        with self.assertRaises(AccessError):
            entry.answer = "other"
        with self.assertRaises(AccessError):
            entry.unlink()

    def test_the_wizard(self):
        contact = self._as(self.clerk2, self._raise_one())
        wizard = self._as(self.clerk2, self.env["shenpi.licence.contact.wizard"]).create(
            {"contact_id": contact.id, "outcome": "unreachable", "next_date": "2026-06-15"}
        )
        wizard.action_confirm()
        self.assertEqual(str(contact.next_date), "2026-06-15")

    # === Who === #

    def test_who_sees_and_answers(self):
        """Read from the table of roles: the specialist, the department, the bureau."""
        licence = self._create_licence(due_in=60)
        self._remind()
        contact = self._contacts(licence)
        sees = {
            self.clerk2: True,
            self.reviewer2: True,
            self.reviewer: True,
            self.navigator: True,
            self.supervisor: True,
            self.manager: True,
            self.integrator: True,
            self.outsider: False,
            self.clerk_b: False,
            self.clerk: False,
        }
        for user, seen in sees.items():
            found = self._as(user, self.env["shenpi.licence.contact"]).search(
                [("id", "=", contact.id)]
            )
            self.assertEqual(bool(found), seen, user.login)
            lines = self._as(user, self.env["shenpi.licence.reminder"]).search(
                [("licence_id", "=", licence.id)]
            )
            self.assertEqual(bool(lines), seen, user.login)
            self.assertEqual(
                bool(found.can_answer),
                seen and user not in (self.supervisor, self.integrator, self.inspector),
                user.login,
            )
        for user in (self.supervisor, self.outsider, self.clerk_b, self.integrator):
            with self.assertRaises(AccessError, msg=user.login):
                self._as(user, contact).action_renewing()

    def test_nobody_writes_by_hand(self):
        contact = self._raise_one()
        for user in (self.clerk2, self.manager):
            with self.assertRaises(AccessError):
                self._as(user, contact).write({"state": "done"})
            with self.assertRaises(AccessError):
                self._as(user, contact.line_ids).write({"state": "done"})

    def test_the_phone_is_masked_to_all_but_who_calls(self):
        contact = self._raise_one()
        self.assertEqual(self._as(self.clerk2, contact).phone, "13800138000")
        masked = self._as(self.reviewer2, contact)
        self.assertNotIn("0013", masked.phone)
        masked.action_take()
        self.assertEqual(self._as(self.reviewer2, contact).phone, "13800138000")
        with self.assertRaises(AccessError):
            masked.read(["phone_raw"])

    def test_messages_follow_their_contact(self):
        self._switch_sms_on()
        licence = self._create_licence(due_in=90)
        self._remind()
        message = self._contacts(licence).sudo().told_ids
        self.assertEqual(self._as(self.clerk2, message).address, "13800138000")
        self.assertNotEqual(self._as(self.reviewer2, message).address, "13800138000")
        with self.assertRaises(AccessError):
            self._as(self.outsider, message).read(["body"])

    def test_the_specialist_reads_the_licence(self):
        """He renews it, though it is another department's."""
        licence = self._create_licence(due_in=60)
        self.assertEqual(self._as(self.clerk2, licence).name, "Licence")
        kind = self._create_type("T2", specialist_id=self.reviewer2.id)
        other = self._create_licence(due_in=60, kind=kind)
        with self.assertRaises(AccessError):
            self._as(self.clerk2, other).read(["name"])

    def test_the_ledger_as_a_workbook(self):
        licence = self._create_licence(due_in=60)
        self._remind()
        reports = self._as(self.clerk2, self.env["ir.actions.report"])
        name = "shenpi_base.action_report_licence_reminder_xlsx"
        content, kind = reports._render(name, self._lines(licence).ids, {})
        self.assertEqual(kind, "xlsx")
        rows = list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))
        self.assertEqual(len(rows), 3 + 2)
        self.assertIn(licence.number, rows[-1])
        with self.assertRaises(AccessError):
            self._as(self.outsider, reports)._render(name, self._lines(licence).ids, {})

    def test_only_the_bureau_head_configures(self):
        for user in (self.clerk2, self.supervisor, self.decider):
            with self.assertRaises(AccessError):
                self._as(user, self.kind).remind = False
            with self.assertRaises(AccessError):
                self._as(user, self.kind.rung_ids[:1]).days_before = 5
        self._as(self.manager, self.kind).renewal_lead = 40
