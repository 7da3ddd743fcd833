from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

from odoo.addons.shenpi_base.tools import flow

from .shenpi_refund import REASONS
from .shenpi_tender_lot_flow import CASHIER, CHECKER, MANAGER, SUPERVISOR

TRANSITIONS = flow.table(
    flow.Transition(action, frozenset(sources), target, frozenset(groups), guard)
    for action, sources, target, groups, guard in (
        ("propose_automation", ("draft",), "proposed", (MANAGER,), None),
        ("return_automation", ("proposed",), "draft", (CHECKER, MANAGER), None),
        ("confirm_automation", ("proposed",), "in_force", (CHECKER,), "_guard_confirm"),
        (
            "end_automation",
            ("proposed", "in_force"),
            "ended",
            (CASHIER, CHECKER, SUPERVISOR, MANAGER),
            None,
        ),
    )
)


class ShenpiRefundAutomation(models.Model):
    """A rule by which refunds go to the bank without a hand: for one account, one reason, up to an
    amount, from one day to another.

    It stands in for the four eyes of every refund that it sends: the trade manager proposes it,
    which approves them beforehand, and a checker, never the same person, confirms it, which checks
    them beforehand. From the proposal on it is not changed; whoever handles or watches over the
    money ends it at once. One rule for an account and a reason is in force at a time.

    What a person has to look at is never sent by rule, whatever the rule says: what is on hold,
    what a checker has sent back, what came back or was rejected, what goes to another account than
    it came from, and whatever is on an account that is blocked or whose balance was not proved for
    the day before. Read by all trading staff of the bureau.
    """

    _name = "shenpi.refund.automation"
    _inherit = ["shenpi.document.mixin"]
    _description = "Rule on automatic refunds"
    _order = "account_id, reason, date_from desc, id desc"
    _check_company_auto = True

    _transitions = TRANSITIONS
    _event_field = "automation_id"
    _flow_fields = frozenset({"state", "proposed_by_id", "confirmed_by_id", "ended_at"})
    _draft_fields = frozenset({"account_id", "reason", "limit", "date_from", "date_to"})

    account_id = fields.Many2one(
        "shenpi.bank.account",
        string="Paid from",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain=[("connector", "=", "http")],
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    reason = fields.Selection(REASONS, string="After", required=True)
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.ref("base.CNY")
    )
    limit = fields.Monetary(
        string="Amount up to",
        required=True,
        help="Refunds above this amount are approved by people.",
    )
    date_from = fields.Date(string="From", required=True, default=fields.Date.context_today)
    date_to = fields.Date(string="Last day", help="Empty: until it is ended.")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("proposed", "Proposed"),
            ("in_force", "In force"),
            ("ended", "Ended"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
    )
    proposed_by_id = fields.Many2one(
        "res.users", string="Proposed by", readonly=True, copy=False, ondelete="restrict"
    )
    confirmed_by_id = fields.Many2one(
        "res.users", string="Confirmed by", readonly=True, copy=False, ondelete="restrict"
    )
    ended_at = fields.Datetime(string="Ended on", readonly=True, copy=False)
    # The domain seals the field (see ``shenpi.tender.lot.deposit_ids``).
    refund_ids = fields.One2many(
        "shenpi.refund",
        "automation_id",
        string="Refunds sent by it",
        domain=[("lot_id.sealed", "=", False)],
    )
    event_ids = fields.One2many("shenpi.event", "automation_id", readonly=True)
    can_propose = fields.Boolean(compute="_compute_can")
    can_return = fields.Boolean(compute="_compute_can")
    can_confirm = fields.Boolean(compute="_compute_can")
    can_end = fields.Boolean(compute="_compute_can")

    _limit_positive = models.Constraint(
        'CHECK ("limit" > 0)', "Amount up to: must be more than nothing."
    )
    _in_order = models.Constraint(
        "CHECK (date_to >= date_from)", "Last day: lies before the first day."
    )
    _two_people = models.Constraint(
        "CHECK (state <> 'in_force' OR proposed_by_id <> confirmed_by_id)",
        "Who has proposed a rule on automatic refunds does not confirm it.",
    )
    _one_in_force = models.UniqueIndex(
        "(account_id, reason) WHERE state = 'in_force'",
        "A rule for this account and reason is in force; end it first.",
    )

    # === Compute methods === #

    @api.depends("account_id", "reason")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["reason"]._description_selection(self.env))
        for rule in self:
            parts = (rule.account_id.display_name, labels.get(rule.reason))
            rule.display_name = " · ".join(filter(None, parts))

    @api.depends("state", "proposed_by_id")
    @api.depends_context("uid")
    def _compute_can(self):
        for rule in self:
            allowed = rule._get_allowed_actions()
            for action in ("propose", "return", "confirm", "end"):
                rule[f"can_{action}"] = f"{action}_automation" in allowed

    # === CRUD === #

    def write(self, vals):
        """What was proposed stays as it is."""
        frozen = self._draft_fields & vals.keys()
        if frozen and not self.env.su and any(rule.state != "draft" for rule in self):
            raise ValidationError(
                self.env._("%s: what has been proposed is not changed any more.", min(frozen))
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_proposed(self):
        if any(rule.state != "draft" for rule in self):
            raise ValidationError(self.env._("A rule that was proposed is not deleted."))

    # === Actions === #

    def action_propose(self):
        """Propose it to the checkers."""
        self._check_connected()
        self._transition("propose_automation", values={"proposed_by_id": self.env.uid})
        return True

    def action_return(self):
        """Give it back to the trade manager."""
        self._transition("return_automation", values={"proposed_by_id": False})
        return True

    def action_confirm(self):
        """Put it in force."""
        self._check_connected()
        self._transition("confirm_automation", values={"confirmed_by_id": self.env.uid})
        return True

    def action_end(self):
        """End it: from now on people approve."""
        self._transition("end_automation", values={"ended_at": fields.Datetime.now()})
        return True

    def _guard_confirm(self):
        if self.proposed_by_id == self.env.user:
            raise AccessError(
                self.env._("Who has proposed a rule on automatic refunds does not confirm it.")
            )
        return self.env.user

    def _check_connected(self):
        self._open()
        if self.sudo().account_id.connector != "http":
            raise ValidationError(
                self.env._("account: only a bank that takes signed calls pays without a hand.")
            )

    # === Questions === #

    @api.model
    def _get_at_work(self):
        """The rules by which refunds may go out at this moment."""
        today = self.env["shenpi.application"]._get_today()
        domain = Domain([("state", "=", "in_force"), ("date_from", "<=", today)])
        rules = self.search(
            domain & (Domain("date_to", "=", False) | Domain("date_to", ">=", today))
        )
        return rules.filtered(lambda rule: rule.account_id._may_pay_by_rule(today))

    def _get_refund_domain(self):
        """What it sends: what is due, and what it has cleared but could not hand over."""
        self.ensure_one()
        due = Domain(
            [
                ("state", "=", "due"),
                ("account_id", "=", self.account_id.id),
                ("reason", "=", self.reason),
                ("amount", "<=", self.limit),
                ("previous_id", "=", False),
                ("by_hand", "=", False),
            ]
        )
        return due | Domain([("state", "=", "checked"), ("automation_id", "=", self.id)])


class ShenpiBankAccount(models.Model):
    _inherit = "shenpi.bank.account"

    proved_date = fields.Date(
        string="Proved for",
        readonly=True,
        copy=False,
        help="The last day at whose end ledger and bank were the same.",
    )
    automation_ids = fields.One2many(
        "shenpi.refund.automation", "account_id", string="Automatic refunds"
    )

    def _may_pay_by_rule(self, today):
        """Whether money leaves by rule: connected, not blocked, proved for the day before."""
        self.ensure_one()
        proved = self.proved_date and self.proved_date >= today - timedelta(days=1)
        return bool(proved and not self.blocked and self._get_gateway())
