from odoo import api, fields, models
from odoo.exceptions import UserError


class ShenpiDecisionWizard(models.TransientModel):
    """Decide an application (行政许可法 art. 38), or send it back to be reviewed again."""

    _name = "shenpi.decision.wizard"
    _inherit = ["shenpi.application.wizard"]
    _description = "Decide an application"

    proposed_outcome = fields.Selection(related="application_id.proposed_outcome")
    step_ids = fields.One2many(related="application_id.step_ids")
    has_review = fields.Boolean(compute="_compute_has_review")
    outcome = fields.Selection(
        [
            ("grant", "Grant"),
            ("deny", "Deny"),
            ("return", "Return to be reviewed again"),
        ],
        required=True,
        compute="_compute_outcome",
        store=True,
        readonly=False,
        precompute=True,
    )
    reason = fields.Text()
    purpose = fields.Selection(related="application_id.purpose")
    licence_base_number = fields.Char(related="application_id.licence_base_number")
    licence_scope = fields.Text(
        string="Scope",
        compute="_compute_terms",
        store=True,
        readonly=False,
        precompute=True,
        help="What the licence allows, as it is printed on it.",
    )
    licence_conditions = fields.Text(
        string="Conditions",
        compute="_compute_terms",
        store=True,
        readonly=False,
        precompute=True,
        help="What the licence is bound to, as it is printed on it.",
    )

    @api.depends("application_id")
    def _compute_has_review(self):
        for wizard in self:
            wizard.has_review = "review" in wizard.application_id.step_ids.mapped("kind")

    @api.depends("application_id")
    def _compute_outcome(self):
        """What the reviewers propose."""
        for wizard in self:
            wizard.outcome = wizard.application_id.proposed_outcome or "grant"

    @api.depends("application_id")
    def _compute_terms(self):
        """What was asked for, and what the licence is usually bound to."""
        for wizard in self:
            wizard.update(wizard.application_id._get_usual_terms())

    def action_confirm(self):
        """Decide, and print the decision.

        :raise ValidationError: a denial or return without reasons
        """
        application = self._get_application()
        if self.outcome == "return":
            if not self.has_review:
                raise UserError(self.env._("There is no review to return the case to."))
            application._do_review("return", self.reason or "")
            return {"type": "ir.actions.act_window_close"}
        makes_licence = self.outcome == "grant" and self.purpose != "cancel"
        names = ("licence_scope", "licence_conditions") if makes_licence else ()
        terms = {name: self[name] for name in names}
        application._do_decide(self.outcome, self.reason or "", terms=terms)
        return application.action_print_decision()
