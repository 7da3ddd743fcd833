from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_date

from ..tools.localtime import local_date
from .shenpi_licence_contact import ADDRESS_FIELDS
from .shenpi_licence_reminder_engine import REMINDED_STATES

ISSUERS = "shenpi_base.group_shenpi_decider,shenpi_base.group_shenpi_manager"


class ShenpiLicenceAnnouncement(models.Model):
    """A public notice for licences whose renewal falls due together (集中换证公告).

    Clerks, reviewers, deciders and the bureau head draft it: which type, whose department, which
    deadlines. A decider or the bureau head issues it; from then on nobody changes it. Issuing
    writes a line into the ledger of every licence it is about, takes the rungs that are due for it
    as announced, and sends the short text where that was ticked, once for each holder.
    """

    _name = "shenpi.licence.announcement"
    _inherit = ["shenpi.flow.fields"]
    _description = "Announcement of renewals"
    _order = "id desc"
    _check_company_auto = True

    _flow_fields = frozenset({"state", "issued_at", "issued_by_id", "licence_count"})

    name = fields.Char(string="Title", required=True)
    company_id = fields.Many2one(
        "res.company", string="Bureau", required=True, default=lambda self: self.env.company
    )
    type_id = fields.Many2one("shenpi.licence.type", required=True, ondelete="restrict")
    department_id = fields.Many2one(
        "shenpi.department",
        ondelete="restrict",
        check_company=True,
        help="Licences that this department, or one below it, has issued. Empty: all.",
    )
    date_from = fields.Date(string="Deadline from", required=True)
    date_to = fields.Date(string="Deadline to", required=True)
    text = fields.Text(
        required=True, compute="_compute_text", store=True, readonly=False, precompute=True
    )
    by_sms = fields.Boolean(string="Send as SMS")
    by_mail = fields.Boolean(string="Send as e-mail")
    message = fields.Text(
        string="Text of the message",
        compute="_compute_message",
        store=True,
        readonly=False,
        precompute=True,
    )
    state = fields.Selection(
        [("draft", "Draft"), ("issued", "Issued")], required=True, default="draft"
    )
    issued_at = fields.Datetime(string="Issued on", copy=False)
    issued_by_id = fields.Many2one("res.users", string="By", copy=False, ondelete="restrict")
    licence_count = fields.Integer(string="Licences addressed", copy=False)
    found_count = fields.Integer(string="Licences", compute="_compute_found_count")
    line_ids = fields.One2many("shenpi.licence.reminder", "announcement_id", readonly=True)
    table = fields.Binary(compute="_compute_table")
    can_issue = fields.Boolean(compute="_compute_can_issue")

    _dates_in_order = models.Constraint(
        "CHECK (date_from <= date_to)", "The deadlines end before they begin."
    )

    # === Compute methods === #

    @api.depends("type_id", "date_from", "date_to", "company_id")
    def _compute_text(self):
        """A draft in the language of documents, to be gone over by hand."""
        for notice in self:
            words = notice._get_words()
            notice.text = bool(words) and words.pop("env")._(
                "Holders of a %(type)s whose renewal is to be asked for between %(begin)s and"
                " %(end)s are asked to hand in the application for renewal to %(bureau)s in time."
                " Legal basis: %(basis)s. Whoever does not renew the licence cannot use it after"
                " its last day.",
                **words,
            )

    @api.depends("type_id", "date_from", "date_to", "company_id")
    def _compute_message(self):
        for notice in self:
            words = notice._get_words()
            notice.message = bool(words) and words.pop("env")._(
                "%(bureau)s: your %(type)s is to be renewed; please hand in the application by"
                " %(end)s at the latest.",
                **words,
            )

    def _get_words(self):
        if not (self.type_id and self.date_from and self.date_to):
            return {}
        lang = self.env["shenpi.application.document"]._get_lang()
        env = self.with_context(lang=lang).env
        return {
            "env": env,
            "type": self.type_id.name,
            "bureau": self.company_id.name,
            "basis": self.type_id.renewal_basis or "-",
            "begin": format_date(env, self.date_from, date_format="long"),
            "end": format_date(env, self.date_to, date_format="long"),
        }

    @api.depends("type_id", "department_id", "date_from", "date_to", "company_id")
    def _compute_found_count(self):
        for notice in self:
            complete = notice.type_id and notice.date_from and notice.date_to
            found = complete and notice.sudo()._search_licences()
            notice.found_count = len(found) if found else 0

    @api.depends_context("uid")
    @api.depends("state")
    def _compute_can_issue(self):
        allowed = self.env.user.has_groups(ISSUERS)
        for notice in self:
            notice.can_issue = allowed and notice.state == "draft"

    # === Low-level methods === #

    def write(self, vals):
        if not self.env.su and any(notice.state != "draft" for notice in self):
            raise UserError(self.env._("An announcement that has been issued is not changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issued(self):
        if any(notice.state != "draft" for notice in self):
            raise UserError(self.env._("An announcement that has been issued is not deleted."))

    # === Actions === #

    def action_issue(self):
        """Issue it: see the class."""
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_groups(ISSUERS):
            raise AccessError(self.env._("A decider or the bureau head issues announcements."))
        self.lock_for_update()
        if self.state != "draft":
            raise UserError(self.env._("%s has been issued already.", self.name))
        licences = self.sudo()._search_licences()
        if not licences:
            raise UserError(
                self.env._("There is no licence of this type whose renewal falls due then.")
            )
        self.sudo().write(
            {
                "state": "issued",
                "issued_at": fields.Datetime.now(),
                "issued_by_id": self.env.uid,
                "licence_count": len(licences),
            }
        )
        self.sudo()._announce(licences.ids)
        return True

    def action_open_lines(self):
        """The lines that it wrote into the ledger."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "shenpi_base.shenpi_licence_reminder_action"
        )
        return dict(action, domain=[("announcement_id", "=", self.id)], context={})

    def action_open_licences(self):
        """The licences that it is, or would be, about."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("shenpi_base.shenpi_licence_action")
        return dict(action, domain=[("id", "in", self._get_licences().ids)], context={})

    # === Business methods === #

    def _search_licences(self):
        """The living licences of its type whose renewal falls due in its days."""
        domain = [
            ("company_id", "=", self.company_id.id),
            ("type_id", "=", self.type_id.id),
            ("state", "in", REMINDED_STATES),
            ("renewal_due_date", ">=", self.date_from),
            ("renewal_due_date", "<=", self.date_to),
        ]
        if self.department_id:
            domain.append(("department_id", "child_of", self.department_id.id))
        return self.env["shenpi.licence"].search(domain, order="renewal_due_date, id")

    def _get_licences(self):
        """The licences it is about; while it is a draft, those it would be about that the user
        reads."""
        if self.state == "draft":
            return self._search_licences()
        return self.sudo().line_ids.licence_id

    def _announce(self, licence_ids):
        """Write the ledger and send the messages."""
        self.env.flush_all()
        today = local_date(self.issued_at)
        lines = self.env["shenpi.licence.reminder"]
        due = SQL(
            """SELECT due.licence_id, due.rung_id, due.duty_id, due.epoch, due.days_before,
                      due.channel FROM (%s) due WHERE due.duty_id IS NULL""",
            lines._select_due(today, licence_ids),
        )
        self._insert_lines(due, "announced", today)
        self._insert_lines(self._select_each("notice", licence_ids), "announced", today)
        for channel in self._get_channels():
            ids = self._insert_lines(
                self._select_each(channel, licence_ids, with_address=True), "open", today
            )
            self.env["shenpi.licence.contact"]._raise(lines.browse(ids), today, self.message)

    def _get_channels(self):
        """Over which channels it is sent: those ticked, if the bureau sends over them."""
        ticked = {"sms": self.by_sms, "mail": self.by_mail}
        possible = self.env["shenpi.licence.contact"]._get_channels(self.company_id.id)
        return [channel for channel, on in ticked.items() if on and channel in possible]

    def _select_each(self, channel, licence_ids, with_address=False):
        """One line for each licence, of no rung; for a message only where there is an address, and
        not for who has been sent one today."""
        condition = SQL("TRUE")
        if with_address:
            condition = SQL(
                """%(address)s <> '' AND NOT EXISTS (
                       SELECT FROM shenpi_licence_contact sent
                        WHERE sent.company_id = l.company_id AND sent.channel = %(channel)s
                          AND sent.holder_key = %(holder)s AND sent.raised_on = %(today)s)""",
                address=SQL.identifier("l", ADDRESS_FIELDS[channel]),
                channel=channel,
                holder=self.env["shenpi.licence.reminder"]._get_holder_key(),
                today=local_date(self.issued_at),
            )
        return SQL(
            """SELECT l.id AS licence_id, NULL::int AS rung_id, NULL::int AS duty_id,
                      l.renewal_due_date AS epoch, NULL::int AS days_before, %s AS channel
                 FROM shenpi_licence l WHERE l.id = ANY(%s) AND %s""",
            channel,
            list(licence_ids),
            condition,
        )

    def _insert_lines(self, rows, state, today):
        """Write lines of the ledger; answers their ids."""
        told = state == "announced"
        written = self.env.execute_query(
            SQL(
                """INSERT INTO shenpi_licence_reminder
                          (licence_id, type_id, company_id, department_id, holder_name, rung_id,
                           duty_id, epoch, days_before, channel, raised_on, state, specialist_id,
                           announcement_id, told_at, told_by_id)
                   SELECT l.id, l.type_id, l.company_id, l.department_id, l.holder_name,
                          due.rung_id, due.duty_id, due.epoch, due.days_before, due.channel,
                          %(today)s, %(state)s, %(specialist)s, %(notice)s, %(at)s, %(by)s
                     FROM (%(rows)s) due
                     JOIN shenpi_licence l ON l.id = due.licence_id
                     JOIN shenpi_licence_type kind ON kind.id = l.type_id
                       ON CONFLICT DO NOTHING RETURNING id""",
                today=today,
                state=state,
                specialist=self.env["shenpi.licence.reminder"]._get_specialist(),
                notice=self.id,
                at=self.issued_at if told else None,
                by=self.issued_by_id.id if told else None,
                rows=rows,
            )
        )
        self.env["shenpi.licence.reminder"].invalidate_model()
        return [line_id for (line_id,) in written]
