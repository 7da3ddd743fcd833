from odoo import api, fields, models


class ShenpiBundleCaseWizard(models.TransientModel):
    """Withdraw a bundle case, or extend its joint limit; the worker checks role and content."""

    _name = "shenpi.bundle.case.wizard"
    _description = "Question about a bundle case"

    case_id = fields.Many2one("shenpi.bundle.case", required=True, ondelete="cascade")
    operation = fields.Selection([("withdraw", "Withdraw"), ("extend", "Extend")], required=True)
    days = fields.Integer(default=15)
    approval_ref = fields.Char(
        string="Number of the approval",
        help="Number of the approval by the head of the local government (art. 42).",
    )
    reason = fields.Text(required=True)

    @api.constrains("case_id")
    def _check_case_id(self):
        # Constraints run with sudo.
        self.sudo(False).case_id.check_access("read")

    def action_confirm(self):
        """Do it.

        :raise UserError: the case is not in the state for it
        """
        self.ensure_one()
        if self.operation == "extend":
            return self.case_id._do_extend(self.days, self.approval_ref, self.reason)
        return self.case_id._do_withdraw(self.reason)
