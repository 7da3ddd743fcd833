from odoo import fields, models


class ShenpiApplicationWizard(models.AbstractModel):
    """What every question about one application shows and checks."""

    _name = "shenpi.application.wizard"
    _inherit = ["shenpi.document.wizard"]
    _description = "Question about an application"

    _document_field = "application_id"

    application_id = fields.Many2one("shenpi.application", required=True, ondelete="cascade")
    applicant_name = fields.Char(related="application_id.applicant_name")
    item_id = fields.Many2one(related="application_id.item_id")

    def _get_application(self):
        """The application, which the user must be able to read."""
        return self._get_document()
