from odoo import api, fields, models

from ..models.shenpi_licence_reminder import OUTCOMES


class ShenpiLicenceContactWizard(models.TransientModel):
    """Note what a licence holder answered, in his words, or when to try again."""

    _name = "shenpi.licence.contact.wizard"
    _description = "Note the answer of a licence holder"

    contact_id = fields.Many2one("shenpi.licence.contact", required=True, ondelete="cascade")
    holder_name = fields.Char(related="contact_id.holder_name")
    phone = fields.Char(related="contact_id.phone", compute_sudo=False)
    licence_text = fields.Char(related="contact_id.licence_text")
    outcome = fields.Selection(OUTCOMES, string="Answer", required=True, default="renewing")
    answer = fields.Text(string="In his words")
    next_date = fields.Date(string="Try again on", help="Empty: on the next working day.")

    @api.constrains("contact_id")
    def _check_contact_id(self):
        # Constraints run with sudo.
        self.sudo(False).contact_id.check_access("read")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        self.env["shenpi.licence.contact"].browse(values.get("contact_id") or ()).check_access(
            "read"
        )
        return values

    def onchange(self, values, field_names, fields_spec):
        self.env["shenpi.licence.contact"].browse(values.get("contact_id") or ()).check_access(
            "read"
        )
        return super().onchange(values, field_names, fields_spec)

    def action_confirm(self):
        """Note it."""
        self.ensure_one()
        next_date = self.next_date if self.outcome == "unreachable" else None
        self.contact_id._record(self.outcome, self.answer or "", next_date or None)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
