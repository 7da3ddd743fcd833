from odoo import api, fields, models
from odoo.fields import Domain


class ProjectProject(models.Model):
    """The team of a key project: who sees it for its sake, and who is told of what goes wrong."""

    _inherit = "project.project"

    member_ids = fields.One2many("shenpi.project.member", "project_id", string="Team")
    member_count = fields.Integer(string="People", compute="_compute_member_count")
    first_contact_id = fields.Many2one(
        "shenpi.project.member", string="First contact", compute="_compute_first_contact_id"
    )

    @api.depends("member_ids")
    def _compute_member_count(self):
        counts = dict(
            self.env["shenpi.project.member"]._read_group(
                [("project_id", "in", self.ids), ("is_current", "=", True)],
                ["project_id"],
                ["__count"],
            )
        )
        for project in self:
            project.member_count = counts.get(project._origin, 0)

    @api.depends("member_ids.is_first_contact")
    def _compute_first_contact_id(self):
        for project in self:
            project.first_contact_id = project.member_ids.filtered("is_first_contact")[:1]

    # === Business methods === #

    @api.model
    def _get_sight_domain(self):
        """Whoever is in the team today sees the project, and who stands in for him."""
        members = self.env["shenpi.project.member"]
        today = members._get_today()
        people = self.env.user | self.env["shenpi.deputy"]._principals_of(self.env.user, today)
        current = members._get_current_domain() & Domain("user_id", "in", people.ids)
        in_team = Domain("is_key_project", "=", True) & Domain("member_ids", "any!", current)
        return super()._get_sight_domain() | in_team

    def _is_in_team(self, person):
        """Whether a person works on this project: a member of its team today, or its manager."""
        self.ensure_one()
        project = self.sudo()
        members = project.member_ids.filtered("is_current")
        return person in members.user_id | project.user_id

    def _get_team(self, role):
        """The colleagues who have a part in the team today (``res.users``)."""
        members_sudo = self.sudo().member_ids
        members_sudo = members_sudo.filtered(lambda m: m.role == role and m.is_current)
        return members_sudo.user_id.with_env(self.env)
