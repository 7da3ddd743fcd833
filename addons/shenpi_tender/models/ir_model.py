from odoo import models


class IrModel(models.Model):
    _inherit = "ir.model"

    def _compute_count(self):  # pylint: disable=missing-return
        """Of our rows only those are counted that the reader may see: Odoo counts the table, and
        how many have registered or paid is sealed."""
        super()._compute_count()
        for model in self.filtered(lambda model: model.count and model.model.startswith("shenpi.")):
            rows = self.env[model.model].with_context(active_test=False)
            model.count = rows.search_count([]) if rows.has_access("read") else 0
