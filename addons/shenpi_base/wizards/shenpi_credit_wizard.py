from odoo import api, fields, models


class ShenpiCreditWizard(models.TransientModel):
    """Note that an applicant has repaired his credit (信用修复)."""

    _name = "shenpi.credit.wizard"
    _description = "Note a credit repair"

    credit_id = fields.Many2one("shenpi.credit", required=True, ondelete="cascade")
    subject_name = fields.Char(related="credit_id.subject_name")
    grade = fields.Selection(related="credit_id.grade")
    ground = fields.Selection(related="credit_id.ground")
    repaired_on = fields.Date(
        required=True, default=lambda self: self.env["shenpi.credit"]._get_today()
    )
    reason = fields.Text(string="Why it was repaired", required=True)

    @api.constrains("credit_id")
    def _check_credit_id(self):
        # Constraints run with sudo.
        self.sudo(False).credit_id.check_access("read")

    def action_confirm(self):
        """Note the repair: the record no longer counts against the applicant."""
        self.ensure_one()
        self.credit_id.check_access("read")
        self.credit_id._do_repair(self.reason, self.repaired_on)
        return {"type": "ir.actions.act_window_close"}
