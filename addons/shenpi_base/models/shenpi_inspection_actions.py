from odoo import api, fields, models


class ShenpiInspection(models.Model):
    """The buttons of an inspection: what may be pressed is asked of the transition table."""

    _inherit = "shenpi.inspection"

    can_schedule = fields.Boolean(compute="_compute_can")
    can_reschedule = fields.Boolean(compute="_compute_can")
    can_start = fields.Boolean(compute="_compute_can")
    can_conclude = fields.Boolean(compute="_compute_can")
    can_cancel = fields.Boolean(compute="_compute_can")
    color = fields.Integer(compute="_compute_color")

    @api.depends("state", "inspector_ids", "inspectors_needed")
    @api.depends_context("uid")
    def _compute_can(self):
        for inspection in self:
            allowed = inspection._get_allowed_actions()
            inspection.update(
                {
                    "can_schedule": "schedule" in allowed,
                    "can_reschedule": "reschedule" in allowed,
                    "can_start": "start_inspection" in allowed,
                    "can_conclude": "fail_inspection" in allowed,
                    "can_cancel": "cancel_inspection" in allowed,
                }
            )

    @api.depends("state", "light")
    def _compute_color(self):
        """Green what is done well, red what is late or failed, yellow what is to be rectified."""
        by_state = {"passed": 10, "rectify": 3, "failed": 1, "underway": 4}
        for inspection in self:
            late = inspection.light == "red"
            inspection.color = 1 if late else by_state.get(inspection.state, 0)

    def action_start(self):
        """The inspection takes place."""
        self.ensure_one()
        return self._do_start()

    def action_open_schedule(self):
        """Make the appointment."""
        return self._open_wizard("shenpi.inspection.schedule.wizard", self.env._("Schedule"))

    def action_open_reschedule(self):
        """Move the appointment."""
        return self._open_wizard("shenpi.inspection.schedule.wizard", self.env._("Reschedule"))

    def action_open_result(self):
        """State the result."""
        return self._open_wizard("shenpi.inspection.result.wizard", self.env._("Result"))

    def action_open_cancel(self):
        """Call it off."""
        return self._open_wizard(
            "shenpi.inspection.cancel.wizard", self.env._("Cancel the inspection")
        )

    def action_open_application(self):
        """The case that is inspected."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "shenpi.application",
            "res_id": self.application_id.id,
            "views": [(False, "form")],
        }

    def action_print_record(self):
        """Record of the inspection 现场勘验笔录."""
        self.check_access("read")
        report = self.env.ref("shenpi_base.action_report_inspection")
        return dict(report.report_action(self, config=False), close_on_report_download=True)

    def _open_wizard(self, model, title):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_inspection_id": self.id},
        }
