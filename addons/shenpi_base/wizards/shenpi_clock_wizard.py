from odoo import api, fields, models


class ShenpiClockWizard(models.TransientModel):
    """Correct a clock entry that was wrong, or strike it out; both versions stay on record."""

    _name = "shenpi.clock.wizard"
    _inherit = ["shenpi.application.wizard"]
    _description = "Correct a clock entry"

    entry_id = fields.Many2one("shenpi.application.clock", required=True, ondelete="cascade")
    kind = fields.Selection(related="entry_id.kind", string="Kind")
    old_moment = fields.Datetime(related="entry_id.happened_at", string="Recorded as")
    old_measure = fields.Char(related="entry_id.measure", string="Content")
    struck = fields.Boolean(
        string="Strike it out",
        help="It should not have been there at all; with a stop of the clock, its resume goes too.",
    )
    happened_at = fields.Datetime(
        string="Happened on", compute="_compute_values", store=True, readonly=False, precompute=True
    )
    planned_days = fields.Integer(
        string="Working days planned",
        compute="_compute_values",
        store=True,
        readonly=False,
        precompute=True,
        aggregator=None,
    )
    days = fields.Integer(
        string="Days added",
        compute="_compute_values",
        store=True,
        readonly=False,
        precompute=True,
        aggregator=None,
    )
    reason = fields.Text(string="Reason of the correction", required=True)

    @api.depends("entry_id")
    def _compute_values(self):
        for wizard in self:
            wizard.happened_at = wizard.entry_id.happened_at
            wizard.planned_days = wizard.entry_id.planned_days
            wizard.days = wizard.entry_id.days

    @api.model
    def _check_visible(self, values):
        entry_id = values.get("entry_id")
        self.env["shenpi.application.clock"].browse(entry_id or ()).check_access("read")
        return super()._check_visible(values)

    @api.constrains("entry_id")
    def _check_entry_id(self):
        # Constraints run with sudo.
        self.entry_id.sudo(False).check_access("read")

    def action_confirm(self):
        """Correct the entry; the dates of the case follow."""
        application = self._get_application()
        values = {"happened_at": self.happened_at}
        if self.kind == "pause":
            values["planned_days"] = self.planned_days
        elif self.kind == "extend":
            values["days"] = self.days
        entry = self.entry_id.with_env(self.env)
        application._do_correct_clock(entry, self.reason, struck=self.struck, **values)
        return {"type": "ir.actions.act_window_close"}
