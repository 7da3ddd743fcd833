import json
from datetime import timedelta
from hashlib import sha256

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import bulletin, flow
from ..tools.localtime import local_date
from .shenpi_application_flow import MANAGER, SUPERVISOR

TRANSITIONS = flow.table(
    [
        flow.Transition(
            "issue",
            frozenset({"draft"}),
            "issued",
            frozenset({SUPERVISOR, MANAGER}),
            "_guard_week_over",
        )
    ]
)


class ShenpiBulletinMixin(models.AbstractModel):
    """A weekly bulletin 周报 of a bureau, from Monday to Sunday.

    A draft shows the figures as they are; issuing it keeps them as they were, sealed by the event,
    so that a bulletin once out never changes. It is the bureau's: its supervisors and its head make
    and read it.

    A bulletin says how its figures are counted (:meth:`_evaluate`), which pages show them
    (``_pages``, a model that inherits ``shenpi.bulletin.page``) and which reports print them.
    """

    _name = "shenpi.bulletin.mixin"
    _inherit = ["shenpi.document.mixin", "mail.thread", "mail.activity.mixin"]
    _description = "Weekly bulletin"
    _mail_post_access = "read"

    _transitions = TRANSITIONS
    _flow_fields = frozenset({"state", "figures", "issued_at", "issued_by_id"})
    _pages = ""
    _report_pdf = ""
    _report_xlsx = ""

    company_id = fields.Many2one(
        "res.company",
        string="Bureau",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    date_from = fields.Date(
        string="Monday",
        required=True,
        default=lambda self: self._get_last_monday(),
        help="Any day of the week may be entered.",
    )
    date_to = fields.Date(string="Sunday", compute="_compute_date_to")
    state = fields.Selection(
        [("draft", "Draft"), ("issued", "Issued")], default="draft", required=True, readonly=True
    )
    figures = fields.Json(readonly=True, copy=False)
    issued_at = fields.Datetime(string="Issued on", readonly=True, copy=False)
    issued_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    overview = fields.Html(compute="_compute_overview", sanitize=False)
    can_issue = fields.Boolean(compute="_compute_can_issue")

    # === Compute methods === #

    @api.depends("date_from")
    def _compute_date_to(self):
        for record in self:
            record.date_to = record.date_from and record.date_from + timedelta(days=6)

    @api.depends_context("lang")
    @api.depends("date_from", "company_id")
    def _compute_display_name(self):
        for record in self:
            if not record.date_from:
                record.display_name = False
                continue
            year, week, _weekday = record.date_from.isocalendar()
            record.display_name = self.env._(
                "Week %(week)s of %(year)s (%(first)s to %(last)s)",
                week=week,
                year=year,
                first=f"{record.date_from:%m-%d}",
                last=f"{record.date_to:%m-%d}",
            )

    @api.depends("date_from", "company_id", "figures")
    def _compute_overview(self):
        for record in self:
            record.overview = record.date_from and record._get_pages()._render_overview(record)

    @api.depends("state", "date_from")
    @api.depends_context("uid")
    def _compute_can_issue(self):
        for record in self:
            record.can_issue = "issue" in record._get_allowed_actions()

    # === Constraint methods === #

    @api.constrains("date_from")
    def _check_date_from(self):
        for record in self:
            if record.date_from > self._get_today():
                raise ValidationError(self.env._("Monday: this week has not begun."))

    # === Onchange === #

    @api.onchange("date_from")
    def _onchange_date_from(self):
        self.date_from = self.date_from and bulletin.monday_of(self.date_from)

    # === Low-level methods === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issued(self):
        for record in self:
            if record.state == "issued":
                raise UserError(self.env._("%s has been issued: it stays.", record.display_name))

    # === Figures === #

    @api.model
    def _get_today(self):
        return local_date(fields.Datetime.now())

    @api.model
    def _get_last_monday(self):
        """The Monday of the last week that is over."""
        return bulletin.monday_of(self._get_today()) - timedelta(days=7)

    def _get_pages(self):
        """What turns the figures into tables and charts, in the language of the record."""
        return self.env[self._pages]

    def _evaluate(self):
        """All figures as they are now, as JSON keeps them; ``as_of`` says when that was."""
        raise NotImplementedError

    def _get_file_name(self):
        self.ensure_one()
        record = self.with_context(lang=self.env["shenpi.application.document"]._get_lang())
        title = record._get_pages()._get_title(record)
        return f"{record.company_id.name} {title} {record.date_from}"

    def _get_figures(self):
        """What the bulletin shows: as kept when it was issued, as it is now before."""
        self.ensure_one()
        return self.figures or self._evaluate()

    # === Issuing === #

    def _guard_week_over(self):
        if self._get_today() <= self.date_to:
            raise UserError(
                self.env._("The week ends on %s: the bulletin is issued after it.", self.date_to)
            )
        return self.env.user

    def _do_issue(self):
        """Keep the figures; from now on they are what the bulletin says."""
        self._open()
        figures = self._evaluate()
        seal = sha256(json.dumps(figures, sort_keys=True, ensure_ascii=False).encode())
        self._transition(
            "issue",
            values={
                "figures": figures,
                "issued_at": fields.Datetime.now(),
                "issued_by_id": self.env.uid,
            },
            event={"data": {"sha256": seal.hexdigest()}},
        )
        return True

    # === Actions === #

    def action_issue(self):
        """Issue the bulletin."""
        return self._do_issue()

    def action_print_xlsx(self):
        """The workbook with its charts."""
        return self.env.ref(self._report_xlsx).report_action(self)

    def action_print_pdf(self):
        """The bulletin on paper."""
        return self.env.ref(self._report_pdf).report_action(self)

    @api.model
    def action_open_last_week(self):
        """Open the bulletin of last week, made if it is not there yet: one click to all of it."""
        monday = self._get_last_monday()
        record = self.search([("company_id", "=", self.env.company.id), ("date_from", "=", monday)])
        record = record or self.create({"company_id": self.env.company.id, "date_from": monday})
        return {
            "type": "ir.actions.act_window",
            "name": record._get_pages()._get_title(record),
            "res_model": self._name,
            "res_id": record.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
