import logging

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.localtime import local_date
from .shenpi_application_flow import IN_HAND

_logger = logging.getLogger(__name__)
DEEMED_AT_ONCE = 500

# Special procedures that stop the clock only where the bureau names a legal basis for it.
CONFIGURED_KINDS = {
    "inspection": "shenpi_pause_inspection_basis",
    "publicity": "shenpi_pause_publicity_basis",
}


class ShenpiApplication(models.Model):
    """What moves the limit: special procedures (行政许可法 art. 45), the one extension (art. 42),
    and silence (art. 32(4): nothing said in time is acceptance)."""

    _inherit = "shenpi.application"

    # === Guards === #

    def _guard_running(self):
        if self.paused:
            raise UserError(self.env._("The clock is stopped already."))
        return self.env.user

    def _guard_paused(self):
        if not self.paused:
            raise UserError(self.env._("The clock is not stopped."))
        return self.env.user

    def _guard_extension(self):
        if self.extended:
            raise UserError(self.env._("The limit has been extended already; the law allows once."))
        return self.env.user

    # === Special procedures === #

    def _do_pause(self, kind, planned_days, notice, at=None):
        """Stop the clock for a special procedure.

        :param str kind: a value of ``shenpi.application.clock.pause_kind``
        :param int planned_days: working days it will take, told to the applicant
        :param str notice: what the applicant is told in writing; without it the clock does not stop
        """
        self._open()
        self._check_planned_days(planned_days)
        if not (notice or "").strip():
            raise ValidationError(self.env._("notice: tell the applicant in writing."))
        basis = self._get_pause_basis(kind)
        entry = {
            "pause_kind": kind,
            "planned_days": planned_days,
            "notice": notice,
            "legal_basis": basis,
        }
        self._transition(
            "pause",
            at=at,
            clock=entry,
            event={
                "opinion": notice,
                "legal_basis": basis,
                "data": {"kind": kind, "planned_days": planned_days},
            },
        )
        return True

    def _check_planned_days(self, planned_days):
        if planned_days < 1:
            raise ValidationError(self.env._("planned_days: must be at least one working day."))

    def _get_pause_basis(self, kind):
        if kind not in CONFIGURED_KINDS:
            return self._in_writing().env._("Administrative Licensing Law, art. 45")
        basis = self.company_id[CONFIGURED_KINDS[kind]]
        if not basis:
            raise ValidationError(
                self.env._(
                    "kind: this bureau has named no legal basis by which it stops the clock for a"
                    " site inspection or publicity."
                )
            )
        return basis

    def _do_resume(self, at=None):
        """The special procedure is over: the clock goes on the day after."""
        self._open()
        self._transition("resume", at=at)
        return True

    # === Extension === #

    def _do_extend(self, days, reason, at=None, approver="", approval_reference=""):
        """Extend both limits once, before the statutory one ends; the applicant is told why.

        The bureau head extends; where several departments handle the item jointly, the head of the
        local government has approved it before (art. 42(2)).

        :param str approver: who that is, as named in the notice
        :param str approval_reference: number of his written approval
        """
        self._open()
        self._check_extension_days(days)
        if not (reason or "").strip():
            raise ValidationError(self.env._("reason: say why the limit is extended."))
        approval = self._prepare_approval(approver, approval_reference)
        if self.state in IN_HAND.split():
            self._check_extendable(at or fields.Datetime.now())
        self._transition(
            "extend",
            at=at,
            clock={"days": days, "notice": reason, **approval},
            values={"extended": True},
            event={"opinion": reason, "data": {"days": days, **approval}},
        )
        return True

    def _check_extension_days(self, days):
        most = self.item_id.extension_days
        if not 1 <= days <= most:
            raise ValidationError(self.env._("days: must be between 1 and %s.", most))

    def _prepare_approval(self, approver, approval_reference):
        """The approval from outside the bureau that the extension of a joint item needs."""
        if self.item_id.handling != "joint":
            return {}
        if not (approver or "").strip():
            raise ValidationError(
                self.env._(
                    "approver: the item is handled jointly; name the head of the local government"
                    " who approved the extension."
                )
            )
        if not (approval_reference or "").strip():
            raise ValidationError(
                self.env._("approval_reference: enter the number of the written approval.")
            )
        return {"approver": approver, "approval_reference": approval_reference}

    # === Deemed acceptance === #

    @api.model
    def _cron_deem_accepted(self):
        """Accept, as of the day of receipt, what nothing was said about in time."""
        domain = fields.Domain("state", "=", "received") & fields.Domain(
            "correction_due_date", "<", self._get_today()
        )
        due = self.search(domain, limit=DEEMED_AT_ONCE)
        crons = self.env["ir.cron"]
        crons._commit_progress(remaining=self.search_count(domain))
        for application in due:
            try:
                locked = application.try_lock_for_update().filtered_domain(domain)
                if locked:
                    locked._do_deem_accepted()
            except (UserError, ValueError):
                # One bad case does not hold up the others; it is tried again every hour.
                self.env.cr.rollback()
                _logger.exception("%s could not be deemed accepted", application)
            if not crons._commit_progress(1):
                break

    def _do_deem_accepted(self):
        """Accept by law: the clock runs from the receipt, or from the supplement after a
        correction."""
        self._open()
        supplemented = self.correction_ids[-1:].supplemented_at
        since = supplemented or self.received_at
        self._transition(
            "deem_accepted",
            values={
                "accepted_at": fields.Datetime.now(),
                "accepted_date": local_date(since),
                "deemed": True,
            },
            clock={"happened_at": since},
            event={
                "legal_basis": self._in_writing().env._("Administrative Licensing Law, art. 32(4)")
            },
        )
        return True
