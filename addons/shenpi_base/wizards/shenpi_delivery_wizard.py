from odoo import api, fields, models


class ShenpiDeliveryWizard(models.TransientModel):
    """Hand the result over and close the case (行政许可法 art. 44)."""

    _name = "shenpi.delivery.wizard"
    _inherit = ["shenpi.application.wizard"]
    _description = "Deliver the result"

    delivery_due_date = fields.Date(related="application_id.delivery_due_date")
    licence_id = fields.Many2one(related="application_id.licence_id")
    method = fields.Selection(
        selection=lambda self: self._get_methods(),
        string="How it is delivered",
        required=True,
        default="window",
    )
    tracking = fields.Char(string="Tracking number")

    @api.model
    def _get_methods(self):
        field = self.env["shenpi.application"]._fields["delivery_method"]
        return field._description_selection(self.env)

    def action_confirm(self):
        """Note the delivery, and print the slip that the receiver signs."""
        application = self._get_application()
        application._do_deliver(self.method, self.tracking or "")
        return application.action_print_delivery()
