from odoo import fields, models


class ShenpiProjectBaseline(models.Model):
    """A plan as it was frozen: what the dates of a key project are measured against.

    Written by the flow of the project, changed by nobody.
    """

    _name = "shenpi.project.baseline"
    _description = "Baseline of a key project"
    _order = "project_id, version desc"
    _rec_name = "version"

    project_id = fields.Many2one("project.project", required=True, index=True, ondelete="restrict")
    version = fields.Integer(required=True)
    frozen_on = fields.Date(required=True)
    frozen_by_id = fields.Many2one("res.users", required=True, ondelete="restrict")
    reason = fields.Text(help="Why the plan was frozen anew.")
    working_days_total = fields.Integer(string="Workdays")
    critical_end = fields.Date(string="Last permit by")
    line_ids = fields.One2many("shenpi.project.baseline.line", "baseline_id")

    _version_unique = models.UniqueIndex("(project_id, version)")
