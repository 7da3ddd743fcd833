from odoo import fields, models
from odoo.exceptions import UserError


class ShenpiLadderRung(models.Model):
    """A rung that reminds the applicant himself."""

    _inherit = "shenpi.ladder.rung"

    action = fields.Selection(
        selection_add=[("applicant", "Remind the applicant")],
        ondelete={"applicant": "cascade"},
    )

    def _do_applicant(self, document):
        """Remind the applicant of the materials he promised; the handler sees that it was done, or
        that he is to call, where the bureau sends no messages or knows no address."""
        if not getattr(document, "deferral_due_date", False):
            raise UserError(self.env._("This document has nothing to remind an applicant of."))
        sent = document._remind_of_promises(self)
        people, told = self._tell("handler", document)
        if sent:
            return people, self.env._("The applicant has been reminded. %s", told)
        return people, self.env._("No message could be sent: please call the applicant. %s", told)
