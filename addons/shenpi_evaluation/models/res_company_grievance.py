from odoo import SUPERUSER_ID, fields, models

from ..tools.roles import EVALUATION_MANAGER, OFFICER


class ResCompany(models.Model):
    """What a bureau has settled about grievances. Only the 24 hours follow a rule that others have
    published (安阳市优化营商环境条例 §50); the rest is the bureau's own."""

    _inherit = "res.company"

    shenpi_grievance_dispatch_days = fields.Integer(
        string="Accept and dispatch within (working days)", default=1, required=True
    )
    shenpi_grievance_review_days = fields.Integer(
        string="Review a reply within (working days)", default=1, required=True
    )
    shenpi_grievance_visit_days = fields.Integer(
        string="Call back within (working days)", default=3, required=True
    )
    shenpi_grievance_return_hours = fields.Integer(
        string="Return an order within (hours)", default=24, required=True
    )
    shenpi_grievance_reopenings = fields.Integer(
        string="Opened again at most (times)",
        default=2,
        required=True,
        help="Whoever is not satisfied after that is put before the leaders.",
    )
    shenpi_grievance_attempts = fields.Integer(
        string="Attempts to reach a person",
        default=3,
        required=True,
        help="After so many a grievance may be closed without a call-back.",
    )

    _shenpi_grievance_days = models.Constraint(
        "CHECK (shenpi_grievance_dispatch_days > 0 AND shenpi_grievance_review_days > 0"
        " AND shenpi_grievance_visit_days > 0 AND shenpi_grievance_return_hours > 0"
        " AND shenpi_grievance_reopenings >= 0 AND shenpi_grievance_attempts > 0)",
        "Grievances: days, hours and attempts are at least one.",
    )

    def _get_evaluation_officers(self):
        """The evaluation officers of the bureau."""
        return self._get_holders(OFFICER)

    def _get_evaluation_managers(self):
        """The evaluation managers of the bureau."""
        return self._get_holders(EVALUATION_MANAGER)

    def _get_holders(self, group):
        return self.env["res.users"].search(
            [
                ("all_group_ids", "in", self.env.ref(group).ids),
                ("company_ids", "in", self.ids),
                ("id", "!=", SUPERUSER_ID),
            ]
        )

    def _get_grievance_unit(self):
        """The unit that answers for a grievance which no unit has: the top of the bureau's tree."""
        domain = [("company_id", "=", self.id), ("parent_id", "=", False)]
        return self.env["shenpi.department"].search(domain, limit=1)
