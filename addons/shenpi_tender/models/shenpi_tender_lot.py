from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.matching import EFFECTIVE
from ..tools.money import from_float
from ..tools.security import AmountRule, ceiling, payable
from .shenpi_tender_rule import KINDS

OPEN_STATES = ("draft", "published", "opened", "candidates", "awarded")


class ShenpiTenderLot(models.Model):
    """A lot 标段: what one contract will be about, and the bid security it asks for.

    Who may do what, when (the table in ``shenpi_tender_lot_flow.py`` is the rule):

    * the trade desk drafts and publishes it, the trading platform publishes it by API; the amount
      is held against the rule in force, and a copy of that rule stays with the lot;
    * until the deadline both may change the deadline;
    * nobody learns who has registered or paid, nor how many, before the opening
      (``sealed``); the scheduled action opens it at its moment, or whoever is there does, later;
    * candidates, award, contract, failure and termination are entered by desk or platform as
      they happen.

    All trading staff of the bureau read it.
    """

    _name = "shenpi.tender.lot"
    _inherit = ["shenpi.document.mixin", "mail.thread", "mail.activity.mixin"]
    _description = "Lot"
    _order = "opening_at desc, id desc"
    _rec_names_search = ["code", "name"]
    _mail_post_access = "read"
    _check_company_auto = True

    _event_field = "lot_id"
    _flow_fields = frozenset(
        {
            "state",
            "rule_id",
            "rule_data",
            "published_at",
            "sealed",
            "opened_at",
            "candidate_date",
            "award_date",
            "award_amount",
            "contract_date",
            "ended_at",
            "registered_count",
            "effective_count",
            "same_payer_count",
        }
    )
    # What is free in a draft and stays from the publication on.
    _draft_fields = frozenset(
        {
            "tender_id",
            "code",
            "name",
            "kind",
            "estimate",
            "amount",
            "deadline",
            "opening_at",
            "accepts_cash",
            "accepts_guarantee",
            "accepts_commitment",
            "account_id",
        }
    )

    tender_id = fields.Many2one(
        "shenpi.tender", required=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(related="tender_id.company_id", store=True, index=True)
    regime = fields.Selection(related="tender_id.regime")
    owner_name = fields.Char(related="tender_id.owner_name")
    code = fields.Char(string="Lot no.", required=True, copy=False)
    name = fields.Char(required=True, index="trigram")
    kind = fields.Selection(KINDS, required=True, default="works")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("published", "Published"),
            ("opened", "Opened"),
            ("candidates", "Candidates announced"),
            ("awarded", "Awarded"),
            ("contracted", "Contract signed"),
            ("failed", "Failed"),
            ("terminated", "Terminated"),
        ],
        required=True,
        readonly=True,
        default="draft",
        index=True,
        copy=False,
        group_expand=True,
    )
    currency_id = fields.Many2one(
        "res.currency", default=lambda self: self.env.ref("base.CNY"), required=True
    )
    estimate = fields.Monetary(string="Estimate or budget", required=True)
    deadline = fields.Datetime(string="Bid deadline", required=True)
    opening_at = fields.Datetime(string="Opening", required=True)

    # === Security === #
    amount = fields.Monetary(string="Bid security", required=True)
    ceiling = fields.Monetary(
        string="At most", compute="_compute_ceiling", help="By the rule that holds for this lot."
    )
    accepts_cash = fields.Boolean(string="Transfer", default=True)
    accepts_guarantee = fields.Boolean(string="Guarantee", default=True)
    accepts_commitment = fields.Boolean(string="Letter of commitment")
    account_id = fields.Many2one(
        "shenpi.bank.account",
        string="Paid into",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    rule_id = fields.Many2one("shenpi.tender.rule", readonly=True, ondelete="restrict", copy=False)
    rule_data = fields.Json(readonly=True, copy=False, help="The rule as it was on publication.")

    # === Course === #
    published_at = fields.Datetime(string="Published on", readonly=True, copy=False)
    sealed = fields.Boolean(
        readonly=True,
        default=True,
        copy=False,
        help="Who has registered and paid is shown to nobody yet.",
    )
    opened_at = fields.Datetime(string="Was opened on", readonly=True, copy=False)
    candidate_date = fields.Date(string="Candidates announced on", readonly=True, copy=False)
    award_date = fields.Date(string="Award notice of", readonly=True, copy=False)
    award_amount = fields.Monetary(
        readonly=True,
        copy=False,
        help="Of the award notice; statistics hold it against the budget.",
    )
    contract_date = fields.Date(string="Contract of", readonly=True, copy=False)
    ended_at = fields.Datetime(string="Failed or terminated on", readonly=True, copy=False)
    # The domain is what seals the field: Odoo asks "is there any" without the rules of the model.
    deposit_ids = fields.One2many(
        "shenpi.deposit",
        "lot_id",
        string="Bid securities",
        domain=[("lot_id.sealed", "=", False)],
    )
    hold_ids = fields.One2many(
        "shenpi.hold",
        "lot_id",
        string="Holds",
        readonly=True,
        domain=["|", ("deposit_id", "=", False), ("lot_id.sealed", "=", False)],
    )
    event_ids = fields.One2many("shenpi.event", "lot_id", readonly=True)
    # Written by the opening; 0 while the lot is sealed, for whoever looks.
    registered_count = fields.Integer(string="Bidders", readonly=True, copy=False)
    effective_count = fields.Integer(string="Securities in order", readonly=True, copy=False)
    same_payer_count = fields.Integer(
        string="Paid from one account",
        readonly=True,
        copy=False,
        help="Bidders whose money came from an account that paid for another bidder too.",
    )

    _code_unique = models.UniqueIndex("(company_id, code)", "A lot with this number exists.")
    _estimate_positive = models.Constraint(
        "CHECK (estimate > 0)", "estimate: must be more than nothing."
    )
    _amount_range = models.Constraint("CHECK (amount >= 0)", "amount: must not be negative.")
    _award_amount_range = models.Constraint(
        "CHECK (award_amount >= 0)", "award amount: must not be negative."
    )
    _opening_after_deadline = models.Constraint(
        "CHECK (opening_at >= deadline)", "opening: lies before the bid deadline."
    )
    _to_open = models.Index("(opening_at, id) WHERE state = 'published'")

    # === Compute methods === #

    @api.depends("code", "name")
    def _compute_display_name(self):
        for lot in self:
            lot.display_name = " ".join(filter(None, (lot.code, lot.name)))

    @api.depends("estimate", "kind", "tender_id", "state")
    def _compute_ceiling(self):
        rules = self.env["shenpi.tender.rule"]
        today = self._get_today()
        for lot in self:
            if lot.rule_data:
                rule = lot._get_amount_rule()
            elif lot.tender_id:
                try:
                    rule = rules._find(lot.tender_id, lot.kind, today)._get_amount_rule()
                except ValidationError:
                    rule = AmountRule(0)
            else:
                rule = AmountRule(0)
            lot.ceiling = ceiling(rule, from_float(lot.estimate)) / 100

    # === CRUD === #

    def write(self, vals):
        """What was published stays, apart from what the flow changes."""
        frozen = self._draft_fields & vals.keys()
        if frozen and not self.env.su and any(lot.state != "draft" for lot in self):
            raise ValidationError(
                self.env._(
                    "%(field)s: a published lot is changed by its events only.",
                    field=min(frozen),
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        if any(lot.state != "draft" for lot in self):
            raise ValidationError(self.env._("A published lot is not deleted."))

    # === Questions === #

    @api.model
    def _get_today(self):
        return self.env["shenpi.application"]._get_today()

    def _get_amount_rule(self):
        """The amount part of the frozen rule."""
        return AmountRule(**self.sudo().rule_data["amount"])

    def _get_payable(self, classes):
        """What a bidder of these classes owes, in fen."""
        return payable(self._get_amount_rule(), from_float(self.amount), classes)

    def _count_revealed(self):
        """The counts that a lot shows once it is open."""
        deposits = self.env["shenpi.deposit"].sudo().search([("lot_id", "in", self.ids)])
        alike = defaultdict(list)
        for lot, own in deposits.grouped("lot_id").items():
            effective = own.filtered(lambda d: d.code in EFFECTIVE)
            counts = (len(own), len(effective), len(own.filtered("same_payer")))
            alike[counts].append(lot.id)
        names = ("registered_count", "effective_count", "same_payer_count")
        for counts, ids in alike.items():
            self.sudo().browse(ids).write(dict(zip(names, counts, strict=True)))
