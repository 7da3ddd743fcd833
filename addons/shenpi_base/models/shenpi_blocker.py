from odoo import api, fields, models
from odoo.exceptions import UserError


class ShenpiBlocker(models.Model):
    """A blocker 堵点 on the way of a key project: written down, answered for by one person by a
    day, and struck off 销号 when somebody else has seen that it is gone.

    Who may do what, when (the table in ``shenpi_blocker_flow.py`` is the rule, this its prose):

    * whoever sees the project writes one and raises it; once raised, what it says stays as it is;
    * the owner, who stands in for him, or the captain of the team answers how it was cleared;
    * navigators, supervisors and bureau heads check the answer and strike it off or send it back;
      nobody checks what he owns or has answered himself; they may open it again later;
    * supervisors and bureau heads hand it to another owner, grant more time or drop it.

    It blocks no permit by itself: it lights up on the project and climbs to the captain, the deputy
    commander, the commander and a supervision order when it is not answered in time. Those who see
    the project see it, and its owner with his department.
    """

    _name = "shenpi.blocker"
    _inherit = [
        "shenpi.document.mixin",
        "shenpi.deadline.mixin",
        "shenpi.supervised.mixin",
        "shenpi.sight.mixin",
        "shenpi.project.part",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "Blocker"
    _order = "due_date, id desc"
    _rec_names_search = ["number", "matter"]
    _mail_post_access = "read"
    _check_company_auto = True

    _event_field = "blocker_id"
    _sight_fields = ("project_id", "department_id", "user_id")
    _raised_fields = frozenset(
        {
            "project_id",
            "task_id",
            "kind",
            "matter",
            "description",
            "department_id",
            "user_id",
            "outside_unit",
            "due_days",
        }
    )
    _flow_fields = frozenset(
        {
            "state",
            "number",
            "due_date",
            "warn_date",
            "alarm_date",
            "raised_at",
            "raised_by_id",
            "answer",
            "answered_at",
            "answered_by_id",
            "answered_late",
            "finding",
            "struck_off_at",
            "struck_off_by_id",
            "reopen_count",
            "days_open",
        }
    )

    number = fields.Char(readonly=True, copy=False)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("raised", "To be cleared"),
            ("answered", "Reported as cleared"),
            ("struck_off", "Struck off"),
            ("dropped", "Dropped"),
        ],
        default="draft",
        required=True,
        readonly=True,
        index=True,
        group_expand="_group_expand_states",
    )

    # === What blocks, and who clears it === #
    task_id = fields.Many2one(
        "project.task",
        string="Permit",
        index="btree_not_null",
        ondelete="set null",
        domain="[('project_id', '=', project_id), ('is_key_to_do', '=', False)]",
    )
    kind = fields.Selection(
        [
            ("land", "Land"),
            ("planning", "Planning"),
            ("relocation", "Relocation"),
            ("utilities", "Utilities"),
            ("materials", "Materials of an application"),
            ("departments", "Between departments"),
            ("funding", "Funding"),
            ("other", "Other"),
        ],
        required=True,
        default="departments",
    )
    matter = fields.Char(required=True)
    description = fields.Text(string="Situation and demand")
    department_id = fields.Many2one(
        "shenpi.department",
        string="Responsible department",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    outside_unit = fields.Char(
        string="Unit outside the bureau", help="Who has to act besides: a utility, a ministry."
    )
    due_days = fields.Integer(
        string="Clear within (working days)", default=5, required=True, aggregator=None
    )
    due_date = fields.Date(string="Clear by")

    # === What became of it === #
    raised_at = fields.Datetime(string="Raised on", readonly=True, copy=False)
    raised_by_id = fields.Many2one(
        "res.users", string="Raised by", readonly=True, copy=False, ondelete="restrict"
    )
    answer = fields.Text(readonly=True, copy=False)
    answered_at = fields.Datetime(string="Answered on", readonly=True, copy=False)
    answered_by_id = fields.Many2one(
        "res.users", string="Answered by", readonly=True, copy=False, ondelete="restrict"
    )
    answered_late = fields.Boolean(readonly=True, copy=False)
    finding = fields.Text(string="Result of the check", readonly=True, copy=False)
    struck_off_at = fields.Datetime(string="Struck off on", readonly=True, copy=False)
    struck_off_by_id = fields.Many2one(
        "res.users", string="Struck off by", readonly=True, copy=False, ondelete="restrict"
    )
    reopen_count = fields.Integer(string="Opened again", readonly=True, default=0, copy=False)
    days_open = fields.Integer(
        string="Days to strike off",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="Working days from raising to striking off.",
    )
    event_ids = fields.One2many("shenpi.event", "blocker_id", readonly=True)

    _number_unique = models.UniqueIndex(
        "(company_id, number) WHERE number IS NOT NULL",
        "A blocker with this number exists already.",
    )
    _days_positive = models.Constraint(
        "CHECK (due_days > 0)", "Clear within: at least one working day."
    )
    _numbered = models.Constraint(
        "CHECK (state = 'draft' OR number IS NOT NULL)", "A raised blocker has a number."
    )
    _work_list = models.Index("(due_date, id) WHERE state = 'raised'")

    # === Compute methods === #

    @api.depends("number", "matter")
    def _compute_display_name(self):
        for blocker in self:
            blocker.display_name = " · ".join(filter(None, (blocker.number, blocker.matter)))

    @api.model
    def _group_expand_states(self, states, domain):
        """The columns of a kanban board: the way to the striking off, the others when needed."""
        order = [key for key, _label in self._fields["state"].selection]
        return [key for key in order if key not in ("draft", "dropped") or key in states]

    # === Onchange === #

    @api.onchange("project_id")
    def _onchange_project_id(self):
        self.department_id = self.department_id or self.project_id.department_id
        if self.task_id.project_id != self.project_id:
            self.task_id = False

    @api.onchange("department_id")
    def _onchange_department_id(self):
        self.user_id = self.user_id or self.department_id.manager_id

    # === Low-level methods === #

    def write(self, vals):
        if not self.env.su and not self._raised_fields.isdisjoint(vals):
            self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_raised(self):
        for blocker in self:
            if blocker.state != "draft":
                raise UserError(
                    self.env._(
                        "%s has been raised: it can be dropped, not deleted.",
                        blocker.display_name,
                    )
                )

    def _check_draft(self):
        for blocker in self:
            if blocker.state != "draft":
                raise UserError(
                    self.env._(
                        "%s has been raised: what it says stays as it is.", blocker.display_name
                    )
                )
