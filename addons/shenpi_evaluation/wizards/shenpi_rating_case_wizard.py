from odoo import fields, models
from odoo.exceptions import ValidationError

# What the worker of an action is given beside the text.
DETAILS = {
    "contact": ("way",),
    "rectify": ("days",),
    "send_back": ("days",),
    "appeal": ("ground",),
    "visit": ("result",),
}
ANONYMOUS = "anonymous"


class ShenpiRatingCaseWizard(models.TransientModel):
    """One question about one bad-rating case: the words, and what else its action asks for."""

    _name = "shenpi.rating.case.wizard"
    _inherit = ["shenpi.document.wizard"]
    _description = "Question about a bad-rating case"

    _document_field = "case_id"

    case_id = fields.Many2one("shenpi.rating.case", required=True, ondelete="cascade")
    action = fields.Selection(
        [
            ("contact", "Contact"),
            ("settle", "Explained"),
            ("rectify", "Ask to rectify"),
            ("rectified", "Report as rectified"),
            ("send_back", "Send back"),
            ("verify", "Verify"),
            ("appeal", "Appeal"),
            ("uphold", "Uphold the appeal"),
            ("overrule", "Refuse the appeal"),
            ("visit", "Follow-up visit"),
            ("draft_reply", "Public reply"),
        ],
        required=True,
    )
    anonymous = fields.Boolean(related="case_id.anonymous")
    said = fields.Text(related="case_id.text", string="What was said")
    demand = fields.Text(related="case_id.demand")
    measure = fields.Text(related="case_id.measure")
    appeal_text = fields.Text(related="case_id.appeal_text")
    way = fields.Selection(selection=lambda self: self._get_ways(), string="How")
    ground = fields.Selection(selection=lambda self: self._get_options("appeal_ground"))
    result = fields.Selection(
        selection=lambda self: self._get_options("visit_result"), string="What is said now"
    )
    text = fields.Text(required=True)
    days = fields.Integer(
        string="Within (working days)",
        default=lambda self: self.env.company.shenpi_rating_rectify_days,
        aggregator=None,
    )

    def _get_ways(self):
        """How somebody who gave his name is contacted; of the others nobody asks."""
        return [(key, label) for key, label in self._get_options("contact_way") if key != ANONYMOUS]

    def _get_options(self, name):
        return self.env["shenpi.rating.case"]._fields[name]._description_selection(self.env)

    def action_confirm(self):
        """Pass the answer to the case's worker, which checks everything once more."""
        case = self._get_document()
        details = {name: self[name] for name in DETAILS.get(self.action, ())}
        if self.anonymous and "way" in details:
            details["way"] = ANONYMOUS
        for name, value in details.items():
            if not value:
                field = self._fields[name]._description_string(self.env)
                raise ValidationError(self.env._("%s: is required.", field))
        getattr(case, f"_do_{self.action}")(text=self.text, **details)
        return {"type": "ir.actions.act_window_close"}
