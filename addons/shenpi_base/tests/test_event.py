from psycopg2 import errors

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ShenpiCommon


@tagged("post_install", "-at_install")
class TestEvent(ShenpiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.application = cls._bring_to("granted")

    def _tamper(self, query, *params):
        """What somebody with the database in hand could do: switch the trigger off first."""
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE shenpi_event DISABLE TRIGGER USER")
        self.env.cr.execute(query, params)
        self.env.cr.execute("ALTER TABLE shenpi_event ENABLE TRIGGER USER")
        self.env.invalidate_all()

    def _get_broken(self):
        return self.env["shenpi.event"]._get_broken(self.application).get(self.application.id)

    def test_database_refuses_changes(self):
        self.env.flush_all()
        for table in ("shenpi_event", "shenpi_application_clock"):
            for query in (
                f"UPDATE {table} SET user_id = 1 WHERE application_id = %s",
                f"DELETE FROM {table} WHERE application_id = %s",
                f"TRUNCATE {table} CASCADE",
            ):
                with (
                    self.subTest(query=query),
                    mute_logger("odoo.sql_db"),
                    self.assertRaises(errors.RestrictViolation),
                    self.env.cr.savepoint(),
                ):
                    self.env.cr.execute(query, [self.application.id])

    def test_orm_refuses_changes(self):
        for rows in (self.application.event_ids, self.application.clock_ids):
            with self.assertRaises(AccessError):
                rows.sudo().write({"user_id": self.clerk.id})
            with self.assertRaises(AccessError):
                rows.sudo().unlink()
            for user in (*self.users.values(), self.stranger):
                with self.assertRaises(AccessError):
                    rows.with_user(user).create([{}])

    def test_chain_holds(self):
        self.assertIsNone(self._get_broken())
        action = self.application.with_user(self.clerk).action_verify_chain()
        self.assertEqual(action["params"]["type"], "success")

    def test_changed_event_is_named(self):
        for number, column, value in (
            (1, "opinion", "x"),
            (2, "user_id", 1),
            (3, "state_to", "denied"),
        ):
            with self.subTest(column=column):
                savepoint = self.env.cr.savepoint()
                self._tamper(
                    f"UPDATE shenpi_event SET {column} = %s"
                    " WHERE application_id = %s AND sequence = %s",
                    value,
                    self.application.id,
                    number,
                )
                self.assertEqual(self._get_broken(), number)
                savepoint.close(rollback=True)
                self.env.invalidate_all()

    def test_missing_event_is_named(self):
        self._tamper(
            "DELETE FROM shenpi_event WHERE application_id = %s AND sequence = 2",
            self.application.id,
        )
        self.assertEqual(self._get_broken(), 2)
        action = self.application.action_verify_chain()
        self.assertIn("2", action["params"]["message"])

    def test_cron_tells_the_heads(self):
        self._tamper(
            "UPDATE shenpi_event SET opinion = 'x' WHERE application_id = %s AND sequence = 1",
            self.application.id,
        )
        with (
            mute_logger("odoo.addons.shenpi_base.models.shenpi_document_mixin"),
            self.enter_registry_test_mode(),
        ):
            self.env.ref("shenpi_base.cron_verify_application_chains").method_direct_trigger()
        self.assertIn(self.manager, self.application.activity_ids.user_id)
