from odoo import fields, models


class ShenpiWhatIfWizardLine(models.TransientModel):
    """A permit that has not begun, and what is tried with it."""

    _name = "shenpi.what.if.wizard.line"
    _description = "What if of a permit"

    wizard_id = fields.Many2one(
        "shenpi.what.if.wizard", required=True, index=True, ondelete="cascade"
    )
    task_id = fields.Many2one("project.task", string="Permit", required=True, ondelete="cascade")
    plan_start = fields.Date(related="task_id.plan_start")
    plan_end = fields.Date(related="task_id.plan_end")
    is_critical = fields.Boolean(related="task_id.is_critical")
    waited_ids = fields.Many2many(
        "project.task", string="Waits for now", compute="_compute_waited_ids"
    )
    days = fields.Integer(string="Workdays")
    not_before = fields.Date()
    parallel_ids = fields.Many2many(
        "project.task",
        "shenpi_what_if_parallel_rel",
        "line_id",
        "task_id",
        string="In parallel with",
        domain="[('id', 'in', waited_ids)]",
        help="Permits it need not wait for any more.",
    )

    def _compute_waited_ids(self):
        for line in self:
            task = line.task_id
            line.waited_ids = task._get_planned_ties("depend_on_ids") | task._get_planned_ties(
                "after_any_ids"
            )
