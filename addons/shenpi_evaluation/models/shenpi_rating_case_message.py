from datetime import timedelta

from odoo import fields, models

from .shenpi_message_template_evaluation import ASK_AGAIN

# How long somebody may rate once more after a bad rating has been dealt with.
SECOND_DAYS = 30


class ShenpiRatingCase(models.Model):
    """How somebody is asked to rate once more."""

    _inherit = "shenpi.rating.case"

    def _send_second_token(self):
        """Let whoever rated badly rate once more, by SMS to the number he gave. The message is
        about this case and not about the application: who reads that may be who was rated."""
        self.ensure_one()
        until = fields.Datetime.now() + timedelta(days=SECOND_DAYS)
        token = self.env["shenpi.rating.token"]._issue(self.service_id, "second", until)
        self.env["shenpi.message"]._notify(self, ASK_AGAIN)._hand_over(token)
