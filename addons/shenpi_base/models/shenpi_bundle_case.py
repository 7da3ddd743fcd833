from datetime import datetime, time

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import clock, diagrams, flow
from ..tools.localtime import local_date, to_local
from .shenpi_application_flow import DESK, INTAKE, MANAGER

TRANSITIONS = flow.table(
    flow.Transition(action, frozenset(sources.split()), target, frozenset(groups), guard)
    for action, sources, target, groups, guard in (
        ("submit", "draft", "running", INTAKE, None),
        # By the system, when a child ends or is granted.
        ("start_child", "running", None, (MANAGER,), None),
        ("stop_child", "running", None, (MANAGER,), None),
        ("close", "running", "closed", (MANAGER,), None),
        ("refile", "running closed", "running", DESK, "_guard_refile"),
        ("extend", "running", None, (MANAGER,), "_guard_extension"),
        ("withdraw", "running", "withdrawn", DESK, None),
    )
)
JOINT_DAYS = 45
JOINT_EXTENSION = 15
LIGHTS = ("red", "yellow", "green")


class ShenpiBundleCase(models.Model):
    """A bundle case: a light parent of independent applications, one for each item needed.

    Who may do what, when:

    * whoever takes in applications files it; every application is written at once, those that wait
      for nothing are received at once, the others stay drafts that may be prepared meanwhile;
    * each child lives its own life: clock, department, decision, result; when the children it waits
      for are granted, the system receives it; when one it cannot do without is not granted, it is
      stopped and says so, and the others go on;
    * the case closes when every child has been handed over, ended or stopped;
    * a child that was not granted can be filed again, also from a closed case, which then runs
      again; what waited for it waits again; a withdrawn case stays withdrawn;
    * withdrawing the case withdraws the children that are under way and stops those that wait or
      are being filed again; what has been decided stays decided and is handed over; a closed case
      is not withdrawn any more, its children have ended;
    * results come as they are ready, or together if the applicant wants it so, but never later than
      the law allows (art. 44);
    * a bundle handled jointly by law has 45 working days from the first acceptance; the head of the
      local government may approve 15 more, once (art. 42), entered by the bureau head.
    """

    _name = "shenpi.bundle.case"
    _inherit = ["shenpi.document.mixin", "mail.thread", "mail.activity.mixin"]
    _description = "Bundle case"
    _order = "id desc"
    _rec_name = "number"
    _rec_names_search = ["number", "applicant_name"]
    _mail_post_access = "read"

    _transitions = TRANSITIONS
    _event_field = "bundle_case_id"
    _flow_fields = frozenset(
        {"state", "number", "statutory_due_date", "extended_days", "approval_ref", "closed_at"}
    )

    number = fields.Char(required=True, readonly=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("running", "Under way"),
            ("closed", "Closed"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        readonly=True,
    )
    bundle_id = fields.Many2one(
        "shenpi.bundle", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", string="Bureau", required=True, readonly=True)
    department_id = fields.Many2one(
        "shenpi.department", string="Led by", required=True, readonly=True, ondelete="restrict"
    )
    applicant_name = fields.Char(string="Applicant", required=True, readonly=True, index="trigram")
    filed_by_id = fields.Many2one(
        "res.users", string="Taken in by", required=True, readonly=True, ondelete="restrict"
    )
    delivery = fields.Selection(
        [("each", "Each result as it comes"), ("together", "All results together")],
        string="Hand over",
        required=True,
        readonly=True,
        default="each",
    )
    submitted_at = fields.Datetime(string="Received on", required=True, readonly=True)
    closed_at = fields.Datetime(string="Closed on", readonly=True)
    promised_due_date = fields.Date(
        string="Promised by", readonly=True, help="The critical path of the promised days."
    )
    statutory_due_date = fields.Date(
        string="Joint limit", readonly=True, help="45 working days from the first acceptance."
    )
    extended_days = fields.Integer(string="Extended by", readonly=True)
    approval_ref = fields.Char(
        string="Number of the approval",
        readonly=True,
        help="The approval of the head of the local government.",
    )
    answer_ids = fields.Many2many("shenpi.bundle.answer", string="Answers", readonly=True)
    situation = fields.Text(compute="_compute_situation")
    line_ids = fields.One2many("shenpi.bundle.case.line", "case_id", readonly=True)
    event_ids = fields.One2many("shenpi.event", "bundle_case_id", readonly=True)
    in_sight = fields.Boolean(compute="_compute_in_sight", search="_search_in_sight")
    light = fields.Selection(
        [("green", "In time"), ("yellow", "Near due"), ("red", "Alarm"), ("none", "No clock")],
        compute="_compute_progress",
        help="The worst light among the items under way.",
    )
    progress = fields.Char(compute="_compute_progress", help="Items granted, of those needed.")
    in_hand = fields.Char(compute="_compute_progress", help="The items under way.")
    next_due_date = fields.Date(
        string="Next due", compute="_compute_progress", help="The earliest day of those under way."
    )
    chart = fields.Html(compute="_compute_chart", sanitize=False)
    can_withdraw = fields.Boolean(compute="_compute_can")
    can_extend = fields.Boolean(compute="_compute_can")

    _number_unique = models.UniqueIndex("(number)", "A bundle case with this number exists.")

    # === Compute methods === #

    @api.depends("answer_ids")
    def _compute_situation(self):
        """Every question with its answer, one a line."""
        for case in self:
            case.situation = "\n".join(case.sudo().answer_ids.mapped("display_name"))

    @api.depends(
        "line_ids.status", "line_ids.application_id.light", "line_ids.application_id.due_date"
    )
    def _compute_progress(self):
        for case in self:
            lines = case.sudo().line_ids
            running = lines.filtered(lambda line: line.status == "running")
            lights = set(running.mapped("light"))
            case.in_hand = "、".join(running.mapped("item_name"))
            case.next_due_date = min(filter(None, running.mapped("due_date")), default=False)
            case.light = next((light for light in LIGHTS if light in lights), "none")
            granted = len(lines.filtered(lambda line: line.status == "granted"))
            case.progress = f"{granted} / {len(lines)}"

    @api.depends_context("lang")
    @api.depends(
        "line_ids.status", "line_ids.application_id.light", "line_ids.application_id.state"
    )
    def _compute_chart(self):
        for case in self:
            lines = case.sudo().line_ids.with_env(self.env)
            bars = [line._get_bar() for line in lines]
            case.chart = diagrams.timeline(bars, lines._get_ties(), self.env._("working days"))

    @api.depends_context("uid")
    @api.depends("state", "extended_days", "statutory_due_date")
    def _compute_can(self):
        for case in self:
            allowed = case._get_allowed_actions()
            case.can_withdraw = "withdraw" in allowed
            case.can_extend = "extend" in allowed

    @api.depends_context("uid")
    def _compute_in_sight(self):
        seen = self.search([("id", "in", self.ids), ("in_sight", "=", True)])
        for case in self:
            case.in_sight = case in seen

    @api.model
    def _search_in_sight(self, operator, value):
        """Those who lead it, took it in, or see one of its children."""
        if operator != "in":
            return NotImplemented
        visible_ids = self.env["shenpi.department"]._get_visible_ids()
        domain = fields.Domain("department_id", "in", visible_ids) | fields.Domain(
            "filed_by_id", "=", self.env.uid
        )
        children = self.env["shenpi.application"]._search(
            [("bundle_line_id", "!=", False), ("in_sight", "=", True)]
        )
        domain |= fields.Domain("line_ids.application_id", "in", children)
        return fields.Domain.OR(domain if wanted else ~domain for wanted in value)

    # === Actions === #

    def action_open_withdraw(self):
        """End the case because the applicant asks for it."""
        return self._open_wizard("withdraw", self.env._("Withdraw"))

    def action_open_extension(self):
        """Extend the joint limit, once."""
        return self._open_wizard("extend", self.env._("Extend the joint limit"))

    def _open_wizard(self, operation, title):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "shenpi.bundle.case.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_case_id": self.id, "default_operation": operation},
        }

    # === Guards === #

    def _guard_extension(self):
        if not self.statutory_due_date:
            raise UserError(self.env._("No joint limit runs for this case."))
        if self.extended_days:
            raise UserError(self.env._("The limit has been extended already; the law allows once."))
        if self.statutory_due_date < self.env["shenpi.application"]._get_today():
            raise UserError(self.env._("The joint limit ended on %s.", self.statutory_due_date))
        return self.env.user

    def _guard_refile(self):
        if not self.line_ids.filtered(lambda line: line.status == "failed"):
            raise UserError(
                self.env._("Every item is granted or under way: nothing to file again.")
            )
        return self.env.user

    # === Intake === #

    @api.model
    def _do_submit(self, bundle, lines, vals, children, at=None):
        """File a bundle: the case, an application for each line, the first ones received.

        :param bundle: the published ``shenpi.bundle``; :param lines: the lines that are needed
        :param dict vals: applicant_name, delivery, answer_ids of the case
        :param dict children: line -> values of its application
        :raise ValidationError: no item is needed
        """
        if not lines:
            raise ValidationError(self.env._("answers: with these answers no item is needed."))
        moment = at or fields.Datetime.now()
        slots = lines._schedule()
        case = self._begin("submit", self._prepare_case_vals(bundle, slots, moment) | vals, at=at)
        self.env["shenpi.bundle.case.line"].sudo()._copy_plan(case, lines, slots, children)
        case._advance(at)
        return case

    def _prepare_case_vals(self, bundle, slots, moment):
        day = local_date(moment)
        calendar = self.env["shenpi.workday"]._get_calendar()
        days = max(slot.end for slot in slots.values())
        serial = self.env["shenpi.application.counter"]._reserve(f"bundle {bundle.code}", day)
        return {
            "number": f"{bundle.code}{day:%Y%m%d}{serial:04d}",
            "bundle_id": bundle.id,
            "company_id": bundle.company_id.id,
            "department_id": bundle.department_id.id,
            "filed_by_id": self.env.uid,
            "submitted_at": moment,
            "promised_due_date": calendar.add(day, days),
        }

    # === The life of the whole === #

    def _advance(self, at=None):
        """Start the children that wait for nothing any more, stop those that wait in vain, and
        close the case when all of them are done."""
        self.ensure_one()
        system = self.with_user(SUPERUSER_ID)
        if system.state != "running":
            return
        waiting = system.line_ids.filtered(lambda line: line.status == "waiting")
        moved = True
        while moved:
            moved = False
            for line in waiting:
                if line.status == "waiting" and line._is_hopeless():
                    line._stop()
                    moved = True
                elif line.status == "waiting" and line._is_ready():
                    line._start(at)
                    moved = True
        if system.state == "running" and all(line._is_done() for line in system.line_ids):
            system._transition("close", values={"closed_at": fields.Datetime.now()})

    def _follow(self, applications):
        """A child has moved: note what became of it and go on."""
        self.ensure_one()
        for application in applications:
            application.bundle_line_id._note_outcome()
        self._set_joint_limit()
        self._advance()

    def _set_joint_limit(self):
        """45 working days from the first acceptance, where the bundle is joint by law; it follows
        when the clock of that child is corrected."""
        if not self.bundle_id.joint:
            return
        due = self._get_joint_due(self.extended_days)
        if due != self.statutory_due_date:
            self.sudo().statutory_due_date = due

    @api.model
    def _recount_joint_limits(self, first_day):
        """Days of the calendar from ``first_day`` on have changed."""
        domain = [("state", "=", "running"), ("statutory_due_date", ">=", first_day)]
        for case in self.sudo().search(domain):
            case._set_joint_limit()

    def _get_joint_due(self, extension):
        """The end of the joint limit; none before a child has been accepted."""
        # Those filed again since count too. What is deemed accepted counts from its receipt, not
        # from when that was noted.
        ((first,),) = (
            self.env["shenpi.application"]
            .sudo()
            ._read_group([("bundle_line_id.case_id", "=", self.id)], [], ["accepted_date:min"])
        )
        if not first:
            return False
        day = datetime.combine(first, time())
        entries = [
            clock.Entry("received", day, 1),
            clock.Entry("accepted", day, 2),
            clock.Entry("extend", day, 3, days=extension),
        ]
        limits = clock.Limits("working_days", JOINT_DAYS, None)
        calendar = self.env["shenpi.workday"]._get_calendar()
        now = to_local(fields.Datetime.now())
        return clock.evaluate(entries, limits, calendar, now).statutory_due

    def _do_extend(self, days, approval_ref, reason):
        """Extend the joint limit, once, with the approval of the head of the local government.

        :param int days: at most 15 working days; :param str approval_ref: number of the approval
        """
        self._open()
        if not 1 <= days <= JOINT_EXTENSION:
            raise ValidationError(self.env._("days: must be between 1 and %s.", JOINT_EXTENSION))
        if not (approval_ref or "").strip():
            raise ValidationError(
                self.env._("approval_ref: name the approval of the head of the local government.")
            )
        if not (reason or "").strip():
            raise ValidationError(self.env._("reason: say why the limit is extended."))
        self._transition(
            "extend",
            values={
                "extended_days": days,
                "approval_ref": approval_ref,
                "statutory_due_date": self._get_joint_due(days),
            },
            event={"opinion": reason, "data": {"days": days, "approval": approval_ref}},
        )
        return True

    def _do_withdraw(self, reason, at=None):
        """End the case because the applicant asks for it; what was granted stays granted."""
        self._open()
        if not (reason or "").strip():
            raise ValidationError(self.env._("reason: say why the case ends."))
        self._transition("withdraw", at=at, event={"opinion": reason})
        for line in self.sudo().line_ids.with_env(self.env):
            line._withdraw(reason, at)
        return True
