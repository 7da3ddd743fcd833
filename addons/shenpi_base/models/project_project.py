from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools import identifiers

KINDS = [
    ("industry", "Industry"),
    ("hotel", "Hotel"),
    ("housing", "Housing"),
    ("renewal", "Urban renewal"),
    ("city_works", "City works"),
    ("green_channel", "Green channel"),
]
SEES_ALL = ("shenpi_base.group_shenpi_supervisor", "shenpi_base.group_shenpi_manager")


class ProjectProject(models.Model):
    """A key project 重点项目: an investment that the bureau brings through all of its permits.

    Who may do what, when (the table in ``project_project_flow.py`` is the rule, this its prose):

    * a navigator, the bureau head or an integrator opens it with the permits it needs, ticked from
      a menu; each permit is a task of the project;
    * the navigators who see it add and leave out permits with a reason, file the applications of
      permits that are ready, note what other bodies have decided, and change the plan; a plan is
      frozen as a baseline, a further baseline needs a reason;
    * it is closed when no permit is left open, cancelled with a reason.

    Seen by the department that leads it and those above, by its navigator, by whoever opened it,
    and by supervisors and the bureau head; by nobody of another bureau, and by nobody through
    Odoo's own rules of projects. Everything is written by its flow.
    """

    _name = "project.project"
    _inherit = ["project.project", "shenpi.document.mixin", "shenpi.sight.mixin"]
    _mail_post_access = "read"

    _event_field = "project_id"
    _state_field = "key_state"
    _sight_fields = ("department_id", "user_id", "opened_by_id", "company_id")
    _flow_fields = frozenset(
        {
            "is_key_project",
            "key_code",
            "key_kind",
            "key_level",
            "key_state",
            "department_id",
            "opened_by_id",
            "investment_code",
            "investment",
            "planned_start",
            "opened_on",
            "applicant_id_number_raw",
            "applicant_phone_raw",
            "permit_needed",
            "permit_granted",
            "progress",
            "path_progress",
            "working_days_total",
            "critical_end",
            "light",
            "auto_file",
        }
    )

    is_key_project = fields.Boolean(string="Key project", readonly=True, copy=False, index=True)
    key_code = fields.Char(string="Project code", readonly=True, copy=False)
    key_kind = fields.Selection(KINDS, string="Kind", readonly=True, copy=False)
    key_level = fields.Selection(
        [("city", "City"), ("district", "District")],
        string="Project level",
        readonly=True,
        copy=False,
    )
    key_state = fields.Selection(
        [
            ("preparing", "In preparation"),
            ("under_way", "Permits under way"),
            ("open", "Opened"),
            ("closed", "Wound up"),
            ("cancelled", "Called off"),
        ],
        string="Stage of the project",
        readonly=True,
        copy=False,
    )
    department_id = fields.Many2one(
        "shenpi.department",
        string="Led by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    opened_by_id = fields.Many2one(
        "res.users", string="Entered by", readonly=True, copy=False, ondelete="restrict"
    )
    investment_code = fields.Char(
        string="Investment project code", size=24, readonly=True, copy=False
    )
    investment = fields.Monetary(string="Total investment", readonly=True, copy=False)
    applicant_name = fields.Char(
        string="Investor", readonly=True, copy=False, help="The organisation that invests."
    )
    applicant_id_number = fields.Char(
        string="Investor's social credit code", compute="_compute_applicant"
    )
    applicant_phone = fields.Char(string="Investor's phone", compute="_compute_applicant")
    applicant_contact = fields.Char(string="Investor's contact", readonly=True, copy=False)
    applicant_id_number_raw = fields.Char(groups=fields.NO_ACCESS, copy=False)
    applicant_phone_raw = fields.Char(groups=fields.NO_ACCESS, copy=False)
    planned_start = fields.Date(string="Starts on", readonly=True, copy=False)
    opened_on = fields.Date(
        readonly=True, copy=False, help="The day the project opened its doors or began to produce."
    )
    auto_file = fields.Boolean(
        string="File when complete",
        readonly=True,
        copy=False,
        help="The application of a permit is received by itself when it is its turn and nothing is"
        " missing from it.",
    )
    permit_ids = fields.One2many(
        "project.task",
        "project_id",
        string="Permits",
        domain=[("is_key_to_do", "=", False)],
        readonly=True,
    )
    event_ids = fields.One2many("shenpi.event", "project_id", readonly=True)
    baseline_ids = fields.One2many("shenpi.project.baseline", "project_id", readonly=True)

    # === Written by the planner === #
    permit_needed = fields.Integer(string="Permits needed", readonly=True, copy=False)
    permit_granted = fields.Integer(string="Permits granted", readonly=True, copy=False)
    progress = fields.Float(
        readonly=True,
        copy=False,
        aggregator="avg",
        help="Permits granted, of those needed, in per cent.",
    )
    path_progress = fields.Float(
        string="Progress of the critical path",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="Working days of the critical path that are done, in per cent.",
    )
    working_days_total = fields.Integer(
        string="Workdays",
        readonly=True,
        copy=False,
        help="From the start to the last permit, along the critical path.",
    )
    critical_end = fields.Date(string="Last permit by", readonly=True, copy=False)
    light = fields.Selection(
        [
            ("green", "In plan"),
            ("yellow", "Slack used"),
            ("red", "Later than the baseline"),
            ("none", "No baseline"),
        ],
        readonly=True,
        copy=False,
    )

    _key_code_unique = models.UniqueIndex(
        "(key_code) WHERE key_code IS NOT NULL", "A key project with this code exists already."
    )
    _key_project_complete = models.Constraint(
        "CHECK (is_key_project IS NOT TRUE OR (key_code IS NOT NULL AND key_kind IS NOT NULL"
        " AND key_state IS NOT NULL AND department_id IS NOT NULL AND company_id IS NOT NULL))",
        "A key project has a code, a kind, a stage, a department and a bureau.",
    )
    _key_list = models.Index("(company_id, key_state) WHERE is_key_project")

    # === Compute methods === #

    @api.depends_context("uid")
    @api.depends("applicant_id_number_raw", "applicant_phone_raw", "user_id", "opened_by_id")
    def _compute_applicant(self):
        """In clear for those who have a part in the project, masked for all others."""
        for project in self:
            raw = project.sudo()
            clear = self.env.su or self.env.user in (project.user_id, project.opened_by_id)
            number, phone = raw.applicant_id_number_raw, raw.applicant_phone_raw
            project.applicant_id_number = (
                number if clear or not number else identifiers.mask_id(number)
            )
            project.applicant_phone = phone if clear or not phone else identifiers.mask_phone(phone)

    @api.model
    def _get_sight_domain(self):
        """Hook: the key projects that the current user sees."""
        user = self.env.user
        domain = (
            Domain("department_id", "in", self.env["shenpi.department"]._get_visible_ids())
            | Domain("user_id", "=", user.id)
            | Domain("opened_by_id", "=", user.id)
        )
        if any(user.has_group(group) for group in SEES_ALL):
            domain |= Domain("company_id", "in", user.company_ids.ids)
        return domain & Domain("is_key_project", "=", True)

    # === Constraint methods === #

    @api.constrains("applicant_id_number_raw", "applicant_phone_raw")
    def _check_applicant(self):
        applications = self.env["shenpi.application"]
        for project in self.sudo():
            if project.applicant_id_number_raw:
                applications._check_id_number(
                    "applicant.id_number", "uscc", project.applicant_id_number_raw
                )
            applications._check_phone("applicant.phone", project.applicant_phone_raw)

    @api.constrains("is_key_project", "privacy_visibility")
    def _check_key_visibility(self):
        for project in self:
            if project.is_key_project and project.privacy_visibility != "followers":
                raise ValidationError(
                    self.env._("%s is a key project: it is not shared.", project.name)
                )

    # === Low-level methods === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_key_project(self):
        for project in self:
            if project.is_key_project:
                raise UserError(
                    self.env._("%s is a key project: cancel it, do not delete it.", project.name)
                )
