from odoo import models, tools

from ..tools import rmb


class ResCurrency(models.Model):
    _inherit = "res.currency"

    def amount_to_text(self, amount):
        """Yuan in Chinese capitals (人民币大写) for Chinese readers, as on receipts and refunds:
        人民币壹佰零柒元伍角叁分. Everything else as Odoo writes it.

        :param float amount: in the currency's unit; rounded to two places
        """
        self.ensure_one()
        if self.name == "CNY" and tools.get_lang(self.env).code.startswith("zh"):
            return rmb.to_currency(f"{amount:.2f}")
        return super().amount_to_text(amount)
