from odoo import fields, models


class ShenpiTenderRuleTerm(models.Model):
    """Within how many days of what the security of whom goes back."""

    _name = "shenpi.tender.rule.term"
    _description = "Refund term"
    _order = "rule_id, sequence, id"

    rule_id = fields.Many2one("shenpi.tender.rule", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="rule_id.company_id")
    sequence = fields.Integer(default=10)
    trigger = fields.Selection(
        [
            ("award", "Award notice"),
            ("contract", "Contract signed"),
            ("withdraw", "Bid withdrawn"),
            ("terminate", "Tender terminated"),
            ("fail", "Tender failed"),
            ("invalid", "Payment without effect, or too much"),
            ("refuse_extension", "Extension of the validity refused"),
        ],
        string="After",
        required=True,
    )
    party = fields.Selection(
        [("all", "All bidders"), ("winner", "Winner"), ("loser", "Losers")],
        string="To whom",
        required=True,
        default="all",
    )
    days = fields.Integer(required=True, help="0: at once.")
    unit = fields.Selection(
        [("calendar", "Calendar days"), ("working", "Working days")],
        required=True,
        default="calendar",
    )
    interest = fields.Boolean(string="With interest", help="With the interest that the bank pays.")

    _days_range = models.Constraint("CHECK (days BETWEEN 0 AND 365)", "Days: between 0 and 365.")
    _once = models.UniqueIndex(
        "(rule_id, trigger, party)", "A rule has one term for an event and a party."
    )
