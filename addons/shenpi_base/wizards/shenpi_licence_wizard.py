from odoo import api, fields, models

ACTIONS = [
    ("suspend", "Suspend"),
    ("restore", "Lift the suspension"),
    ("revoke", "Revoke"),
    ("cancel", "Cancel by law"),
    ("correct_dates", "Correct the dates"),
]


class ShenpiLicenceWizard(models.TransientModel):
    """A decision about one licence, with its reasons."""

    _name = "shenpi.licence.wizard"
    _inherit = ["shenpi.document.wizard"]
    _description = "Decide about a licence"

    _document_field = "licence_id"

    licence_id = fields.Many2one("shenpi.licence", required=True, ondelete="cascade")
    holder_name = fields.Char(related="licence_id.holder_name")
    name = fields.Char(related="licence_id.name")
    old_valid_to = fields.Date(related="licence_id.valid_to", string="Valid until, so far")
    action = fields.Selection(ACTIONS, required=True, readonly=True)
    revocation_ground = fields.Selection(
        selection=lambda self: self._get_grounds("revocation_ground"), string="Ground (art. 69)"
    )
    cancellation_ground = fields.Selection(
        selection=lambda self: self._get_grounds("cancellation_ground"),
        string="Ground (art. 70)",
        compute="_compute_cancellation_ground",
        store=True,
        readonly=False,
        precompute=True,
    )
    must_revoke = fields.Boolean(compute="_compute_must_revoke")
    valid_to = fields.Date(string="Valid until", help="Empty: without limit.")
    reason = fields.Text(required=True)

    @api.model
    def _get_grounds(self, name):
        return self.env["shenpi.licence"]._fields[name]._description_selection(self.env)

    @api.depends("licence_id")
    def _compute_cancellation_ground(self):
        """The ground that the record shows."""
        for wizard in self:
            licence = wizard.licence_id
            shown = {"revoked": "revoked", "expired": "expired"}
            wizard.cancellation_ground = shown.get(licence.status, False)

    @api.depends("revocation_ground")
    def _compute_must_revoke(self):
        for wizard in self:
            wizard.must_revoke = wizard.revocation_ground in ("fraud", "false_commitment")

    def action_confirm(self):
        """Carry the decision out, and print what follows from it."""
        licence = self._get_document()
        if self.action == "revoke":
            licence._do_revoke(self.revocation_ground, self.reason)
            return licence.action_print_revocation()
        if self.action == "cancel":
            licence._do_cancel(self.cancellation_ground, self.reason)
            return licence.action_print_cancellation()
        if self.action == "correct_dates":
            licence._do_correct_dates(self.valid_to, self.reason)
        else:
            getattr(licence, f"_do_{self.action}")(self.reason)
        return {"type": "ir.actions.act_window_close"}
