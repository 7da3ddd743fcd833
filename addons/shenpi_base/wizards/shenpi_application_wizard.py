from odoo import api, fields, models


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

    # A wizard shows who applied for what, and Odoo reads names along a Many2one with sudo: nobody
    # opens one, fills one in or keeps one on a case that he does not see.

    @api.constrains("application_id")
    def _check_application_id(self):
        # Constraints run with sudo.
        self.sudo(False).application_id.check_access("read")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        self._check_visible(values)
        return values

    def onchange(self, values, field_names, fields_spec):
        self._check_visible(values)
        return super().onchange(values, field_names, fields_spec)

    @api.model
    def _check_visible(self, values):
        application_id = values.get("application_id")
        self.env["shenpi.application"].browse(application_id or ()).check_access("read")

    def _get_application(self):
        """The application, which the user must be able to read."""
        self.ensure_one()
        self.application_id.check_access("read")
        return self.application_id
