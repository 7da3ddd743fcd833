from odoo import models
from odoo.exceptions import UserError


class ProjectProject(models.Model):
    """The service that ends when a key project is wound up: its investor rates the navigators who
    brought it through its permits. What was called off was no service that has ended."""

    _inherit = "project.project"

    def _after_transitions(self, events):
        result = super()._after_transitions(events)
        ended = [
            project._prepare_rating_service(event)
            for project, event in zip(self, events, strict=True)
            if event.action == "close"
        ]
        if ended:
            self.env["shenpi.rating.service"]._finish(ended)._invite()
        return result

    def _prepare_rating_service(self, event):
        """The service that ends with this event, as values."""
        project = self.sudo()
        return {
            "kind": "project",
            "res_model": project._name,
            "res_id": project.id,
            "company_id": project.company_id.id,
            "department_id": project.department_id.id,
            "clerk_id": project.user_id.id,
            "finished_at": event.happened_at,
            "asked": True,
        }

    def _prepare_slip(self):
        """The paper for the investor of a project that was wound up, for whoever led it there."""
        self.ensure_one()
        self.check_access("read")
        services = self.env["shenpi.rating.service"].sudo()
        domain = [("res_model", "=", self._name), ("res_id", "=", self.id), ("asked", "=", True)]
        service = services.search(domain, limit=1)
        if not service:
            raise UserError(self.env._("%s has not been wound up yet.", self.name))
        return service._prepare_slip(self.env._("Project %s", self.sudo().key_code))
