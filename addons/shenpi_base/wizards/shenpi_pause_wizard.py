from odoo import api, fields, models

from ..models.shenpi_application_pause import CONFIGURED_KINDS


class ShenpiPauseWizard(models.TransientModel):
    """Stop the clock for a special procedure (行政许可法 art. 45): no notice, no stop."""

    _name = "shenpi.pause.wizard"
    _inherit = ["shenpi.application.wizard"]
    _description = "Stop the clock"

    kind = fields.Selection(
        selection=lambda self: self._get_kinds(), string="Special procedure", required=True
    )
    planned_days = fields.Integer(
        string="Working days it will take", required=True, default=5, aggregator=None
    )
    notice = fields.Text(string="What the applicant is told", required=True)

    @api.model
    def _get_kinds(self):
        """The eight procedures of the law, and those for which the bureau has a legal basis."""
        field = self.env["shenpi.application.clock"]._fields["pause_kind"]
        application = self.env["shenpi.application"].browse(
            self.env.context.get("default_application_id")
        )
        company = application.company_id or self.env.company
        return [
            (value, label)
            for value, label in field._description_selection(self.env)
            if value not in CONFIGURED_KINDS or company[CONFIGURED_KINDS[value]]
        ]

    def action_confirm(self):
        """Stop the clock, and print the notice."""
        application = self._get_application()
        application._do_pause(self.kind, self.planned_days, self.notice)
        return application.action_print_pause()
