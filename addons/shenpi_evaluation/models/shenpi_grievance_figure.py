from odoo import api, fields, models
from odoo.tools import SQL

# What the figures are counted by, and the column that says it.
DIMENSIONS = {
    "department": "grievance.department_id::text",
    "source": "grievance.source_id::text",
    "kind": "grievance.kind",
    "month": "to_char(grievance.received_at + interval '8 hours', 'YYYY-MM')",
}
SHARES = ("response", "resolution", "satisfaction", "punctuality")


class ShenpiGrievanceFigure(models.Model):
    """响应率、解决率、满意率 and answers in time, by unit, source, kind and month.

    Each share has its numerator and denominator beside it, and is a dash where there is nothing to
    divide by: responded in time of all that were dispatched, answered or refused; resolved and
    satisfied of all that were called back and reached; answered in time of all that were answered.
    What has been merged or withdrawn is not counted.
    """

    _name = "shenpi.grievance.figure"
    _description = "Figures of grievances"
    _auto = False
    _order = "dimension, received DESC, id"
    _rec_name = "label"
    _depends = {
        "shenpi.grievance": [
            "company_id",
            "state",
            "source_id",
            "kind",
            "department_id",
            "received_at",
            "dispatched_at",
            "answered_at",
            "responded_late",
            "answered_late",
            "visited_at",
            "is_resolved",
            "is_satisfied",
        ]
    }

    company_id = fields.Many2one("res.company", string="Bureau", readonly=True)
    dimension = fields.Selection(
        [
            ("department", "Leading unit"),
            ("source", "Came by"),
            ("kind", "Kind"),
            ("month", "Month received"),
        ],
        string="Counted by",
        readonly=True,
    )
    value = fields.Char(readonly=True)
    label = fields.Char(string="Counted for", compute="_compute_label")
    received = fields.Integer(readonly=True)
    open_count = fields.Integer(string="Open", readonly=True)
    response_of = fields.Integer(string="Handled", readonly=True)
    response_met = fields.Integer(string="Responded in time", readonly=True)
    response = fields.Char(string="Response rate", compute="_compute_shares")
    punctuality_of = fields.Integer(string="Answered", readonly=True)
    punctuality_met = fields.Integer(string="Answered in time", readonly=True)
    punctuality = fields.Char(string="On-time rate", compute="_compute_shares")
    resolution_of = fields.Integer(string="Called back", readonly=True)
    resolution_met = fields.Integer(string="Resolved", readonly=True)
    resolution = fields.Char(string="Resolution rate", compute="_compute_shares")
    satisfaction_of = fields.Integer(string="Asked whether satisfied", readonly=True)
    satisfaction_met = fields.Integer(string="Satisfied with both", readonly=True)
    satisfaction = fields.Char(string="Satisfaction rate", compute="_compute_shares")

    @property
    def _table_query(self):
        arms = [
            SQL(
                "SELECT %s AS dimension, %s AS value, grievance.* FROM counted grievance",
                key,
                SQL(by),
            )
            for key, by in DIMENSIONS.items()
        ]
        return SQL(
            """WITH counted AS (
                   SELECT * FROM shenpi_grievance
                    WHERE state NOT IN ('draft', 'merged', 'withdrawn')
               ), grievance AS (%(arms)s)
               SELECT row_number() OVER (ORDER BY company_id, dimension, value) AS id,
                      company_id, dimension, value, count(*) AS received,
                      count(*) FILTER (WHERE state NOT IN ('closed', 'not_accepted'))
                          AS open_count,
                      count(*) FILTER (WHERE state <> 'received' OR dispatched_at IS NOT NULL)
                          AS response_of,
                      count(*) FILTER (WHERE (state <> 'received' OR dispatched_at IS NOT NULL)
                          AND responded_late IS NOT TRUE) AS response_met,
                      count(answered_at) AS punctuality_of,
                      count(answered_at) FILTER (WHERE answered_late IS NOT TRUE)
                          AS punctuality_met,
                      count(visited_at) AS resolution_of,
                      count(visited_at) FILTER (WHERE is_resolved) AS resolution_met,
                      count(visited_at) AS satisfaction_of,
                      count(visited_at) FILTER (WHERE is_satisfied) AS satisfaction_met
                 FROM grievance WHERE value IS NOT NULL
             GROUP BY company_id, dimension, value""",
            arms=SQL(" UNION ALL ").join(arms),
        )

    @api.depends("dimension", "value")
    @api.depends_context("lang")
    def _compute_label(self):
        kinds = self.env["shenpi.grievance"]._fields["kind"]._description_selection(self.env)
        names = dict(kinds)
        models_ = {"department": "shenpi.department", "source": "shenpi.grievance.source"}
        ids = {
            dimension: [int(figure.value) for figure in self if figure.dimension == dimension]
            for dimension in models_
        }
        for figure in self:
            if figure.dimension in models_:
                records = self.env[models_[figure.dimension]].sudo()
                record = records.browse(int(figure.value)).with_prefetch(ids[figure.dimension])
                figure.label = record.name
            else:
                figure.label = names.get(figure.value, figure.value)

    @api.depends(*(f"{name}_{part}" for name in SHARES for part in ("met", "of")))
    def _compute_shares(self):
        for figure in self:
            for name in SHARES:
                met, of = figure[f"{name}_met"], figure[f"{name}_of"]
                figure[name] = f"{met / of:.1%} ({met}/{of})" if of else "—"
