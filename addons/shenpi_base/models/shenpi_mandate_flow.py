from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import flow
from .shenpi_application_flow import MANAGER
from .shenpi_blocker_flow import NAVIGATOR

WRITERS = (NAVIGATOR, MANAGER)

TRANSITIONS = flow.table(
    flow.Transition(action, frozenset({source}), target, frozenset(WRITERS), guard)
    for action, source, target, guard in (
        ("come_into_force", "draft", "in_force", "_guard_signed"),
        ("revoke", "in_force", "revoked", None),
        ("end", "in_force", "ended", "_guard_over"),
    )
)


class ShenpiMandate(models.Model):
    """The life of a letter of authority: the transition table above and its workers."""

    _inherit = "shenpi.mandate"

    _transitions = TRANSITIONS

    # === Guards === #

    def _guard_signed(self):
        if not self.attachment_ids:
            raise UserError(
                self.env._("%s: attach the copy that the investor has signed.", self.number)
            )
        if self.scope == "permits" and not self.permit_ids:
            raise UserError(self.env._("%s: name the permits that it covers.", self.number))
        # A form that is being filled in may have no last day yet.
        if self.date_to and self.date_to < self._get_today():
            raise UserError(self.env._("%s: its last day is over.", self.number))
        return self.env.user

    def _guard_over(self):
        if self.date_to >= self._get_today():
            raise UserError(
                self.env._(
                    "%(letter)s is in force to %(day)s.", letter=self.number, day=self.date_to
                )
            )
        return self.env.user

    def _holds_role(self):
        return any(self.env.user.has_group(group) for group in WRITERS)

    # === Workers === #

    def _do_come_into_force(self, at=None):
        """The investor has signed: from now on the navigator acts for him."""
        self._open()
        files = {file.name: file.checksum for file in self.sudo().attachment_ids}
        self._transition(
            "come_into_force",
            at=at,
            values={"in_force_at": at or fields.Datetime.now(), "in_force_by_id": self.env.uid},
            event={"data": {"files": files, "permits": self.permit_ids.ids}},
        )
        return True

    def _do_revoke(self, reason, at=None):
        """The investor takes it back, or the navigator lays it down."""
        self._open()
        if not (reason or "").strip():
            raise ValidationError(self.env._("reason: say why the letter is revoked."))
        self._transition(
            "revoke", at=at, values={"ended_on": self._get_today()}, event={"opinion": reason}
        )
        return True

    # === Buttons === #

    def action_come_into_force(self):
        """Put the signed letter in force."""
        self.ensure_one()
        return self._do_come_into_force()

    def action_open_revoke(self):
        """Revoke the letter."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Revoke the letter"),
            "res_model": "shenpi.mandate.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_mandate_id": self.id},
        }

    def action_print_letter(self):
        """Letter of authority 委托书, to be signed."""
        self.check_access("read")
        report = self.env.ref("shenpi_base.action_report_mandate")
        return report.report_action(self, config=False)

    # === Cron === #

    @api.model
    def _cron_end(self, batch=200):
        """End the letters whose last day is over. They cover nothing from that day on anyway."""
        crons = self.env["ir.cron"]
        domain = [("state", "=", "in_force"), ("date_to", "<", self._get_today())]
        mandates = self.search(domain, limit=batch)
        crons._commit_progress(remaining=self.search_count(domain))
        for mandate in mandates:
            locked = mandate.try_lock_for_update().filtered_domain(domain)
            if locked:
                locked._transition("end", values={"ended_on": locked.date_to})
            if not crons._commit_progress(1):
                break
