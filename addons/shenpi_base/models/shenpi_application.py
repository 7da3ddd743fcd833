import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .shenpi_application_material import MISSING

OPEN_STATES = ("received", "correcting", "accepted", "reviewing", "deciding")


class ShenpiApplication(models.Model):
    """An application 办件: what an applicant asked for, from the window to the licence.

    Who may do what, when (the table in ``shenpi_application_flow.py`` is the rule, this its prose):

    * a window clerk or an integrator writes a draft, and only the one who wrote it edits it; once
      received, what was filed stays as filed and only the flow moves the application on;
    * clerks (and reviewers) tell what is missing, once and completely, accept or do not accept;
    * a reviewer or decider acts on the step that is in hand and his: his role in its department,
      his name, or that of a colleague he stands in for; nobody decides a case he filed;
    * staff see the cases of their departments and those below, deputies those of the colleague they
      stand in for; identity numbers and phones are masked to everybody who has no part in the case.
    """

    _name = "shenpi.application"
    _inherit = ["shenpi.document.mixin", "mail.thread", "mail.activity.mixin"]
    _description = "Application"
    _order = "due_date, id desc"
    _rec_names_search = ["number", "applicant_name"]
    _mail_post_access = "read"

    _event_field = "application_id"
    _filed_fields = frozenset(
        {
            "item_id",
            "channel",
            "applicant_kind",
            "applicant_name",
            "applicant_id_type",
            "applicant_id_number",
            "applicant_phone",
            "applicant_email",
            "agent_name",
            "agent_id_number",
            "agent_phone",
            "project_name",
            "investment_code",
            "form_data",
            "commitment",
            "purpose",
            "licence_base_number",
            "licence_scope",
            "licence_place",
        }
    )
    _flow_fields = frozenset(
        {
            "state",
            "number",
            "progress_token",
            "filed_by_id",
            "agent_user_id",
            "mandate_id",
            "window_id",
            "handler_id",
            "step_id",
            "received_at",
            "accepted_at",
            "accepted_date",
            "decided_at",
            "delivered_at",
            "correction_due_date",
            "statutory_due_date",
            "promised_due_date",
            "delivery_due_date",
            "deemed",
            "paused",
            "extended",
            "due_date",
            "warn_date",
            "alarm_date",
            "days_taken",
            "days_early",
            "days_early_law",
            "timeliness",
            "timeliness_law",
            "on_time",
            "correction_warn_date",
            "correction_alarm_date",
            "promised_warn_date",
            "promised_alarm_date",
            "statutory_warn_date",
            "statutory_alarm_date",
            "delivery_warn_date",
            "delivery_alarm_date",
            "proposed_outcome",
            "outcome",
            "reason",
            "refusal_code",
            "redirect",
            "delivery_method",
            "tracking_number",
            "licence_id",
            "licence_base_id",
            "renewal_late",
            "deferral_due_date",
            "has_statement",
            "revoked_at",
        }
    )

    # What a transition reads carries prefetch="flow"; the rest of this wide table stays there.

    # === Identity === #
    number = fields.Char(copy=False, readonly=True)
    progress_token = fields.Char(copy=False, groups=fields.NO_ACCESS)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("received", "Received"),
            ("correcting", "Being corrected"),
            ("accepted", "Accepted"),
            ("reviewing", "Under review"),
            ("deciding", "Awaiting decision"),
            ("granted", "Granted"),
            ("denied", "Denied"),
            ("closed", "Closed"),
            ("not_accepted", "Not accepted"),
            ("withdrawn", "Withdrawn"),
            ("terminated", "Terminated"),
        ],
        default="draft",
        required=True,
        readonly=True,
        index=True,
        prefetch="flow",
    )

    # === What is asked for, where it is handled === #
    item_id = fields.Many2one(
        "shenpi.item",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('state', '=', 'published')]",
        prefetch="flow",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Bureau",
        compute="_compute_from_item",
        store=True,
        precompute=True,
        prefetch="flow",
    )
    department_id = fields.Many2one(
        "shenpi.department",
        string="Handling department",
        compute="_compute_from_item",
        store=True,
        precompute=True,
        ondelete="restrict",
        prefetch="flow",
    )
    window_id = fields.Many2one(
        "shenpi.department", readonly=True, ondelete="restrict", prefetch="flow"
    )
    channel = fields.Selection(
        [
            ("window", "Window"),
            ("web", "Web"),
            ("mobile", "Mobile"),
            ("mail", "Mail"),
            ("terminal", "Terminal"),
            ("video", "Video"),
            ("api", "API"),
        ],
        default="window",
        required=True,
        prefetch="flow",
    )
    filed_by_id = fields.Many2one(
        "res.users",
        string="Taken in by",
        default=lambda self: self.env.user,
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        prefetch="flow",
    )
    handler_id = fields.Many2one(
        "res.users",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        prefetch="flow",
    )

    # === Applicant and agent === #
    applicant_kind = fields.Selection(
        [("organisation", "Organisation"), ("person", "Individual")],
        string="Applicant is a",
        default="organisation",
        required=True,
    )
    applicant_name = fields.Char(string="Applicant", required=True, index="trigram")
    applicant_id_type = fields.Selection(
        [
            ("uscc", "Unified social credit code"),
            ("ric", "Resident identity card"),
            ("passport", "Passport"),
            ("other", "Other document"),
        ],
        string="Document",
        default="uscc",
        required=True,
    )
    applicant_id_number = fields.Char(
        string="Document number",
        compute="_compute_personal",
        inverse="_inverse_applicant_id_number",
        search="_search_applicant_id_number",
    )
    applicant_phone = fields.Char(
        string="Phone",
        compute="_compute_personal",
        inverse="_inverse_applicant_phone",
        search="_search_applicant_phone",
    )
    applicant_email = fields.Char(string="E-mail")
    agent_name = fields.Char(string="Agent")
    agent_id_number = fields.Char(
        string="Agent's document number",
        compute="_compute_personal",
        inverse="_inverse_agent_id_number",
    )
    agent_phone = fields.Char(
        string="Agent's phone", compute="_compute_personal", inverse="_inverse_agent_phone"
    )
    applicant_id_number_raw = fields.Char(groups=fields.NO_ACCESS, index="btree_not_null")
    applicant_phone_raw = fields.Char(groups=fields.NO_ACCESS, index="btree_not_null")
    applicant_phone_end = fields.Char(groups=fields.NO_ACCESS, index="btree_not_null")
    agent_id_number_raw = fields.Char(groups=fields.NO_ACCESS)
    agent_phone_raw = fields.Char(groups=fields.NO_ACCESS)
    project_name = fields.Char(string="Project")
    investment_code = fields.Char(string="Investment project code", size=24)
    form_data = fields.Json(string="Form data")

    # === Clock: written from the clock entries alone === #
    received_at = fields.Datetime(string="Received on", readonly=True)
    accepted_at = fields.Datetime(string="Acceptance recorded", readonly=True)
    accepted_date = fields.Date(string="Accepted on", readonly=True)
    decided_at = fields.Datetime(string="Decided on", readonly=True)
    delivered_at = fields.Datetime(string="Delivered on", readonly=True)
    correction_due_date = fields.Date(string="Tell or accept by", readonly=True)
    statutory_due_date = fields.Date(string="Statutory due date", readonly=True)
    promised_due_date = fields.Date(string="Promised due date", readonly=True)
    delivery_due_date = fields.Date(string="Deliver by", readonly=True)
    deemed = fields.Boolean(
        string="Deemed accepted",
        readonly=True,
        help="Nothing was said in time: accepted by law as of the day of receipt (art. 32).",
    )
    paused = fields.Boolean(string="Clock stopped", readonly=True, prefetch="flow")
    extended = fields.Boolean(
        readonly=True,
        prefetch="flow",
        help="Kept in time only by an extension: counted apart in statistics.",
    )
    due_date = fields.Date(
        readonly=True, help="End of the limit that is running now; empty when none runs."
    )
    warn_date = fields.Date(string="Yellow from", readonly=True)
    alarm_date = fields.Date(string="Red from", readonly=True)
    light = fields.Selection(
        [("green", "In time"), ("yellow", "Near due"), ("red", "Alarm"), ("none", "No clock")],
        compute="_compute_light",
        search="_search_light",
    )
    days_used = fields.Integer(compute="_compute_days", string="Used")
    days_left = fields.Integer(compute="_compute_days", string="Left")
    clock_ids = fields.One2many("shenpi.application.clock", "application_id", readonly=True)

    # === Work on it === #
    material_ids = fields.One2many("shenpi.application.material", "application_id")
    missing_count = fields.Integer(compute="_compute_missing_count", string="Missing")
    correction_ids = fields.One2many(
        "shenpi.application.correction", "application_id", readonly=True
    )
    step_ids = fields.One2many(
        "shenpi.application.step", "application_id", string="Approval chain", readonly=True
    )
    step_id = fields.Many2one(
        "shenpi.application.step",
        readonly=True,
        ondelete="set null",
        copy=False,
        prefetch="flow",
    )
    event_ids = fields.One2many("shenpi.event", "application_id", readonly=True)
    proposed_outcome = fields.Selection(
        [("grant", "Grant"), ("deny", "Deny")], string="Reviewers propose", readonly=True
    )
    outcome = fields.Selection([("grant", "Granted"), ("deny", "Denied")], readonly=True)
    reason = fields.Text(readonly=True)
    refusal_code = fields.Selection(
        [
            ("not_needed", "No permit is needed"),
            ("not_ours", "Not within our power"),
            ("incomplete", "Incomplete after the correction"),
        ],
        string="Refusal ground",
        readonly=True,
    )
    redirect = fields.Char(string="Authority in charge", readonly=True)
    delivery_method = fields.Selection(
        [
            ("window", "Collected at the window"),
            ("post", "Post"),
            ("electronic", "Electronic delivery"),
            ("cabinet", "Self-service cabinet"),
        ],
        readonly=True,
    )
    tracking_number = fields.Char(readonly=True)
    licence_id = fields.Many2one(
        "shenpi.licence", readonly=True, copy=False, ondelete="restrict", prefetch="flow"
    )

    _number_unique = models.UniqueIndex(
        "(number) WHERE number IS NOT NULL", "An application with this number exists already."
    )
    _token_unique = models.UniqueIndex("(progress_token) WHERE progress_token IS NOT NULL")
    _work_list = models.Index(
        "(department_id, due_date, id) WHERE state IN"
        " ('received', 'correcting', 'accepted', 'reviewing', 'deciding')"
    )
    _window_list = models.Index("(window_id, due_date, id)")
    _step_list = models.Index("(step_id) WHERE step_id IS NOT NULL")

    # === Compute methods === #

    @api.depends("item_id")
    def _compute_from_item(self):
        """Frozen with the item version: later changes of the catalogue do not move the case."""
        for application in self:
            application.company_id = application.item_id.company_id
            application.department_id = application.item_id.department_id

    @api.depends("number", "applicant_name", "item_id")
    def _compute_display_name(self):
        for application in self:
            parts = (application.applicant_name, application.item_id.name)
            application.display_name = " · ".join(filter(None, parts)) or application.number

    @api.depends("material_ids.status", "material_ids.required")
    def _compute_missing_count(self):
        for application in self:
            application.missing_count = len(application._get_missing())

    # === Constraint methods === #

    @api.constrains("applicant_name")
    def _check_applicant_name(self):
        for application in self:
            if not application.applicant_name.strip():
                raise ValidationError(self.env._("Applicant: the name is empty."))

    # === Onchange === #

    @api.onchange("item_id")
    def _onchange_item_id(self):
        materials = self.env["shenpi.application.material"]
        self.material_ids = [
            fields.Command.clear(),
            *(fields.Command.create(v) for v in materials._prepare_from_item(self.item_id)),
        ]

    @api.onchange("applicant_kind")
    def _onchange_applicant_kind(self):
        self.applicant_id_type = "uscc" if self.applicant_kind == "organisation" else "ric"

    # === Low-level methods === #

    @api.model_create_multi
    def create(self, vals_list):
        materials = self.env["shenpi.application.material"]
        for vals in vals_list:
            if "material_ids" not in vals:
                item = self.env["shenpi.item"].browse(vals.get("item_id"))
                vals["material_ids"] = [
                    fields.Command.create(v) for v in materials._prepare_from_item(item)
                ]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and not self._filed_fields.isdisjoint(vals):
            self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_received(self):
        for application in self:
            if application.state != "draft":
                raise UserError(
                    self.env._(
                        "%s has been received: it can be withdrawn or terminated, not deleted.",
                        application.display_name,
                    )
                )

    def _check_draft(self):
        for application in self:
            if application.state != "draft":
                raise UserError(
                    self.env._(
                        "%s has been received: what was filed stays as filed.",
                        application.display_name,
                    )
                )

    # === Materials === #

    def _get_missing(self):
        """Required materials not handed in."""
        return self.sudo().material_ids.filtered_domain(MISSING).with_env(self.env)

    # === Public progress page === #

    def _get_progress_url(self):
        """Address of the public progress page; its token names nobody and cannot be guessed."""
        self.ensure_one()
        token = self.sudo().progress_token
        return f"{self.get_base_url()}/shenpi/progress/{token}"

    @api.model
    def _new_progress_token(self):
        return secrets.token_urlsafe(24)
