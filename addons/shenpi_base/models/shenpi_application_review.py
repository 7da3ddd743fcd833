from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools.localtime import local_date
from .shenpi_application_flow import DECIDER, MANAGER, SUPERVISOR


class ShenpiApplication(models.Model):
    """The workers of an accepted application: review, decision, delivery, and other ends."""

    _inherit = "shenpi.application"

    # === Review === #

    def _do_assign(self, user):
        """Give the step in hand to a person; a reviewer may only take it himself."""
        self._open()
        self._check_state(self._transitions["assign"])
        step = self.sudo().step_id
        leads = self.env.user.has_groups(f"{DECIDER},{SUPERVISOR},{MANAGER}")
        if user != self.env.user and not leads:
            raise AccessError(self.env._("You may take a case yourself, not give it to others."))
        if not step._has_role(user):
            raise UserError(
                self.env._(
                    "%(user)s does not have the role for the step “%(step)s” of %(document)s.",
                    user=user.name,
                    step=step.name,
                    document=self.display_name,
                )
            )
        self._transition("assign", values={"handler_id": user.id}, event={"data": {"to": user.id}})
        return True

    def _do_review(self, decision, opinion="", at=None):
        """Give an opinion on the step in hand.

        :param str decision: ``pass`` on to the next step, ``return`` to the one before, or
            ``reject``: straight to the decider, with the proposal to deny
        """
        self._open()
        if decision not in ("pass", "return", "reject"):
            raise ValidationError(self.env._("decision: must be pass, return or reject."))
        if decision != "pass" and not (opinion or "").strip():
            raise ValidationError(
                self.env._("opinion: give the reasons for a return or rejection.")
            )
        # Before the lock too: without a chain there is no successor to look for.
        self._check_state(self._transitions["review"])
        chain = self.env["shenpi.application.step"]._get_chain(self)
        step = chain & self.sudo().step_id
        if decision != "return" and step.kind == "decide" and self.state == "deciding":
            raise UserError(
                self.env._("%s: the review is finished, a decision is due.", self.display_name)
            )
        successor = self._get_successor(chain, step, decision)
        event = self._transition(
            "review",
            at=at,
            values=self._prepare_review_vals(step, successor, decision),
            event={
                "action": "return" if decision == "return" else "review",
                "opinion": opinion,
                "data": {"step": step.sequence, "decision": decision},
                "state_to": self._get_review_state(step, successor, decision),
            },
        )
        self._close_step(step, event, decision)
        if successor != step:
            successor.status = "current"
        return True

    @api.model
    def _get_successor(self, chain, step, decision):
        """The step of the chain that is in hand after a review."""
        if decision == "return":
            return chain.filtered(lambda s: s.sequence < step.sequence)[-1:] or chain[0]
        if decision == "reject" or step.kind == "decide":
            return chain[-1]
        return chain.filtered(lambda s: s.sequence > step.sequence)[0]

    def _get_review_state(self, step, successor, decision):
        if decision == "return":
            return "accepted" if successor.sequence == 1 else "reviewing"
        return "deciding" if successor.kind == "decide" else "reviewing"

    def _prepare_review_vals(self, step, successor, decision):
        handler = successor.user_id
        if decision == "return":
            handler = successor.done_by_id or handler
        vals = {"step_id": successor.id, "handler_id": handler.id}
        if successor.kind == "decide":
            vals["proposed_outcome"] = "deny" if decision == "reject" else "grant"
        return vals

    def _close_step(self, step, event, decision):
        """Note on the step who did what; a rejection cancels the reviews that are left."""
        status = {"pass": "passed", "return": "waiting", "reject": "rejected"}.get(
            decision, decision
        )
        if step.kind == "decide" and decision in ("pass", "reject"):
            status = "current"
        step.write(
            {
                "status": status if decision != "return" or step.sequence > 1 else "current",
                "done_by_id": event.user_id.id,
                "for_user_id": event.for_user_id.id,
                "done_at": event.happened_at,
                "opinion": event.opinion,
            }
        )
        if decision == "reject":
            left = self.sudo().step_ids.filtered(
                lambda s: s.kind == "review" and s.status == "waiting"
            )
            left.status = "cancelled"

    # === Decision and after === #

    def _do_decide(self, outcome, reason="", at=None, terms=None):
        """Decide (art. 38): a grant makes the licence, a denial needs its reasons in writing.

        :param dict terms: licence_scope?, licence_conditions?: what is granted, and what the
            licence is bound to; what is absent is as asked for and as the type of licence says
        """
        self._open()
        if outcome not in ("grant", "deny"):
            raise ValidationError(self.env._("outcome: must be grant or deny."))
        if outcome == "deny" and not (reason or "").strip():
            raise ValidationError(self.env._("reason: a denial must give its reasons."))
        terms = self._read_terms(outcome, terms)
        moment = at or fields.Datetime.now()
        step = self.sudo().step_id
        event = self._transition(
            outcome,
            at=at,
            values={
                "outcome": outcome,
                "reason": reason,
                "decided_at": moment,
                "step_id": False,
                "handler_id": False,
            },
            event={"opinion": reason, **({"data": terms} if terms else {})},
            terms=terms,
        )
        self._close_step(step, event, "granted" if outcome == "grant" else "denied")
        return True

    def _read_terms(self, outcome, terms):
        """The terms of a decision without what is empty; only what makes a licence has any."""
        terms = {name: value.strip() for name, value in (terms or {}).items() if value}
        terms = {name: value for name, value in terms.items() if value}
        if terms and (outcome != "grant" or self.purpose == "cancel"):
            raise ValidationError(
                self.env._("scope, conditions: only a decision that makes a licence has them.")
            )
        return terms

    def _do_grant_on_the_spot(self, opinion, data, at=None):
        """Accept and grant a received application in one act of the system (art. 34: what can be
        decided at once is decided at once). The caller has established that it may be granted.

        :param str opinion: why, in the language of the documents
        :param dict data: what the grant rests on, kept in the event
        :raise UserError: required materials are missing, or something else stands in the way
        """
        self._open()
        self._check_complete()
        moment = at or fields.Datetime.now()
        self.with_user(SUPERUSER_ID)._transition(
            "grant_at_once",
            at=at,
            values=self._prepare_spot_vals(moment),
            event={"opinion": opinion, "data": data},
        )
        return True

    @api.model
    def _prepare_spot_vals(self, moment):
        return {
            "accepted_at": moment,
            "accepted_date": local_date(moment),
            "outcome": "grant",
            "decided_at": moment,
        }

    def _prepare_transition_vals(self, row, moment, **details):
        """A grant makes the licence, on the terms of the decision, unless it cancels one."""
        vals = super()._prepare_transition_vals(row, moment, **details)
        if details.get("terms"):
            self.sudo().write(details["terms"])
        if row.target == "granted":
            vals["licence_id"] = self._make_licences([moment])[self].id
        return vals

    def _do_deliver(self, method, tracking="", at=None):
        """Hand the result over (art. 44: within ten working days) and close the case."""
        self._open()
        methods = dict(self._fields["delivery_method"].selection)
        if method not in methods:
            raise ValidationError(self.env._("method: must be one of %s.", ", ".join(methods)))
        self._transition(
            "deliver",
            at=at,
            values={
                "delivery_method": method,
                "tracking_number": tracking,
                "delivered_at": at or fields.Datetime.now(),
            },
            event={"data": {"method": method}},
        )
        return True

    def _do_withdraw(self, reason, at=None):
        """End the case because the applicant asks for it."""
        return self._do_end("withdraw", reason, at)

    def _do_terminate(self, reason, at=None):
        """End the case because it cannot go on (the applicant has died, its subject is gone)."""
        return self._do_end("terminate", reason, at)

    def _do_end(self, action, reason, at):
        self._open()
        if not (reason or "").strip():
            raise ValidationError(self.env._("reason: say why the case ends."))
        self._transition(
            action,
            at=at,
            values={"reason": reason, "step_id": False, "handler_id": False},
            event={"opinion": reason},
        )
        return True
