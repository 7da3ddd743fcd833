from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ..tools import clock, flow
from ..tools.localtime import local_date
from .shenpi_application_flow import DECIDER, MANAGER, REVIEWER, SUPERVISOR

INSPECTOR = "shenpi_base.group_shenpi_inspector"
VERIFY = (INSPECTOR, REVIEWER, DECIDER, MANAGER)
LEAD = (DECIDER, SUPERVISOR, MANAGER)
REVOKE = (DECIDER, MANAGER)

OPEN = ("verifying", "rectifying", "reported")
# Working days before the last one on which a verification turns yellow.
WARN_DAYS = 5

TRANSITIONS = flow.table(
    flow.Transition(action, frozenset(sources.split()), target, frozenset(groups), guard)
    for action, sources, target, groups, guard in (
        ("begin_verification", "new", "verifying", (MANAGER,), None),
        ("exempt", "new", "exempt", (MANAGER,), None),
        ("assign", "verifying rectifying reported", None, (*VERIFY, SUPERVISOR), None),
        ("confirm", "verifying rectifying reported", "fulfilled", VERIFY, "_guard_verifier"),
        ("rectify", "verifying reported", "rectifying", VERIFY, "_guard_verifier"),
        ("report_false", "verifying rectifying", "reported", VERIFY, "_guard_verifier"),
        ("revoke", "verifying rectifying reported", "false", REVOKE, "_guard_revocation"),
    )
)


class ShenpiCommitment(models.Model):
    """The verification of a commitment 承诺核查: is what the applicant stated in writing true?

    Begun by the system when a case is granted on a commitment, due so many working days after the
    decision as its item says.

    * An inspector, reviewer or decider of the department verifies it, the one it is assigned to if
      it is; he finds it true, orders a rectification by a day, or reports that it is false.
    * A decider or bureau head decides what was reported, and only they revoke: the decision, the
      licence, with an entry in the applicant's credit.
    * Read by whoever reads its application; written by its flow only.
    """

    _name = "shenpi.commitment"
    _inherit = ["shenpi.document.mixin", "mail.thread", "mail.activity.mixin"]
    _description = "Verification of a commitment"
    _order = "due_date, id desc"
    _rec_name = "application_id"
    _mail_post_access = "read"

    _transitions = TRANSITIONS
    _event_field = "commitment_id"
    _flow_fields = frozenset(
        {
            "state",
            "application_id",
            "company_id",
            "department_id",
            "method",
            "verify_by",
            "rectify_by",
            "due_date",
            "handler_id",
            "findings",
            "verified_at",
            "verified_by_id",
        }
    )

    application_id = fields.Many2one(
        "shenpi.application", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", string="Bureau", required=True, readonly=True)
    department_id = fields.Many2one(
        "shenpi.department",
        string="Verified by",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    item_id = fields.Many2one(related="application_id.item_id", store=True, index=True)
    applicant_name = fields.Char(related="application_id.applicant_name")
    licence_id = fields.Many2one(related="application_id.licence_id")
    decided_at = fields.Datetime(related="application_id.decided_at")
    content = fields.Text(related="item_id.commitment_content")
    standard = fields.Text(related="item_id.verification_standard")
    state = fields.Selection(
        [
            ("verifying", "To be verified"),
            ("rectifying", "To be rectified"),
            ("reported", "Found false, to be decided"),
            ("fulfilled", "True"),
            ("false", "False, revoked"),
            ("exempt", "Exempt from verification"),
        ],
        required=True,
        readonly=True,
        index=True,
    )
    method = fields.Selection(
        selection=lambda self: self._get_methods(), required=True, readonly=True
    )
    verify_by = fields.Date(readonly=True, help="Decision plus the days that the item sets.")
    rectify_by = fields.Date(readonly=True)
    due_date = fields.Date(readonly=True, help="The day that counts now; empty when it is closed.")
    handler_id = fields.Many2one(
        "res.users", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    findings = fields.Text(string="Findings of the verification", readonly=True)
    verified_at = fields.Datetime(string="Verified on", readonly=True)
    verified_by_id = fields.Many2one(
        "res.users", string="Found by", readonly=True, ondelete="restrict"
    )
    event_ids = fields.One2many("shenpi.event", "commitment_id", readonly=True)
    light = fields.Selection(
        [("green", "In time"), ("yellow", "Near due"), ("red", "Overdue"), ("none", "Closed")],
        compute="_compute_light",
        search="_search_light",
    )
    can_take = fields.Boolean(compute="_compute_can")
    can_assign = fields.Boolean(compute="_compute_can")
    can_verify = fields.Boolean(compute="_compute_can")

    _application_unique = models.UniqueIndex(
        "(application_id)", "The commitment of this application is being verified already."
    )
    _open_has_due = models.Constraint(
        "CHECK ((state IN ('verifying', 'rectifying', 'reported')) = (due_date IS NOT NULL))",
        "An open verification has a day by which it is due, a closed one has none.",
    )
    _work_list = models.Index("(department_id, due_date, id) WHERE due_date IS NOT NULL")

    # === Compute methods === #

    @api.model
    def _get_methods(self):
        return (
            self.env["shenpi.item"]._fields["verification_method"]._description_selection(self.env)
        )

    @api.model
    def _get_state_labels(self):
        return {"new": self.env._("New"), **super()._get_state_labels()}

    @api.depends("application_id")
    def _compute_display_name(self):
        for commitment in self:
            commitment.display_name = commitment.application_id.display_name

    @api.depends("due_date")
    def _compute_light(self):
        today, warn = self._get_days()
        for commitment in self:
            due = commitment.due_date
            first = warn if due and due <= warn else None
            commitment.light = clock.light_of(today, due, first and today, None)

    @api.model
    def _search_light(self, operator, value):
        if operator != "in":
            return NotImplemented
        today, warn = self._get_days()
        domains = {
            "none": Domain("due_date", "=", False),
            "red": Domain("due_date", "<", today),
            "yellow": Domain("due_date", ">=", today) & Domain("due_date", "<=", warn),
            "green": Domain("due_date", ">", warn),
        }
        return Domain.OR(domains[light] for light in value if light in domains)

    @api.model
    def _get_days(self):
        """Today, and the last day that is near."""
        today = self._get_today()
        return today, self.env["shenpi.workday"]._get_calendar().add(today, WARN_DAYS)

    @api.model
    def _get_today(self):
        return local_date(fields.Datetime.now())

    @api.depends("state", "handler_id")
    @api.depends_context("uid")
    def _compute_can(self):
        leads = self.env.user.has_groups(",".join(LEAD))
        for commitment in self:
            allowed = commitment._get_allowed_actions()
            assign = "assign" in allowed
            commitment.can_verify = bool(allowed & {"confirm", "report_false", "revoke"})
            commitment.can_assign = assign and leads
            commitment.can_take = (
                assign
                and commitment.handler_id != self.env.user
                and any(self.env.user.has_group(group) for group in VERIFY)
            )

    # === Guards === #

    def _guard_verifier(self):
        """The person it is assigned to, or one who stands in for him; deciders and bureau heads
        always; what was reported as false is theirs alone."""
        user = self.env.user
        if any(user.has_group(group) for group in REVOKE):
            return user
        if self.state == "reported":
            raise AccessError(
                self.env._("It was reported as false: a decider or the bureau head decides.")
            )
        if self.handler_id in (self.env["res.users"], user):
            return user
        principals = self.env["shenpi.deputy"]._principals_of(
            user, self._get_today(), self.sudo().department_id
        )
        if self.handler_id in principals:
            return self.handler_id
        raise AccessError(self.env._("This verification has been assigned to somebody else."))

    def _guard_revocation(self):
        self.sudo().application_id.with_env(self.env)._guard_revocation()
        return self.env.user

    # === Business methods === #

    def _do_assign(self, user):
        """Give the verification to a person; a verifier may only take it himself."""
        self._open()
        leads = self.env.user.has_groups(",".join(LEAD))
        if user != self.env.user and not leads:
            raise AccessError(
                self.env._("You may take a verification yourself, not give it to others.")
            )
        may = any(user.sudo().has_group(group) for group in VERIFY)
        if not may or not self.sudo().department_id._is_visible_to(user):
            raise UserError(
                self.env._(
                    "%(user)s may not verify for %(department)s.",
                    user=user.name,
                    department=self.sudo().department_id.name,
                )
            )
        self._transition("assign", values={"handler_id": user.id}, event={"data": {"to": user.id}})
        return True

    def _do_confirm(self, findings, at=None):
        """The commitment is true: the verification is closed."""
        return self._do_find("confirm", findings, at, {"due_date": False})

    def _do_report_false(self, findings, at=None):
        """The commitment is false: a decider is to decide about revocation."""
        due = {"due_date": self.due_date or self._get_today()}
        return self._do_find("report_false", findings, at, due)

    def _do_rectify(self, findings, rectify_by, at=None):
        """Order the applicant to put right what does not match, by a day.

        :param date rectify_by: last day, not in the past
        """
        self._open()
        if not rectify_by or rectify_by < local_date(at or fields.Datetime.now()):
            raise ValidationError(self.env._("rectify_by: a day not in the past is required."))
        return self._do_find(
            "rectify", findings, at, {"rectify_by": rectify_by, "due_date": rectify_by}
        )

    def _do_revoke(self, findings, at=None):
        """The commitment is false: decision and licence are revoked, and the applicant's credit
        says so until he has repaired it."""
        self._do_find("revoke", findings, at, {"due_date": False})
        return self.application_id._do_revoke("false_commitment", findings, at=at)

    def _do_find(self, action, findings, at, values):
        self._open()
        if not (findings or "").strip():
            raise ValidationError(self.env._("findings: say what was found."))
        data = {"rectify_by": str(values["rectify_by"])} if "rectify_by" in values else {}
        self._transition(
            action,
            at=at,
            values={
                "findings": findings,
                "verified_at": at or fields.Datetime.now(),
                "verified_by_id": self.env.uid,
                **values,
            },
            event={"opinion": findings, "data": data},
        )
        return True

    # === Actions === #

    def action_take(self):
        """Make the verifications one's own."""
        for commitment in self:
            commitment._do_assign(self.env.user)
        return True

    def action_open_assign(self):
        """Give the verification to somebody."""
        return self._open_wizard(self.env._("Assign the verification"), default_outcome="assign")

    def action_open_outcome(self):
        """Enter what the verification found."""
        return self._open_wizard(self.env._("Outcome of the verification"))

    def _open_wizard(self, title, **context):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "shenpi.commitment.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_commitment_id": self.id, **context},
        }

    def action_open_application(self):
        """The application that was granted on the commitment."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "shenpi.application",
            "res_id": self.application_id.id,
            "views": [(False, "form")],
        }

    def action_print_letter(self):
        """Letter of commitment 告知承诺书."""
        return self.application_id.action_print_commitment_letter()

    def action_print_rectification(self):
        """Order to rectify 责令限期整改通知书."""
        return self.application_id.action_print_rectification()

    def action_print_revocation(self):
        """Decision to revoke 撤销行政许可决定书."""
        return self.application_id.action_print_revocation()

    # === API === #

    def _get_api_dict(self):
        """The commitment as ``api_status`` shows it."""
        self.ensure_one()
        dates = {
            "due": self.due_date,
            "verify_by": self.verify_by,
            "rectify_by": self.rectify_by,
            "verified": self.verified_at and local_date(self.verified_at),
        }
        answer = {"state": self.state, "method": self.method}
        return answer | {key: day.isoformat() for key, day in dates.items() if day}
