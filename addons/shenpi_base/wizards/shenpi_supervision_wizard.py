from odoo import api, fields, models

# Which answers a question needs.
WITH_DAYS = ("rectify", "send_back")


class ShenpiSupervisionWizard(models.TransientModel):
    """One question about one supervision order: the words, and where a new deadline is set, the
    days."""

    _name = "shenpi.supervision.wizard"
    _description = "Question about a supervision order"

    supervision_id = fields.Many2one("shenpi.supervision", required=True, ondelete="cascade")
    action = fields.Selection(
        [
            ("answer", "Answer"),
            ("rectify", "Ask to rectify"),
            ("send_back", "Send back"),
            ("check", "Check"),
            ("cancel", "Cancel"),
        ],
        required=True,
    )
    matter = fields.Char(related="supervision_id.matter")
    demand = fields.Text(related="supervision_id.demand")
    answer = fields.Text(related="supervision_id.answer", string="Answer")
    text = fields.Text(required=True)
    days = fields.Integer(string="Within (working days)", default=3, aggregator=None)

    @api.constrains("supervision_id")
    def _check_supervision_id(self):
        # Constraints run with sudo.
        self.sudo(False).supervision_id.check_access("read")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        order_id = values.get("supervision_id")
        self.env["shenpi.supervision"].browse(order_id or ()).check_access("read")
        return values

    def onchange(self, values, field_names, fields_spec):
        order_id = values.get("supervision_id")
        self.env["shenpi.supervision"].browse(order_id or ()).check_access("read")
        return super().onchange(values, field_names, fields_spec)

    def action_confirm(self):
        """Pass the answer to the order's worker, which checks everything once more."""
        self.ensure_one()
        order = self.supervision_id
        order.check_access("read")
        details = (self.text, self.days) if self.action in WITH_DAYS else (self.text,)
        getattr(order, f"_do_{self.action}")(*details)
        return {"type": "ir.actions.act_window_close"}
