from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.shenpi_base.tools import barcodes
from odoo.addons.shenpi_base.tools.localtime import local_date, to_local

from ..tools.channels import CHANNELS
from .shenpi_rating_tag import LEVEL_SELECTION

CHANNEL_LABELS = {
    "pc": "Web site",
    "mobile": "Mobile app",
    "qr": "Code on paper",
    "tablet": "Tablet at the counter",
    "terminal": "Terminal in the hall",
    "phone": "Phone",
    "sms": "SMS",
}
CHANNEL_SELECTION = [(channel, CHANNEL_LABELS[channel]) for channel in CHANNELS]
KIND_SELECTION = [
    ("visit", "Visit to the counter"),
    ("case", "Case"),
    ("delivery", "Handing over of a licence"),
    ("project", "Project"),
]


class ShenpiRatingService(models.Model):
    """One finished service, which may be rated once, with one later addition (一次一评, 一事一评).

    Written when the service ends, with the facts as they were then: who, where, what. Its rating
    leaves its level here, so that every figure is counted in this table alone, rated and unrated
    services together. Nobody writes it but the flow; the officers of evaluation whom it does not
    concern read it, since it leads to the case and so to whoever rated.
    """

    _name = "shenpi.rating.service"
    _inherit = ["shenpi.bulk.insert"]
    _description = "Service that can be rated"
    _order = "id desc"
    _log_access = False

    kind = fields.Selection(KIND_SELECTION, string="Service", required=True)
    res_model = fields.Char()
    res_id = fields.Many2oneReference(model_field="res_model", string="Document")
    application_id = fields.Many2one(
        "shenpi.application", string="Case", index="btree_not_null", ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", string="Bureau", required=True, ondelete="restrict")
    department_id = fields.Many2one(
        "shenpi.department", required=True, index=True, ondelete="restrict"
    )
    window_id = fields.Many2one("shenpi.department", index="btree_not_null", ondelete="restrict")
    clerk_id = fields.Many2one(
        "res.users", string="Served by", index="btree_not_null", ondelete="restrict"
    )
    item_id = fields.Many2one("shenpi.item", index="btree_not_null", ondelete="restrict")
    online = fields.Boolean(help="Served online, not at a counter: other aspects are rated.")
    finished_at = fields.Datetime(required=True)
    day = fields.Date(string="Served on", required=True, help="Figures count it on this day.")
    ticket = fields.Char(
        string="Queue number", help="Of the slip by which a visit without an application is rated."
    )
    asked = fields.Boolean(
        help="Whoever was served has been handed a way to rate: it counts in the active share."
    )

    # === What its first rating left here === #
    level = fields.Selection(LEVEL_SELECTION)
    channel = fields.Selection(CHANNEL_SELECTION)
    answered = fields.Boolean(
        string="Rated when asked", help="Rated by whoever was served, not by default."
    )
    counted = fields.Boolean(help="Rated, and the rating counts.")
    is_default = fields.Boolean(string="Rated by default")
    rating_ids = fields.One2many("shenpi.rating", "service_id", string="Ratings")
    # Files lie here and not on the rating: they may show who rated, and ratings are read by more.
    attachment_ids = fields.One2many(
        "ir.attachment",
        "res_id",
        string="Files",
        domain=[("res_model", "=", "shenpi.rating.service")],
    )
    token_ids = fields.One2many("shenpi.rating.token", "service_id", groups=fields.NO_ACCESS)

    _document_unique = models.UniqueIndex(
        "(res_model, res_id, kind) WHERE res_id IS NOT NULL", "This service has ended already."
    )
    _ticket_unique = models.UniqueIndex(
        "(window_id, day, ticket) WHERE ticket IS NOT NULL",
        "The slip of this queue number has been printed already.",
    )
    # The figures of a bureau and a period are read from this index alone.
    _figures = models.Index(
        "(company_id, day) INCLUDE (department_id, level, counted, answered, asked, is_default)"
    )
    _unrated = models.Index(
        "(company_id, day) WHERE answered IS NOT TRUE AND is_default IS NOT TRUE"
    )

    # === Compute methods === #

    @api.depends("kind", "item_id", "window_id", "application_id", "res_id", "ticket")
    @api.depends_context("uid", "lang")
    def _compute_display_name(self):
        """Without the number, which leads to whoever was served, for those whom it concerns."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for service in self:
            number = service.application_id.sudo().number_short or service.ticket
            words = (
                number if not service._concerns(self.env.user) else None,
                service._get_about(),
                kinds.get(service.kind),
            )
            service.display_name = " · ".join(filter(None, words))

    def _get_about(self):
        """What was done for somebody: the item, else the project, else the window."""
        self.ensure_one()
        if self.kind == "project":
            return self.env["project.project"].sudo().browse(self.res_id).name
        return self.item_id.name or self.window_id.name

    # === Business methods === #

    @api.model
    def _finish(self, vals_list):
        """Write down services that have ended.

        :param vals_list: dicts with kind, company_id, department_id, finished_at, and what is known
            of res_model, res_id, application_id, window_id, clerk_id, item_id, online, ticket,
            asked
        :return: the new services, with a token for the first rating of each that is asked
        """
        services = self.sudo()._insert_all(
            [dict(vals, day=local_date(vals["finished_at"])) for vals in vals_list]
        )
        self.env["shenpi.rating.token"]._issue(services.filtered("asked"), "first")
        return services

    def _note_rating(self, level, channel, is_default=False):
        """Keep the level of a first rating; answers False when the service has one already."""
        self.ensure_one()
        rows = self.env.execute_query(
            SQL(
                """UPDATE shenpi_rating_service
                      SET level = %(level)s, channel = %(channel)s, answered = %(answered)s,
                          counted = %(answered)s, is_default = %(default)s
                    WHERE id = %(id)s AND answered IS NOT TRUE RETURNING id""",
                level=level,
                channel=channel,
                answered=not is_default,
                default=is_default,
                id=self.id,
            )
        )
        self.invalidate_recordset(["level", "channel", "answered", "counted", "is_default"])
        return bool(rows)

    def _concerns(self, user):
        """Whether a service is that of this person or of an office he works in."""
        self.ensure_one()
        service = self.sudo()
        offices = service.department_id | service.window_id
        return user == service.clerk_id or user in offices.user_ids

    def _is_served_by(self, user):
        """Whether the user had a part in this service."""
        self.ensure_one()
        service = self.sudo()
        if service.clerk_id == user:
            return True
        return bool(service.application_id) and bool(
            self.env["shenpi.event"]
            .sudo()
            .search_count(
                [
                    ("application_id", "=", service.application_id.id),
                    "|",
                    ("user_id", "=", user.id),
                    ("for_user_id", "=", user.id),
                ],
                limit=1,
            )
        )

    def _get_expiry(self):
        """The moment (naive UTC) until which the service can be rated by its link or code."""
        self.ensure_one()
        days = self.env["res.company"]._get_rating_days(self.sudo().company_id)
        return self.finished_at + timedelta(days=days)

    # === The slip === #

    def _prepare_slip(self, heading):
        """What a paper with the code of this service (as sudo) shows.

        :raise UserError: it has been rated, or its time to rate is over
        """
        self.ensure_one()
        live = self.token_ids.filtered(
            lambda token: (
                token.turn == "first"
                and not token.used_at
                and token.expires_at > fields.Datetime.now()
            )
        )
        if self.answered or not live:
            raise UserError(self.env._("This service has been rated already, or it is too late."))
        return {
            "bureau": self.company_id.name,
            "about": self._get_about(),
            "heading": heading,
            "moment": f"{to_local(self.finished_at):%Y-%m-%d %H:%M}",
            "until": f"{to_local(live.expires_at):%Y-%m-%d}",
            "qr": barcodes.qr(live._get_url("qr")),
        }

    # === Cron === #

    @api.model
    def _cron_default(self):
        """Rate by default what nobody has rated, in the bureaus that have switched this on.

        A rating that comes later takes the place of the default one in every figure.
        """
        calendar = self.env["shenpi.workday"]._get_calendar()
        today = local_date(fields.Datetime.now())
        companies = self.env["res.company"].sudo().search([("shenpi_rating_default_days", ">", 0)])
        for company in companies:
            last = calendar.add(today, -company.shenpi_rating_default_days - 1)
            services = self.sudo().search(
                [
                    ("company_id", "=", company.id),
                    ("day", "<=", last),
                    ("answered", "!=", True),
                    ("is_default", "!=", True),
                ]
            )
            self.env["ir.cron"]._commit_progress(remaining=len(services))
            for service in services:
                self.env["shenpi.rating"]._rate_by_default(service)
                if not self.env["ir.cron"]._commit_progress(1):
                    return
