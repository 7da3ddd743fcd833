from odoo import models


class ProjectProject(models.Model):
    """The buttons of a key project; what may be pressed is asked of the transition table."""

    _inherit = "project.project"

    def get_formview_id(self, access_uid=None):
        if self.is_key_project:
            return self.env.ref("shenpi_base.key_project_view_form").id
        return super().get_formview_id(access_uid)

    def _thread_to_store(self, store, fields, *, request_list=None):
        # Odoo shows the collaborators beside the followers. Key projects have none, and their
        # people hold no right to ask: what is known is not asked for.
        self.sudo().filtered("is_key_project").mapped("collaborator_ids")
        return super()._thread_to_store(store, fields, request_list=request_list)

    def _open_form(self):
        """The project in its own screen, at an address that finds the way back to it."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("shenpi_base.key_project_action")
        form = [view for view in action["views"] if view[1] == "form"]
        return dict(action, res_id=self.id, views=form, context={})

    def action_view_permits(self):
        """The permits of this project, phase by phase."""
        return self._open_permits("kanban")

    def action_view_timeline(self):
        """The permits of this project along the days."""
        return self._open_permits("timeline")

    def _open_permits(self, first):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("shenpi_base.key_permit_action")
        views = sorted(action["views"], key=lambda view: view[1] != first)
        return dict(
            action,
            views=views,
            domain=[("project_id", "=", self.id)],
            context={},
            display_name=self.name,
        )

    def action_open_what_if(self):
        """Try a plan before it is saved."""
        return self._open_dialog("shenpi.what.if.wizard", self.env._("What if"))

    def action_open_menu(self):
        """Add permits from a menu."""
        return self._open_dialog("shenpi.menu.wizard", self.env._("Add permits"))

    def action_open_amend(self):
        """Change what is known of the project."""
        return self._open_dialog("shenpi.amend.wizard", self.env._("Change details"))

    def action_open_baseline(self):
        """Freeze the plan of today, with a reason."""
        return self._open_step("baseline", self.env._("Freeze the plan"))

    def action_open_operate(self):
        """Say when the project opened its doors."""
        return self._open_step("operate", self.env._("Opened"))

    def action_open_cancel(self):
        """Cancel the project, with a reason."""
        return self._open_step("cancel", self.env._("Cancel the project"))

    def action_close(self):
        """Close the project.

        :raise UserError: permits are open, naming them
        """
        self.ensure_one()
        return self._do_close()

    def _open_step(self, operation, title):
        action = self._open_dialog("shenpi.project.wizard", title)
        action["context"] = {"default_project_id": self.id, "default_operation": operation}
        return action

    def _open_dialog(self, model, title):
        self._open()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_project_id": self.id, "dialog_size": "extra-large"},
        }


class ProjectTask(models.Model):
    _inherit = "project.task"

    def get_formview_id(self, access_uid=None):
        if self.is_key_to_do:
            return self.env.ref("shenpi_base.key_to_do_view_form").id
        if self.key_project:
            return self.env.ref("shenpi_base.key_permit_view_form").id
        return super().get_formview_id(access_uid)
