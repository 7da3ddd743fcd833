from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools.localtime import local_date

# Who is told when a matter climbs, from below.
LEVELS = ("captain", "deputy_commander", "commander")


class ShenpiProjectMember(models.Model):
    """Somebody in the team of a key project: in which part, from when to when.

    A member with a login sees the project with all that hangs on it while he is in the team; who
    stands in for him (``shenpi.deputy``) does so too, and is told in his place while he is away.
    Members from outside (investor, utilities) are names with a telephone number. Navigators,
    supervisors and bureau heads who see the project keep its team.
    """

    _name = "shenpi.project.member"
    _inherit = ["shenpi.phone.mixin", "shenpi.project.part"]
    _description = "Team member of a key project"
    _order = "project_id, sequence, id"

    project_id = fields.Many2one(ondelete="cascade")
    sequence = fields.Integer(default=10)
    role = fields.Selection(
        [
            ("commander", "Commander"),
            ("deputy_commander", "Deputy commander"),
            ("captain", "Team captain"),
            ("navigator", "Navigator"),
            ("liaison", "Liaison of a department"),
            ("investor", "Investor's contact"),
        ],
        required=True,
        default="navigator",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Colleague",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Empty: somebody from outside the bureau.",
    )
    name = fields.Char(
        string="Full name",
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    organisation = fields.Char(string="Works for", help="Where somebody from outside works.")
    department_id = fields.Many2one(
        "shenpi.department",
        ondelete="restrict",
        domain="[('company_id', '=', company_id)]",
        help="The department that a captain leads or a liaison speaks for.",
    )
    is_first_contact = fields.Boolean(
        string="First contact", help="Whom the investor asks first. One of each project."
    )
    date_from = fields.Date(string="From", required=True, default=lambda self: self._get_today())
    date_to = fields.Date(string="To", help="The last day. Empty: to the end of the project.")
    note = fields.Char()
    is_current = fields.Boolean(
        string="In the team now", compute="_compute_is_current", search="_search_is_current"
    )
    is_away = fields.Boolean(string="Away today", compute="_compute_presence")
    stand_in_ids = fields.Many2many(
        "res.users", string="Who stands in", compute="_compute_presence"
    )

    _one_first_contact = models.UniqueIndex(
        "(project_id) WHERE is_first_contact", "First contact: a project has one."
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_to >= date_from)", "To: the last day lies before the first."
    )
    _sight = models.Index("(user_id, project_id, date_from, date_to) WHERE user_id IS NOT NULL")

    # === Compute methods === #

    @api.depends("user_id")
    def _compute_name(self):
        for member in self:
            member.name = member.user_id.name or member.name

    @api.depends_context("lang")
    @api.depends("name", "role")
    def _compute_display_name(self):
        roles = dict(self._fields["role"]._description_selection(self.env))
        for member in self:
            parts = (roles.get(member.role), member.name)
            member.display_name = " ".join(filter(None, parts))

    @api.depends("date_from", "date_to")
    def _compute_is_current(self):
        today = self._get_today()
        for member in self:
            begun = member.date_from and member.date_from <= today
            member.is_current = begun and (not member.date_to or member.date_to >= today)

    @api.model
    def _search_is_current(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._get_current_domain()
        return Domain.OR(domain if wanted else ~domain for wanted in value)

    @api.model
    def _get_current_domain(self):
        today = self._get_today()
        return Domain("date_from", "<=", today) & (
            Domain("date_to", "=", False) | Domain("date_to", ">=", today)
        )

    @api.depends("user_id")
    def _compute_presence(self):
        absences = self.env["shenpi.absence"]
        absent = absences._get_absent(self._get_today())
        for member in self:
            member.is_away = member.user_id.id in absent
            member.stand_in_ids = member.is_away and absences._get_stand_ins(member.user_id)

    @api.model
    def _get_today(self):
        return local_date(fields.Datetime.now())

    def _filter_phone_known(self):
        return self.filtered(lambda member: member.project_id._is_in_team(self.env.user))

    # === Constraint methods === #

    @api.constrains("user_id", "project_id")
    def _check_user_id(self):
        for member in self.sudo():
            person = member.user_id
            if person and member.company_id not in person.company_ids:
                raise ValidationError(
                    self.env._(
                        "Colleague: %(person)s does not work at %(bureau)s.",
                        person=person.name,
                        bureau=member.company_id.name,
                    )
                )
