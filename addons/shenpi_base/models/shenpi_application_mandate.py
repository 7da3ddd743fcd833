from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_list

from ..tools.localtime import local_date
from .shenpi_mandate_flow import WRITERS


class ShenpiApplication(models.Model):
    """Filing on behalf 代办: a navigator files the permit of a key project in the investor's name.

    ``agent_user_id`` on a draft says that he does. Receiving such a draft asks for a letter of
    authority in force that covers the permit, and for complete papers; what is received keeps the
    letter it was filed by. Everything else that a navigator does is advice, and asks for neither.
    """

    _inherit = "shenpi.application"

    agent_user_id = fields.Many2one(
        "res.users", string="Filed on behalf by", readonly=True, copy=False, ondelete="restrict"
    )
    mandate_id = fields.Many2one(
        "shenpi.mandate",
        string="By letter of authority",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    can_act_on_behalf = fields.Boolean(compute="_compute_can_act_on_behalf")
    can_advise_only = fields.Boolean(compute="_compute_can_act_on_behalf")

    @api.depends("state", "permit_id", "agent_user_id")
    @api.depends_context("uid")
    def _compute_can_act_on_behalf(self):
        holds_role = any(self.env.user.has_group(group) for group in WRITERS)
        for application in self:
            can = holds_role and application.state == "draft" and bool(application.permit_id)
            application.can_act_on_behalf = can and not application.agent_user_id
            application.can_advise_only = can and bool(application.agent_user_id)

    def action_act_on_behalf(self):
        """The navigator files this draft in the investor's name; refused without a letter."""
        self._check_service()
        self._get_mandate(local_date(fields.Datetime.now()))
        self.sudo().write({"agent_user_id": self.env.uid, "agent_name": self.env.user.name})
        return True

    def action_advise_only(self):
        """The investor files himself: nobody acts for him."""
        self._check_service()
        contact = self.sudo().key_project_id.applicant_contact
        self.sudo().write({"agent_user_id": False, "agent_name": contact})
        return True

    def _check_service(self):
        """A draft that the user sees, and a role that assists investors."""
        self._open()
        self._check_draft()
        if not any(self.env.user.has_group(group) for group in WRITERS):
            raise AccessError(self.env._("Navigators act on behalf of investors."))

    def _do_receive(self, at=None):
        if self.agent_user_id:
            self._open()
            mandate = self._get_mandate(local_date(at or fields.Datetime.now()))
            self._check_papers()
            self.sudo().mandate_id = mandate
        return super()._do_receive(at=at)

    def _get_mandate(self, day):
        """The letter by which this application may be filed on behalf on a day.

        :raise UserError: it belongs to no key project, or no letter covers it
        """
        permit = self.sudo().permit_id
        if not permit:
            raise UserError(
                self.env._("%s belongs to no key project: nobody acts for it.", self.display_name)
            )
        mandate = self.env["shenpi.mandate"].sudo()._find(permit, day)
        if not mandate:
            raise UserError(
                self.env._(
                    "%(permit)s: there is no letter of authority in force on %(day)s that covers"
                    " it. Without one you may advise, but not file on behalf.",
                    permit=permit.display_name,
                    day=day,
                )
            )
        return mandate

    def _check_papers(self):
        missing = self._get_missing()
        if missing:
            raise UserError(
                self.env._(
                    "Nobody files on behalf with papers missing: %s.",
                    format_list(self.env, missing.mapped("name")),
                )
            )
