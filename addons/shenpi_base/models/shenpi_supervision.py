from odoo import api, fields, models
from odoo.exceptions import UserError


class ShenpiSupervision(models.Model):
    """A supervision order 督办单: somebody is told in writing to put a matter right by a date, and
    the matter is followed until it is.

    Who may do what, when (the table in ``shenpi_supervision_flow.py`` is the rule, this its prose):

    * supervisors and bureau heads write an order and dispatch it; the escalation ladder dispatches
      its own; once dispatched, what was asked stays as asked;
    * the person addressed, his deputy or the head of the department signs for it and answers; with
      nobody named, any member of the department does;
    * supervisors and bureau heads check the answer: close, send back, or ask to rectify; nobody
      checks his own answer;
    * the department addressed reads what was dispatched to it, supervisors and bureau heads all.
    """

    _name = "shenpi.supervision"
    _inherit = [
        "shenpi.document.mixin",
        "shenpi.deadline.mixin",
        "shenpi.sight.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "Supervision order"
    _order = "due_date, id desc"
    _rec_names_search = ["number", "matter"]
    _mail_post_access = "read"
    _check_company_auto = True
    _sight_fields = ("department_id", "user_id", "state")

    _event_field = "supervision_id"
    _asked_fields = frozenset(
        {
            "kind",
            "severity",
            "company_id",
            "department_id",
            "user_id",
            "application_id",
            "document_model",
            "document_id",
            "matter",
            "demand",
            "due_days",
        }
    )
    _flow_fields = frozenset(
        {
            "state",
            "number",
            "source",
            "firing_id",
            "due_date",
            "warn_date",
            "alarm_date",
            "dispatched_at",
            "dispatched_by_id",
            "signed_at",
            "signed_by_id",
            "answered_at",
            "answered_by_id",
            "answer",
            "answered_late",
            "finding",
            "closed_at",
        }
    )

    number = fields.Char(readonly=True, copy=False)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("dispatched", "Dispatched"),
            ("signed", "Signed for"),
            ("answered", "Answer given"),
            ("rectifying", "To be rectified"),
            ("rectified", "Rectified"),
            ("checked", "Answer checked"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        index=True,
        group_expand="_group_expand_states",
    )
    source = fields.Selection(
        [("manual", "By hand"), ("ladder", "Escalation")],
        string="How it came about",
        default="manual",
        required=True,
        readonly=True,
    )
    firing_id = fields.Many2one(
        "shenpi.ladder.firing", readonly=True, copy=False, index="btree_not_null"
    )

    # === What is asked, and of whom === #
    kind = fields.Selection(
        [
            ("overdue", "Over the limit"),
            ("over_stage", "A stage over its time"),
            ("refusing", "Refusing a lawful filing"),
            ("untold", "Not told once and completely"),
            ("no_reasons", "No reasons given"),
            ("not_online", "Not handled online"),
            ("illegal_fee", "Illegal fee"),
            ("other", "Other"),
        ],
        string="Signal",
        required=True,
        default="overdue",
    )
    severity = fields.Selection(
        [
            ("reminder", "Early warning"),
            ("yellow", "Yellow card"),
            ("red", "Red card"),
            ("recommendation", "Supervision recommendation"),
        ],
        required=True,
        default="reminder",
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
        string="Addressed to",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Person",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Empty: whoever works in the department signs for it.",
    )
    application_id = fields.Many2one(
        "shenpi.application", index="btree_not_null", ondelete="restrict", check_company=True
    )
    document_model = fields.Char()
    document_id = fields.Many2oneReference(model_field="document_model", string="Concerns")
    document_name = fields.Char(compute="_compute_document_name", string="Concerned document")
    matter = fields.Char(required=True)
    demand = fields.Text(string="What is asked", required=True)
    due_days = fields.Integer(
        string="Answer within (working days)", default=3, required=True, aggregator=None
    )

    # === Deadline === #
    due_date = fields.Date(string="Answer by")

    # === What became of it === #
    dispatched_at = fields.Datetime(string="Dispatched on", readonly=True, copy=False)
    dispatched_by_id = fields.Many2one(
        "res.users", string="Dispatched by", readonly=True, copy=False, ondelete="restrict"
    )
    signed_at = fields.Datetime(string="Signed for on", readonly=True, copy=False)
    signed_by_id = fields.Many2one(
        "res.users", string="Signed for by", readonly=True, copy=False, ondelete="restrict"
    )
    answered_at = fields.Datetime(string="Answered on", readonly=True, copy=False)
    answered_by_id = fields.Many2one(
        "res.users", string="Answered by", readonly=True, copy=False, ondelete="restrict"
    )
    answer = fields.Text(readonly=True, copy=False)
    answered_late = fields.Boolean(readonly=True, copy=False)
    finding = fields.Text(readonly=True, copy=False)
    closed_at = fields.Datetime(string="Closed on", readonly=True, copy=False)
    event_ids = fields.One2many("shenpi.event", "supervision_id", readonly=True)

    _number_unique = models.UniqueIndex(
        "(company_id, number) WHERE number IS NOT NULL",
        "A supervision order with this number exists already.",
    )
    _days_positive = models.Constraint(
        "CHECK (due_days > 0)", "Answer within: at least one working day."
    )
    _numbered = models.Constraint(
        "CHECK (state IN ('draft', 'cancelled') OR number IS NOT NULL)",
        "A dispatched order has a number.",
    )
    _ladder_dates = models.Index(
        "(due_date, id) WHERE state IN ('dispatched', 'signed', 'rectifying')"
    )

    # === Compute methods === #

    @api.depends("number", "matter")
    def _compute_display_name(self):
        for order in self:
            order.display_name = " · ".join(filter(None, (order.number, order.matter)))

    @api.depends("document_model", "document_id", "application_id")
    def _compute_document_name(self):
        """Whoever reads the order reads what it is about, also where the case is not his."""
        for order in self:
            order.document_name = order.sudo()._get_subject().display_name

    @api.model
    def _group_expand_states(self, states, domain):
        """The columns of a kanban board: all on the way, the others when there is something."""
        order = [key for key, _label in self._fields["state"].selection]
        return [key for key in order if key not in ("draft", "cancelled") or key in states]

    # === Onchange === #

    @api.onchange("application_id")
    def _onchange_application_id(self):
        if self.application_id:
            self.update(self.application_id._prepare_supervision_vals())

    @api.onchange("department_id")
    def _onchange_department_id(self):
        self.user_id = self.department_id.manager_id

    # === Low-level methods === #

    def write(self, vals):
        if not self.env.su and not self._asked_fields.isdisjoint(vals):
            self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_dispatched(self):
        for order in self:
            if order.state != "draft":
                raise UserError(
                    self.env._(
                        "%s has been dispatched: it can be cancelled, not deleted.",
                        order.display_name,
                    )
                )

    def _check_draft(self):
        for order in self:
            if order.state != "draft":
                raise UserError(
                    self.env._(
                        "%s has been dispatched: what was asked stays as asked.",
                        order.display_name,
                    )
                )

    # === The document it is about === #

    def _get_subject(self):
        """The document the order is about; an empty application when it stands for itself."""
        self.ensure_one()
        if self.document_model and self.document_id:
            return self.env[self.document_model].browse(self.document_id).exists()
        return self.application_id

    def action_open_subject(self):
        """The case or other document the order is about."""
        self.ensure_one()
        subject = self._get_subject()
        subject.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": subject._name,
            "res_id": subject.id,
            "views": [(False, "form")],
        }
