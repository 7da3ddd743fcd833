from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools.localtime import local_date

PENDING = ("requested", "planned")


class ShenpiHomeService(models.Model):
    """A visit 上门办: before entry, a survey ahead, papers fetched at the door, or the follow-up
    after a permit.

    Who may do what, when (the table in ``shenpi_home_service_flow.py`` is the rule):

    * staff enter who asked for it, for whom, where; a follow-up is entered by the system some days
      after a permit of a key project has been granted, one for all its permits due on that day;
    * staff who see it plan it: a time, who goes, perhaps a tour of the service vehicle; they move
      it as long as it has not been made;
    * who goes, navigators and bureau heads note the result and how satisfied people were; from
      then on it is changed by nobody. Who planned it may call it off with a reason.

    Seen by those who see the key project it belongs to, by the department that makes it, and by
    those who go or have entered it.
    """

    _name = "shenpi.home.service"
    _inherit = [
        "shenpi.document.mixin",
        "shenpi.phone.mixin",
        "shenpi.sight.mixin",
        "shenpi.project.link",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "Visit"
    _order = "date_start, tour_sequence, id"
    _rec_name = "number"
    _mail_post_access = "read"
    _check_company_auto = True

    _event_field = "home_service_id"
    _linked_fields = ("project_id", "application_id")
    _sight_fields = ("project_id", "department_id", "staff_ids")
    _flow_fields = frozenset(
        {"state", "number", "result", "satisfaction", "satisfaction_note", "done_at", "done_by_id"}
    )

    number = fields.Char(readonly=True, copy=False, required=True, default="/")
    state = fields.Selection(
        [
            ("requested", "To be planned"),
            ("planned", "Time fixed"),
            ("done", "Made"),
            ("cancelled", "Cancelled"),
        ],
        default="requested",
        required=True,
        readonly=True,
        index=True,
        group_expand="_group_expand_states",
    )
    kind = fields.Selection(
        [
            ("before_entry", "Before entry"),
            ("survey_ahead", "Survey ahead"),
            ("pick_up", "Pick-up at the door"),
            ("follow_up", "Follow-up after a permit"),
        ],
        required=True,
        default="before_entry",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Bureau",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    department_id = fields.Many2one(
        "shenpi.department",
        string="Made by",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        default=lambda self: self._default_department_id(),
    )

    # === For whom, where === #
    project_id = fields.Many2one(
        "project.project",
        string="Key project",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('is_key_project', '=', True), ('company_id', '=', company_id)]",
    )
    task_id = fields.Many2one(
        "project.task",
        string="Permit",
        index="btree_not_null",
        ondelete="set null",
        domain="[('project_id', '=', project_id), ('is_key_to_do', '=', False)]",
    )
    application_id = fields.Many2one(
        "shenpi.application", index="btree_not_null", ondelete="restrict", check_company=True
    )
    permit_ids = fields.One2many(
        "project.task", "follow_up_id", string="Permits granted", readonly=True
    )
    requested_by = fields.Char(help="Who asked for the visit, if not the one it is for.")
    beneficiary = fields.Char(string="Whom it is for", required=True, help="Whom the visit is for.")
    address = fields.Char(help="Needed before a time is set.")
    note = fields.Text(string="Purpose of the visit")

    # === When, who goes === #
    wanted_date = fields.Date(string="Wanted by")
    date_start = fields.Datetime(string="Time from", copy=False)
    date_stop = fields.Datetime(string="Time to", copy=False)
    staff_ids = fields.Many2many(
        "res.users",
        "shenpi_home_service_user_rel",
        "service_id",
        "user_id",
        string="Who goes",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    tour_id = fields.Many2one(
        "shenpi.service.tour",
        string="Vehicle tour",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        domain="[('company_id', '=', company_id)]",
    )
    tour_sequence = fields.Integer(string="Stop", default=10, aggregator=None)

    # === What became of it === #
    result = fields.Text(readonly=True, copy=False)
    satisfaction = fields.Selection(
        [
            ("5", "Very satisfied"),
            ("4", "Satisfied"),
            ("3", "Fairly satisfied"),
            ("2", "Not satisfied"),
            ("1", "Very dissatisfied"),
        ],
        readonly=True,
        copy=False,
    )
    satisfaction_note = fields.Char(readonly=True, copy=False)
    done_at = fields.Datetime(string="Made on", readonly=True, copy=False)
    done_by_id = fields.Many2one(
        "res.users", string="Noted by", readonly=True, copy=False, ondelete="restrict"
    )
    event_ids = fields.One2many("shenpi.event", "home_service_id", readonly=True)
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")

    _number_unique = models.UniqueIndex(
        "(company_id, number) WHERE number <> '/'", "A visit with this number exists already."
    )
    _times_in_order = models.Constraint(
        "CHECK (date_stop > date_start)", "Time to: the visit ends before it begins."
    )
    _planned_complete = models.Constraint(
        "CHECK (state <> 'planned' OR (date_start IS NOT NULL AND date_stop IS NOT NULL))",
        "A planned visit has a time.",
    )
    _work_list = models.Index(
        "(company_id, date_start, id) WHERE state IN ('requested', 'planned')"
    )

    # === Defaults and selections === #

    @api.model
    def _default_department_id(self):
        return self.env["shenpi.department"].search(
            [("user_ids", "in", self.env.uid), ("company_id", "=", self.env.company.id)], limit=1
        )

    @api.model
    def _group_expand_states(self, states, domain):
        order = [key for key, _label in self._fields["state"].selection]
        return [key for key in order if key in PENDING or key in states]

    # === Compute methods === #

    @api.depends_context("lang")
    @api.depends("number", "beneficiary", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for service in self:
            parts = (kinds.get(service.kind), service.beneficiary)
            service.display_name = " · ".join(filter(None, parts))

    @api.depends("state", "wanted_date", "date_stop")
    def _compute_is_late(self):
        late = self.filtered_domain(self._get_late_domain())
        for service in self:
            service.is_late = service in late

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._get_late_domain()
        return Domain.OR(domain if wanted else ~domain for wanted in value)

    @api.model
    def _get_late_domain(self):
        """Wanted before today and not planned, or planned and over without a result."""
        now = fields.Datetime.now()
        return (Domain("state", "=", "requested") & Domain("wanted_date", "<", local_date(now))) | (
            Domain("state", "=", "planned") & Domain("date_stop", "<", now)
        )

    @api.model
    def _find_follow_up(self, project, day):
        """The follow-up that is to be made to a project on a day already."""
        return self.search(
            [
                ("project_id", "=", project.id),
                ("kind", "=", "follow_up"),
                ("state", "in", PENDING),
                ("wanted_date", "=", day),
            ],
            limit=1,
        )

    @api.model
    def _get_sight_domain(self):
        visible_ids = self.env["shenpi.department"]._get_visible_ids()
        return (
            Domain("project_id.in_sight", "=", True)
            | Domain("department_id", "in", visible_ids)
            | Domain("staff_ids", "in", self.env.uid)
            | Domain("create_uid", "=", self.env.uid)
        )

    def _filter_phone_known(self):
        """Those who make the visit or have entered it, and the team of its project."""
        user = self.env.user
        return self.filtered(
            lambda service: (
                user in service.sudo().staff_ids | service.create_uid
                or (service.project_id and service.project_id._is_in_team(user))
            )
        )

    # === Constraint methods === #

    @api.constrains("project_id", "company_id")
    def _check_project(self):
        for service in self.sudo():
            project = service.project_id
            if project and project.company_id != service.company_id:
                raise ValidationError(self.env._("Key project: it belongs to another bureau."))

    # === Onchange === #

    @api.onchange("project_id")
    def _onchange_project_id(self):
        project = self.project_id
        if project:
            self.beneficiary = self.beneficiary or project.applicant_name or project.name
        if self.task_id.project_id != project:
            self.task_id = False

    # === Low-level methods === #

    @api.model_create_multi
    def create(self, vals_list):
        services = super().create(vals_list)
        counter = self.env["shenpi.application.counter"]
        now = fields.Datetime.now()
        for service in services.sudo():
            service.number = counter._reserve_yearly("home_service", "SM", service.company_id, now)
        return services

    def write(self, vals):
        if not self.env.su and not all(name.startswith(("message_", "activity_")) for name in vals):
            self._check_pending()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_planned(self):
        for service in self:
            if service.state != "requested":
                raise UserError(
                    self.env._("%s: cancel the visit, do not delete it.", service.number)
                )

    def _check_pending(self):
        for service in self:
            if service.state not in PENDING:
                raise UserError(self.env._("%s: what is over stays as it is.", service.number))
