from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ..tools import identifiers
from ..tools.localtime import local_date

ENTERED_BY = (
    "shenpi_base.group_shenpi_supervisor",
    "shenpi_base.group_shenpi_manager",
    "shenpi_base.group_shenpi_integrator",
)
REPAIRED_BY = ENTERED_BY[:2]
# Who broke his word once is not believed again before he has repaired it, whatever his grade.
BREACHES = ("broken_promise", "false_commitment")
# The company's field that says from which grade on a path is barred.
BARRED_FROM = {
    "deferral": "shenpi_deferral_barred_from",
    "commitment": "shenpi_commitment_barred_from",
}


class ShenpiCredit(models.Model):
    """A credit record 信用记录: what is held for or against an applicant, from when to when.

    * Supervisors, bureau heads and integrators enter records; the system enters one when a promise
      has been broken or a commitment was false. Nobody changes or deletes one: it ends on its last
      day, or when a supervisor or bureau head notes the repair 信用修复 with its reason.
    * Of several records in force the worst counts. Credit belongs to the applicant, so a record
      counts in every bureau, but only the staff of the bureau that keeps it reads it.
    * The document number lies in a field that only sudo code reads, as on the application; it is
      found by the whole number.
    """

    _name = "shenpi.credit"
    _inherit = ["shenpi.flow.fields"]
    _description = "Credit record"
    _order = "valid_from desc, id desc"
    _rec_name = "subject_name"

    _flow_fields = frozenset({"application_id", "repaired_on", "repaired_by_id", "repair_reason"})

    subject_name = fields.Char(string="Applicant", required=True, index="trigram")
    id_number = fields.Char(
        string="Document number",
        compute="_compute_id_number",
        inverse="_inverse_id_number",
        search="_search_id_number",
    )
    id_number_raw = fields.Char(groups=fields.NO_ACCESS, index="btree_not_null")
    grade = fields.Selection(
        [("A", "A (good)"), ("B", "B (fair)"), ("C", "C (poor)"), ("D", "D (bad)")],
        required=True,
        index=True,
    )
    ground = fields.Selection(
        [
            ("rating", "Credit rating"),
            ("blacklist", "List of serious bad credit"),
            ("broken_promise", "Broken promise"),
            ("false_commitment", "False commitment"),
            ("other", "Other"),
        ],
        string="Kind of record",
        required=True,
        default="rating",
    )
    reason = fields.Text(string="Facts")
    source = fields.Char(
        string="Established by",
        required=True,
        default=lambda self: self.env.company.name,
        help="Who says so: the credit platform, a regulator, this bureau.",
    )
    application_id = fields.Many2one(
        "shenpi.application", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company",
        string="Bureau",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    valid_from = fields.Date(required=True, default=lambda self: self._get_today())
    valid_to = fields.Date(help="Last day. Empty: until it is repaired.")
    repaired_on = fields.Date(readonly=True)
    repaired_by_id = fields.Many2one(
        "res.users", string="Repair noted by", readonly=True, ondelete="restrict"
    )
    repair_reason = fields.Text(string="Why it was repaired", readonly=True)
    status = fields.Selection(
        [
            ("future", "Not yet in force"),
            ("current", "In force"),
            ("past", "Expired"),
            ("repaired", "Repaired"),
        ],
        compute="_compute_status",
        search="_search_status",
    )
    can_repair = fields.Boolean(compute="_compute_can_repair")

    _validity_in_order = models.Constraint(
        "CHECK (valid_to >= valid_from)", "valid_to: a record cannot end before it begins."
    )
    _repair_complete = models.Constraint(
        "CHECK ((repaired_on IS NULL) = (repair_reason IS NULL)"
        " AND (repaired_on IS NULL) = (repaired_by_id IS NULL) AND repaired_on >= valid_from)",
        "A repair has its day, its reason and the person who noted it, and follows the record.",
    )
    _in_force = models.Index("(id_number_raw, valid_from) WHERE repaired_on IS NULL")

    # === Compute methods === #

    @api.depends("id_number_raw")
    @api.depends_context("uid")
    def _compute_id_number(self):
        for credit in self:
            number = credit.sudo().id_number_raw
            clear = self.env.su or credit.create_uid == self.env.user
            credit.id_number = number if clear or not number else identifiers.mask_id(number)

    def _inverse_id_number(self):
        for credit in self:
            credit.sudo().id_number_raw = identifiers.normalise(credit.id_number or "") or False

    def _search_id_number(self, operator, value):
        """Whole numbers only: nobody finds one by probing."""
        if operator not in ("in", "ilike", "like"):
            return NotImplemented
        values = [value] if isinstance(value, str) else value
        numbers = [identifiers.normalise(str(v)) for v in values if v]
        return [("id", "in", self.sudo()._search([("id_number_raw", "in", numbers)]))]

    @api.depends("valid_from", "valid_to", "repaired_on")
    def _compute_status(self):
        today = self._get_today()
        for credit in self:
            if credit.repaired_on:
                credit.status = "repaired"
            elif credit.valid_from and credit.valid_from > today:
                credit.status = "future"
            else:
                past = credit.valid_to and credit.valid_to < today
                credit.status = "past" if past else "current"

    @api.model
    def _search_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self._get_today()
        open_ended = Domain("repaired_on", "=", False)
        domains = {
            "repaired": Domain("repaired_on", "!=", False),
            "future": open_ended & Domain("valid_from", ">", today),
            "past": open_ended & Domain("valid_to", "<", today) & Domain("valid_from", "<=", today),
            "current": self._get_domain_in_force(today),
        }
        return Domain.OR(domains[status] for status in value if status in domains)

    @api.depends("repaired_on")
    @api.depends_context("uid")
    def _compute_can_repair(self):
        may = any(self.env.user.has_group(group) for group in REPAIRED_BY)
        for credit in self:
            credit.can_repair = may and not credit.repaired_on

    # === Constraint methods === #

    @api.constrains("subject_name")
    def _check_subject_name(self):
        for credit in self:
            if not credit.subject_name.strip():
                raise ValidationError(self.env._("Applicant: the name is empty."))

    @api.constrains("id_number_raw", "subject_name")
    def _check_id_number(self):
        for credit in self.sudo():
            number = credit.id_number_raw
            if number and len(number) < 5:
                raise ValidationError(self.env._("id_number: the number is too short."))

    # === Low-level methods === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not (vals.get("id_number") or vals.get("id_number_raw")):
                raise ValidationError(self.env._("id_number: is required."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            raise AccessError(
                self.env._(
                    "A credit record is never changed. Note its repair, or enter another record."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise AccessError(self.env._("A credit record is never deleted. Note its repair instead."))

    # === Actions === #

    def action_open_repair(self):
        """Note that the applicant has repaired his credit."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Credit repaired"),
            "res_model": "shenpi.credit.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_credit_id": self.id},
        }

    # === What others ask === #

    @api.model
    def _get_grades(self, id_numbers):
        """The credit grades of applicants, in one query.

        :param id_numbers: document numbers, as typed or stored
        :return: {id_number: "A" to "D"}; only those with a record in force today, the worst of
            them counts
        """
        return {
            number: grade for number, (grade, _breach) in self._get_in_force(id_numbers).items()
        }

    @api.model
    def _get_barred(self, id_numbers, kind):
        """The applicants who may not use a special path of this bureau (``env.company``).

        :param id_numbers: document numbers, as typed or stored
        :param str kind: ``deferral`` or ``commitment``
        :return: set of those numbers whose grade is one that the bureau bars, or who have broken a
            promise or made a false commitment and not repaired it
        """
        limit = self.env.company[BARRED_FROM[kind]]
        return {
            number
            for number, (grade, breach) in self._get_in_force(id_numbers).items()
            if breach or (limit and grade >= limit)
        }

    @api.model
    def _get_in_force(self, id_numbers):
        """{id_number: (worst grade, whether he has broken his word)} of records in force today."""
        given = {number: identifiers.normalise(number) for number in id_numbers if number}
        if not given:
            return {}
        domain = self._get_domain_in_force(self._get_today())
        domain &= Domain("id_number_raw", "in", list(set(given.values())))
        found = {}
        for number, grade, ground in self.sudo()._read_group(
            domain, ["id_number_raw", "grade", "ground"]
        ):
            worst, breach = found.get(number, ("A", False))
            found[number] = (max(worst, grade), breach or ground in BREACHES)
        return {number: found[raw] for number, raw in given.items() if raw in found}

    @api.model
    def _get_domain_in_force(self, day):
        return (
            Domain("repaired_on", "=", False)
            & Domain("valid_from", "<=", day)
            & (Domain("valid_to", "=", False) | Domain("valid_to", ">=", day))
        )

    @api.model
    def _get_today(self):
        return local_date(fields.Datetime.now())

    # === What the system does === #

    @api.model
    def _record_breach(self, application, ground, reason):
        """Enter that the applicant of a case has broken his word.

        :param str ground: ``broken_promise`` or ``false_commitment``
        :param str reason: the facts, in the language of documents
        """
        company = application.company_id
        case = application.sudo()
        return self.sudo().create(
            {
                "subject_name": case.applicant_name,
                "id_number_raw": case.applicant_id_number_raw,
                "grade": company[f"shenpi_{ground}_grade"],
                "ground": ground,
                "reason": reason,
                "source": company.name,
                "application_id": application.id,
                "company_id": company.id,
            }
        )

    def _do_repair(self, reason, day=None):
        """Note that the applicant has repaired his credit: the record no longer counts.

        :param str reason: why, by what proof
        :param date day: since when; today when absent
        """
        self.ensure_one()
        self.check_access("read")
        if not any(self.env.user.has_group(group) for group in REPAIRED_BY):
            raise AccessError(
                self.env._("Only supervisors and bureau heads note the repair of credit.")
            )
        self.lock_for_update()
        if self.repaired_on:
            raise UserError(self.env._("The repair was noted on %s already.", self.repaired_on))
        if not (reason or "").strip():
            raise ValidationError(self.env._("reason: say how the credit was repaired."))
        day = day or self._get_today()
        if not self.valid_from <= day <= self._get_today():
            raise ValidationError(
                self.env._(
                    "repaired_on: must lie between %(start)s, when the record begins, and today.",
                    start=self.valid_from,
                )
            )
        self.sudo().write(
            {"repaired_on": day, "repaired_by_id": self.env.uid, "repair_reason": reason}
        )
        return True
