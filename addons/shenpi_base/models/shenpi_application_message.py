from odoo import api, fields, models


class ShenpiApplication(models.Model):
    """The messages of a case, on its form."""

    _inherit = "shenpi.application"

    told_ids = fields.One2many("shenpi.message", "application_id", string="Messages of the case")
    told_count = fields.Integer(string="Messages sent", compute="_compute_told_count")
    told_failed_count = fields.Integer(string="Messages failed", compute="_compute_told_count")

    @api.depends("told_ids.state")
    def _compute_told_count(self):
        counts = self.env["shenpi.message"]._read_group(
            [("application_id", "in", self._origin.ids)],
            ["application_id", "state"],
            ["__count"],
        )
        totals, failed = {}, {}
        for application, state, count in counts:
            totals[application.id] = totals.get(application.id, 0) + count
            if state == "failed":
                failed[application.id] = count
        for application in self:
            application.told_count = totals.get(application._origin.id, 0)
            application.told_failed_count = failed.get(application._origin.id, 0)

    def action_open_messages(self):
        """What was told in this case, and what became of it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("shenpi_base.shenpi_message_action")
        return {
            **action,
            "name": self.env._("Messages"),
            "domain": [("application_id", "=", self.id)],
            "context": {},
        }
