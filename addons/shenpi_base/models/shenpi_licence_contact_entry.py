from odoo import fields, models

from .shenpi_licence_reminder import OUTCOMES


class ShenpiLicenceContactEntry(models.Model):
    """One attempt to reach a licence holder: who, when, how, and what came of it. Written once,
    read by whoever reads the contact."""

    _name = "shenpi.licence.contact.entry"
    _inherit = ["shenpi.append.only"]
    _description = "Attempt to reach a licence holder"
    _order = "id desc"
    _rec_name = "happened_at"

    contact_id = fields.Many2one(
        "shenpi.licence.contact",
        string="Contact task",
        required=True,
        index=True,
        ondelete="restrict",
    )
    happened_at = fields.Datetime(string="When", required=True)
    user_id = fields.Many2one("res.users", string="By", required=True, ondelete="restrict")
    channel = fields.Selection(
        selection=lambda self: (
            self.env["shenpi.licence.contact"]._fields["channel"]._description_selection(self.env)
        ),
        string="Way",
        required=True,
    )
    outcome = fields.Selection(OUTCOMES, string="Answer", required=True)
    answer = fields.Text(string="In his words")
