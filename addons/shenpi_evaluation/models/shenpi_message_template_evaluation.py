from odoo import api, models

# They stay in the text of a message until it is sent: whoever reads the message in the log could
# rate in the place of others, or ask about their grievance.
RATING_LINK = "rating_link"
QUERY_CODE = "query_code"
# Occasions that are no transition of a document.
INVITE = "shenpi.rating.invite"
ASK_AGAIN = "shenpi.rating.again"
ANSWERED = "shenpi.grievance.approve_reply"
TAKEN_IN = "shenpi.grievance.receive"


class ShenpiMessageTemplate(models.Model):
    """The occasions and placeholders of ratings and grievances."""

    _inherit = "shenpi.message.template"

    @api.model
    def _get_placeholders(self):
        return (*super()._get_placeholders(), RATING_LINK, QUERY_CODE)

    @api.model
    def _get_further_event_keys(self):
        """A call-back ends in one of two more ways than its transition has names."""
        name = self.env["ir.model"]._get("shenpi.grievance").name
        actions = dict(self.env["shenpi.event"]._fields["action"]._description_selection(self.env))
        return [
            *super()._get_further_event_keys(),
            (INVITE, self.env._("Rating: a service has ended")),
            (ASK_AGAIN, self.env._("Rating: a bad rating has been dealt with")),
            *(
                (f"shenpi.grievance.{action}", f"{name}: {actions[action]}")
                for action in ("reopen", "escalate")
            ),
        ]
