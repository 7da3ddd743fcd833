from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_list

from ..tools import flow
from ..tools.localtime import local_date

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
RECORDED = f"{ACTIVE} granted denied closed not_accepted withdrawn terminated"

TRANSITIONS = flow.table(
    flow.Transition(action, frozenset(sources.split()), target, frozenset(groups), guard)
    for action, sources, target, groups, guard in (
        ("receive", "draft", "received", INTAKE, "_guard_own_draft"),
        ("request_correction", "received", "correcting", DESK, None),
        ("repeat_correction", "received", "correcting", (SUPERVISOR, MANAGER), None),
        ("supplement", "correcting", "received", DESK, None),
        ("defer", "received correcting", None, DESK, "_guard_deferrable"),
        ("hand_in", f"received {IN_HAND}", None, DESK, "_guard_outstanding"),
        ("lapse_deferral", "received correcting", None, (MANAGER,), "_guard_broken_promise"),
        ("deem_withdrawn", IN_HAND, "withdrawn", (MANAGER,), "_guard_broken_promise"),
        ("spare", "received correcting", None, DESK, None),
        ("commit", "received correcting", None, DESK, "_guard_commitment"),
        ("take_back_commitment", ACTIVE, None, DESK, "_guard_taken_back"),
        ("accept", "received", "accepted", DESK, None),
        ("not_accept", "received", "not_accepted", DESK, None),
        ("deem_accepted", "received", "accepted", (MANAGER,), None),
        ("pause", IN_HAND, None, CLOCK, "_guard_running"),
        ("resume", IN_HAND, None, CLOCK, "_guard_paused"),
        ("extend", IN_HAND, None, (MANAGER,), "_guard_extension"),
        ("correct_clock", RECORDED, None, (SUPERVISOR, MANAGER), None),
        ("assign", IN_HAND, None, ASSIGN, None),
        ("review", IN_HAND, None, REVIEW, "_guard_step"),
        ("grant", "accepted deciding", "granted", DECIDE, "_guard_grant"),
        ("grant_at_once", "received", "granted", (MANAGER,), "_guard_blockers"),
        ("deny", "accepted deciding", "denied", DECIDE, "_guard_decision"),
        ("deliver", "granted denied", "closed", DESK, "_guard_delivery"),
        ("revoke", "granted closed", "closed", DECIDE, "_guard_revocation"),
        ("withdraw", ACTIVE, "withdrawn", DESK, None),
        ("terminate", ACTIVE, "terminated", DECIDE, None),
    )
)

# The clock entries that a transition writes.
CLOCK_KINDS = {
    "receive": ("received",),
    "request_correction": ("correction_sent",),
    "repeat_correction": ("correction_sent",),
    "supplement": ("supplement_received",),
    "accept": ("accepted",),
    "deem_accepted": ("accepted",),
    "pause": ("pause",),
    "resume": ("resume",),
    "extend": ("extend",),
    "grant": ("decided",),
    "deny": ("decided",),
    "grant_at_once": ("accepted", "decided"),
    "deliver": ("delivered",),
    "not_accept": ("ended",),
    "withdraw": ("ended",),
    "deem_withdrawn": ("ended",),
    "terminate": ("ended",),
}
CHAIN_BEGINS = ("accept", "deem_accepted")


class ShenpiApplication(models.Model):
    """The application's life: the transition table above and the workers that apply it.

    Every ``_do_*`` does one thing to one application, checks included; wizards, buttons and the
    ``api_*`` methods call them. ``at`` is a naive UTC moment for facts entered afterwards.
    """

    _inherit = "shenpi.application"

    _transitions = TRANSITIONS

    # === Guards: raise, or answer the person on whose behalf the user acts === #

    def _guard_own_draft(self):
        # The system receives the parts of a bundle when their turn has come.
        if self.filed_by_id != self.env.user and self.env.uid != SUPERUSER_ID:
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

    def _guard_grant(self):
        principal = self._guard_decision()
        self._guard_blockers()
        return principal

    def _guard_blockers(self):
        blockers = self._get_grant_blockers()
        if blockers:
            raise UserError("\n".join(blockers))
        return self.env.user

    def _get_grant_blockers(self):
        """Hook: sentences that say why this case cannot be granted yet."""
        return []

    def _prepare_transition_vals(self, row, moment, **details):
        """Write the clock entries of the transition (``clock`` in the details: their further
        values), the dates that follow from them, and the chain that an acceptance begins."""
        kinds = CLOCK_KINDS.get(row.action, ())
        if not kinds:
            return {}
        entries = self.env["shenpi.application.clock"].sudo()
        for kind in kinds:
            entries._append(self, kind, **{"happened_at": moment, **details.get("clock", {})})
        recorded = entries._get_entries(self)
        self._check_clock_order(recorded)
        vals = self._prepare_clock_vals(self._evaluate_entries(recorded, self.sudo().item_id))
        return vals | self._start_chain() if row.action in CHAIN_BEGINS else vals

    def _start_chain(self):
        """Copy the approval chain of the item version; answers the values by which the first step
        has the case in hand."""
        steps = self.env["shenpi.application.step"].sudo()
        first = steps._insert_all(steps._prepare_chain(self))[0]
        return {"step_id": first.id, "handler_id": first.user_id.id}

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
        self._check_complete()
        moment = at or fields.Datetime.now()
        self._transition(
            "accept",
            at=at,
            values={"accepted_at": moment, "accepted_date": local_date(moment)},
        )
        return True

    def _check_complete(self):
        missing = self.env["shenpi.application.material"]._find_missing(self)
        if missing:
            raise UserError(
                self.env._(
                    "%(document)s cannot be accepted, required materials are missing: %(names)s.",
                    document=self.display_name,
                    names=format_list(self.env, [f"{m.code} {m.name}" for m in missing]),
                )
            )

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
