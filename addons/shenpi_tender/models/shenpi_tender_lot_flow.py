import logging

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.shenpi_base.models.shenpi_document_mixin import Move
from odoo.addons.shenpi_base.tools import flow
from odoo.addons.shenpi_base.tools.localtime import format_moment, local_date

from ..tools.money import from_float, to_yuan
from ..tools.security import ceiling

_logger = logging.getLogger(__name__)

OFFICER = "shenpi_tender.group_tender_officer"
CASHIER = "shenpi_tender.group_tender_cashier"
CHECKER = "shenpi_tender.group_tender_checker"
SUPERVISOR = "shenpi_tender.group_tender_supervisor"
MANAGER = "shenpi_tender.group_tender_manager"
INTEGRATOR = "shenpi_base.group_shenpi_integrator"

# Who reads bank lines and postings.
MONEY_READERS = f"{CASHIER},{CHECKER},{SUPERVISOR},{MANAGER}"
TRADE = (OFFICER, MANAGER, INTEGRATOR)

PUBLISHED = (
    "published",
    "opened",
    "candidates",
    "awarded",
    "contracted",
    "failed",
    "terminated",
)
# Whoever watches over the floor enters holds and releases them too.
HOLDERS = {"hold_refunds": (*TRADE, SUPERVISOR), "release_hold": (*TRADE, SUPERVISOR)}

TRANSITIONS = flow.table(
    flow.Transition(
        action, frozenset(sources), target, frozenset(HOLDERS.get(action, TRADE)), guard
    )
    for action, sources, target, guard in (
        ("publish_lot", ("draft",), "published", None),
        ("change_deadline", ("published",), "published", None),
        ("open_lot", ("published",), "opened", "_guard_opening"),
        ("name_candidates", ("opened",), "candidates", None),
        ("award", ("opened", "candidates"), "awarded", None),
        ("sign_contract", ("awarded",), "contracted", None),
        ("fail_lot", ("published", "opened", "candidates"), "failed", None),
        (
            "terminate_lot",
            ("published", "opened", "candidates", "awarded"),
            "terminated",
            None,
        ),
        ("hold_refunds", PUBLISHED, None, None),
        ("release_hold", PUBLISHED, None, None),
    )
)


class ShenpiTenderLot(models.Model):
    """The lot's life: the transition table above and the workers that apply it."""

    _inherit = "shenpi.tender.lot"

    _transitions = TRANSITIONS

    can_publish_lot = fields.Boolean(compute="_compute_can")
    can_change_deadline = fields.Boolean(compute="_compute_can")
    can_open_lot = fields.Boolean(compute="_compute_can")
    can_name_candidates = fields.Boolean(compute="_compute_can")
    can_award = fields.Boolean(compute="_compute_can")
    can_sign_contract = fields.Boolean(compute="_compute_can")
    can_fail_lot = fields.Boolean(compute="_compute_can")
    can_terminate_lot = fields.Boolean(compute="_compute_can")
    can_hold_refunds = fields.Boolean(compute="_compute_can")
    can_release_hold = fields.Boolean(compute="_compute_can")

    @api.depends("state", "opening_at")
    @api.depends_context("uid")
    def _compute_can(self):
        for lot in self:
            allowed = lot._get_allowed_actions()
            for action in self._transitions:
                lot[f"can_{action}"] = action in allowed

    def _guard_opening(self):
        if self.opening_at > fields.Datetime.now():
            raise UserError(
                self.env._(
                    "%(lot)s is opened at %(moment)s, not earlier.",
                    lot=self.display_name,
                    moment=format_moment(self.opening_at),
                )
            )
        return self.env.user

    # === Publication === #

    def _do_publish(self, at=None):
        """Publish a draft: its amount is held against the rule in force, of which a copy stays."""
        self._open()
        moment = at or fields.Datetime.now()
        self._check_times(moment)
        rule = self.env["shenpi.tender.rule"]._find(self.tender_id, self.kind, local_date(moment))
        self._check_amount(rule)
        self._transition(
            "publish_lot",
            at=at,
            values={"rule_id": rule.id, "rule_data": rule._freeze(), "published_at": moment},
            event={"legal_basis": rule.sudo().legal_basis or "", "data": self._describe_terms()},
        )

    def _describe_terms(self):
        return {
            "amount": to_yuan(from_float(self.amount)),
            "estimate": to_yuan(from_float(self.estimate)),
            "deadline": format_moment(self.deadline),
            "opening": format_moment(self.opening_at),
        }

    def _check_times(self, moment):
        if self.deadline <= moment:
            raise ValidationError(
                self.env._(
                    "deadline: %s is not after the publication.", format_moment(self.deadline)
                )
            )

    def _check_amount(self, rule):
        amount = from_float(self.amount)
        most = ceiling(rule._get_amount_rule(), from_float(self.estimate))
        if amount > most:
            raise ValidationError(
                self.env._(
                    "amount: %(amount)s yuan is more than the %(most)s yuan that “%(rule)s”"
                    " allows.",
                    amount=to_yuan(amount),
                    most=to_yuan(most),
                    rule=rule.sudo().name,
                )
            )
        forms = (self.accepts_cash, self.accepts_guarantee, self.accepts_commitment)
        if amount and not any(forms):
            raise ValidationError(self.env._("forms: at least one form of security is accepted."))
        if amount and self.accepts_cash and not self.account_id:
            raise ValidationError(self.env._("account: names where the security is paid into."))

    def _do_change_deadline(self, deadline, opening_at, reason, at=None):
        """Move deadline and opening; possible until the deadline that holds now.

        :param datetime deadline: naive UTC, later than now; :param datetime opening_at: naive UTC
        """
        self._open()
        moment = at or fields.Datetime.now()
        if self.deadline <= moment:
            raise UserError(self.env._("deadline: it passed at %s.", format_moment(self.deadline)))
        if deadline <= moment:
            raise ValidationError(
                self.env._("deadline: %s lies in the past.", format_moment(deadline))
            )
        if opening_at < deadline:
            raise ValidationError(self.env._("opening: lies before the bid deadline."))
        data = {
            "deadline": [format_moment(self.deadline), format_moment(deadline)],
            "opening": [format_moment(self.opening_at), format_moment(opening_at)],
        }
        self._transition(
            "change_deadline",
            at=at,
            values={"deadline": deadline, "opening_at": opening_at},
            event={"opinion": reason, "data": data},
        )

    # === After the opening === #

    def _do_name_candidates(self, at=None):
        """Announce the candidates."""
        day = local_date(at or fields.Datetime.now())
        self._transition("name_candidates", at=at, values={"candidate_date": day})

    def _do_award(self, winners, at=None, amount=None):
        """Give the award notice.

        :param winners: the winners' ``shenpi.deposit``; none when they gave a guarantee
        :param float amount: what the lot was awarded for, in yuan, when it is told
        :raise ValidationError: one of them is of another lot or has no effective security
        """
        self._open()
        for deposit in winners:
            if deposit.lot_id != self or deposit.state != "effective":
                raise ValidationError(
                    self.env._("winners: %s is no effective security of this lot.", deposit.number)
                )
        # Before the transition: who has won decides on whose money goes back.
        winners.sudo().write({"is_winner": True})
        self._transition(
            "award",
            at=at,
            values={
                "award_date": local_date(at or fields.Datetime.now()),
                "award_amount": amount or 0,
            },
            event={"data": self._describe_award(winners, amount)},
        )

    @api.model
    def _describe_award(self, winners, amount):
        data = {"winners": winners.mapped("number")}
        return data | {"amount": to_yuan(from_float(amount))} if amount else data

    def _do_sign_contract(self, at=None):
        """Enter that the contract has been signed."""
        day = local_date(at or fields.Datetime.now())
        self._transition("sign_contract", at=at, values={"contract_date": day})

    def _do_end(self, action, reason, at=None):
        """End the lot without a contract: ``fail_lot`` or ``terminate_lot``. Nothing is secret
        any more, and all money goes back."""
        self._open()
        sealed = self.sealed
        moment = at or fields.Datetime.now()
        self._transition(
            action,
            at=at,
            values={"ended_at": moment, "sealed": False},
            event={"opinion": reason},
        )
        if sealed:
            self._reveal()

    # === Opening === #

    def _do_open(self, at=None):
        """Open lots whose moment has come: judge what was paid, and show it."""
        if not self:
            return
        moment = at or fields.Datetime.now()
        move = Move(at=at, values={"sealed": False, "opened_at": moment})
        self._transition_all("open_lot", [move] * len(self))
        self._reveal()

    def _reveal(self):
        """Judge all securities of these lots and count what is shown from now on."""
        deposits = self.env["shenpi.deposit"].sudo().search([("lot_id", "in", self.ids)])
        deposits.with_env(self.env)._judge()
        deposits._mark_same_payers()
        self._count_revealed()
        self._signal_same_payers()

    def _signal_same_payers(self):
        """Tell the trade supervisors of lots where one account paid for several bidders
        (招标投标法实施条例 art. 40 (6): deemed collusion)."""
        supervisors = self.env.ref(SUPERVISOR).sudo().all_user_ids
        for lot in self.sudo().filtered("same_payer_count"):
            for person in supervisors:
                if person.active and lot.company_id in person.company_ids:
                    told = lot.with_context(lang=person.lang)
                    told.activity_schedule(
                        "mail.mail_activity_data_warning",
                        summary=told.env._(
                            "%s bidders were paid for from one account.", lot.same_payer_count
                        ),
                        user_id=person.id,
                    )

    # === Cron === #

    @api.model
    def _cron_open(self, batch=100):
        """Open every lot whose moment has come. One that cannot be opened holds up no other: the
        log names it, and the next run tries again."""
        crons = self.env["ir.cron"]
        domain = [("state", "=", "published"), ("opening_at", "<=", fields.Datetime.now())]
        lots = self.search(domain, order="opening_at, id")
        for start in range(0, len(lots), batch):
            lots[start : start + batch]._open_safely()
            if not crons._commit_progress(len(lots[start : start + batch])):
                break

    def _open_safely(self):
        try:
            with self.env.cr.savepoint():
                self._do_open()
        except UserError as error:
            if len(self) == 1:
                _logger.error("%s could not be opened: %s", self, error)
                return
            for lot in self:
                lot._open_safely()
