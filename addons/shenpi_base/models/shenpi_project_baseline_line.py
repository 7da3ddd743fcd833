from odoo import fields, models


class ShenpiProjectBaselineLine(models.Model):
    """A permit in a frozen plan."""

    _name = "shenpi.project.baseline.line"
    _inherit = ["shenpi.bulk.insert"]
    _description = "Permit in a baseline"
    _order = "baseline_id, date_start, id"
    _log_access = False

    baseline_id = fields.Many2one(
        "shenpi.project.baseline", required=True, index=True, ondelete="cascade"
    )
    task_id = fields.Many2one(
        "project.task", string="Permit", required=True, index=True, ondelete="restrict"
    )
    days = fields.Integer(string="Workdays")
    date_start = fields.Date(string="Start")
    date_end = fields.Date(string="End")
    latest_end = fields.Date()
    is_critical = fields.Boolean(string="On the critical path")
