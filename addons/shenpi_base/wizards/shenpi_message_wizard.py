from odoo import api, fields, models


class ShenpiMessageWizard(models.TransientModel):
    """Send a message again: why, and, if the first address was wrong, where to."""

    _name = "shenpi.message.wizard"
    _description = "Send a message again"

    message_id = fields.Many2one("shenpi.message", required=True, ondelete="cascade")
    receiver_name = fields.Char(related="message_id.receiver_name")
    channel = fields.Selection(related="message_id.channel")
    body = fields.Text(related="message_id.body")
    address = fields.Char(
        string="Other number or address", help="Empty: to the same one as before."
    )
    reason = fields.Char(required=True)

    @api.constrains("message_id")
    def _check_message_id(self):
        # Constraints run with sudo.
        self.sudo(False).message_id.check_access("read")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        self.env["shenpi.message"].browse(values.get("message_id") or ()).check_access("read")
        return values

    def onchange(self, values, field_names, fields_spec):
        self.env["shenpi.message"].browse(values.get("message_id") or ()).check_access("read")
        return super().onchange(values, field_names, fields_spec)

    def action_confirm(self):
        """Put it into the outbox again."""
        self.ensure_one()
        self.message_id._do_send_again(self.reason, self.address)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
