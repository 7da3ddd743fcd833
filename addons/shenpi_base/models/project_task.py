from odoo import api, fields, models
from odoo.exceptions import UserError

PHASES = [
    ("1", "Project approval and land"),
    ("2", "Planning of the works"),
    ("3", "Construction"),
    ("4", "Completion and acceptance"),
    ("5", "Market entry"),
    ("6", "Trade licences"),
]
PERMIT_STATES = [
    ("waiting", "Not its turn yet"),
    ("ready", "Can be filed"),
    ("prechecking", "Early entry"),
    ("filed", "Being handled"),
    ("elsewhere", "Being handled elsewhere"),
    ("granted", "Obtained"),
    ("failed", "Not granted"),
    ("skipped", "Left out"),
]
LIGHTS = [
    ("green", "In plan"),
    ("yellow", "Slack used"),
    ("red", "Later than the baseline"),
    ("none", "No baseline"),
]


class ProjectTask(models.Model):
    """A permit that a key project needs: a task of the project, tied to one application.

    What it waits for: everything in ``depend_on_ids``, and one of ``after_any_ids``. A permit that
    another body grants has no application: its state is entered by hand and says when it was last
    verified. Seen by those who see the project; written by its flow.
    """

    _name = "project.task"
    _inherit = ["project.task", "shenpi.flow.fields"]

    _flow_fields = frozenset(
        {
            "is_key_to_do",
            "phase",
            "item_id",
            "application_id",
            "permit_state",
            "handled_elsewhere",
            "elsewhere_body",
            "elsewhere_state",
            "last_verified_on",
            "last_verified_by_id",
            "after_any_ids",
            "days",
            "not_before",
            "plan_start",
            "plan_end",
            "latest_start",
            "latest_end",
            "slack",
            "is_critical",
            "baseline_start",
            "baseline_end",
            "baseline_latest_end",
            "actual_start",
            "actual_end",
            "light",
        }
    )

    key_project = fields.Boolean(
        related="project_id.is_key_project", string="Task of a key project", store=True
    )
    phase = fields.Selection(PHASES, readonly=True, group_expand="_expand_phases")
    item_id = fields.Many2one(
        "shenpi.item", string="Item version", readonly=True, ondelete="restrict"
    )
    item_department_id = fields.Many2one(related="item_id.department_id", string="Handled by")
    application_id = fields.Many2one(
        "shenpi.application", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    application_light = fields.Selection(related="application_id.light", string="Clock")
    permit_state = fields.Selection(PERMIT_STATES, string="Permit", readonly=True, copy=False)
    handled_elsewhere = fields.Boolean(
        readonly=True, help="Granted by a body that does not work in this system."
    )
    elsewhere_body = fields.Char(string="Body in charge", readonly=True)
    elsewhere_state = fields.Selection(
        [
            ("not_filed", "Not filed"),
            ("filed", "Filed"),
            ("granted", "Granted"),
            ("refused", "Refused"),
        ],
        string="State there",
        readonly=True,
    )
    last_verified_on = fields.Date(string="Last verified", readonly=True, copy=False)
    last_verified_by_id = fields.Many2one(
        "res.users", string="Last verified by", readonly=True, copy=False, ondelete="restrict"
    )
    after_any_ids = fields.Many2many(
        "project.task",
        "shenpi_task_after_any_rel",
        "task_id",
        "before_id",
        string="After any of",
        readonly=True,
        copy=False,
        help="Starts when one of these has been granted.",
    )
    days = fields.Integer(string="Workdays", readonly=True)
    not_before = fields.Date(readonly=True, help="The plan does not start it before this day.")
    plan_start = fields.Date(string="Planned start", readonly=True, copy=False)
    plan_end = fields.Date(string="Planned end", readonly=True, copy=False)
    latest_start = fields.Date(readonly=True, copy=False)
    latest_end = fields.Date(readonly=True, copy=False)
    slack = fields.Integer(
        readonly=True,
        copy=False,
        help="Working days by which it may slip without moving the whole.",
    )
    is_critical = fields.Boolean(string="On the critical path", readonly=True, copy=False)
    baseline_start = fields.Date(readonly=True, copy=False)
    baseline_end = fields.Date(readonly=True, copy=False)
    baseline_latest_end = fields.Date(readonly=True, copy=False)
    actual_start = fields.Date(string="Started on", readonly=True, copy=False)
    actual_end = fields.Date(string="Granted on", readonly=True, copy=False)
    light = fields.Selection(LIGHTS, readonly=True, copy=False)

    _key_phase = models.Index("(project_id, phase) WHERE key_project")

    # === Compute methods === #

    @api.model
    def _expand_phases(self, phases, domain):
        return [phase for phase, _label in PHASES]

    # === Low-level methods === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_permit(self):
        for task in self:
            if task.key_project and not task.is_key_to_do:
                raise UserError(
                    self.env._("%s is a permit of a key project: leave it out instead.", task.name)
                )
