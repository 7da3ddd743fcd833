import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.shenpi_base.models.shenpi_document_mixin import Move
from odoo.addons.shenpi_base.tools import flow
from odoo.addons.shenpi_base.tools.localtime import local_date

from ..tools.money import from_float, to_yuan
from .shenpi_deposit_decision import OPEN
from .shenpi_refund_flow import TELLERS
from .shenpi_tender_lot_flow import CHECKER, INTEGRATOR, MANAGER, OFFICER

TRANSITIONS = flow.table(
    flow.Transition(action, frozenset(sources), target, frozenset(groups), guard)
    for action, sources, target, groups, guard in (
        ("propose_decision", ("",), "proposed", (OFFICER, MANAGER, INTEGRATOR), None),
        ("approve_decision", ("proposed",), "approved", (MANAGER,), "_guard_approve"),
        ("confirm_decision", ("approved",), "in_force", (CHECKER,), "_guard_confirm"),
        ("drop_decision", ("proposed", "approved"), "dropped", (OFFICER, MANAGER, CHECKER), None),
        ("reverse_decision", ("in_force",), "reversed", (CHECKER,), None),
        ("show_decision_paid", ("in_force",), "paid", TELLERS, None),
        ("show_decision_back", ("paid",), "in_force", TELLERS, None),
    )
)
# What a decision posts when it comes into force: (kind, debit, credit).
POSTINGS = {
    "forfeit": ("forfeit", "held", "forfeited"),
    "transfer": ("transfer", "held", "transferred"),
}


class ShenpiDepositDecision(models.Model):
    """The life of a decision: the transition table above and the workers that apply it."""

    _inherit = "shenpi.deposit.decision"

    _transitions = TRANSITIONS

    can_approve = fields.Boolean(compute="_compute_can")
    can_confirm = fields.Boolean(compute="_compute_can")
    can_drop = fields.Boolean(compute="_compute_can")
    can_reverse = fields.Boolean(compute="_compute_can")

    @api.depends("state", "proposed_by_id", "approved_by_id", "owner_document", "payee_account")
    @api.depends_context("uid")
    def _compute_can(self):
        user = self.env.user
        desk = user.has_group(OFFICER) or user.has_group(MANAGER)
        for decision in self:
            allowed = decision._get_allowed_actions()
            for action in ("approve", "confirm", "drop"):
                decision[f"can_{action}"] = f"{action}_decision" in allowed
            posted = decision.state == "in_force" and decision.kind in POSTINGS
            decision.can_reverse = desk and posted

    # === Guards === #

    def _guard_approve(self):
        if self.proposed_by_id == self.env.user:
            raise AccessError(self.env._("Who has proposed a decision does not approve it."))
        if self.ground == "revoked" and not self.owner_document:
            raise UserError(
                self.env._(
                    "Decision of the tenderer: is missing; whether the security of a revoked bid"
                    " is kept is for him to say (art. 35)."
                )
            )
        if self.kind == "forfeit" and not (self.payee_name and self.payee_account):
            raise UserError(self.env._("payee: name and account are missing."))
        return self.env.user

    def _guard_confirm(self):
        if self.env.user in (self.proposed_by_id | self.approved_by_id):
            raise AccessError(
                self.env._("Who has proposed or approved a decision does not confirm it.")
            )
        return self.env.user

    # === Proposing === #

    @api.model
    def _do_propose(self, deposit, values, at=None):
        """Propose a decision.

        :param deposit: the ``shenpi.deposit``, of a lot that has been opened
        :param dict values: kind, amount (yuan), reason, document (base64), filename; a forfeiture
            also ground, payee_name, payee_account, payee_bank; a reversal previous_id
        :raise ValidationError: naming what is missing, or an amount beyond what is held
        :return: the decision
        """
        deposit_sudo = deposit.sudo()
        self._check_proposal(deposit_sudo, values)
        lot = deposit_sudo.lot_id
        vals = {
            "number": f"CZ{fields.Datetime.now():%Y%m%d}{secrets.randbelow(10**9):09d}",
            "deposit_id": deposit_sudo.id,
            "lot_id": lot.id,
            "company_id": deposit_sudo.company_id.id,
            "account_id": deposit_sudo.account_id.id,
            "proposed_by_id": self.env.uid,
        }
        if values["kind"] == "forfeit":
            payee = lot._get_forfeit_payee()
            vals["payee_kind"] = payee
            if payee == "owner":
                vals["payee_name"] = lot.owner_name
        return self._begin("propose_decision", vals | values, at=at)

    @api.model
    def _check_proposal(self, deposit, values):
        if deposit.lot_id.sealed:
            raise UserError(self.env._("lot: nothing is decided before its opening."))
        for name in ("reason", "document"):
            if not values.get(name):
                raise ValidationError(self.env._("%s: is required.", name))
        kind = values["kind"]
        if kind == "forfeit" and not values.get("ground"):
            raise ValidationError(self.env._("ground: is required."))
        if kind == "transfer" and not deposit.is_winner:
            raise ValidationError(
                self.env._("Only the security of a winner becomes performance security.")
            )
        amount = values.get("amount") or 0
        if amount <= 0:
            raise ValidationError(self.env._("amount: must be more than nothing."))
        if kind != "reverse":
            self._check_amount(deposit, from_float(amount))

    @api.model
    def _check_amount(self, deposit, fen):
        held = from_float(deposit.held)
        if fen > held:
            raise ValidationError(
                self.env._(
                    "amount: %(amount)s yuan is more than the %(held)s yuan that are held; refunds"
                    " on their way are sent back first.",
                    amount=to_yuan(fen),
                    held=to_yuan(held),
                )
            )

    # === Deciding === #

    def _do_approve(self):
        """The first of two people."""
        self._transition("approve_decision", values={"approved_by_id": self.env.uid})

    def _do_confirm(self):
        """The second of two people: the decision comes into force and is posted."""
        self._open()
        deposit = self.sudo().deposit_id
        deposit._lock_document()
        deposit.invalidate_recordset()
        if self.kind != "reverse":
            self._check_amount(deposit, from_float(self.amount))
        now = fields.Datetime.now()
        self._transition(
            "confirm_decision", values={"confirmed_by_id": self.env.uid, "in_force_at": now}
        )
        getattr(self, f"_put_in_force_{self.kind}")(deposit)

    def _do_drop(self, reason):
        """It is not decided so: the money goes its usual way."""
        if not reason:
            raise ValidationError(self.env._("reason: is required."))
        self._transition("drop_decision", event={"opinion": reason})

    def _do_reverse(self, reason, document, filename=None):
        """Propose to reverse what is in force and has not left the bank; as :meth:`_do_propose`."""
        self._open()
        if self.state != "in_force" or self.kind not in POSTINGS:
            raise UserError(
                self.env._("%s: only what is in force and not paid out is reversed.", self.number)
            )
        if self.reversal_ids.filtered(lambda reversal: reversal.state in OPEN):
            raise UserError(self.env._("%s: a reversal is proposed already.", self.number))
        values = {"kind": "reverse", "amount": self.amount, "reason": reason}
        values |= {"document": document, "filename": filename, "previous_id": self.id}
        return self._do_propose(self.deposit_id, values)

    # === What a decision does === #

    def _put_in_force_forfeit(self, deposit):
        """What was due of this money is due no more; the rest is planned anew."""
        deposit.refund_ids.with_env(self.env)._do_give_up(self.number)
        self._post(*POSTINGS[self.kind])
        deposit._plan_refunds()

    _put_in_force_transfer = _put_in_force_forfeit

    def _put_in_force_reverse(self, deposit):
        """The state of what is reversed is asked under its lock: it may have been paid out."""
        previous = self.previous_id
        previous._transition("reverse_decision", event={"opinion": self.number})
        _kind, debit, credit = POSTINGS[previous.kind]
        self._post("reverse", credit, debit)
        deposit._plan_refunds()

    def _put_in_force_refund(self, deposit):
        fen, today = from_float(self.amount), local_date(fields.Datetime.now())
        refunds = self.env["shenpi.refund"].sudo()._plan_part(deposit, fen, self, today)
        if sum(from_float(refund.amount) for refund in refunds) != fen:
            raise UserError(
                self.env._("amount: so much is not left; other refunds are planned already.")
            )

    def _post(self, kind, debit, credit):
        decision = self.sudo()
        self.env["shenpi.ledger.entry"]._post_all(
            [
                {
                    "kind": kind,
                    "account_id": decision.account_id.id,
                    "company_id": decision.company_id.id,
                    "deposit_id": decision.deposit_id.id,
                    "decision_id": decision.id,
                    "debit": debit,
                    "credit": credit,
                    "fen": from_float(decision.amount),
                    "booked_at": fields.Datetime.now(),
                    "note": decision.number,
                }
            ]
        )

    # === The statement === #

    def _show(self, line):
        """A line of the statement shows the money leaving, or coming back."""
        self.ensure_one()
        out = line.direction == "out"
        self._transition_all(
            "show_decision_paid" if out else "show_decision_back",
            [Move(values={"paid_at": line.arrived_at if out else False})],
        )


class ShenpiTenderLot(models.Model):
    _inherit = "shenpi.tender.lot"

    def _get_forfeit_payee(self):
        """Who is paid what bidders of this lot forfeit: ``owner`` or ``treasury``, by its rule."""
        self.ensure_one()
        usual = "treasury" if self.regime == "procurement" else "owner"
        return (self.sudo().rule_data or {}).get("forfeit_payee") or usual
