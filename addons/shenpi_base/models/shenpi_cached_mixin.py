from odoo import api, models


class ShenpiCachedMixin(models.AbstractModel):
    """Rows that are read for nearly everything and seldom change: what is cached of them is
    forgotten, in every process, when one changes."""

    _name = "shenpi.cached.mixin"
    _description = "Rows that are cached"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
