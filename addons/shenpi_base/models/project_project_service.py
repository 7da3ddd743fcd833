from odoo import api, fields, models


class ProjectProject(models.Model):
    """What goes with a key project besides its permits: blockers, letters of authority, visits."""

    _inherit = "project.project"

    blocker_ids = fields.One2many("shenpi.blocker", "project_id", string="Blockers")
    open_blocker_count = fields.Integer(string="Open blockers", compute="_compute_blocker_counts")
    late_blocker_count = fields.Integer(string="Late blockers", compute="_compute_blocker_counts")
    mandate_ids = fields.One2many("shenpi.mandate", "project_id", string="Letters of authority")
    mandate_count = fields.Integer(string="Letters in force", compute="_compute_mandate_count")
    visit_ids = fields.One2many("shenpi.home.service", "project_id", string="Visits")
    visit_count = fields.Integer(compute="_compute_visit_count")

    @api.depends("blocker_ids.state", "blocker_ids.alarm_date")
    def _compute_blocker_counts(self):
        blockers = self.env["shenpi.blocker"]
        domain = [("project_id", "in", self.ids), ("state", "in", ("raised", "answered"))]
        open_counts = dict(blockers._read_group(domain, ["project_id"], ["__count"]))
        late = [*domain, ("light", "=", "red")]
        late_counts = dict(blockers._read_group(late, ["project_id"], ["__count"]))
        for project in self:
            project.open_blocker_count = open_counts.get(project._origin, 0)
            project.late_blocker_count = late_counts.get(project._origin, 0)

    @api.depends("mandate_ids.state")
    def _compute_mandate_count(self):
        domain = [("project_id", "in", self.ids), ("state", "=", "in_force")]
        counts = dict(self.env["shenpi.mandate"]._read_group(domain, ["project_id"], ["__count"]))
        for project in self:
            project.mandate_count = counts.get(project._origin, 0)

    @api.depends("visit_ids.state")
    def _compute_visit_count(self):
        domain = [("project_id", "in", self.ids), ("state", "!=", "cancelled")]
        visits = self.env["shenpi.home.service"]
        counts = dict(visits._read_group(domain, ["project_id"], ["__count"]))
        for project in self:
            project.visit_count = counts.get(project._origin, 0)

    def _prepare_follow_up_vals(self):
        """Of the visit that follows a permit: the navigator goes."""
        return {
            "kind": "follow_up",
            "company_id": self.company_id.id,
            "department_id": self.department_id.id,
            "project_id": self.id,
            "beneficiary": self.applicant_name or self.name,
            "staff_ids": [fields.Command.set(self.user_id.ids)],
        }

    # === Buttons === #

    def action_open_blockers(self):
        """The blockers of this project; a new one is begun with what is known."""
        return self._open_parts("shenpi_blocker_action")

    def action_open_mandates(self):
        """The letters of authority of this project."""
        return self._open_parts("shenpi_mandate_action")

    def action_open_visits(self):
        """The visits to this project."""
        return self._open_parts("shenpi_home_service_action")

    def action_open_team(self):
        """The team of this project."""
        return self._open_parts("shenpi_project_member_action", search_default_current=1)

    def action_open_contacts(self):
        """The contacts of this project; a new one is begun with what is known."""
        return self._open_parts("shenpi_project_contact_action")

    def action_add_contact(self):
        """Write down a contact."""
        return self._add_part("shenpi.project.contact", self.env._("Contact"), target="new")

    def action_add_blocker(self):
        """Write down a blocker."""
        return self._add_part("shenpi.blocker", self.env._("Blocker"))

    def _open_parts(self, xmlid, **context):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(f"shenpi_base.{xmlid}")
        context = {"default_project_id": self.id, **context}
        return dict(action, domain=[("project_id", "=", self.id)], context=context)

    def _add_part(self, model, title, target="current"):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "views": [(False, "form")],
            "target": target,
            "context": {
                "default_project_id": self.id,
                "default_department_id": self.department_id.id,
            },
        }
