from collections import Counter, defaultdict
from itertools import zip_longest

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.shenpi_base.models.shenpi_document_mixin import Move
from odoo.addons.shenpi_base.tools import flow

from ..tools import refunds
from ..tools.money import from_float
from .shenpi_refund import AT_BANK
from .shenpi_tender_lot_flow import CASHIER, CHECKER, INTEGRATOR, MANAGER, TRADE

# What the bank says is entered by the platform, by the cashier from a file, or by our own job.
TELLERS = (CASHIER, CHECKER, INTEGRATOR, MANAGER)

TRANSITIONS = flow.table(
    flow.Transition(action, frozenset(sources), target, frozenset(groups), guard)
    for action, sources, target, groups, guard in (
        ("plan_refund", ("",), "due", (*TRADE, *TELLERS), None),
        ("renew_refund", ("",), "due", (CASHIER,), None),
        ("approve_refund", ("due",), "approved", (CASHIER,), "_guard_free"),
        ("check_refund", ("approved",), "checked", (CHECKER, MANAGER), "_guard_check"),
        ("send_back_refund", ("approved", "checked"), "due", (CHECKER, MANAGER), None),
        ("batch_refund", ("checked",), "batched", (CASHIER,), "_guard_send"),
        ("drop_refund", ("due",), "dropped", (CHECKER,), None),
        ("give_up_refund", refunds.FINAL, None, (CHECKER,), None),
        ("clear_refund", ("due",), "checked", (MANAGER,), "_guard_by_rule"),
        ("batch_by_rule", ("checked",), "batched", (MANAGER,), "_guard_by_rule"),
        ("send_refund", ("batched",), "sent", TELLERS, None),
        ("hear_timeout", ("batched", "sent"), "unknown", TELLERS, None),
        ("hear_accepted", ("batched", "sent", "unknown"), "accepted", TELLERS, None),
        ("hear_settled", AT_BANK, "settled", TELLERS, None),
        ("hear_rejected", AT_BANK, "rejected", TELLERS, None),
        ("hear_returned", (*AT_BANK, "settled"), "returned", TELLERS, None),
    )
)
# What the bank's word posts: (kind, debit, credit), by the state that it leads to.
POSTINGS = {
    "settled": ("settle", "in_refund", "refunded"),
    "rejected": ("release", "in_refund", "held"),
    "returned": ("return", "refunded", "held"),
}


class ShenpiRefund(models.Model):
    """The life of a refund: the transition table above and the workers that apply it."""

    _inherit = "shenpi.refund"

    _transitions = TRANSITIONS

    can_approve_refund = fields.Boolean(compute="_compute_can")
    can_check_refund = fields.Boolean(compute="_compute_can")
    can_send_back_refund = fields.Boolean(compute="_compute_can")
    can_batch_refund = fields.Boolean(compute="_compute_can")
    can_renew = fields.Boolean(compute="_compute_can")

    @api.depends("state", "approved_by_id", "given_up", "renewal_ids")
    @api.depends_context("uid")
    def _compute_can(self):
        for refund in self:
            allowed = refund._get_allowed_actions()
            for action in ("approve", "check", "send_back", "batch"):
                refund[f"can_{action}_refund"] = f"{action}_refund" in allowed
            refund.can_renew = (
                refund.state in refunds.FINAL
                and not refund.given_up
                and not refund.renewal_ids
                and self.env.user.has_group(CASHIER)
            )

    # === Guards === #

    def _guard_free(self):
        if self.is_held:
            raise UserError(self.env._("%s is on hold.", self.display_name))
        return self.env.user

    def _guard_check(self):
        if self.approved_by_id == self.env.user:
            raise AccessError(
                self.env._("%s: who has approved a refund does not check it.", self.display_name)
            )
        limit = self.sudo().account_id.check_limit
        above = bool(limit) and from_float(self.amount) > from_float(limit)
        if not self.env.user.has_group(MANAGER if above else CHECKER):
            raise AccessError(
                self.env._(
                    "%s: is above the limit of its account, the trade manager checks it.",
                    self.display_name,
                )
                if above
                else self.env._("%s: is checked by a checker.", self.display_name)
            )
        return self._guard_free()

    def _guard_send(self):
        account = self.sudo().account_id
        if account.blocked:
            raise UserError(
                self.env._("account: its refunds are blocked. %s", account.blocked_reason or "")
            )
        return self._guard_free()

    # === At the desk === #

    def _do_approve(self):
        """Approve: the amount is reserved, the ledger refuses more than is held."""
        for refund in self:
            if not refund.payee_account:
                raise UserError(
                    self.env._("%s: the bank has told no account to pay back to.", refund.number)
                )
        self._move_all("approve_refund", {"approved_by_id": self.env.uid})
        self._post("reserve", "held", "in_refund")

    def _do_check(self):
        """Check what somebody else has approved."""
        self._move_all("check_refund", {"checked_by_id": self.env.uid})

    def _do_give_up(self, number):
        """A decision with this number keeps money of theirs: what is due is due no more, and what
        was rejected or came back is not made anew. What is left is planned afresh."""
        due = self.filtered(lambda refund: refund.state == "due")
        failed = self.filtered(lambda r: r.state in refunds.FINAL and not r.given_up)
        for group, action, values in (
            (due, "drop_refund", {}),
            (failed - self.previous_id, "give_up_refund", {"given_up": True}),
        ):
            if group:
                move = Move(values=values, event={"opinion": number})
                group._transition_all(action, [move] * len(group))

    def _do_send_back(self, reason):
        """Send back to the cashier; the reservation ends."""
        emptied = dict.fromkeys(("approved_by_id", "checked_by_id", "automation_id"), False)
        self._move_all("send_back_refund", emptied | {"by_hand": True}, reason)
        self._post("release", "in_refund", "held")

    def _do_send(self):
        """Hand over to the bank, with a list of what goes out together. Orders to a bank that takes
        calls go out when the transaction has been committed; for one that takes files, the list
        is the order."""
        self._move_all("batch_refund", {"sent_at": fields.Datetime.now()})
        self.env["shenpi.refund.batch"]._hand_over(self)
        by_file = self.sudo().filtered(lambda refund: refund.account_id.connector == "file")
        by_file._move_all("send_refund", {})
        self._put_orders()

    def _put_orders(self):
        """The orders to banks that take calls. A job goes with them, but not for sealed ones: its
        being there would tell of them."""
        by_call = self.sudo().filtered(lambda refund: refund.account_id.connector == "http")
        for sealed, own in by_call.grouped("lot_sealed").items():
            self.env["shenpi.refund.order"].sudo()._outbox_put(
                [
                    {
                        "company_id": refund.company_id.id,
                        "origin": f"refund-{refund.id}",
                        "refund_id": refund.id,
                    }
                    for refund in own
                ],
                start=not sealed,
            )

    def _move_all(self, action, values, reason=None):
        self.check_access("read")
        move = Move(values=values, event={"opinion": reason} if reason else {})
        return self._transition_all(action, [move] * len(self)) if self else None

    def _do_renew(self, reason, payee=None, proof=None):
        """Make a new refund instead of one that was rejected or came back.

        :param dict payee: payee_name, payee_account, payee_bank when the account is another one
        :param bytes proof: base64; required with ``payee``
        :return: the new refund; approving and checking it takes two people again
        """
        self._open()
        if self.state not in refunds.FINAL or self.given_up:
            raise UserError(
                self.env._("%s: only what was rejected or came back is made anew.", self.number)
            )
        if payee and not proof:
            raise ValidationError(self.env._("proof: another account needs its proof."))
        old = self.sudo()
        copied = ("deposit_id", "lot_id", "company_id", "account_id")
        vals = {name: old[name].id for name in copied}
        vals |= {name: old[name] for name in ("reason", "amount", "due_date")}
        vals |= {name: old[name] for name in ("payee_name", "payee_account", "payee_bank")}
        vals |= payee or {}
        vals |= {
            "number": self._draw_number(),
            "previous_id": old.id,
            "proof": proof,
        }
        return self._begin("renew_refund", vals)

    # === The bank's word === #

    def _hear(self, word, at=None, reason=""):
        """Take one word of the bank about one refund.

        :param str word: of ``tools.refunds.WORDS``
        :param datetime at: naive UTC moment at the bank; now when absent
        :return: ``applied``, ``known`` when it tells nothing new, or ``conflict`` when the bank
            contradicts itself: the account's refunds are blocked then
        """
        self.ensure_one()
        return self._hear_all([refunds.Word(word, at, reason)])[0]

    @api.model
    def _hear_in_order(self, told):
        """Take what the bank says, in the order in which it is told: refunds may come up again.

        :param told: list of (refund, ``tools.refunds.Word``)
        :return: the outcomes, in that order; see :meth:`_hear`
        """
        seen, rounds = Counter(), defaultdict(list)
        for place, (refund, _word) in enumerate(told):
            rounds[seen[refund.id]].append(place)
            seen[refund.id] += 1
        outcomes = {}
        for places in rounds.values():
            own = self.browse(told[place][0].id for place in places)
            words = [told[place][1] for place in places]
            outcomes |= zip(places, own._hear_all(words), strict=True)
        return [outcomes[place] for place in range(len(told))]

    def _hear_all(self, words):
        """Take a word about each of these refunds; :meth:`_hear` for many."""
        told = self.sudo()
        told._lock_documents()
        told.invalidate_recordset(["state"])
        outcomes, moved = [], defaultdict(list)
        for refund, word in zip(told, words, strict=True):
            target = refund._get_heard_state(word)
            if target and target != refund.state and (refund.state, target) != ("batched", "sent"):
                moved[refund.state, target].append((refund.id, word))
                outcomes.append("applied")
            else:
                outcomes.append("known" if target else "conflict")
        for (before, target), pairs in moved.items():
            own = told.browse(refund_id for refund_id, _word in pairs)
            own._apply_words(before, target, [word for _id, word in pairs])
        return outcomes

    def _get_heard_state(self, word):
        """The state that a word leads to; None, and the account blocked, when the bank contradicts
        itself. What was handed over counts as sent: the bank speaks of it."""
        state = "sent" if self.state == "batched" else self.state
        try:
            return refunds.hear(state, word.word)
        except (refunds.ContradictionError, KeyError):
            # KeyError: the bank speaks of a refund that it was never given.
            self._block_account(
                self.env._("The bank contradicts itself about refund %s.", self.number)
            )
            return None

    def _apply_words(self, before, target, words):
        """Move refunds from one state to another by the bank's words, and post what that moves."""
        now = fields.Datetime.now()
        moves = []
        for refund, word in zip(self, words, strict=True):
            values = {"trouble": word.reason or False}
            if target in ("settled", "returned") and not refund.settled_at:
                values["settled_at"] = word.at or now
            event = {"opinion": word.reason, "data": self._describe_word(word.at)}
            moves.append(Move(values=values, event=event))
        self._transition_all(f"hear_{'timeout' if target == 'unknown' else target}", moves)
        self._post_words(before, target, [word.at for word in words])

    def _block_account(self, reason):
        """Block the account that it is paid from; of a sealed one the account says no more than
        that the bank has to be asked."""
        told = self.env._("Ask the bank what has become of its orders.")
        self.account_id._block("bank", told if self.lot_sealed else reason)

    @api.model
    def _describe_word(self, at):
        return {"at_bank": fields.Datetime.to_string(at)} if at else {}

    def _post_words(self, before, target, moments):
        """Post what the bank's words move; a return of what we had not heard to be paid moves
        it both ways."""
        if target == "returned" and before != "settled":
            self._post(*POSTINGS["settled"], moments)
        if target in POSTINGS:
            self._post(*POSTINGS[target], moments)

    def _post(self, kind, debit, credit, moments=()):
        """:param moments: when the bank moved each of them; now where it did not say"""
        now = fields.Datetime.now()
        self.env["shenpi.ledger.entry"]._post_all(
            [
                {
                    "kind": kind,
                    "account_id": refund.account_id.id,
                    "company_id": refund.company_id.id,
                    "deposit_id": refund.deposit_id.id,
                    "refund_id": refund.id,
                    "debit": debit,
                    "credit": credit,
                    "fen": from_float(refund.amount),
                    "booked_at": moment or now,
                }
                for refund, moment in zip_longest(self.sudo(), moments)
            ]
        )
