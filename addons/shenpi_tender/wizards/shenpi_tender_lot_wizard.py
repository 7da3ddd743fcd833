from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ShenpiTenderLotWizard(models.TransientModel):
    """What an event of a lot asks for: the new deadline, the winners, or the reason."""

    _name = "shenpi.tender.lot.wizard"
    _inherit = ["shenpi.document.wizard"]
    _description = "Event of a lot"

    _document_field = "lot_id"

    lot_id = fields.Many2one("shenpi.tender.lot", required=True, ondelete="cascade")
    action = fields.Selection(
        [
            ("change_deadline", "Change the deadline"),
            ("award", "Award notice"),
            ("fail_lot", "Failed"),
            ("terminate_lot", "Terminated"),
        ],
        required=True,
    )
    deadline = fields.Datetime(string="New deadline")
    opening_at = fields.Datetime(string="New opening")
    winner_ids = fields.Many2many(
        "shenpi.deposit",
        string="Winners",
        domain="[('lot_id', '=', lot_id), ('state', '=', 'effective')]",
        help="Empty when the winner secured his bid by a guarantee.",
    )
    currency_id = fields.Many2one(related="lot_id.currency_id")
    award_amount = fields.Monetary(help="Empty: entered nowhere; statistics leave the lot out.")
    reason = fields.Text()

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        lot = self.env["shenpi.tender.lot"].browse(values.get("lot_id"))
        if values.get("action") == "change_deadline" and lot:
            values |= {"deadline": lot.deadline, "opening_at": lot.opening_at}
        return values

    def action_confirm(self):
        """Enter the event."""
        lot = self._get_document()
        if self.action == "award":
            if self.award_amount < 0:
                raise ValidationError(self.env._("amount: must not be negative."))
            lot._do_award(self.winner_ids, amount=self.award_amount)
        elif not self.reason:
            raise ValidationError(self.env._("reason: is required."))
        elif self.action == "change_deadline":
            if not self.deadline or not self.opening_at:
                raise ValidationError(self.env._("deadline: is required."))
            lot._do_change_deadline(self.deadline, self.opening_at, self.reason)
        else:
            lot._do_end(self.action, self.reason)
        return {"type": "ir.actions.act_window_close"}
