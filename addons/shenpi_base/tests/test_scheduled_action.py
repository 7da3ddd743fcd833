from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ShenpiCommon


@tagged("post_install", "-at_install")
class TestScheduledAction(ShenpiCommon):
    """Supervisors see which of the bureau's scheduled actions run."""

    def _find(self, user):
        actions = self._as(user, self.env["shenpi.scheduled.action"])
        return actions.search([("cron_id", "=", self.env.ref("shenpi_base.cron_ladder").id)])

    def test_health(self):
        cron = self.env.ref("shenpi_base.cron_ladder")
        now = fields.Datetime.now()
        for values, health in (
            ({"nextcall": now, "lastcall": False}, "waiting"),
            ({"lastcall": now}, "ok"),
            ({"failure_count": 2, "first_failure_date": now}, "failing"),
            ({"nextcall": now - timedelta(hours=2)}, "stopped"),
            ({"nextcall": now, "active": False}, "stopped"),
        ):
            cron.write(values)
            self.env.invalidate_all()
            self.assertEqual(self._find(self.supervisor).health, health)

    def test_only_ours_and_only_for_those_who_supervise(self):
        actions = self._as(self.manager, self.env["shenpi.scheduled.action"]).search([])
        self.assertIn(self._find(self.manager).name, actions.mapped("name"))
        self.assertNotIn(self.env.ref("base.autovacuum_job"), actions.sudo().cron_id)
        with self.assertRaises(AccessError):
            self._find(self.clerk)
