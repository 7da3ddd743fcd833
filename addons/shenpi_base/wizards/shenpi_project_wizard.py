from odoo import api, fields, models
from odoo.exceptions import UserError


class ShenpiProjectWizard(models.TransientModel):
    """One small form for what is entered with a reason or a date: see ``operation``."""

    _name = "shenpi.project.wizard"
    _description = "Step of a key project"

    operation = fields.Selection(
        [
            ("remove", "Leave a permit out"),
            ("verify", "State elsewhere"),
            ("baseline", "Freeze the plan"),
            ("operate", "Opened"),
            ("cancel", "Cancel the project"),
        ],
        required=True,
    )
    project_id = fields.Many2one("project.project", required=True, ondelete="cascade")
    task_id = fields.Many2one("project.task", string="Permit", ondelete="cascade")
    body = fields.Char(related="task_id.elsewhere_body")
    elsewhere_state = fields.Selection(
        [
            ("not_filed", "Not filed"),
            ("filed", "Filed"),
            ("granted", "Granted"),
            ("refused", "Refused"),
        ],
        string="State there",
        compute="_compute_elsewhere_state",
        store=True,
        readonly=False,
    )
    date = fields.Date(
        string="On", default=lambda self: self.env["shenpi.application"]._get_today()
    )
    reason = fields.Text()

    @api.depends("task_id")
    def _compute_elsewhere_state(self):
        following = {"not_filed": "filed", "filed": "granted", "refused": "filed"}
        for wizard in self:
            wizard.elsewhere_state = following.get(wizard.task_id.elsewhere_state, "filed")

    @api.constrains("project_id")
    def _check_project_id(self):
        # Constraints run with sudo.
        self.sudo(False).project_id.check_access("read")

    def action_confirm(self):
        """Apply the operation.

        :raise UserError: the project or permit is in another state by now
        """
        self.ensure_one()
        project, task = self.project_id, self.task_id
        if task.project_id - project:
            raise UserError(self.env._("%s is a permit of another project.", task.name))
        match self.operation:
            case "remove":
                project._do_remove_permit(task, self.reason)
            case "verify":
                task._do_verify(self.elsewhere_state, self.date)
            case "baseline":
                project._do_freeze(self.reason)
            case "operate":
                project._do_operate(self.date)
            case "cancel":
                project._do_cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}
