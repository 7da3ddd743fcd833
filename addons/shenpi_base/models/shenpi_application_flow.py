from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_list

from ..tools import flow, numbering
from ..tools.clock import Entry
from ..tools.localtime import local_date, to_local

CLERK = "shenpi_base.group_shenpi_clerk"
REVIEWER = "shenpi_base.group_shenpi_reviewer"
DECIDER = "shenpi_base.group_shenpi_decider"
SUPERVISOR = "shenpi_base.group_shenpi_supervisor"
MANAGER = "shenpi_base.group_shenpi_manager"
INTEGRATOR = "shenpi_base.group_shenpi_integrator"

INTAKE = (CLERK, INTEGRATOR, MANAGER)
DESK = (CLERK, REVIEWER, DECIDER, MANAGER, INTEGRATOR)
REVIEW = (REVIEWER, DECIDER, MANAGER)
ASSIGN = (REVIEWER, DECIDER, SUPERVISOR, MANAGER)
DECIDE = (DECIDER, MANAGER)
CLOCK = (REVIEWER, DECIDER, MANAGER, INTEGRATOR)

ACTIVE = "received correcting accepted reviewing deciding"
IN_HAND = "accepted reviewing deciding"

TRANSITIONS = flow.table(
    flow.Transition(action, frozenset(sources.split()), target, frozenset(groups), guard)
    for action, sources, target, groups, guard in (
        ("receive", "draft", "received", INTAKE, "_guard_own_draft"),
        ("request_correction", "received", "correcting", DESK, None),
        ("repeat_correction", "received", "correcting", (SUPERVISOR, MANAGER), None),
        ("supplement", "correcting", "received", DESK, None),
        ("accept", "received", "accepted", DESK, None),
        ("not_accept", "received", "not_accepted", DESK, None),
        ("deem_accepted", "received", "accepted", (MANAGER,), None),
        ("pause", IN_HAND, None, CLOCK, "_guard_running"),
        ("resume", IN_HAND, None, CLOCK, "_guard_paused"),
        ("extend", IN_HAND, None, (MANAGER,), "_guard_extension"),
        ("assign", IN_HAND, None, ASSIGN, None),
        ("review", IN_HAND, None, REVIEW, "_guard_step"),
        ("grant", "accepted deciding", "granted", DECIDE, "_guard_decision"),
        ("deny", "accepted deciding", "denied", DECIDE, "_guard_decision"),
        ("deliver", "granted denied", "closed", DESK, None),
        ("withdraw", ACTIVE, "withdrawn", DESK, None),
        ("terminate", ACTIVE, "terminated", DECIDE, None),
    )
)

# The clock entry that a transition writes.
CLOCK_KINDS = {
    "receive": "received",
    "request_correction": "correction_sent",
    "repeat_correction": "correction_sent",
    "supplement": "supplement_received",
    "accept": "accepted",
    "deem_accepted": "accepted",
    "pause": "pause",
    "resume": "resume",
    "extend": "extend",
    "grant": "decided",
    "deny": "decided",
    "deliver": "delivered",
    "not_accept": "ended",
    "withdraw": "ended",
    "terminate": "ended",
}


class ShenpiApplication(models.Model):
    """The application's life: the transition table above and the workers that apply it.

    Every ``_do_*`` does one thing to one application, checks included; wizards, buttons and the
    ``api_*`` methods call them. ``at`` is a naive UTC moment for facts entered afterwards.
    """

    _inherit = "shenpi.application"

    _transitions = TRANSITIONS

    # === Guards: raise, or answer the person on whose behalf the user acts === #

    def _guard_own_draft(self):
        if self.filed_by_id != self.env.user:
            raise AccessError(self.env._("Only the person who wrote the draft may receive it."))
        return self.env.user

    def _guard_step(self):
        step = self.sudo().step_id
        principal = step and step._get_principal(self.env.user)
        if principal:
            return principal
        if self.env.user.has_group(MANAGER):
            return self.env.user
        raise AccessError(
            self.env._(
                "The step in hand (%(step)s) is not yours, nor that of somebody you stand in for.",
                step=step.name or "-",
            )
        )

    def _guard_decision(self):
        principal = self._guard_step()
        if self.filed_by_id in (self.env.user, principal):
            raise AccessError(self.env._("Nobody decides an application he has taken in himself."))
        if self.sudo().step_id.kind != "decide":
            raise AccessError(self.env._("The review has not been finished yet."))
        if self.paused:
            raise UserError(
                self.env._("The clock is stopped for a special procedure: resume it first.")
            )
        return principal

    def _prepare_transition_vals(self, row, moment, **details):
        """Write the clock entry of the transition (``clock`` in the details: its further values)
        and the dates that follow from it."""
        kind = CLOCK_KINDS.get(row.action)
        if not kind:
            return {}
        entries = self.env["shenpi.application.clock"].sudo()
        entries._append(self, kind, **{"happened_at": moment, **details.get("clock", {})})
        state = self._evaluate_entries(entries._get_entries(self), self.sudo().item_id)
        return self._prepare_clock_vals(state)

    # === Intake === #

    def _do_receive(self, at=None):
        """Take a draft in: number, receipt, and the clock of five working days (art. 32)."""
        self._open()
        moment = at or fields.Datetime.now()
        self._check_item(self.item_id, moment)
        if not self.sudo().applicant_id_number_raw:
            raise ValidationError(
                self.env._("applicant.id_number: enter the number of the applicant's document.")
            )
        values = self._prepare_receive_vals(self.item_id, moment)
        self._transition("receive", at=at, values=values)
        return True

    @api.model
    def _do_file(self, vals, at=None):
        """Write an application and take it in at once.

        :param dict vals: values of the application, ``item_id`` and the applicant's number included
        :return: the application
        """
        application = self._begin("receive", vals, at=at)
        clock = self.env["shenpi.application.clock"].sudo()
        clock._append(application, "received", happened_at=application.received_at)
        return application

    @api.model
    def _prepare_begin_vals(self, row, moment, vals):
        item = self.env["shenpi.item"].browse(vals["item_id"])
        self._check_item(item, moment)
        entry = Entry("received", to_local(moment), 0)
        return {
            **self._prepare_receive_vals(item, moment),
            **self._prepare_clock_vals(self._evaluate_entries([entry], item)),
        }

    @api.model
    def _prepare_receive_vals(self, item, moment):
        day = local_date(moment)
        serial = self.env["shenpi.application.counter"]._reserve(item.code, day)
        windows = self.env["shenpi.department"]
        return {
            "number": numbering.application_number(item.code, day, serial),
            "progress_token": self._new_progress_token(),
            "received_at": moment,
            "window_id": (windows._get_window(item.company_id) or item.department_id).id,
        }

    @api.model
    def _check_item(self, item, moment):
        """The item version must be published and in force at the moment of filing."""
        day = local_date(moment)
        if item.state != "published":
            raise ValidationError(self.env._("item_code: %s has been retired.", item.display_name))
        if item.valid_from and day < item.valid_from:
            raise ValidationError(
                self.env._(
                    "at: %(day)s lies before %(item)s came into force on %(start)s.",
                    day=day,
                    item=item.display_name,
                    start=item.valid_from,
                )
            )

    # === Completeness === #

    def _do_request_correction(self, items, at=None, override_reason=""):
        """Tell the applicant, once, everything that is missing (art. 32(4)).

        :param list items: dicts with ``text`` and ``material`` (the record it concerns, or None).
            Required materials not mentioned are added, so that the notice is complete.
        :param str override_reason: lets a supervisor or bureau head send a second notice
        :raise UserError: the applicant has been told before, or there is nothing to tell
        """
        self._open()
        if self.correction_ids and not override_reason:
            raise UserError(
                self.env._(
                    "%s: the applicant has been told once already; everything had to be in that"
                    " notice.",
                    self.display_name,
                )
            )
        self._check_own_materials(item["material"] for item in items if item["material"])
        told = {item["material"].id for item in items if item["material"]}
        missing = self._get_missing().filtered(lambda m: m.id not in told)
        nothing = self.material_ids.browse()
        writing = self._in_writing().env
        lines = [
            *({"text": i["text"], "material_id": (i["material"] or nothing).id} for i in items),
            *({"text": writing._("Supply: %s", m.name), "material_id": m.id} for m in missing),
        ]
        if not lines:
            raise ValidationError(self.env._("items: say what is to be corrected."))
        self._transition(
            "repeat_correction" if self.correction_ids else "request_correction",
            at=at,
            event={
                "opinion": self._join_lines(lines),
                "data": {"override_reason": override_reason} if override_reason else {},
            },
        )
        self.env["shenpi.application.correction"].sudo().create(
            {
                "application_id": self.id,
                "sent_at": at or fields.Datetime.now(),
                "sent_by_id": self.env.uid,
                "override_reason": override_reason or False,
                "line_ids": [fields.Command.create(line) for line in lines],
            }
        )
        return True

    def _in_writing(self):
        """This application in the language of its documents: what is kept in words is read by all,
        also when an integrator or the system acts."""
        return self.with_context(lang=self.env["shenpi.application.document"]._get_lang())

    def _join_lines(self, lines):
        return "\n".join(f"{place}. {line['text']}" for place, line in enumerate(lines, start=1))

    def _check_own_materials(self, materials):
        """Refuse materials of another application."""
        for place, material in enumerate(materials):
            if material.sudo().application_id != self:
                raise ValidationError(
                    self.env._(
                        "materials[%(place)s].code: %(code)s is not on the material list.",
                        place=place,
                        code=material.code,
                    )
                )

    def _do_supplement(self, provided, at=None):
        """Take in what the applicant supplied.

        :param dict provided: material record -> values as of
            ``shenpi.application.material._prepare_provided_vals``
        """
        self._open()
        self._check_own_materials(provided)
        moment = at or fields.Datetime.now()
        self._transition("supplement", at=at)
        for material, vals in provided.items():
            material.sudo().write(vals)
        correction = self.sudo().correction_ids[-1:]
        correction.supplemented_at = moment
        for line in correction.line_ids:
            line.done = not line.material_id or line.material_id.status == "provided"
        return True

    def _do_accept(self, at=None):
        """Accept a complete application (art. 32(5)) and hand it to the first step of its chain."""
        self._open()
        missing = self.env["shenpi.application.material"]._find_missing(self)
        if missing:
            raise UserError(
                self.env._(
                    "%(document)s cannot be accepted, required materials are missing: %(names)s.",
                    document=self.display_name,
                    names=format_list(self.env, [f"{m.code} {m.name}" for m in missing]),
                )
            )
        moment = at or fields.Datetime.now()
        self._transition(
            "accept",
            at=at,
            values={"accepted_at": moment, "accepted_date": local_date(moment)},
        )
        return self._start_chain()

    def _start_chain(self):
        """Copy the approval chain of the item version and hand the case to its first step."""
        steps = self.env["shenpi.application.step"].sudo().with_company(self.company_id)
        chain = steps.create(steps._prepare_chain(self))
        self.sudo().write({"step_id": chain[0].id, "handler_id": chain[0].user_id.id})
        return True

    def _do_not_accept(self, refusal_code, reason, redirect="", at=None):
        """Refuse to take the application up (art. 32(1), (2), (4)), in writing and with reasons."""
        self._open()
        if not (reason or "").strip():
            raise ValidationError(self.env._("reason: a refusal must give its reasons."))
        if refusal_code == "not_ours" and not (redirect or "").strip():
            raise ValidationError(
                self.env._("redirect: name the authority that the applicant should turn to.")
            )
        self._transition(
            "not_accept",
            at=at,
            values={"refusal_code": refusal_code, "reason": reason, "redirect": redirect},
            event={"opinion": reason, "data": {"reason_code": refusal_code}},
        )
        return True

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

    def _do_decide(self, outcome, reason="", at=None):
        """Decide (art. 38): a grant makes the licence, a denial needs its reasons in writing."""
        self._open()
        if outcome not in ("grant", "deny"):
            raise ValidationError(self.env._("outcome: must be grant or deny."))
        if outcome == "deny" and not (reason or "").strip():
            raise ValidationError(self.env._("reason: a denial must give its reasons."))
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
            event={"opinion": reason},
        )
        self._close_step(step, event, "granted" if outcome == "grant" else "denied")
        if outcome == "grant":
            licence = self.env["shenpi.licence"].sudo()._issue(self, moment)
            self.sudo().licence_id = licence
        return True

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
