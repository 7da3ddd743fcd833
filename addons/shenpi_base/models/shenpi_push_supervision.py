from odoo import models


class ShenpiPush(models.Model):
    """Orders about what was passed on to a regulator go to that regulator, who is to sign for it
    and to report."""

    _name = "shenpi.push"
    _inherit = ["shenpi.push", "shenpi.supervised.mixin"]

    def _prepare_supervision_vals(self):
        vals = super()._prepare_supervision_vals()
        push = self.sudo()
        return vals | {
            "application_id": push.application_id.id,
            "department_id": push.regulator_id.id,
            "user_id": push.regulator_id.manager_id.id,
        }
