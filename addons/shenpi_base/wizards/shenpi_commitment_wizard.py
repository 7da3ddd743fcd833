from odoo import api, fields, models


class ShenpiCommitmentWizard(models.TransientModel):
    """What the verification of a commitment found, or who is to verify it."""

    _name = "shenpi.commitment.wizard"
    _description = "Outcome of a verification"

    commitment_id = fields.Many2one("shenpi.commitment", required=True, ondelete="cascade")
    applicant_name = fields.Char(related="commitment_id.applicant_name")
    item_id = fields.Many2one(related="commitment_id.item_id")
    licence_id = fields.Many2one(related="commitment_id.licence_id")
    content = fields.Text(related="commitment_id.content")
    standard = fields.Text(related="commitment_id.standard")
    method = fields.Selection(related="commitment_id.method")
    outcome = fields.Selection(
        [
            ("assign", "Assign"),
            ("confirm", "True"),
            ("rectify", "To be rectified by a day"),
            ("report_false", "False: report it for decision"),
            ("revoke", "False: revoke the decision and the licence"),
        ],
        required=True,
    )
    allowed = fields.Json(compute="_compute_allowed")
    user_id = fields.Many2one("res.users", string="Assigned to", domain="[('share', '=', False)]")
    findings = fields.Text(string="Findings of the verification")
    rectify_by = fields.Date()

    @api.depends("commitment_id")
    def _compute_allowed(self):
        for wizard in self:
            allowed = wizard.commitment_id and wizard.commitment_id._get_allowed_actions()
            order = ("confirm", "rectify", "report_false", "revoke")
            wizard.allowed = [action for action in order if action in (allowed or ())]

    @api.constrains("commitment_id")
    def _check_commitment_id(self):
        # Constraints run with sudo.
        self.sudo(False).commitment_id.check_access("read")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        self._check_visible(values)
        return values

    def onchange(self, values, field_names, fields_spec):
        self._check_visible(values)
        return super().onchange(values, field_names, fields_spec)

    @api.model
    def _check_visible(self, values):
        commitment_id = values.get("commitment_id")
        self.env["shenpi.commitment"].browse(commitment_id or ()).check_access("read")

    def action_confirm(self):
        """Enter the outcome, and print the order or decision that follows from it.

        :raise ValidationError: the findings are empty, or the day of rectification is missing
        """
        self.ensure_one()
        commitment = self.commitment_id
        commitment.check_access("read")
        if self.outcome == "rectify":
            commitment._do_rectify(self.findings, self.rectify_by)
            return commitment.action_print_rectification()
        if self.outcome == "revoke":
            commitment._do_revoke(self.findings)
            return commitment.action_print_revocation()
        if self.outcome == "assign":
            commitment._do_assign(self.user_id)
        else:
            getattr(commitment, f"_do_{self.outcome}")(self.findings)
        return {"type": "ir.actions.act_window_close"}
