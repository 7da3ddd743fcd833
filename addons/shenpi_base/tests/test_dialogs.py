from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ShenpiCommon


@tagged("post_install", "-at_install")
class TestDialogs(ShenpiCommon):
    """A dialog is for whoever opened it, whatever his groups."""

    def test_nobody_reads_what_another_one_is_entering(self):
        manager = self.users["manager"]
        other = self._create_user("t_manager_of_dialogs", "manager")
        dialog = self.env["shenpi.workday.wizard"].with_user(manager).create({})
        self.assertTrue(dialog.year)
        self.assertNotIn(dialog, dialog.with_user(other).search([]))
        with self.assertRaises(AccessError):
            dialog.with_user(other).read(["year"])
        with self.assertRaises(AccessError):
            dialog.with_user(other).write({"year": 2030})

    def test_no_dialog_of_ours_is_left_out(self):
        rules = self.env["ir.rule"].with_user(self.users["manager"])
        for name, model in self.env.registry.items():
            if not name.startswith("shenpi.") or model._abstract:
                continue
            own = "create_uid" in str(rules._compute_domain(name))
            self.assertTrue(own or not model._transient, name)
