from odoo import api, models
from odoo.fields import Domain


class IrRule(models.Model):
    _inherit = "ir.rule"

    @api.model
    def _compute_domain(self, model_name, mode="read"):
        """A dialog of ours is for whoever opened it. Odoo lets everybody who has access to a
        transient model read all of its rows: what others are writing, and about whom."""
        domain = super()._compute_domain(model_name, mode)
        if self.env.su or not (
            model_name.startswith("shenpi.") and self.env[model_name]._transient
        ):
            return domain
        return domain & Domain("create_uid", "=", self.env.uid)
