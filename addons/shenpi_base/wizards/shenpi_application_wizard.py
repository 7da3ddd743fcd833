from odoo import fields, models


class ShenpiApplicationWizard(models.AbstractModel):
    """What every question about one application shows and checks.

    A wizard asks; the worker it calls (``_do_*`` of the application) checks state, role and content
    again, so that nothing depends on what a screen allowed.
    """

    _name = "shenpi.application.wizard"
    _description = "Question about an application"

    application_id = fields.Many2one("shenpi.application", required=True, ondelete="cascade")
    applicant_name = fields.Char(related="application_id.applicant_name")
    item_id = fields.Many2one(related="application_id.item_id")

    def _get_application(self):
        """The application, which the user must be able to read."""
        self.ensure_one()
        self.application_id.check_access("read")
        return self.application_id
