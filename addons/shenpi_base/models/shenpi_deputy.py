from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class ShenpiDeputy(models.Model):
    """Who stands in for whom (AB岗), from when to when, for which departments.

    The deputy acts under his own name; events show the person he acts for. Staff of the bureau may
    read every entry; a person enters, changes and removes his own; supervisor and bureau head all.
    """

    _name = "shenpi.deputy"
    _description = "Deputy"
    _order = "date_from desc, id desc"
    _check_company_auto = True

    principal_id = fields.Many2one(
        "res.users",
        string="Person stood in for",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    deputy_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('share', '=', False), ('id', '!=', principal_id)]",
    )
    date_from = fields.Date(string="From", required=True, default=fields.Date.context_today)
    date_to = fields.Date(string="To", help="The last day. Empty: until further notice.")
    department_ids = fields.Many2many(
        "shenpi.department",
        "shenpi_deputy_department_rel",
        "deputy_id",
        "department_id",
        string="For departments",
        check_company=True,
        domain="[('company_id', '=', company_id)]",
        help="Only cases of these departments and those below them. Empty: all of them.",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Bureau",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    active = fields.Boolean(default=True)
    note = fields.Char(string="Reason")
    status = fields.Selection(
        [("future", "To come"), ("current", "In force"), ("past", "Over")],
        compute="_compute_status",
    )

    _not_oneself = models.Constraint(
        "CHECK (principal_id <> deputy_id)", "Deputy: nobody stands in for himself."
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_to >= date_from)", "To: the last day lies before the first."
    )
    # A one-number range per person, so that the core operator class suffices (no btree_gist).
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist ("
        "int4range(principal_id, principal_id, '[]') WITH &&, "
        "int4range(deputy_id, deputy_id, '[]') WITH &&, "
        "daterange(date_from, date_to, '[]') WITH &&) WHERE (active)",
        "From, to: this deputy is already entered for the same person for some of these days.",
    )

    # === Compute methods === #

    @api.depends("principal_id", "deputy_id")
    def _compute_display_name(self):
        for entry in self:
            people = entry.principal_id, entry.deputy_id
            entry.display_name = " → ".join(person.name for person in people if person)

    @api.depends("date_from", "date_to")
    @api.depends_context("tz")
    def _compute_status(self):
        today = fields.Date.context_today(self)
        for entry in self:
            if entry.date_from and entry.date_from > today:
                entry.status = "future"
            elif entry.date_to and entry.date_to < today:
                entry.status = "past"
            else:
                entry.status = "current"

    # === Constraint methods === #

    @api.constrains("principal_id", "deputy_id", "company_id")
    def _check_people(self):
        for entry in self.sudo():
            for person in entry.principal_id | entry.deputy_id:
                if entry.company_id not in person.company_ids:
                    raise ValidationError(
                        self.env._(
                            "Deputy: %(person)s does not work at %(bureau)s.",
                            person=person.name,
                            bureau=entry.company_id.name,
                        )
                    )

    @api.constrains("principal_id", "department_ids")
    def _check_departments(self):
        """Nobody lets a deputy see more than he sees himself."""
        for entry in self.sudo():
            for department in entry.department_ids:
                if entry.principal_id not in department.visible_user_ids:
                    raise ValidationError(
                        self.env._(
                            "For departments: %(person)s does not work in %(department)s.",
                            person=entry.principal_id.name,
                            department=department.name,
                        )
                    )

    # === Business methods === #

    @api.model
    def _principals_of(self, user, on_date, department=None):
        """The people whom ``user`` stands in for on a legal date.

        :param user: the ``res.users`` record who would act
        :param date on_date: the day of the act, in Asia/Shanghai
        :param department: the department of the case; None asks about any department
        :return: res.users, without ``user`` himself; standing in is not passed on to third persons
        """
        entry_ids = [entry_id for entry_id, *_days in user.sudo().shenpi_sight["entries"]]
        # Whoever acts may be a deputy at a bureau whose records he cannot read himself.
        entries_sudo = self.sudo().browse(entry_ids)._filter_in_force(on_date)
        if department and entries_sudo:
            scope = Domain("id", "in", entries_sudo.ids)
            entries_sudo = self.sudo().search(scope & Domain(self._get_scope_domain(department)))
        return entries_sudo.principal_id.filtered("active").with_env(self.env)

    @api.model
    def _get_entries(self, principal, first, last, department=None):
        """The entries by which somebody stands in for a person on some of these days.

        :param department: the department of the case; None asks about any department
        """
        domain = [
            ("principal_id", "=", principal.id),
            ("date_from", "<=", last),
            "|",
            ("date_to", "=", False),
            ("date_to", ">=", first),
        ]
        if department:
            domain += self._get_scope_domain(department)
        return self.search(domain)

    @api.model
    def _get_scope_domain(self, department):
        return [
            ("company_id", "=", department.company_id.id),
            "|",
            ("department_ids", "=", False),
            ("department_ids", "parent_of", department.ids),
        ]

    def _filter_in_force(self, day):
        """Those of these entries by which somebody stands in on a day."""
        return self.filtered(
            lambda entry: (
                entry.active
                and entry.date_from <= day
                and (not entry.date_to or entry.date_to >= day)
            )
        )

    def _get_open_days(self, first, last):
        """The days of a stretch on which none of these entries is in force."""
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return [day for day in days if not self._filter_in_force(day)]
