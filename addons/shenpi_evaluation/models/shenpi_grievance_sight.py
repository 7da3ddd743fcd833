from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.shenpi_base.models.shenpi_application_flow import MANAGER, SUPERVISOR

from ..tools.roles import DESK


class ShenpiGrievance(models.Model):
    """Who reads a grievance: one sentence, asked by the record rules of the grievance and of all
    that hangs on it.

    The evaluation desk, supervisors and the bureau head read all that has been taken in, everybody
    what he took in himself, what is or was a part of his units, and the hard cases he owns; who is
    complained of, or works in a unit complained of, reads none of that grievance, whatever his
    role.
    """

    _inherit = "shenpi.grievance"

    _sight_fields = (
        "state",
        "filed_by_id",
        "accused_department_id",
        "accused_user_id",
        "dispatch_ids",
    )

    is_mine = fields.Boolean(
        string="For me", store=False, compute="_compute_is_mine", search="_search_is_mine"
    )

    @api.model
    def _get_sight_domain(self):
        taken_in = Domain("state", "!=", "draft")
        if not self._has_one_of((*DESK, SUPERVISOR, MANAGER)):
            departments = self.env["shenpi.department"]
            # Who heads a unit need not be a member of it.
            visible_ids = {*departments._get_visible_ids(), *departments._get_unit_ids()}
            taken_in &= Domain("plan_owner_id", "=", self.env.uid) | Domain(
                "dispatch_ids",
                "any!",
                [("department_id", "in", list(visible_ids)), ("state", "in", ("open", "done"))],
            )
        own = Domain("filed_by_id", "=", self.env.uid)
        return (own | taken_in) & ~self._get_recusal_domain()

    @api.model
    def _get_recusal_domain(self):
        """What is about the current user or a unit of his."""
        recused_ids = self.env["shenpi.department"]._get_recused_ids()
        return Domain("accused_user_id", "=", self.env.uid) | Domain(
            "accused_department_id", "in", recused_ids
        )

    def _is_about_user(self):
        """Whether the current user is complained of, or works in the unit that is."""
        grievance = self.sudo()
        if grievance.accused_user_id == self.env.user:
            return True
        recused_ids = self.env["shenpi.department"]._get_recused_ids()
        return grievance.accused_department_id.id in recused_ids

    @api.depends_context("uid")
    def _compute_is_mine(self):
        mine = self.search(Domain("id", "in", self.ids) & Domain("is_mine", "=", True))
        for grievance in self:
            grievance.is_mine = grievance in mine

    @api.model
    def _search_is_mine(self, operator, value):
        """What waits for this user now: an open part of his units, or a hard case he owns."""
        if operator != "in":
            return NotImplemented
        unit_ids = self.env["shenpi.department"]._get_unit_ids()
        parts = [("department_id", "in", unit_ids), ("state", "=", "open")]
        domain = Domain("state", "=", "dispatched") & Domain("dispatch_ids", "any!", parts)
        domain |= Domain("state", "=", "hard") & Domain("plan_owner_id", "=", self.env.uid)
        return Domain.OR(domain if wanted else ~domain for wanted in value)
