from odoo import api, models


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    @api.model
    def _get_whole_page_formats(self):
        formats = super()._get_whole_page_formats()
        return formats | self.env.ref("shenpi_evaluation.paperformat_slip")
