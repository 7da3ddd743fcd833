from odoo import api, fields, models

from .shenpi_application_flow import DECIDER, MANAGER, SUPERVISOR

LEADS = f"{DECIDER},{SUPERVISOR},{MANAGER}"


class ShenpiApplication(models.Model):
    """The buttons of an application.

    What may be pressed is asked of the transition table, and pressed once more by the worker it
    calls: a button that is hidden is also refused over RPC.
    """

    _inherit = "shenpi.application"

    can_edit = fields.Boolean(compute="_compute_can")
    can_receive = fields.Boolean(compute="_compute_can")
    can_request_correction = fields.Boolean(compute="_compute_can")
    can_supplement = fields.Boolean(compute="_compute_can")
    can_defer = fields.Boolean(compute="_compute_can")
    can_hand_in = fields.Boolean(compute="_compute_can")
    can_commit = fields.Boolean(compute="_compute_can")
    can_take_back_commitment = fields.Boolean(compute="_compute_can")
    can_accept = fields.Boolean(compute="_compute_can")
    can_not_accept = fields.Boolean(compute="_compute_can")
    can_take = fields.Boolean(compute="_compute_can")
    can_assign = fields.Boolean(compute="_compute_can")
    can_review = fields.Boolean(compute="_compute_can")
    can_decide = fields.Boolean(compute="_compute_can")
    can_pause = fields.Boolean(compute="_compute_can")
    can_resume = fields.Boolean(compute="_compute_can")
    can_extend = fields.Boolean(compute="_compute_can")
    can_correct_clock = fields.Boolean(compute="_compute_can")
    can_deliver = fields.Boolean(compute="_compute_can")
    can_withdraw = fields.Boolean(compute="_compute_can")
    can_terminate = fields.Boolean(compute="_compute_can")

    @api.depends(
        "state", "step_id", "handler_id", "filed_by_id", "paused", "extended", "material_ids.status"
    )
    @api.depends_context("uid")
    def _compute_can(self):
        for application in self:
            allowed = application._get_allowed_actions()
            step = application.sudo().step_id
            missing = bool(application._get_missing())
            told = bool(application.sudo().correction_ids)
            correction = "repeat_correction" if told else "request_correction"
            assign = "assign" in allowed
            application.update(
                {
                    "can_edit": "receive" in allowed,
                    "can_receive": "receive" in allowed,
                    "can_request_correction": correction in allowed,
                    "can_supplement": "supplement" in allowed,
                    "can_defer": "defer" in allowed,
                    "can_hand_in": "hand_in" in allowed,
                    "can_commit": "commit" in allowed,
                    "can_take_back_commitment": "take_back_commitment" in allowed,
                    "can_accept": "accept" in allowed and not missing,
                    "can_not_accept": "not_accept" in allowed,
                    "can_take": assign and application._can_take(step),
                    "can_assign": assign and self.env.user.has_groups(LEADS),
                    "can_review": "review" in allowed and step.kind == "review",
                    "can_decide": "deny" in allowed,
                    "can_pause": "pause" in allowed,
                    "can_resume": "resume" in allowed,
                    "can_extend": "extend" in allowed,
                    "can_correct_clock": "correct_clock" in allowed,
                    "can_deliver": "deliver" in allowed,
                    "can_withdraw": "withdraw" in allowed,
                    "can_terminate": "terminate" in allowed,
                }
            )

    def _can_take(self, step):
        """Whether the user may make the step in hand his own."""
        user = self.env.user
        return bool(
            step
            and not step.user_id
            and self.handler_id != user
            and step._has_role(user)
            and (step.kind != "decide" or self.filed_by_id != user)
        )

    # === Direct actions === #

    def action_receive(self):
        """Take a draft in and print the receipt of filing.

        :raise ValidationError: the applicant's document number is missing, or the item is not in
            force
        """
        self.ensure_one()
        self._do_receive()
        return self.action_print_filing()

    def action_accept(self):
        """Accept a complete application and print the notice of acceptance."""
        self.ensure_one()
        self._do_accept()
        if self.deferral_due_date:
            return self.action_print_deferral_notice()
        return self.action_print_acceptance()

    def action_resume(self):
        """Let the clock go on: the special procedure is over."""
        self.ensure_one()
        return self._do_resume()

    def action_assign_to_me(self):
        """Make the step in hand one's own."""
        for application in self:
            application._do_assign(self.env.user)
        return True

    # === Wizards === #

    def action_open_correction(self):
        """Tell the applicant, once, everything that is missing."""
        return self._open_wizard("shenpi.correction.wizard", self.env._("What is to be corrected"))

    def action_open_supplement(self):
        """Take in what the applicant supplied."""
        return self._open_wizard("shenpi.supplement.wizard", self.env._("Take in a supplement"))

    def action_open_deferral(self):
        """Let auxiliary materials follow by promised days."""
        return self._open_wizard("shenpi.deferral.wizard", self.env._("Materials that may follow"))

    def action_open_hand_in(self):
        """Take in what the applicant promised for later."""
        title = self.env._("Take in what was promised")
        return self._open_wizard("shenpi.supplement.wizard", title)

    def action_open_refusal(self):
        """Do not accept the application."""
        return self._open_wizard("shenpi.refusal.wizard", self.env._("Do not accept"))

    def action_open_assign(self):
        """Give the step in hand to somebody."""
        return self._open_bulk("assign")

    def action_open_review(self):
        """Give an opinion on the step in hand."""
        return self._open_wizard("shenpi.review.wizard", self.env._("Review"))

    def action_open_decision(self):
        """Grant, deny or return."""
        return self._open_wizard("shenpi.decision.wizard", self.env._("Decide"))

    def action_open_pause(self):
        """Stop the clock for a special procedure."""
        return self._open_wizard("shenpi.pause.wizard", self.env._("Stop the clock"))

    def action_open_extension(self):
        """Extend the limit, once."""
        return self._open_wizard("shenpi.extension.wizard", self.env._("Extend the limit"))

    def action_open_delivery(self):
        """Hand the result over."""
        return self._open_wizard("shenpi.delivery.wizard", self.env._("Deliver"))

    def action_open_withdraw(self):
        """End the case because the applicant asks for it."""
        return self._open_wizard(
            "shenpi.ending.wizard", self.env._("Withdraw"), default_action="withdraw"
        )

    def action_open_terminate(self):
        """End the case because it cannot go on."""
        return self._open_wizard(
            "shenpi.ending.wizard", self.env._("Terminate"), default_action="terminate"
        )

    def action_open_bulk_assign(self):
        """Give the selected cases to somebody."""
        return self._open_bulk("assign")

    def action_open_bulk_review(self):
        """Review the selected cases."""
        return self._open_bulk("review")

    def action_open_bulk_decide(self):
        """Decide the selected cases."""
        return self._open_bulk("decide")

    def action_open_licence(self):
        """The licence that this application made."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "shenpi.licence",
            "res_id": self.licence_id.id,
            "views": [(False, "form")],
        }

    def _open_wizard(self, model, title, **context):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_application_id": self.id, **context},
        }

    def _open_bulk(self, operation):
        titles = {
            "assign": self.env._("Assign"),
            "review": self.env._("Review"),
            "decide": self.env._("Decide"),
        }
        return {
            "type": "ir.actions.act_window",
            "name": titles[operation],
            "res_model": "shenpi.bulk.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_operation": operation,
                "default_application_ids": [fields.Command.set(self.ids)],
            },
        }

    # === Documents === #

    def action_print_filing(self):
        """Receipt of filing 收件凭证."""
        return self._print("shenpi_base.action_report_filing")

    def action_print_acceptance(self):
        """Notice of acceptance 受理通知书."""
        return self._print("shenpi_base.action_report_acceptance")

    def action_print_correction(self):
        """One-time correction notice 补正告知书."""
        return self._print("shenpi_base.action_report_correction")

    def action_print_deferral_letter(self):
        """Applicant's promise to hand materials in later 容缺受理承诺书."""
        return self._print("shenpi_base.action_report_deferral_letter")

    def action_print_deferral_notice(self):
        """Notice that materials may follow 容缺受理通知书."""
        return self._print("shenpi_base.action_report_deferral_notice")

    def action_print_deemed_withdrawal(self):
        """Notice that the application counts as withdrawn 视为撤回申请告知书."""
        return self._print("shenpi_base.action_report_deemed_withdrawal")

    def action_print_pause(self):
        """Notice of a special procedure 特别程序告知书."""
        return self._print("shenpi_base.action_report_pause")

    def action_print_extension(self):
        """Notice of the extension of the limit 延长办理期限告知书."""
        return self._print("shenpi_base.action_report_extension")

    def action_print_refusal(self):
        """Decision not to accept 不予受理决定书."""
        return self._print("shenpi_base.action_report_refusal")

    def action_print_decision(self):
        """Decision to grant or to deny 准予、不予行政许可决定书."""
        return self._print("shenpi_base.action_report_decision")

    def action_print_delivery(self):
        """Delivery slip 送达回证."""
        return self._print("shenpi_base.action_report_delivery")

    def _print(self, xmlid):
        """Report action that also closes the dialog it was asked from."""
        self.check_access("read")
        action = self.env.ref(xmlid).report_action(self, config=False)
        return dict(action, close_on_report_download=True)
