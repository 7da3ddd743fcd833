from contextlib import contextmanager
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import ShenpiCommon, moment

MAIL = "odoo.addons.shenpi_base.models.shenpi_bulletin_mail"


@freeze_time("2026-06-15 00:30:00")
@tagged("post_install", "-at_install")
class TestBulletinMail(ShenpiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.company"].search([]).shenpi_bulletin_receiver_ids = False
        cls.company.shenpi_bulletin_receiver_ids = cls.supervisor | cls.manager
        cls.monday = cls.env["shenpi.bulletin"]._get_last_monday()

    def _run(self):
        with self.enter_registry_test_mode():
            self.env.ref("shenpi_base.cron_bulletin").method_direct_trigger()
        self.env.invalidate_all()
        return self.env["shenpi.bulletin"].search([("date_from", "=", self.monday)])

    @contextmanager
    def _at(self, text):
        with freeze_time(moment(text)):
            yield

    def test_issued_and_sent_once(self):
        with self._at("2026-06-15 08:29:00"):
            self.assertFalse(self._run(), "its time has not come")
        record = self._run()
        self.assertEqual((record.company_id, record.state), (self.company, "issued"))
        (message,) = record.message_ids.filtered("attachment_ids")
        self.assertEqual(message.partner_ids, (self.supervisor | self.manager).partner_id)
        self.assertEqual(len(message.attachment_ids), 2)
        self.assertTrue(
            any(name.endswith(".xlsx") for name in message.attachment_ids.mapped("name"))
        )
        self._run()
        self.assertEqual(record.message_ids.filtered("attachment_ids"), message)

    def test_made_up_once_after_the_server_was_down(self):
        with self._at("2026-06-18 14:00:00"):
            record = self._run()
        self.assertEqual(record.state, "issued")
        self.assertEqual(self._run(), record)

    def test_one_that_was_issued_by_hand_goes_out_too(self):
        record = self.env["shenpi.bulletin"].create(
            {"company_id": self.company.id, "date_from": self.monday}
        )
        record.with_user(self.supervisor).action_issue()
        issued_at = record.issued_at
        with self._at("2026-06-15 09:00:00"):
            self.assertEqual(self._run(), record)
        self.assertEqual(record.issued_at, issued_at)
        self.assertTrue(record.sent_at)

    def test_one_bureaus_trouble_is_not_the_others(self):
        self.district.shenpi_bulletin_receiver_ids = self.manager
        records = type(self.env["shenpi.bulletin"])
        issue, broken = records._issue_last_week, self.company

        def fail(record, company):
            if company == broken:
                raise ValueError("No figures.")
            return issue(record, company)

        with patch.object(records, "_issue_last_week", fail), mute_logger(MAIL):
            self.assertEqual(self._run().company_id, self.district)
        self.assertEqual(self._run().company_id, self.district | self.company)

    def test_by_hand(self):
        record = self.env["shenpi.bulletin"].create(
            {"company_id": self.company.id, "date_from": self.monday}
        )
        supervised = record.with_user(self.supervisor)
        with self.assertRaisesRegex(UserError, "not been issued"):
            supervised.action_send()
        supervised.action_issue()
        supervised.action_send()
        self.assertTrue(record.sent_at)
        self.company.shenpi_bulletin_receiver_ids = [Command.clear()]
        with self.assertRaisesRegex(UserError, "chosen nobody"):
            supervised.action_send()
