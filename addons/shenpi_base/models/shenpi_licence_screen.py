from odoo import api, fields, models


class ShenpiLicence(models.Model):
    """The buttons of a licence: what may be pressed is asked of the transition table."""

    _inherit = "shenpi.licence"

    can_renew = fields.Boolean(compute="_compute_can")
    can_suspend = fields.Boolean(compute="_compute_can")
    can_restore = fields.Boolean(compute="_compute_can")
    can_revoke = fields.Boolean(compute="_compute_can")
    can_cancel = fields.Boolean(compute="_compute_can")
    can_correct_dates = fields.Boolean(compute="_compute_can")
    version_ids = fields.One2many(
        "shenpi.licence", string="Versions", compute="_compute_version_ids"
    )

    @api.depends("state", "status")
    @api.depends_context("uid")
    def _compute_can(self):
        for licence in self:
            allowed = licence._get_allowed_actions()
            licence.update(
                {
                    "can_renew": "prepare_renewal" in allowed,
                    "can_suspend": "suspend" in allowed,
                    "can_restore": "restore" in allowed,
                    "can_revoke": "revoke" in allowed,
                    "can_cancel": "cancel_licence" in allowed,
                    "can_correct_dates": "correct_dates" in allowed,
                }
            )

    @api.depends("number")
    def _compute_version_ids(self):
        versions = self.search([("number", "in", self.mapped("number"))], order="version desc")
        by_number = versions.grouped("number")
        for licence in self:
            licence.version_ids = by_number.get(licence.number, self.browse())

    # === Wizards === #

    def action_open_suspend(self):
        """Suspend it, with reasons."""
        return self._open_wizard(self.env._("Suspend the licence"), "suspend")

    def action_open_restore(self):
        """Lift the suspension, with reasons."""
        return self._open_wizard(self.env._("Lift the suspension"), "restore")

    def action_open_revoke(self):
        """Revoke it on a ground of the law."""
        return self._open_wizard(self.env._("Revoke the licence"), "revoke")

    def action_open_cancel(self):
        """Cancel it on a ground of the law."""
        return self._open_wizard(self.env._("Cancel the licence by law"), "cancel")

    def action_open_correct_dates(self):
        """Correct the last day of its validity."""
        return self._open_wizard(self.env._("Correct the dates"), "correct_dates")

    def _open_wizard(self, title, action):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "shenpi.licence.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_licence_id": self.id, "default_action": action},
        }

    def action_open_bulk_cancel(self):
        """Cancel the licences selected, each for itself."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel licences by law"),
            "res_model": "shenpi.licence.bulk.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_licence_ids": self.ids},
        }

    # === Links === #

    def action_open_application(self):
        """The application that made it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "shenpi.application",
            "res_id": self.application_id.id,
            "views": [(False, "form")],
        }

    def action_open_cases(self):
        """The applications to renew, change or cancel it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("About the licence %s", self.number),
            "res_model": "shenpi.application",
            "views": [(False, "list"), (False, "form")],
            "domain": [("licence_base_id", "=", self.id)],
            "context": {"create": False},
        }

    # === Printing === #

    def action_print(self):
        """The licences on paper, with the codes that verify them."""
        return self._print("shenpi_base.action_report_licence")

    def action_print_revocation(self):
        """Decision to revoke 撤销决定书."""
        return self._print("shenpi_base.action_report_licence_revocation")

    def action_print_cancellation(self):
        """Decision to cancel 注销决定书."""
        return self._print("shenpi_base.action_report_licence_cancellation")

    def action_print_notice(self):
        """Public notice of the cancellation of the licences selected 注销公告."""
        return self._print("shenpi_base.action_report_licence_notice")

    def _print(self, report):
        self.check_access("read")
        action = self.env.ref(report).report_action(self, config=False)
        return dict(action, close_on_report_download=True)
