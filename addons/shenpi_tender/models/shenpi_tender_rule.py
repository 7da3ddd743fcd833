from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools.money import from_float
from ..tools.security import AmountRule
from .shenpi_tender import REGIMES

KINDS = [
    ("works", "Works"),
    ("goods", "Goods"),
    ("services", "Services"),
    ("survey_design", "Survey and design"),
]


class ShenpiTenderRule(models.Model):
    """A rule on bid security, in force from one day to another: the cap, who is let off how much,
    whose account must pay, and the terms within which the money goes back.

    Read by all trading staff, kept by the trade manager. A lot is frozen with a copy of its rule
    when it is published, so that editing a rule never moves a live lot. Of the rules in force the
    one that names the region comes before the national one, the one that names the kind of lot
    before the one for all kinds, the bureau's own before the one of all bureaus.
    """

    _name = "shenpi.tender.rule"
    _description = "Rule on bid security"
    _order = "regime, kind, region, date_from desc, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    regime = fields.Selection(REGIMES, required=True)
    kind = fields.Selection(KINDS, string="Kind of lot", help="Empty: all kinds.")
    region = fields.Char(help="As written on the tender. Empty: everywhere.")
    company_id = fields.Many2one("res.company", string="Bureau", help="Empty: all bureaus.")
    date_from = fields.Date(string="In force from", required=True)
    date_to = fields.Date(
        string="In force until", help="The last day; empty: until further notice."
    )
    currency_id = fields.Many2one(
        "res.currency", default=lambda self: self.env.ref("base.CNY"), required=True
    )
    exempt = fields.Boolean(string="No security", help="Lots under this rule ask for no security.")
    percent = fields.Float(
        string="Cap (%)", digits=(5, 2), default=2, help="Of the estimate or budget."
    )
    cap = fields.Monetary(string="Cap by amount", help="0: no cap by amount.")
    small_reduction = fields.Integer(string="Small firms: reduced by (%)")
    credit_reduction = fields.Integer(string="Good credit: reduced by (%)")
    payer_check = fields.Selection(
        [
            ("basic", "From the bidder's basic account"),
            ("name", "From an account of the bidder"),
            ("none", "From anybody"),
        ],
        string="Paying account",
        required=True,
        default="name",
        help="Basic account: projects that must be tendered by law, domestic bidders (art. 26).",
    )
    penalty_percent = fields.Integer(
        string="Late refunds cost (% of the benchmark)",
        help="0: no penalty. Government procurement: 120"
        " (政府采购货物和服务招标投标管理办法 art. 38).",
    )
    day_basis = fields.Selection(
        [("360", "360 days"), ("365", "365 days")],
        string="A year has",
        required=True,
        default="360",
        help="For interest and penalty.",
    )
    forfeit_payee = fields.Selection(
        [("owner", "Tenderer or purchaser"), ("treasury", "Treasury")],
        string="Forfeited money goes to",
        help="Empty: in government procurement the treasury, as non-tax revenue"
        " (财库〔2011〕15号), else the tenderer.",
    )
    legal_basis = fields.Char()
    term_ids = fields.One2many(
        "shenpi.tender.rule.term", "rule_id", string="Refund terms", copy=True
    )

    _in_order = models.Constraint(
        "CHECK (date_to >= date_from)", "In force until: lies before the first day."
    )
    _percent_range = models.Constraint(
        "CHECK (percent > 0 AND percent <= 100)", "Cap (%): lies between 0 and 100."
    )
    _cap_range = models.Constraint("CHECK (cap >= 0)", "Cap by amount: must not be negative.")
    _penalty_range = models.Constraint(
        "CHECK (penalty_percent BETWEEN 0 AND 1000)", "Late refunds: between 0 and 1000 per cent."
    )
    _reduction_range = models.Constraint(
        "CHECK (small_reduction BETWEEN 0 AND 100 AND credit_reduction BETWEEN 0 AND 100)",
        "Reductions lie between 0 and 100 per cent.",
    )

    @api.model
    def _find(self, tender, kind, day):
        """The rule in force on ``day`` for a kind of lot of a tender, the most specific one.

        :raise ValidationError: there is none
        """
        domain = Domain.AND(
            [
                [("regime", "=", tender.regime), ("date_from", "<=", day)],
                Domain("date_to", "=", False) | Domain("date_to", ">=", day),
                Domain("kind", "=", False) | Domain("kind", "=", kind),
                Domain("region", "in", [False, tender.region or False]),
                Domain("company_id", "in", [False, tender.company_id.id]),
            ]
        )
        rules = self.sudo().search(domain)
        if not rules:
            raise ValidationError(
                self.env._("rule: none on bid security is in force for %s.", tender.name)
            )
        found = max(
            rules,
            key=lambda rule: (
                bool(rule.region),
                bool(rule.kind),
                bool(rule.company_id),
                rule.date_from,
                rule.id,
            ),
        )
        return found.with_env(self.env)

    def _get_amount_rule(self):
        return AmountRule(**self._prepare_amount_data())

    def _prepare_amount_data(self):
        rule = self.sudo()
        return {
            "percent_bp": from_float(rule.percent),
            "cap": from_float(rule.cap) or None,
            "exempt": rule.exempt,
            "reductions": {"small": rule.small_reduction, "credit": rule.credit_reduction},
        }

    def _freeze(self):
        """The copy that a lot keeps."""
        rule = self.sudo()
        return {
            "rule": rule.id,
            "name": rule.name,
            "legal_basis": rule.legal_basis or "",
            "amount": rule._prepare_amount_data(),
            "payer_check": rule.payer_check,
            "penalty_percent": rule.penalty_percent,
            "day_basis": rule.day_basis,
            "forfeit_payee": rule.forfeit_payee or "",
            "terms": [
                [term.trigger, term.party, term.days, term.unit, term.interest]
                for term in rule.term_ids
            ],
        }
