from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import moment
from .common_message import MessageCommon


@tagged("post_install", "-at_install")
class TestMessage(MessageCommon):
    def _create_template(self, **values):
        return self.env["shenpi.message.template"].create(
            {
                "name": "Accepted",
                "event_key": "shenpi.application.accept",
                "channel": "sms",
                "receiver": "applicant",
                "body": "{number} accepted",
                "company_id": self.company.id,
                **values,
            }
        )

    # === Raising === #

    def test_every_step_is_told(self):
        application = self._bring_to("closed")
        # Other addons may tell more.
        told = self._told(application).filtered(lambda m: m.event_key.startswith("shenpi.appl"))
        self.assertEqual(
            told.mapped("event_key"),
            [
                f"shenpi.application.{action}"
                for action in ("receive", "accept", "grant", "deliver")
            ],
        )
        self.assertEqual(set(told.mapped("receiver")), {"applicant"})
        self.assertEqual(set(told.mapped("state")), {"pending"})
        self.assertEqual(set(told.mapped("receiver_name")), {"青云餐饮有限公司"})

    def test_texts_name_what_matters(self):
        application = self._bring_to("correcting")
        text = self._told(application)[-1].body
        for word in (application.number_short, self.item.name, "Application form"):
            self.assertIn(word, text)
        self.assertNotIn("{", text)

    def test_the_reason_of_an_extension_is_told(self):
        application = self._bring_to("accepted")
        application.with_user(self.manager)._do_extend(5, "Experts disagree.")
        message = self._told(application)[-1]
        self.assertEqual(message.event_key, "shenpi.application.extend")
        self.assertIn("Experts disagree.", message.body)
        self.assertEqual(message.event_id, application.event_ids[-1])

    def test_once_for_each_event_receiver_and_channel(self):
        application = self._bring_to("received")
        events = application.event_ids
        again = self.messages._notify(application, "shenpi.application.receive", events=events)
        self.assertFalse(again)
        self.assertEqual(len(self._told(application)), 1)
        row = self._told(application)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "INSERT INTO shenpi_message (origin, key, company_id, application_id, event_key,"
                " channel, receiver, state, raised_at) SELECT origin, 'x', company_id,"
                " application_id, event_key, channel, receiver, state, raised_at"
                " FROM shenpi_message WHERE id = %s",
                [row.id],
            )

    def test_occasions_without_an_event(self):
        application = self._bring_to("received")
        key = "shenpi.application.accept"
        first = self.messages._notify(application, key, occasion="rung 1")
        self.assertEqual(len(first), 1)
        self.assertFalse(self.messages._notify(application, key, occasion="rung 1"))
        self.assertEqual(len(self.messages._notify(application, key, occasion="rung 2")), 1)
        self.assertFalse(self.messages._notify(application, key, ["handler"], occasion="3"))

    def test_words_given_by_the_caller(self):
        self._create_template(body="{reason}!")
        application = self._bring_to("received")
        message = self.messages._notify(
            application,
            "shenpi.application.accept",
            occasion="x",
            values={application.id: {"reason": "because"}},
        )
        self.assertEqual(message.body, "because!")

    def test_nothing_without_a_gateway(self):
        self.company.sudo().shenpi_sms_url = False
        self.assertFalse(self._told(self._bring_to("received")))
        self.district.sudo().shenpi_sms_url = False
        self.assertFalse(self.env["res.company"]._get_messaging_ids() & set(self.company.ids))

    def test_nobody_is_told_without_an_address(self):
        applicant = self._prepare_payload()["applicant"]
        del applicant["phone"]
        self.assertFalse(self._told(self._submit(applicant=applicant)))

    def test_the_agent_hears_for_the_applicant(self):
        applicant = self._prepare_payload()["applicant"]
        del applicant["phone"]
        self._create_template(
            name="Agent", receiver="agent", event_key="shenpi.application.receive"
        )
        agent = {"name": "李明", "phone": "13800001111"}
        told = self._told(self._submit(applicant=applicant, agent=agent))
        self.assertEqual(len(told), 1, "one number is told once")
        self.assertEqual(told.sudo().address_raw, "13800001111")

    def test_old_facts_are_not_told(self):
        at = "2026-06-01T09:00:00+08:00"
        self.assertFalse(self._told(self._submit(self.integrator, at=at)))
        at = "2026-06-09T09:00:00+08:00"
        self.assertTrue(self._told(self._submit(self.integrator, at=at)))

    def test_staff_are_receivers_too(self):
        self.company.shenpi_mail_on = True
        self.office.manager_id = self.manager
        self.manager.email = "head@example.org"
        self._create_template(
            receiver="department_head", channel="mail", subject="{item}", body="{number}"
        )
        told = self._told(self._bring_to("accepted")).filtered(lambda m: m.channel == "mail")
        self.assertEqual(told.receiver_name, self.manager.name)
        self.assertEqual(told.sudo().address_raw, "head@example.org")
        self.assertEqual(told.subject, self.item.name)

    def test_a_batch_is_told_together(self):
        """One message each, written in one INSERT however many there are."""
        applications = self.env["shenpi.application"].with_user(self.clerk)
        counts = []
        for size in (5, 25):
            payloads = [self._prepare_payload() for _ in range(size)]
            numbers = [a["number"] for a in applications.api_submit_batch(payloads)]
            filed = self.env["shenpi.application"].search([("number", "in", numbers)])
            told = self.messages.search([("application_id", "in", filed.ids)])
            self.assertEqual(told.application_id, filed)
            self.assertEqual(len(told), size)
            told.sudo().unlink()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            events = filed.event_ids.filtered(lambda event: event.action == "receive")
            self.messages._notify_events(events.application_id, events)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    # === Templates === #

    def test_the_most_specific_template_counts(self):
        cases = (
            ("general", {}),
            ("type", {"item_type": "01"}),
            ("item", {"item_id": self.item.id}),
            ("other item", {"item_id": self._create_item().id}),
            ("other type", {"item_type": "07"}),
        )
        for body, values in cases:
            self._create_template(body=body, **values)
        for item, body in (
            (self.item, "item"),
            (self._create_item(item_type="01"), "type"),
            (self._create_item(item_type="07"), "other type"),
            (self._create_item(item_type="20"), "general"),
        ):
            told = self._told(self._bring_to("accepted", item_code=item.code))
            self.assertEqual(told[-1].body, body)

    def test_a_new_version_of_the_item_keeps_its_template(self):
        self._create_template(body="mine", item_id=self.item.id)
        newer = self.item.copy({"code": self.item.code, "version": 2})
        newer.sudo().write({"state": "published", "valid_from": "2024-01-01"})
        self.item.sudo().state = "retired"
        self.assertEqual(self._told(self._bring_to("accepted"))[-1].body, "mine")

    def test_one_template_for_each_occasion(self):
        self._create_template()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self._create_template()
        self._create_template(active=False)

    def test_unknown_placeholders_are_refused(self):
        template = self._create_template()
        for body in ("{nmber}", "{phone_raw}"):
            with self.assertRaisesRegex(ValidationError, "There is no placeholder"):
                template.body = body
        text = "{0.__class__} {number!r} {} %(number)s ${number}"
        template.body = text
        application = self._bring_to("accepted")
        number = application.number_short
        expected = text.replace("${number}", f"${number}")
        self.assertEqual(self._told(application)[-1].body, expected)
        self.assertEqual(self._told(application)[-1].template_id, template)

    def test_preview(self):
        template = self._create_template(body="{item} {link}")
        self.assertIn("【Bureau】", template.preview)
        self.assertIn("characters", template.preview_note)
        with Form(template.with_user(self.manager)) as form:
            form.body = "{bureau}"
            self.assertIn("【Bureau】Bureau", form.preview)

    def test_every_seed_fits_its_event(self):
        templates = self.env["shenpi.message.template"].search([])
        keys = dict(templates._selection_event_key())
        for template in templates:
            self.assertIn(template.event_key, keys)
        self.assertGreaterEqual(len(templates), 26)

    def test_who_writes_templates(self):
        template = self._create_template()
        for user in (self.clerk, self.supervisor, self.integrator):
            with self.assertRaises(AccessError):
                self._as(user, template).body = "x"
        self._as(self.manager, template).body = "x"
        with self.assertRaises(AccessError):
            self._as(self.clerk_b, template).read(["body"])

    # === Quiet hours === #

    def test_quiet_hours(self):
        for text, until in (
            ("2026-06-10 20:59", None),
            ("2026-06-10 21:00", "2026-06-11 08:00"),
            ("2026-06-10 23:59", "2026-06-11 08:00"),
            ("2026-06-11 07:59", "2026-06-11 08:00"),
            ("2026-06-11 08:00", None),
        ):
            application = self._submit()
            with freeze_time(moment(text)), self._gateway() as gateway:
                message = self._told(application)
                message.sudo().next_attempt_at = fields.Datetime.now()
                self._send()
            if until:
                self.assertEqual((message.state, message.attempts), ("held", 0), text)
                self.assertEqual(message.next_attempt_at, moment(until))
                self.assertFalse(gateway.calls)
                with freeze_time(moment(until)), self._gateway():
                    self._send()
            self.assertEqual(message.state, "sent", text)

    def test_staff_have_no_quiet_hours(self):
        self.manager.partner_id.phone = "13812340000"
        self.office.manager_id = self.manager
        self._create_template(receiver="department_head")
        application = self._bring_to("accepted")
        told = self._told(application).filtered(lambda m: m.receiver == "department_head")
        with freeze_time(moment("2026-06-10 23:00")), self._gateway():
            self._send()
        self.assertEqual(told.state, "sent")

    # === The log === #

    def test_who_reads_the_log(self):
        message = self._told(self._bring_to("accepted"))[-1]
        for user, address in (
            (self.clerk, "13812345678"),
            (self.clerk2, "138****5678"),
            (self.reviewer2, "13812345678"),
            (self.manager, "138****5678"),
        ):
            seen = self._as(user, message)
            seen.invalidate_recordset()
            self.assertEqual(seen.address, address, user.login)
            for name in ("address_raw", "key"):
                with self.assertRaises(AccessError):
                    seen.read([name])
                with self.assertRaises(AccessError):
                    seen.search([(name, "!=", False)])
        for user in (self.outsider, self.clerk_b, self.stranger):
            with self.assertRaises(AccessError):
                self._as(user, message).read(["body"])

    def test_nobody_writes_the_log(self):
        message = self._told(self._bring_to("received"))
        for user in self.users.values():
            seen = self._as(user, message)
            for vals in ({"state": "sent"}, {"body": "x"}, {"receiver_name": "x"}):
                with self.assertRaises(AccessError):
                    seen.write(vals)
            with self.assertRaises(AccessError):
                seen.unlink()
            with self.assertRaises(AccessError):
                seen.create([{}])

    def test_the_key_is_the_administrators(self):
        names = ("shenpi_sms_key", "shenpi_sms_url", "shenpi_sms_account")
        for user in self.users.values():
            for name in names:
                with self.assertRaises(AccessError):
                    self._as(user, self.company).read([name])
        self.assertTrue(self.env.user.has_group("base.group_system"))
        self.assertTrue(self.company.shenpi_sms_key)

    def test_messages_on_the_case(self):
        application = self._bring_to("accepted")
        self.assertEqual((application.told_count, application.told_failed_count), (2, 0))
        self._told(application)[0].sudo()._mark_failed("x")
        application.invalidate_recordset()
        self.assertEqual((application.told_count, application.told_failed_count), (2, 1))
        action = application.with_user(self.clerk).action_open_messages()
        found = self.messages.with_user(self.clerk).search(action["domain"])
        self.assertEqual(found, self._told(application).with_user(self.clerk))

    # === Settings === #

    def test_settings_are_checked(self):
        for name, value in (
            ("shenpi_sms_url", "ftp://x.example.org"),
            ("shenpi_sms_url", "https://user:pw@x.example.org"),
            ("shenpi_sms_url", "https:///x"),
            ("shenpi_sms_key", "short"),
            ("shenpi_sms_account", "局"),
        ):
            with self.subTest(value=value), self.assertRaises(ValidationError):
                self.company.sudo()[name] = value
