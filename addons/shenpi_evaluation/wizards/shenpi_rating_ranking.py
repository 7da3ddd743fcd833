from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from odoo.addons.shenpi_base.tools.bulletin import monday_of, show
from odoo.addons.shenpi_base.tools.localtime import local_date

from ..models.shenpi_rating_figures import DIMENSIONS
from ..tools import figures
from ..tools.ranking import rank
from ..tools.roles import EVALUATORS

PERIODS = {
    "week": ("Last week", -1),
    "month": ("Last month", -1),
    "this_month": ("This month", 0),
    "year": ("This year", 0),
    "custom": ("From … to …", 0),
}
MOST_REPLIES = 10


class ShenpiRatingRanking(models.TransientModel):
    """A ranking by satisfaction for a period: departments, windows, clerks, items or channels.

    Whoever leads may ask for it; clerks are ranked for evaluation only (no clerk is judged by his
    volume: those with few ratings are listed apart, without a rank).
    """

    _name = "shenpi.rating.ranking"
    _description = "Ranking by satisfaction"

    company_id = fields.Many2one(
        "res.company",
        string="Bureau",
        required=True,
        default=lambda self: self.env.company,
        domain=lambda self: [("id", "in", self.env.companies.ids)],
    )
    period = fields.Selection(
        [(key, label) for key, (label, _step) in PERIODS.items()], required=True, default="month"
    )
    date_from = fields.Date(
        string="From",
        compute="_compute_dates",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    date_to = fields.Date(
        string="To",
        compute="_compute_dates",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    dimension = fields.Selection(
        [
            ("department_id", "Department"),
            ("window_id", "Window"),
            ("item_id", "Item"),
            ("channel", "Channel"),
            ("clerk_id", "Person"),
        ],
        string="Ranked",
        required=True,
        default="department_id",
    )
    least = fields.Integer(
        string="Ranked from (ratings)",
        default=lambda self: self.env.company.shenpi_rating_least,
        required=True,
        aggregator=None,
    )
    line_ids = fields.One2many("shenpi.rating.ranking.line", "ranking_id", readonly=True)
    summary = fields.Char(readonly=True)

    # === Compute methods === #

    @api.depends("period")
    def _compute_dates(self):
        today = local_date(fields.Datetime.now())
        for ranking in self:
            if ranking.period != "custom":
                ranking.date_from, ranking.date_to = self._get_period(ranking.period, today)

    @api.model
    def _get_period(self, period, today):
        """First and last day of a period."""
        if period == "week":
            monday = monday_of(today)
            return monday - timedelta(days=7), monday - timedelta(days=1)
        first = today.replace(day=1)
        if period == "month":
            return first - relativedelta(months=1), first - timedelta(days=1)
        return (today.replace(month=1, day=1) if period == "year" else first), today

    @api.depends("company_id", "dimension", "date_from", "date_to")
    def _compute_display_name(self):
        for ranking in self:
            ranking.display_name = self.env._(
                "Ranking: %(dimension)s, %(first)s to %(last)s",
                dimension=ranking._get_dimension_label(),
                first=ranking.date_from,
                last=ranking.date_to,
            )

    def _get_dimension_label(self):
        return dict(self._fields["dimension"]._description_selection(self.env))[self.dimension]

    # === Actions === #

    def action_show(self):
        """Count, rank and show."""
        self.ensure_one()
        self._check_asker()
        if self.date_from > self.date_to:
            raise ValidationError(self.env._("To: lies before the first day."))
        total = self.env["shenpi.rating.figures"]._count(
            self.company_id.ids, self.date_from, self.date_to
        )
        self.line_ids.unlink()
        self.line_ids = [fields.Command.create(row) for row in self._get_rows()]
        self.summary = self._describe(total)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "main",
        }

    def action_export(self):
        """The ranking as a workbook."""
        self.ensure_one()
        self._check_asker()
        report = self.env.ref("shenpi_evaluation.action_report_rating_ranking_xlsx")
        return report.report_action(self, config=False)

    def _check_asker(self):
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("You do not work for this bureau."))
        if self.dimension == "clerk_id" and not self.env.user.has_groups(EVALUATORS):
            raise AccessError(self.env._("People are ranked for officers of evaluation only."))

    # === Business methods === #

    def _get_rows(self):
        """The ranked rows, as values of lines."""
        counts = self.env["shenpi.rating.figures"]._count_by(
            self.dimension, self.company_id.ids, self.date_from, self.date_to
        )
        names = self._get_names(counts)
        # By name, so that equals stand in the same order each time.
        keys = sorted(counts, key=lambda key: str(names[key]))
        places = rank(
            [(key, counts[key]["satisfied"], counts[key]["rated"]) for key in keys], self.least
        )
        return [
            {
                "sequence": number,
                "rank": place.rank or 0,
                "name": names[place.key],
                **{name: counts[place.key][name] for name in figures.COUNTS},
            }
            for number, place in enumerate(places, start=1)
        ]

    def _get_names(self, keys):
        model = DIMENSIONS[self.dimension]
        if not model:
            labels = dict(
                self.env["shenpi.rating.service"]
                ._fields["channel"]
                ._description_selection(self.env)
            )
            return {key: labels[key] for key in keys}
        records = self.env[model].sudo().with_context(active_test=False).browse(keys)
        return {record.id: record.display_name for record in records}

    @api.model
    def _describe(self, counts):
        """A bureau's figures in one line, each with what it is a share of."""
        shares = figures.derive(counts)
        labels = self._get_share_labels()
        return " · ".join(
            f"{labels[name]} {show(shares.get(name), 'share')} ({counts[part]}/{counts[whole]})"
            for name, (part, whole) in figures.SHARES.items()
        )

    @api.model
    def _get_share_labels(self):
        return {
            "rate": self.env._("Satisfied share"),
            "active_rate": self.env._("Active share"),
            "bad_rate": self.env._("Bad share"),
            "rectified_rate": self.env._("Put right share"),
            "rectified_in_time_rate": self.env._("In time share"),
            "visited_rate": self.env._("Visited share"),
        }

    # === The public board === #

    @api.model
    def _get_board(self, company):
        """What the public board of a bureau shows: numbers, and replies that were published."""
        today = local_date(fields.Datetime.now())
        labels = self._get_share_labels()
        periods = []
        for period in ("this_month", "month", "year"):
            first, last = self._get_period(period, today)
            counts = self.env["shenpi.rating.figures"]._count(company.ids, first, last)
            shares = figures.derive(counts)
            periods.append(
                {
                    "name": dict(self._fields["period"]._description_selection(self.env))[period],
                    "rows": [
                        (label, show(shares.get(name), "share"), counts[part], counts[whole])
                        for name, label in labels.items()
                        for part, whole in (figures.SHARES[name],)
                    ],
                }
            )
        ranking = self.new(
            {
                "company_id": company.id,
                "period": "year",
                "dimension": "department_id",
                "least": company.shenpi_rating_least,
            }
        )
        return {
            "bureau": company.name,
            "periods": periods,
            "ranking": [
                {**row, "share": show(row["satisfied"] / row["rated"], "share")}
                for row in ranking._get_rows()
                if row["rank"]
            ],
            "note": self.env._(
                "Ranked from %s ratings. Default ratings, and those after an appeal that was"
                " upheld, do not count. A dash: nothing to take a share of.",
                company.shenpi_rating_least,
            ),
            "replies": self._get_replies(company),
        }

    @api.model
    def _get_replies(self, company):
        cases = (
            self.env["shenpi.rating.case"]
            .sudo()
            .search(
                [("company_id", "=", company.id), ("reply_released_at", "!=", False)],
                order="reply_released_at desc",
                limit=MOST_REPLIES,
            )
        )
        return [
            {"about": case.item_id.name or case.department_id.name, "reply": case.reply}
            for case in cases
        ]
