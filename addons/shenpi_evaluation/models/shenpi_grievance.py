import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.shenpi_base.models.shenpi_deadline_mixin import DEADLINE_LIGHTS

from ..tools import similarity

KINDS = [
    ("consult", "Consultation"),
    ("ask", "Request for help"),
    ("complain", "Complaint"),
    ("suggest", "Suggestion"),
    ("failed", "Could not get it done"),
]
STATES = [
    ("draft", "Draft"),
    ("received", "To dispatch"),
    ("dispatched", "With the unit"),
    ("answered", "Reply to review"),
    ("replied", "To call back"),
    ("visited", "To close"),
    ("escalated", "With the leaders"),
    ("hard", "Hard case"),
    ("closed", "Closed"),
    ("not_accepted", "Not accepted"),
    ("merged", "Merged"),
    ("withdrawn", "Withdrawn"),
]
OPEN_STATES = ("received", "dispatched", "answered", "replied", "visited", "escalated", "hard")
TITLE_LENGTH = 80
TEXT_LENGTH = 4000


class ShenpiGrievance(models.Model):
    """A grievance 诉求: somebody asks, complains, suggests or could not get something done, and the
    matter is followed until he has an answer and has been asked whether it will do.

    Who may do what, when (the table in ``shenpi_grievance_flow.py`` is the rule, this its prose):

    * window clerks, evaluation officers and integrators take grievances in, the public page does so
      by itself; an officer dispatches them to one unit that leads and others that help, answers on
      the spot, or refuses what has a way of its own;
    * the unit that gets it first owns it 首接负责: it may return it once, within 24 hours and with
      a reason; what is dispatched after that stays; it answers, and may ask for more days once;
    * an extension is granted by the head of the unit, an officer or a leader, never by who asked;
    * a reply goes out when an officer who did not write it has reviewed it; then the person is
      called and asked about the way and the result 双满意; who is not satisfied with both has his
      grievance opened again, after some times it is put before the leaders;
    * leaders (evaluation manager, bureau head) decide what comes before them, keep the list of hard
      cases, each with a plan, an owner and a day; nothing is closed without an outcome;
    * a person or unit complained of, and whoever works in it, sees nothing of the grievance and
      does nothing with it (``shenpi_grievance_sight.py``); the complainant's name, phone and
      address are for those who took it in, the officers and the unit that leads
      (``shenpi_grievance_personal.py``).

    ``due_date`` is the day by which whoever has the grievance now is to be done with it.
    """

    _name = "shenpi.grievance"
    _inherit = [
        "shenpi.document.mixin",
        "shenpi.deadline.mixin",
        "shenpi.attachment.owner",
        "shenpi.sight.mixin",
        "shenpi.masked.export",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "Grievance"
    _order = "due_date, id desc"
    _rec_names_search = ["number", "external_number", "title"]
    _mail_post_access = "read"
    _check_company_auto = True

    _event_field = "grievance_id"
    # What was said stays as it was said.
    _said_fields = frozenset(
        {
            "source_id",
            "external_number",
            "kind",
            "title",
            "text",
            "company_id",
            "is_anonymous",
            "complainant_name",
            "complainant_phone",
            "complainant_address",
            "accused_department_id",
            "accused_user_id",
            "window_id",
            "application_id",
            "attachment_ids",
        }
    )
    _flow_fields = frozenset(
        {
            "state",
            "number",
            "filed_by_id",
            "origin_model",
            "origin_id",
            "received_at",
            "tier_id",
            "due_date",
            "warn_date",
            "alarm_date",
            "department_id",
            "handler_id",
            "dispatched_at",
            "responded_late",
            "returned",
            "extension_state",
            "extension_days",
            "extension_reason",
            "extension_asked_by_id",
            "answer",
            "answered_at",
            "answered_by_id",
            "answered_late",
            "replied_at",
            "reviewed_by_id",
            "reopened_count",
            "missed_count",
            "is_resolved",
            "is_satisfied",
            "visited_at",
            "plan",
            "plan_owner_id",
            "reason_id",
            "refusal",
            "outcome",
            "closed_at",
            "main_id",
            "text_key",
        }
    )

    # === What was said, by whom, about whom === #
    number = fields.Char(readonly=True, copy=False)
    state = fields.Selection(
        STATES, default="draft", required=True, readonly=True, group_expand="_group_expand_states"
    )
    kind = fields.Selection(KINDS, required=True, default="ask")
    source_id = fields.Many2one(
        "shenpi.grievance.source", string="Came by", required=True, index=True, ondelete="restrict"
    )
    has_external_number = fields.Boolean(related="source_id.has_external_number")
    external_number = fields.Char(string="Order number", copy=False)
    title = fields.Char(string="Subject", required=True, size=TITLE_LENGTH)
    text = fields.Text(string="The matter", required=True)
    company_id = fields.Many2one(
        "res.company",
        string="Bureau",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    accused_department_id = fields.Many2one(
        "shenpi.department",
        string="Unit complained of",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        help="It neither sees nor handles the grievance.",
    )
    accused_user_id = fields.Many2one(
        "res.users",
        string="Person complained of",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="He neither sees nor handles the grievance.",
    )
    window_id = fields.Many2one(
        "shenpi.department",
        string="Window where it failed",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    application_id = fields.Many2one(
        "shenpi.application",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Files", copy=False)
    origin_model = fields.Char(readonly=True, copy=False)
    origin_id = fields.Many2oneReference(
        model_field="origin_model", string="Arose from", readonly=True, copy=False
    )
    filed_by_id = fields.Many2one(
        "res.users",
        string="Taken in by",
        required=True,
        readonly=True,
        index=True,
        copy=False,
        ondelete="restrict",
        default=lambda self: self.env.user,
    )
    received_at = fields.Datetime(string="Received on", readonly=True, copy=False)
    query_token = fields.Char(
        required=True,
        copy=False,
        groups=fields.NO_ACCESS,
        default=lambda self: f"{secrets.randbelow(10**8):08d}",
    )
    text_key = fields.Char(compute="_compute_text_key", store=True, export_string_translation=False)

    # === Who has it, until when === #
    tier_id = fields.Many2one(
        "shenpi.grievance.tier", readonly=True, copy=False, index="btree_not_null"
    )
    due_date = fields.Date(string="Due on", readonly=True, copy=False)
    light = fields.Selection(DEADLINE_LIGHTS)
    department_id = fields.Many2one(
        "shenpi.department",
        string="Leading unit",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    handler_id = fields.Many2one(
        "res.users",
        string="In hand of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    dispatched_at = fields.Datetime(string="Dispatched on", readonly=True, copy=False)
    dispatch_ids = fields.One2many("shenpi.grievance.dispatch", "grievance_id", readonly=True)
    responded_late = fields.Boolean(readonly=True, copy=False)
    returned = fields.Boolean(string="Returned once", readonly=True, copy=False)
    extension_state = fields.Selection(
        [("asked", "Asked for"), ("granted", "Granted"), ("refused", "Refused")],
        string="Extension",
        readonly=True,
        copy=False,
    )
    extension_days = fields.Integer(readonly=True, copy=False, aggregator=None)
    extension_reason = fields.Text(readonly=True, copy=False)
    extension_asked_by_id = fields.Many2one(
        "res.users", string="Asked for by", readonly=True, copy=False, ondelete="restrict"
    )

    # === Reply === #
    answer = fields.Text(string="Reply", readonly=True, copy=False)
    answered_at = fields.Datetime(string="Reply written on", readonly=True, copy=False)
    answered_by_id = fields.Many2one(
        "res.users", string="Reply written by", readonly=True, copy=False, ondelete="restrict"
    )
    answered_late = fields.Boolean(string="Answered late", readonly=True, copy=False)
    reviewed_by_id = fields.Many2one(
        "res.users", string="Reply reviewed by", readonly=True, copy=False, ondelete="restrict"
    )
    replied_at = fields.Datetime(string="Reply gone out on", readonly=True, copy=False)

    # === What became of it === #
    visit_ids = fields.One2many("shenpi.grievance.visit", "grievance_id", readonly=True)
    visited_at = fields.Datetime(string="Called back on", readonly=True, copy=False)
    missed_count = fields.Integer(string="Attempts in vain", readonly=True, copy=False)
    is_resolved = fields.Boolean(string="Resolved", readonly=True, copy=False)
    is_satisfied = fields.Boolean(string="Satisfied with both", readonly=True, copy=False)
    reopened_count = fields.Integer(string="Opened again", readonly=True, copy=False)
    plan = fields.Text(readonly=True, copy=False)
    plan_owner_id = fields.Many2one(
        "res.users",
        string="Plan owned by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    reason_id = fields.Many2one(
        "shenpi.grievance.reason",
        string="Not accepted because",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    refusal = fields.Text(string="Explanation", readonly=True, copy=False)
    outcome = fields.Selection(
        [
            ("resolved", "Resolved"),
            ("explained", "Explained: the rules do not allow it"),
            ("adopted", "Suggestion adopted"),
            ("noted", "Suggestion considered, not adopted"),
            ("unfounded", "Not as it was said"),
            ("impossible", "Conditions do not allow it yet"),
            ("unreachable", "Answered; the person was not reached"),
        ],
        readonly=True,
        copy=False,
    )
    closed_at = fields.Datetime(string="Closed on", readonly=True, copy=False)
    main_id = fields.Many2one(
        "shenpi.grievance",
        string="Merged into",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    merged_ids = fields.One2many("shenpi.grievance", "main_id", string="Merged into this one")
    event_ids = fields.One2many("shenpi.event", "grievance_id", readonly=True)

    _number_unique = models.UniqueIndex(
        "(company_id, number) WHERE number IS NOT NULL",
        "A grievance with this number exists already.",
    )
    _order_unique = models.UniqueIndex(
        "(company_id, source_id, external_number) WHERE external_number IS NOT NULL",
        "This order number of the source has been taken in already.",
    )
    _numbered = models.Constraint(
        "CHECK (state = 'draft' OR number IS NOT NULL)", "A grievance taken in has a number."
    )
    _outcome_at_the_end = models.Constraint(
        "CHECK (state <> 'closed' OR outcome IS NOT NULL)", "Nothing is closed without an outcome."
    )
    _planned = models.Constraint(
        "CHECK (state <> 'hard' OR (plan IS NOT NULL AND plan_owner_id IS NOT NULL"
        " AND due_date IS NOT NULL))",
        "A hard case has a plan, an owner and a day.",
    )
    _not_into_itself = models.Constraint(
        "CHECK (main_id <> id)", "A grievance cannot be merged into itself."
    )
    _open_due = models.Index(f"(company_id, due_date, id) WHERE state IN {OPEN_STATES}")
    _key_similar = models.Index("USING gin (text_key gin_trgm_ops)")

    # === Compute methods === #

    @api.depends("number", "title")
    def _compute_display_name(self):
        for grievance in self:
            parts = (grievance.number, grievance.title)
            grievance.display_name = " · ".join(filter(None, parts))

    @api.depends("title", "text")
    def _compute_text_key(self):
        for grievance in self:
            grievance.text_key = similarity.key(f"{grievance.title or ''}{grievance.text or ''}")

    @api.model
    def _group_expand_states(self, states, domain):
        """The columns of a kanban board: all on the way, the others when there is something."""
        return [key for key, _label in STATES if key in OPEN_STATES or key in states]

    # === Constraint methods === #

    @api.constrains("title", "text", "external_number", "source_id")
    def _check_said(self):
        for grievance in self:
            if not grievance.title.strip() or not grievance.text.strip():
                raise ValidationError(self.env._("text: say what it is about."))
            if len(grievance.text) > TEXT_LENGTH:
                raise ValidationError(self.env._("text: at most %s characters.", TEXT_LENGTH))
            if grievance.external_number and not grievance.has_external_number:
                raise ValidationError(
                    self.env._(
                        "external_number: what comes by “%s” has none.", grievance.source_id.name
                    )
                )

    # === Low-level methods === #

    @api.model_create_multi
    def create(self, vals_list):
        grievances = super().create(vals_list)
        grievances._adopt_attachments("attachment_ids")
        return grievances

    def write(self, vals):
        if not self.env.su and not self._said_fields.isdisjoint(vals):
            self._check_draft()
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._adopt_attachments("attachment_ids")
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_received(self):
        for grievance in self:
            if grievance.state != "draft":
                raise UserError(
                    self.env._(
                        "%s has been taken in: it can be withdrawn, not deleted.",
                        grievance.display_name,
                    )
                )

    def _check_draft(self):
        for grievance in self:
            if grievance.state != "draft":
                raise UserError(
                    self.env._(
                        "%s has been taken in: what was said stays as it was said.",
                        grievance.display_name,
                    )
                )
