from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..tools.localtime import local_date


class ShenpiAbsence(models.Model):
    """Who is away, from when to when. While somebody is away, his steps are for those who stand in
    for him (``shenpi.deputy``); where nobody does, the head of the office is told.

    Staff of the bureau read every entry; a person enters, changes and removes his own, the head of
    his office and the bureau head do so for him.
    """

    _name = "shenpi.absence"
    _inherit = ["shenpi.cached.mixin", "mail.thread", "mail.activity.mixin"]
    _description = "Absence"
    _order = "date_from desc, id desc"
    _mail_post_access = "read"

    user_id = fields.Many2one(
        "res.users",
        string="Who",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    date_from = fields.Date(string="From", required=True, default=fields.Date.context_today)
    date_to = fields.Date(
        string="To", required=True, help="The last day.", default=fields.Date.context_today
    )
    reason = fields.Selection(
        [
            ("leave", "Leave"),
            ("sick", "Sick"),
            ("duty", "Away on duty"),
            ("training", "Training"),
            ("other", "Other"),
        ],
        required=True,
        default="leave",
    )
    note = fields.Char()
    company_id = fields.Many2one(
        "res.company",
        string="Bureau",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    status = fields.Selection(
        [("future", "To come"), ("current", "Now"), ("past", "Over")], compute="_compute_status"
    )
    deputy_ids = fields.Many2many(
        "shenpi.deputy", string="Who stands in", compute="_compute_deputies"
    )
    uncovered = fields.Boolean(
        compute="_compute_deputies", help="Nobody stands in on at least one of the days."
    )
    notice_ids = fields.One2many("shenpi.absence.notice", "absence_id", readonly=True)

    _dates_in_order = models.Constraint(
        "CHECK (date_to >= date_from)", "To: the last day lies before the first."
    )
    # A one-number range per person, so that the core operator class suffices (no btree_gist).
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (int4range(user_id, user_id, '[]') WITH &&, "
        "daterange(date_from, date_to, '[]') WITH &&)",
        "From, to: this person is already entered as absent for some of these days.",
    )

    # === Compute methods === #

    @api.depends_context("lang")
    @api.depends("user_id", "date_from", "date_to")
    def _compute_display_name(self):
        for absence in self:
            absence.display_name = self.env._(
                "%(person)s, %(first)s to %(last)s",
                person=absence.user_id.name or "",
                first=absence.date_from or "",
                last=absence.date_to or "",
            )

    @api.depends("date_from", "date_to")
    def _compute_status(self):
        today = self._get_today()
        for absence in self:
            if absence.date_from and absence.date_from > today:
                absence.status = "future"
            elif absence.date_to and absence.date_to < today:
                absence.status = "past"
            else:
                absence.status = "current"

    @api.depends("user_id", "date_from", "date_to")
    def _compute_deputies(self):
        deputies = self.env["shenpi.deputy"]
        for absence in self:
            first, last = absence.date_from, absence.date_to
            if not (absence.user_id and first and last and first <= last):
                absence.update({"deputy_ids": False, "uncovered": False})
                continue
            entries = deputies._get_entries(absence.user_id, first, last)
            absence.deputy_ids = entries
            absence.uncovered = bool(entries._get_open_days(first, last))

    @api.model
    def _get_today(self):
        return local_date(fields.Datetime.now())

    # === Constraint methods === #

    @api.constrains("user_id", "company_id")
    def _check_user_id(self):
        for absence in self.sudo():
            if absence.company_id not in absence.user_id.company_ids:
                raise ValidationError(
                    self.env._(
                        "Who: %(person)s does not work at %(bureau)s.",
                        person=absence.user_id.name,
                        bureau=absence.company_id.name,
                    )
                )

    # === Actions === #

    def action_open_deputy(self):
        """Enter who stands in for these days."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who stands in"),
            "res_model": "shenpi.deputy",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_principal_id": self.user_id.id,
                "default_date_from": self.date_from,
                "default_date_to": self.date_to,
                "default_company_id": self.company_id.id,
            },
        }

    # === Who is away === #

    @api.model
    @tools.ormcache("day")
    def _get_absent(self, day):
        """Who is away on a day: {user id: absence id}; empty on most days, and cheap to ask."""
        entries_sudo = self.sudo().search([("date_from", "<=", day), ("date_to", ">=", day)])
        return {entry.user_id.id: entry.id for entry in entries_sudo}

    @api.model
    def _get_stand_ins(self, user, department=None):
        """The people who stand in for a person today and are there themselves.

        :param department: the department of the case; None asks about any department
        """
        day = self._get_today()
        entries_sudo = self.env["shenpi.deputy"].sudo()._get_entries(user, day, day, department)
        absent = self._get_absent(day)
        people = entries_sudo.deputy_id
        return people.filtered(lambda u: u.active and u.id not in absent).with_env(self.env)

    @api.model
    def _get_present(self, people, department=None):
        """These people, those who are away replaced by who stands in for them."""
        absent = self._get_absent(self._get_today())
        away = people.filtered(lambda person: person.id in absent)
        present = people - away
        for person in away:
            present |= self._get_stand_ins(person, department)
        return present
