from odoo import api, fields, models

from ..tools.localtime import local_date


class ProjectProject(models.Model):
    """The contacts of a key project, and how long ago the last one was."""

    _inherit = "project.project"

    contact_ids = fields.One2many("shenpi.project.contact", "project_id", string="Contacts")
    contact_count = fields.Integer(compute="_compute_contact_count")
    last_contact_date = fields.Date(
        string="Last contact", compute="_compute_last_contact_date", store=True
    )

    @api.depends("contact_ids")
    def _compute_contact_count(self):
        counts = dict(
            self.env["shenpi.project.contact"]._read_group(
                [("project_id", "in", self.ids)], ["project_id"], ["__count"]
            )
        )
        for project in self:
            project.contact_count = counts.get(project._origin, 0)

    @api.depends("contact_ids.happened_at")
    def _compute_last_contact_date(self):
        moments = dict(
            self.env["shenpi.project.contact"]._read_group(
                [("project_id", "in", self.ids)], ["project_id"], ["happened_at:max"]
            )
        )
        for project in self:
            moment = moments.get(project._origin)
            project.last_contact_date = moment and local_date(moment)
