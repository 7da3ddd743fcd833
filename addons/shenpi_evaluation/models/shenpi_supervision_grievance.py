from odoo import models


class ShenpiSupervision(models.Model):
    """Orders about grievances name them by their number: those who read the order may be the ones
    complained of."""

    _inherit = "shenpi.supervision"

    def _compute_document_name(self):
        result = super()._compute_document_name()
        for order in self.filtered(lambda o: o.document_model == "shenpi.grievance"):
            order.document_name = order.sudo()._get_subject().number
        return result
