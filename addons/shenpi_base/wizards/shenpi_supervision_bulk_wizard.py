from odoo import api, fields, models
from odoo.exceptions import UserError


class ShenpiSupervisionBulkWizard(models.TransientModel):
    """Dispatch several orders, or issue one about each of several applications."""

    _name = "shenpi.supervision.bulk.wizard"
    _inherit = ["shenpi.selection.wizard"]
    _description = "Dispatch several supervision orders"

    supervision_ids = fields.Many2many(
        "shenpi.supervision",
        "shenpi_supervision_bulk_order_rel",
        "wizard_id",
        "supervision_id",
        string="Orders",
    )
    application_ids = fields.Many2many(
        "shenpi.application",
        "shenpi_supervision_bulk_application_rel",
        "wizard_id",
        "application_id",
        string="Applications",
        default=lambda self: self._get_selected_applications(),
    )
    selected_count = fields.Integer(string="Selected", compute="_compute_selected_count")
    kind = fields.Selection(
        selection=lambda self: self._get_options("kind"), string="Signal", default="overdue"
    )
    severity = fields.Selection(
        selection=lambda self: self._get_options("severity"), default="reminder"
    )
    demand = fields.Text(string="What is asked")
    due_days = fields.Integer(string="Answer within (working days)", default=3, aggregator=None)
    line_ids = fields.One2many("shenpi.supervision.bulk.wizard.line", "wizard_id", readonly=True)

    @api.model
    def _get_options(self, name):
        return self.env["shenpi.supervision"]._fields[name]._description_selection(self.env)

    @api.model
    def _get_selected_applications(self):
        if self.env.context.get("active_model") != "shenpi.application":
            return False
        return [fields.Command.set(self.env.context.get("active_ids", []))]

    @api.depends("supervision_ids", "application_ids")
    def _compute_selected_count(self):
        for wizard in self:
            wizard.selected_count = len(wizard.supervision_ids) + len(wizard.application_ids)

    @api.constrains("supervision_ids", "application_ids")
    def _check_selected(self):
        wizards = self.sudo(False)
        wizards.supervision_ids.check_access("read")
        wizards.application_ids.check_access("read")

    def action_confirm(self):
        """Handle every record, then show what was refused and why."""
        return self._work_on([*self.supervision_ids, *self.application_ids])

    def _apply(self, record):
        record.check_access("read")
        if record._name == "shenpi.supervision":
            record._do_dispatch()
            return
        if record.state == "draft":
            raise UserError(self.env._("A draft has not been received yet."))
        record.env["shenpi.supervision"]._issue(
            record,
            kind=self.kind,
            severity=self.severity,
            demand=self.demand,
            due_days=self.due_days,
        )
