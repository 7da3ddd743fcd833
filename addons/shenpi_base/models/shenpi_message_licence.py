from odoo import api, models

from .shenpi_licence_contact_raise import EVENT_KEY

# What the state of a message means for the contact that it was sent for.
CONTACT_STATES = {
    "pending": "sending",
    "held": "sending",
    "sent": "sent",
    "delivered": "sent",
    "failed": "failed",
}


class ShenpiMessage(models.Model):
    """What becomes of a message to a licence holder is noted on its contact and in the ledger."""

    _inherit = "shenpi.message"

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self.contact_id._note_sending(CONTACT_STATES[vals["state"]])
        return result


class ShenpiMessageTemplate(models.Model):
    _inherit = "shenpi.message.template"

    @api.model
    def _get_further_event_keys(self):
        keys = super()._get_further_event_keys()
        return [*keys, (EVENT_KEY, self.env._("Licence: reminder of the renewal"))]
