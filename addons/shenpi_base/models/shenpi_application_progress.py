from odoo import api, models
from odoo.tools import format_date

from ..tools.localtime import local_date

MAX_TOKEN_LENGTH = 64


class ShenpiApplication(models.Model):
    """What anybody who holds the receipt may see of an application: where it stands and what comes
    next. Never a name, a number of a person, an opinion or what was written in a form."""

    _inherit = "shenpi.application"

    @api.model
    def _find_by_token(self, token):
        """The application of a progress page, as sudo; empty when there is none."""
        if not token or len(token) > MAX_TOKEN_LENGTH:
            return self.browse()
        return self.sudo().search([("progress_token", "=", token)], limit=1)

    def _get_progress(self):
        """The public view: item, bureau, short number, state, next, stages, contact."""
        self.ensure_one()
        item = self.item_id
        headline, following = self._describe_progress()
        contact = [
            (self.env._("Where"), item.place),
            (self.env._("Office hours"), item.office_hours),
            (self.env._("Information phone"), item.consult_phone),
            (
                self.env._("Complaints"),
                item.complaint_phone or self.company_id.shenpi_complaint_phone,
            ),
        ]
        return {
            "item": item.name,
            "bureau": self.company_id.name,
            "number": self.number_short,
            "headline": headline,
            "next": following,
            "stages": self._get_progress_stages(),
            "contact": [row for row in contact if row[1]],
        }

    def _describe_progress(self):
        """State and next step in the applicant's words."""
        describe = getattr(self, f"_describe_progress_{self.state}", None)
        return describe() if describe else self._describe_progress_handling()

    def _describe_progress_received(self):
        return self.env._("Received"), self.env._(
            "We are checking whether everything is there. You will hear from us by %s.",
            self._show_long(self.correction_due_date),
        )

    def _describe_progress_correcting(self):
        return self.env._("Waiting for your supplement"), self.env._(
            "Please hand in everything that the correction notice asks for."
        )

    def _describe_progress_handling(self):
        return self.env._("Being handled"), self.env._(
            "Nothing is needed from you. We have promised a decision by %s.",
            self._show_long(self.promised_due_date or self.statutory_due_date),
        )

    def _describe_progress_granted(self):
        return self.env._("Granted"), self.env._(
            "The result is being made and will be handed over by %s.",
            self._show_long(self.delivery_due_date),
        )

    def _describe_progress_denied(self):
        return self.env._("Not granted"), self.env._(
            "The decision, with its reasons and your rights, will be handed over by %s.",
            self._show_long(self.delivery_due_date),
        )

    def _describe_progress_closed(self):
        return self.env._("Closed"), self.env._("The result has been handed over.")

    def _describe_progress_not_accepted(self):
        return self.env._("Not accepted"), self.env._(
            "The reasons, and what you can do, are in the written decision."
        )

    def _describe_progress_withdrawn(self):
        return self.env._("Withdrawn"), self.env._("You may apply again at any time.")

    def _describe_progress_terminated(self):
        return self.env._("Terminated"), self.env._("Please ask the bureau if you have questions.")

    def _get_progress_stages(self):
        """The stations of the road: name, date, and whether it is done, current or to come."""
        dates = [
            (self.env._("Filing"), self.received_at),
            (self.env._("Acceptance"), self.accepted_date),
            (self.env._("Decision"), self.decided_at),
            (self.env._("Delivery"), self.delivered_at),
        ]
        stopped = self.state in ("not_accepted", "withdrawn", "terminated")
        stages, current = [], False
        for name, moment in dates:
            status = "done" if moment else "todo"
            if not moment and not current and not stopped:
                status, current = "current", True
            if moment or not stopped:
                stages.append({"name": name, "date": self._show_long(moment), "status": status})
        return stages

    def _show_long(self, moment):
        if not moment:
            return ""
        day = local_date(moment) if hasattr(moment, "hour") else moment
        return format_date(self.env, day, date_format="long")
