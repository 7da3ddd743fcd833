from odoo import models


class ShenpiInspection(models.Model):
    """Orders about an inspection go to the department that inspects."""

    _name = "shenpi.inspection"
    _inherit = ["shenpi.inspection", "shenpi.supervised.mixin"]

    def _prepare_supervision_vals(self):
        vals = super()._prepare_supervision_vals()
        department = self.sudo().department_id
        return vals | {
            "application_id": self.sudo().application_id.id,
            "user_id": department.manager_id.id,
        }
