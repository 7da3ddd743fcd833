from datetime import timedelta
from unittest.mock import Mock, patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from ..tools.sms_gateway import Answer
from .common_message import MessageCommon

UNKNOWN = Answer("unknown", reason="timeout")


@tagged("post_install", "-at_install")
class TestOutbox(MessageCommon):
    def setUp(self):
        super().setUp()
        # Reasons are noted in Chinese where that is installed; these tests read English.
        self.patch(self.registry["shenpi.message"], "_outbox_lang", lambda message: "en_US")

    def _attempt(self, message, answer):
        """One attempt, at the moment it is due."""
        with freeze_time(message.next_attempt_at), self._gateway() as gateway:
            gateway.answer = answer
            self._send(message.company_id)
        return gateway

    def test_a_chunk_goes_out_in_one_post(self):
        told = self.messages.union(*(self._told(self._submit()) for _ in range(3)))
        with self._gateway() as gateway:
            self.assertEqual(self._send(), 3)
            self.assertEqual(self._send(), 0)
        self.assertEqual(len(gateway.calls), 1)
        (config, messages, receipts_url), *_rest = gateway.calls
        self.assertEqual(config.account, f"bureau-{self.company.id}")
        self.assertTrue(receipts_url.endswith(f"/shenpi/sms/{self.company.id}/receipts"))
        self.assertEqual({m["id"] for m in messages}, set(told.sudo().mapped("key")))
        self.assertEqual({m["to"] for m in messages}, {"+8613812345678"})
        self.assertTrue(all(m["text"].startswith("【Bureau】") for m in messages))
        self.assertEqual(set(told.mapped("state")), {"sent"})
        self.assertEqual(set(told.mapped("provider_ref")), {"P1"})

    def test_nothing_stays_in_odoos_queue(self):
        before = self.env["sms.sms"].search_count([])
        self._submit()
        with self._gateway() as gateway:
            self._send()
        self.assertEqual(self.env["sms.sms"].search_count([]), before)
        self.assertEqual(len(gateway.messages), 1)

    def test_chunks_are_small(self):
        self._submit()
        self._submit()
        with self._gateway(), patch.object(type(self.messages), "_outbox_chunk", 1):
            self.assertEqual([self._send(), self._send(), self._send()], [1, 1, 0])

    def test_back_off_in_steps_then_failure(self):
        message = self._told(self._submit())
        waits, keys = [], set()
        while message.state == "pending":
            due = message.next_attempt_at
            keys.update(m["id"] for m in self._attempt(message, UNKNOWN).messages)
            if message.next_attempt_at:
                waits.append((message.next_attempt_at - due) // timedelta(minutes=1))
                self.assertIn("may have taken it", message.error)
        self.assertEqual(waits, [1, 5, 15, 60, 180, 360])
        self.assertEqual((message.state, message.attempts), ("failed", 7))
        self.assertEqual(keys, {message.sudo().key}, "the same key every time")

    def test_quiet_hours_hold_up_a_retry_too(self):
        message = self._told(self._submit())
        message.sudo().next_attempt_at = "2026-06-10 12:55:00"
        self._attempt(message, UNKNOWN)
        self.assertEqual(str(message.next_attempt_at), "2026-06-10 12:56:00")
        self._attempt(message, UNKNOWN)
        self.assertEqual(str(message.next_attempt_at), "2026-06-10 13:01:00")
        gateway = self._attempt(message, UNKNOWN)
        self.assertFalse(gateway.calls)
        self.assertEqual(str(message.next_attempt_at), "2026-06-11 00:00:00")
        self.assertEqual((message.state, message.attempts), ("held", 2))

    def test_a_refusal_is_final(self):
        message = self._told(self._submit())
        self._attempt(message, Answer("refused", reason="13812345678 is on a blacklist"))
        self.assertEqual(message.state, "failed")
        self.assertIn("*** is on a blacklist", message.error)

    def test_failure_is_visible_to_the_bureau_head(self):
        told = self.messages.union(*(self._told(self._submit()) for _ in range(2)))
        for message in told:
            message.sudo()._mark_failed("x")
        failed = self.env.ref("shenpi_base.mail_activity_message_failed")
        activities = self.env["mail.activity"].search([("activity_type_id", "=", failed.id)])
        own = activities.filtered(lambda a: a.user_id == self.manager)
        self.assertEqual(len(own), 1, "one activity for however many failures")
        self.assertEqual(own.res_model, "shenpi.application")
        counts = self.messages._count_by_state(self.company.ids)
        self.assertEqual(counts["failed"], 2)

    def test_wrong_numbers_do_not_hold_up_the_others(self):
        applicant = dict(self._prepare_payload()["applicant"], phone="0532-85911234")
        landline = self._told(self._submit(applicant=applicant))
        other = self._told(self._submit())
        with self._gateway() as gateway:
            self._send()
        self.assertEqual((landline.state, other.state), ("failed", "sent"))
        self.assertEqual(len(gateway.messages), 1)
        self.assertNotIn("0532", landline.error)

    def test_one_that_cannot_be_sent_is_set_apart(self):
        bad, good = (self._told(self._submit()) for _ in range(2))
        original = type(self.messages)._wire_key

        def wire_key(message):
            if message == bad:
                raise ZeroDivisionError("13812345678")
            return original(message)

        with (
            self._gateway(),
            patch.object(type(self.messages), "_wire_key", wire_key),
            self.assertLogs("odoo.addons.shenpi_base.models.shenpi_outbox_mixin") as logs,
        ):
            self._send()
        self.assertEqual((bad.state, good.state), ("pending", "sent"))
        self.assertIn("ZeroDivisionError", bad.error)
        self.assertNotIn("138", f"{bad.error} {logs.output}")

    def test_rows_held_by_another_job_are_skipped(self):
        """Asked of PostgreSQL in the words of the claim: tests have one transaction only."""
        self._submit()
        with self.assertQueriesContain(["FOR NO KEY UPDATE SKIP LOCKED"], flush=False):
            self.messages.sudo()._outbox_claim(self.company.id, fields.Datetime.now())

    # === Two bureaus === #

    def test_each_bureau_has_its_gateway(self):
        item = self._create_item(company_id=self.district.id, department_id=self.district_root.id)
        theirs = self._told_by_district(item)
        ours = self._told(self._submit())
        with self._gateway() as gateway:
            self._send(self.company)
            self.assertEqual((ours.state, theirs.state), ("sent", "pending"))
            self._send(self.district)
        accounts = [config.account for config, _messages, _url in gateway.calls]
        self.assertEqual(accounts, [f"bureau-{c.id}" for c in (self.company, self.district)])
        self.assertEqual(theirs.state, "sent")

    def _told_by_district(self, item):
        payload = self._prepare_payload(item_code=item.code)
        applications = self._as(self.clerk_b, self.env["shenpi.application"])
        answer = applications.api_submit(payload)
        application = self.env["shenpi.application"].search([("number", "=", answer["number"])])
        return self._told(application)

    def test_odoos_queue_with_two_bureaus(self):
        """Other SMS of Odoo go out by their company, where its own queue raises ValueError."""
        queue = self.env["sms.sms"].sudo()
        rows = queue.create(
            [
                {"number": "+8613800000001", "body": "x", "company_id": company.id}
                for company in (self.company, self.district, self.company)
            ]
        )
        with self._gateway() as gateway, self.enter_registry_test_mode():
            queue.search([("state", "=", "outgoing"), ("id", "not in", rows.ids)]).unlink()
            self.env.ref("sms.ir_cron_sms_scheduler_action").method_direct_trigger()
            rows.invalidate_recordset()
        self.assertEqual(set(rows.mapped("state")), {"pending"})
        self.assertEqual(sorted(len(messages) for _c, messages, _u in gateway.calls), [1, 2])

    # === Mail === #

    def _mail(self, session):
        self.company.sudo().write({"shenpi_mail_on": True, "email": "bureau@example.org"})
        applicant = dict(self._prepare_payload()["applicant"], email="zs@example.org")
        message = self._told(self._submit(applicant=applicant)).filtered(
            lambda m: m.channel == "mail"
        )
        servers = type(self.env["ir.mail_server"])
        connect = Mock(**session)
        with self._gateway(), patch.object(servers, "_connect__", connect):
            self._send()
        return message, connect

    def test_mail(self):
        session = Mock(from_filter=False, smtp_from=False)
        message, _connect = self._mail({"return_value": session})
        self.assertEqual(message.state, "sent")
        (mail, _smtp_from, smtp_to), _named = session.send_message.call_args
        self.assertEqual(smtp_to, ["zs@example.org"])
        self.assertEqual(mail["Message-Id"], f"<{message.sudo().key}@example.org>")
        self.assertIn(message.body[:20], mail.get_body(["plain"]).get_content())
        (notice,) = mail.iter_attachments()
        self.assertEqual(notice.get_content_type(), "application/pdf")
        self.assertIn(message.application_id.number_short, notice.get_filename())
        self.assertEqual(message.with_user(self.clerk2).address, "**@example.org")

    def test_mail_server_down(self):
        message, _connect = self._mail({"side_effect": OSError("zs@example.org")})
        self.assertEqual((message.state, message.attempts), ("pending", 1))
        self.assertIn("cannot be reached", message.error)

    # === Again === #

    def test_send_again(self):
        message = self._told(self._submit())
        for answer, another_key in (
            (Answer("refused"), True),
            (Answer("taken"), True),
        ):
            self._attempt(message, answer)
            key = message.sudo()._wire_key()
            message.with_user(self.clerk)._do_send_again("Asked for by phone.")
            self.assertEqual((message.state, message.attempts), ("pending", 0))
            self.assertEqual(message.sudo()._wire_key() != key, another_key)
        self.assertEqual(message.resend_reason, "Asked for by phone.")
        self.assertEqual(message.resent_by_id, self.clerk)

    def test_what_was_never_answered_keeps_its_key(self):
        message = self._told(self._submit())
        while message.state == "pending":
            self._attempt(message, UNKNOWN)
        key = message.sudo()._wire_key()
        message.with_user(self.manager)._do_send_again("The gateway is back.")
        self.assertEqual(message.sudo()._wire_key(), key)

    def test_send_again_to_another_number(self):
        message = self._told(self._submit())
        self._attempt(message, Answer("refused"))
        wizards = self._as(self.clerk, self.env["shenpi.message.wizard"])
        with Form(wizards.with_context(default_message_id=message.id)) as form:
            form.reason = "Wrong number"
            form.address = "138 0000 1111"
        form.save().action_confirm()
        gateway = self._attempt(message, Answer("taken"))
        self.assertEqual(gateway.messages[0]["to"], "+8613800001111")
        wizard = wizards.create({"message_id": message.id, "reason": "Asked for by phone."})
        wizard.action_confirm()
        gateway = self._attempt(message, Answer("taken"))
        self.assertEqual(gateway.messages[0]["to"], "+8613800001111", "the same one as before")

    def test_who_sends_again(self):
        message = self._told(self._submit())
        with self.assertRaises(UserError):
            message.with_user(self.clerk)._do_send_again("It waits still.")
        self._attempt(message, Answer("refused"))
        with self.assertRaises(ValidationError):
            message.with_user(self.clerk)._do_send_again(" ")
        for user in (self.inspector, self.integrator, self.outsider, self.clerk_b, self.stranger):
            with self.assertRaises(AccessError):
                self._as(user, message)._do_send_again("x")
        self.assertEqual(message.state, "failed")

    # === Nothing is stuck === #

    def test_the_scheduled_action_sends_what_has_no_job(self):
        message = self._told(self._submit())
        cron = self.env.ref("shenpi_base.cron_send_messages")
        with self._gateway() as gateway, self.enter_registry_test_mode():
            cron.method_direct_trigger()
            self.assertEqual(message.state, "pending", "its job may come yet")
            message.sudo().next_attempt_at -= timedelta(minutes=3)
            cron.method_direct_trigger()
        message.invalidate_recordset()
        self.assertEqual(message.state, "sent")
        self.assertEqual(len(gateway.messages), 1)

    def test_one_job_for_a_company(self):
        jobs = self.env["queue.job"].sudo()
        key = f"shenpi.message.send.{self.company.id}.now"
        for _ in range(3):
            self.messages.sudo()._outbox_start(self.company.id)
        job = jobs.search([("identity_key", "=", key)])
        self.assertEqual(len(job), 1)
        self.assertEqual((job.channel, job.args), ("root.send", [self.company.id]))
        later = fields.Datetime.now() + timedelta(minutes=5)
        self.messages.sudo()._outbox_start(self.company.id, later)
        self.assertEqual(jobs.search_count([("identity_key", "like", key[:-3])]), 2)
