from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..tools.localtime import local_date


class ShenpiDepartment(models.Model):
    """A unit of a bureau: an office that approves, a window that takes in, a regulator that is told
    of every grant, a street or a community.

    Who works in a department sees its cases and those of every department below it;
    ``visible_user_ids`` holds these people so that record rules stay one relational condition.
    Staff of the bureau may read the tree, the bureau head maintains it.
    """

    _name = "shenpi.department"
    _description = "Department"
    _order = "company_id, sequence, code, id"
    _parent_store = True
    _rec_names_search = ["name", "code"]
    _check_company_auto = True

    name = fields.Char(required=True, index="trigram")
    code = fields.Char(help="Short code of the department, unique in the bureau.")
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("office", "Office"),
            ("window", "Window"),
            ("regulator", "Regulator"),
            ("street", "Street"),
            ("community", "Community"),
        ],
        required=True,
        default="office",
        help="Office: approves. Window: takes applications in. Regulator: supervises what was"
        " granted. Street, community: service points below the district.",
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Bureau",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    parent_id = fields.Many2one(
        "shenpi.department",
        string="Part of",
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('company_id', '=', company_id), ('id', 'not in', [id])]",
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("shenpi.department", "parent_id", string="Departments below")
    complete_name = fields.Char(
        string="Department", compute="_compute_complete_name", store=True, recursive=True
    )
    manager_id = fields.Many2one(
        "res.users", string="Head", domain="[('share', '=', False)]", ondelete="set null"
    )
    user_ids = fields.Many2many(
        "res.users",
        "shenpi_department_user_rel",
        "department_id",
        "user_id",
        string="Members",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        # Archived people stay in: whoever comes back from leave sees his cases again.
        context={"active_test": False},
    )
    visible_user_ids = fields.Many2many(
        "res.users",
        "shenpi_department_visible_user_rel",
        "department_id",
        "user_id",
        string="Who sees its cases",
        compute="_compute_visible_user_ids",
        store=True,
        recursive=True,
        context={"active_test": False},
        help="Members of this department and of every department above it.",
    )
    ancestor_ids = fields.Many2many(
        "shenpi.department",
        "shenpi_department_ancestor_rel",
        "department_id",
        "ancestor_id",
        compute="_compute_ancestor_ids",
        store=True,
        recursive=True,
        help="This department and those above it: a deputy for one of them sees its cases.",
    )
    scope_deputy_ids = fields.Many2many(
        "shenpi.deputy",
        "shenpi_deputy_department_rel",
        "department_id",
        "deputy_id",
        string="Deputies for this department",
    )
    member_count = fields.Integer(string="People", compute="_compute_member_count")

    _code_company_uniq = models.Constraint(
        "UNIQUE (company_id, code)", "Another department of this bureau already has this code."
    )

    # === Compute methods === #

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self):
        for department in self:
            above = department.parent_id.complete_name
            department.complete_name = f"{above} / {department.name}" if above else department.name

    @api.depends("user_ids", "parent_id.visible_user_ids")
    def _compute_visible_user_ids(self):
        for department in self:
            department.visible_user_ids = (
                department.user_ids | department.parent_id.visible_user_ids
            )

    @api.depends("parent_id.ancestor_ids")
    def _compute_ancestor_ids(self):
        for department in self:
            department.ancestor_ids = department | department.parent_id.ancestor_ids

    @api.depends("user_ids.active")
    def _compute_member_count(self):
        for department in self:
            department.member_count = len(department.user_ids.filtered("active"))

    # === Constraint methods === #

    @api.constrains("parent_id")
    def _check_parent_id(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._("Part of: a department cannot lie below itself in the tree.")
            )

    @api.constrains("company_id", "parent_id")
    def _check_company_of_tree(self):
        for department in self.sudo().with_context(active_test=False):
            relatives = department.parent_id | department.child_ids
            strangers = relatives.filtered(lambda d, own=department: d.company_id != own.company_id)
            if strangers:
                raise ValidationError(
                    self.env._(
                        "Bureau: %(department)s and %(other)s are in one tree and must belong to"
                        " the same bureau.",
                        department=department.name,
                        other=strangers[0].name,
                    )
                )

    # === Business methods === #

    @api.model
    def _get_visible_ids(self):
        """Ids of the departments whose cases the current user reads today: his own and those below,
        and as a deputy those of the colleague he stands in for."""
        self.flush_model(["visible_user_ids"])
        sight = self.env.user.shenpi_sight
        today = local_date(fields.Datetime.now()).isoformat()
        entry_ids = [
            entry_id
            for entry_id, first, last in sight["entries"]
            if first <= today and (not last or last >= today)
        ]
        return list({*sight["departments"], *self._get_deputy_department_ids(entry_ids)})

    @api.model
    def _get_deputy_department_ids(self, deputy_ids):
        """Ids of the departments that these deputy entries open."""
        if not deputy_ids:
            return set()
        self.flush_model(["ancestor_ids"])
        rows = self.env.execute_query(
            SQL(
                """SELECT seen.department_id
                     FROM shenpi_deputy deputy
                     JOIN shenpi_department_visible_user_rel seen
                       ON seen.user_id = deputy.principal_id
                    WHERE deputy.id IN %s
                      AND (NOT EXISTS (SELECT FROM shenpi_deputy_department_rel scope
                                        WHERE scope.deputy_id = deputy.id)
                           OR EXISTS (SELECT FROM shenpi_deputy_department_rel scope
                                        JOIN shenpi_department_ancestor_rel above
                                          ON above.ancestor_id = scope.department_id
                                       WHERE scope.deputy_id = deputy.id
                                         AND above.department_id = seen.department_id))""",
                tuple(deputy_ids),
            )
        )
        return {department_id for (department_id,) in rows}

    @api.model
    def _get_window(self, company):
        """The window at which the current user takes in: one of his, else the bureau's own."""
        self.flush_model(["user_ids", "kind", "company_id", "active", "sequence"])
        company.flush_model(["shenpi_window_id"])
        ((window_id,),) = self.env.execute_query(
            SQL(
                """SELECT coalesce(
                       (SELECT department.id FROM shenpi_department department
                          JOIN shenpi_department_user_rel member
                            ON member.department_id = department.id
                         WHERE member.user_id = %s AND department.company_id = company.id
                           AND department.kind = 'window' AND department.active
                      ORDER BY department.sequence, department.id LIMIT 1),
                       company.shenpi_window_id)
                     FROM res_company company WHERE company.id = %s""",
                self.env.uid,
                company.id,
            )
        )
        return self.browse(window_id)

    def _get_head(self):
        """The head of this department, or of the nearest one above that has one."""
        department = self
        while department and not department.manager_id.active:
            department = department.parent_id
        return department.manager_id

    def _get_present_heads(self):
        """Who is told when nobody else is there: the head, or who stands in for him, else the one
        above, else the heads of the bureau."""
        self.ensure_one()
        department = self.sudo()
        while department:
            head = department.manager_id.filtered("active")
            present = self.env["shenpi.absence"]._get_present(head, self)
            if present:
                return present
            department = department.parent_id
        return self.sudo().company_id._get_shenpi_heads()

    def _is_visible_to(self, person):
        """Whether the person is a member of this department or of one above it."""
        self.ensure_one()
        self.flush_model(["visible_user_ids"])
        return self.id in person.sudo().shenpi_sight["departments"]
