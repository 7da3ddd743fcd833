from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class ShenpiDepartment(models.Model):
    """Units as they handle grievances: whose people act for a unit, and who is kept out of what
    concerns it."""

    _inherit = "shenpi.department"

    @api.model
    def _get_unit_ids(self):
        """Ids of the units for which the current user acts: he works in them, heads them, or stands
        in today for somebody who does."""
        deputies = self.env["shenpi.deputy"]
        user, today = self.env.user, self.env["shenpi.grievance"]._get_today()
        unit_ids = set(self._get_staffed_ids(user))
        for principal in deputies._principals_of(user, today):
            units = self.sudo().browse(self._get_staffed_ids(principal))
            unit_ids.update(
                unit.id for unit in units if principal in deputies._principals_of(user, today, unit)
            )
        return list(unit_ids)

    @api.model
    def _get_staffed_ids(self, person):
        """Ids of the units in which somebody works or which he heads."""
        self.flush_model(["user_ids", "manager_id"])
        rows = self.env.execute_query(
            SQL(
                """SELECT department_id FROM shenpi_department_user_rel WHERE user_id = %(user)s
                    UNION SELECT id FROM shenpi_department WHERE manager_id = %(user)s""",
                user=person.id,
            )
        )
        return [department_id for (department_id,) in rows]

    @api.model
    def _get_recused_ids(self):
        """Ids of the units whose people the current user belongs to: his own and those above it.

        The bureau as a whole is left out: nobody would be left to handle a complaint about it.
        """
        self.flush_model(["ancestor_ids", "parent_id"])
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT top.id FROM shenpi_department_ancestor_rel above
                     JOIN shenpi_department top ON top.id = above.ancestor_id
                    WHERE above.department_id = ANY(%s) AND top.parent_id IS NOT NULL""",
                self._get_staffed_ids(self.env.user),
            )
        )
        return [department_id for (department_id,) in rows]

    def _check_takes_grievances(self, company):
        """Raise unless this unit can be given grievances of a bureau."""
        for unit in self.sudo():
            if not unit.active:
                raise ValidationError(self.env._("department: %s has been closed.", unit.name))
            if unit.company_id != company:
                raise ValidationError(
                    self.env._(
                        "department: %(unit)s does not belong to %(bureau)s.",
                        unit=unit.name,
                        bureau=company.name,
                    )
                )
            if not (unit.user_ids | unit.manager_id).filtered("active"):
                raise ValidationError(self.env._("department: nobody works in %s.", unit.name))
