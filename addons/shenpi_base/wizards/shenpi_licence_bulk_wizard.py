from odoo import api, fields, models


class ShenpiLicenceBulkWizard(models.TransientModel):
    """Cancel several licences 注销, as a rule those that expired and were not renewed."""

    _name = "shenpi.licence.bulk.wizard"
    _inherit = ["shenpi.selection.wizard"]
    _description = "Cancel several licences"

    licence_ids = fields.Many2many(
        "shenpi.licence",
        "shenpi_licence_bulk_wizard_rel",
        "wizard_id",
        "licence_id",
        string="Licences",
    )
    selected_count = fields.Integer(string="Selected", compute="_compute_selected_count")
    ground = fields.Selection(
        selection=lambda self: self._get_grounds(),
        string="Ground (art. 70)",
        required=True,
        default="expired",
    )
    reason = fields.Text(required=True)
    line_ids = fields.One2many("shenpi.licence.bulk.wizard.line", "wizard_id", readonly=True)

    @api.model
    def _get_grounds(self):
        licences = self.env["shenpi.licence"]
        return licences._fields["cancellation_ground"]._description_selection(self.env)

    @api.depends("licence_ids")
    def _compute_selected_count(self):
        for wizard in self:
            wizard.selected_count = len(wizard.licence_ids)

    @api.constrains("licence_ids")
    def _check_licence_ids(self):
        self.sudo(False).licence_ids.check_access("read")

    def action_confirm(self):
        """Cancel every licence, then show what was refused and why."""
        self.licence_ids.check_access("read")
        return self._work_on(self.licence_ids)

    def _apply(self, record):
        record._do_cancel(self.ground, self.reason)

    def action_print_notice(self):
        """Public notice of those that were cancelled."""
        self.ensure_one()
        cancelled = self.licence_ids.filtered(lambda licence: licence.state == "cancelled")
        return cancelled.action_print_notice()
