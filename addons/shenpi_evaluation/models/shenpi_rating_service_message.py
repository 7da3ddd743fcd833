from datetime import timedelta

from odoo import fields, models

from .shenpi_message_template_evaluation import INVITE


class ShenpiRatingService(models.Model):
    """How those who were served are asked to rate."""

    _inherit = "shenpi.rating.service"

    def _invite(self):
        """Ask the applicants of cases, and the investors of projects, that have just ended to rate
        them.

        Whoever stood at the window has the code on his receipt; what was entered long after it
        happened is not asked for any more.
        """
        if not self.env["res.company"]._get_messaging_ids():
            return
        for service in self.filtered(lambda s: s.res_id and s.kind != "visit"):
            lag = fields.Datetime.now() - service.finished_at
            if lag <= timedelta(days=service.company_id.shenpi_message_days):
                service._send_invitation()

    def _send_invitation(self):
        self.ensure_one()
        document = self.env[self.res_model].browse(self.res_id)
        told = self.env["shenpi.message"]._notify(document, INVITE, occasion=f"service/{self.id}")
        told._hand_over(self.token_ids.filtered(lambda token: token.turn == "first"))
