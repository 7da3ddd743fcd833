from odoo import api, models

from odoo.addons.shenpi_base.tools import barcodes

# Which services are rated by the code on which paper.
RATED_ON = {
    "filing": ("visit",),
    "refusal": ("case",),
    "delivery": ("case", "delivery"),
}


class ShenpiApplicationDocument(models.AbstractModel):
    """The code by which a service is rated, on the papers that end it."""

    _inherit = "shenpi.application.document"

    @api.model
    def _prepare(self, kind, application):
        page = super()._prepare(kind, application)
        if kind in RATED_ON:
            url = application._get_rating_url(*RATED_ON[kind])
            page["rating_qr"] = url and barcodes.qr(url)
        return page
