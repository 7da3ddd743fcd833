from odoo import models
from odoo.exceptions import AccessError

from ..tools.roles import EVALUATORS
from .shenpi_grievance import TITLE_LENGTH


class ShenpiRatingCase(models.Model):
    """A bad rating that asks for more than its own handling becomes a grievance."""

    _inherit = "shenpi.rating.case"

    def action_open_grievance(self):
        """The grievance that arose from this case; it is opened when there is none.

        :raise AccessError: the user is no officer, or the rating is about him
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_groups(EVALUATORS):
            raise AccessError(self.env._("Grievances are opened from ratings by the desk."))
        if self.sudo().rating_id._concerns(self.env.user):
            raise AccessError(self.env._("Nobody handles what was said of himself."))
        grievance = self.env["shenpi.grievance"]._open_from_rating(self)
        return {
            "type": "ir.actions.act_window",
            "res_model": grievance._name,
            "res_id": grievance.id,
            "views": [(False, "form")],
        }

    def _prepare_grievance_vals(self):
        """What is known: the words, whom it is about, and of a real-name rater who he is."""
        case = self.sudo()
        vals = {
            "title": self.env._("Bad rating %s", case.number)[:TITLE_LENGTH],
            "text": case.text or case.display_name,
            "company_id": case.company_id.id,
            "window_id": case.window_id.id,
            "accused_user_id": case.clerk_id.id,
            "application_id": case.service_id.application_id.id,
        }
        rating = case.rating_id
        if not rating.anonymous:
            if rating.rater_name_raw:
                vals["complainant_name"] = rating.rater_name_raw
            if rating.rater_phone_raw:
                vals["complainant_phone"] = rating.rater_phone_raw
        return vals
