from odoo import api, fields, models

TIMELINESS = [
    ("on_time", "On time"),
    ("extended", "On time by extension only"),
    ("late", "Late"),
]


class ShenpiApplication(models.Model):
    """How a decided application kept its limits.

    Written together with the dates, so with the decision and with whatever moves its clock later;
    statistics add them up in the database and never read a clock. Days are working days whatever
    the unit of the limit, so that items can be compared. A case kept in time by its extension alone
    is a class of its own and never counts as on time.
    """

    _inherit = "shenpi.application"

    days_taken = fields.Integer(
        string="Working days taken",
        readonly=True,
        aggregator="avg",
        help="From acceptance to decision, special procedures left out.",
    )
    days_early = fields.Integer(
        string="Days before the promise",
        readonly=True,
        aggregator="avg",
        help="Working days between the decision and the promised date; negative when late.",
    )
    days_early_law = fields.Integer(
        string="Days before the legal limit",
        readonly=True,
        aggregator="avg",
        help="Working days between the decision and the statutory date; negative when late.",
    )
    timeliness = fields.Selection(TIMELINESS, string="Kept the promise", readonly=True)
    timeliness_law = fields.Selection(TIMELINESS, string="Kept the law", readonly=True)
    on_time = fields.Float(
        string="On time (promise)",
        readonly=True,
        aggregator="avg",
        help="Share of the decided cases that kept the promise without an extension.",
    )

    _received_range = models.Index("USING brin (received_at)")
    _decided_range = models.Index("(company_id, decided_at) WHERE decided_at IS NOT NULL")

    @api.model
    def _prepare_clock_vals(self, state):
        vals = super()._prepare_clock_vals(state)
        if state.decision:
            vals.update(self._prepare_figures(state))
        return vals

    @api.model
    def _prepare_figures(self, state):
        """The figures of a decided ``clock.ClockState``; without a promise the law measures."""
        decision = state.decision
        law = (state.statutory_due, decision.statutory_due)
        promise = law
        if state.promised_due:
            promise = (state.promised_due, decision.promised_due)
        calendar = self.env["shenpi.workday"]._get_calendar()
        timeliness = self._judge(decision.day, *promise)
        return {
            "days_taken": decision.working_days,
            "days_early": calendar.count(decision.day, promise[0]),
            "days_early_law": calendar.count(decision.day, law[0]),
            "timeliness": timeliness,
            "timeliness_law": self._judge(decision.day, *law),
            "on_time": float(timeliness == "on_time"),
        }

    @api.model
    def _judge(self, day, due, plain_due):
        """Whether a decision of this day kept a limit, by itself or by its extension."""
        if day <= plain_due:
            return "on_time"
        return "extended" if day <= due else "late"
