from odoo import api, fields, models
from odoo.exceptions import UserError


class ShenpiApplication(models.Model):
    """The applicant's credit, as far as it bears on his case."""

    _inherit = "shenpi.application"

    credit_grade = fields.Selection(
        selection=lambda self: self._get_credit_grades(),
        compute="_compute_credit_grade",
        help="The worst grade in force today; empty when nothing is held for or against him.",
    )

    @api.model
    def _get_credit_grades(self):
        return self.env["shenpi.credit"]._fields["grade"]._description_selection(self.env)

    @api.depends("applicant_id_number_raw")
    def _compute_credit_grade(self):
        numbers = {a.id: a.applicant_id_number_raw for a in self.sudo()}
        grades = self.env["shenpi.credit"]._get_grades(set(numbers.values()))
        for application in self:
            application.credit_grade = grades.get(numbers[application.id], False)

    def _check_credit(self, kind):
        """Refuse a special path to an applicant whose credit bars it.

        :param str kind: ``deferral`` or ``commitment``
        """
        case = self.sudo()
        self._check_credit_of(case.applicant_id_number_raw, case.company_id, kind)

    @api.model
    def _check_credit_of(self, number, company, kind):
        """:meth:`_check_credit` of who has a document number, at a bureau."""
        credits = self.env["shenpi.credit"].with_company(company)
        if not credits._get_barred({number}, kind):
            return
        words = {
            "deferral": self.env._(
                "deferred: the applicant's credit bars it; bad credit or an earlier broken promise"
                " stands against him until it is repaired."
            ),
            "commitment": self.env._(
                "commitment: the applicant's credit bars it; bad credit or an earlier broken"
                " promise stands against him until it is repaired."
            ),
        }
        raise UserError(words[kind])
