from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .project_project_flow import NAVIGATOR


class ShenpiApplication(models.Model):
    """An application that is a permit of a key project: the project follows it, and those who see
    the project see it."""

    _inherit = "shenpi.application"

    permit_id = fields.Many2one(
        "project.task",
        string="Permit of a project",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        prefetch="flow",
    )
    key_project_id = fields.Many2one(
        related="permit_id.project_id",
        string="Key project",
        related_sudo=True,
        # A task notes in its chatter when it changes projects; for a case that would be asked at
        # every write.
        tracking=False,
    )

    can_file_permit = fields.Boolean(compute="_compute_can")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_permit(self):
        for application in self.sudo():
            if application.permit_id:
                raise UserError(
                    self.env._(
                        "%(document)s is a permit of %(project)s.",
                        document=application.display_name,
                        project=application.key_project_id.name,
                    )
                )

    def action_open_key_project(self):
        """The project that this application is a permit of."""
        self.ensure_one()
        if not self.key_project_id:
            raise UserError(self.env._("%s is no permit of a key project.", self.display_name))
        return self.key_project_id._open_form()

    def action_file_permit(self):
        """File the draft of a permit whose turn has come.

        :raise UserError: it is not its turn, or required materials are missing, naming them
        """
        self.ensure_one()
        if not self.permit_id:
            raise UserError(self.env._("%s is no permit of a project.", self.display_name))
        if not self.permit_id._do_file():
            missing = "、".join(self._get_missing().mapped("name"))
            raise UserError(self.env._("Still missing: %s.", missing))
        return True

    @api.depends_context("uid")
    @api.depends("permit_id.permit_state")
    def _compute_can(self):
        """The navigator who wrote the draft of a permit prepares it, and files it in its turn."""
        result = super()._compute_can()
        for application in self:
            permit = application.sudo().permit_id.with_env(self.env)
            own = application.state == "draft" and application.filed_by_id == self.env.user
            application.can_file_permit = bool(
                permit and own and permit.has_access("read") and permit.can_file
            )
            if permit and own:
                application.can_edit = True
        return result

    def _describe_work_draft(self):
        permit = self.sudo().permit_id.with_env(self.env)
        if not permit:
            return super()._describe_work_draft()
        if permit.sudo().permit_state == "ready":
            return self.env._("Tick what has been handed in, then file.")
        return self.env._("Prepare the materials; it is filed when its turn comes.")

    @api.depends("permit_id.project_id")
    def _compute_in_sight(self):
        result = super()._compute_in_sight()
        if self.env.user.has_group(NAVIGATOR):
            for application in self.sudo():
                project = application.key_project_id.with_env(self.env)
                if project.in_sight:
                    application.in_sight = True
        return result

    @api.model
    def _get_sight_domains(self):
        domains = super()._get_sight_domains()
        if self.env.user.has_group(NAVIGATOR):
            permits = self.env["project.task"].sudo()._search([("project_id.in_sight", "=", True)])
            domains.append(Domain("permit_id", "in", permits))
        return domains

    def _after_transitions(self, events):
        for application in self.sudo():
            task = application.permit_id
            # One that has been filed again stands in the place of an earlier one.
            if task and task.application_id == application:
                task._follow()
        return super()._after_transitions(events)
