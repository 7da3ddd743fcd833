from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .shenpi_tender_lot_flow import CASHIER, MANAGER


class ShenpiRefundDelay(models.Model):
    """Days on which the bidder himself held up his refund: the penalty for a late one does not run
    on them. Entered with the reason by cashier or trade manager, and never changed: all who handle
    money read it."""

    _name = "shenpi.refund.delay"
    _description = "Delay by the bidder"
    _order = "date_from, id"
    _rec_name = "reason"

    refund_id = fields.Many2one("shenpi.refund", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="refund_id.company_id", store=True, index=True)
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="Last day", required=True)
    reason = fields.Char(required=True, help="What the bidder did or left undone.")

    _in_order = models.Constraint(
        "CHECK (date_to >= date_from)", "Last day: lies before the first day."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Enter delays; the penalty of refunds that were paid late is reckoned again."""
        if not any(self.env.user.has_group(group) for group in (CASHIER, MANAGER)):
            raise AccessError(self.env._("Delays are entered by cashier or trade manager."))
        delays = super().create(vals_list)
        delays.refund_id.check_access("read")
        for delay in delays:
            if delay.refund_id.state == "dropped":
                raise UserError(self.env._("refund: has been dropped."))
        delays.refund_id.sudo()._reckon_penalty()
        return delays

    def write(self, vals):
        if not self.env.su:
            raise AccessError(self.env._("Delays are entered, never changed."))
        return super().write(vals)
